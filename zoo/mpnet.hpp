// MPNet: Song et al. 2020, "MPNet: Masked and Permuted Pre-training for Language Understanding".
// BERT's network without token types, with a table of relative positions. Members carry the names
// of the checkpoint.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/nn/relative_bias.hpp"
#include "xzoo/weights/mpnet.hpp"
#include "zoo/config/mpnet.hpp"
#include "zoo/encoder_blocks.hpp"

namespace xzoo {

/// What all MPNet classes share.
template <MpnetConfig C>
struct MpnetCommon : EncoderCommon<C, MpnetRules<C>> {
    static constexpr const char* base_model_prefix = "mpnet";
    static constexpr std::array<std::string_view, 4> family_parts{"mpnet.pooler.", "lm_head.",
                                                                  "classifier.", "qa_outputs."};
    static constexpr auto language_ties = decoder_ties<C.tie_word_embeddings>(
        {"lm_head.decoder.weight", "mpnet.embeddings.word_embeddings.weight"},
        {"lm_head.decoder.bias", "lm_head.bias"});
};

template <std::size_t Hidden>
struct MpnetSelfAttention {
    using Projection = nn::Linear<Hidden, Hidden>;
    BOOST_HANA_DEFINE_STRUCT(MpnetSelfAttention, (Projection, q), (Projection, k), (Projection, v),
                             (Projection, o));
};

template <std::size_t Hidden>
struct MpnetAttention {
    using Self = MpnetSelfAttention<Hidden>;
    using Norm = nn::LayerNorm<Hidden>;
    BOOST_HANA_DEFINE_STRUCT(MpnetAttention, (Self, attn), (Norm, LayerNorm));
};

template <MpnetConfig C>
struct MpnetLayer {
    using Attention = MpnetAttention<C.hidden_size>;
    using Inner = BertDense<C.intermediate_size, C.hidden_size>;
    using Output = BertResidual<C.hidden_size, C.intermediate_size>;
    BOOST_HANA_DEFINE_STRUCT(MpnetLayer, (Attention, attention), (Inner, intermediate),
                             (Output, output));

    nn::EncoderLayerView view() const {
        return {.query = attention.attn.q.view(),
                .key = attention.attn.k.view(),
                .value = attention.attn.v.view(),
                .attention_output = attention.attn.o.view(),
                .attention_norm = attention.LayerNorm.view(C.layer_norm_eps),
                .intermediate = intermediate.dense.view(),
                .output = output.dense.view(),
                .output_norm = output.LayerNorm.view(C.layer_norm_eps),
                .heads = C.num_attention_heads,
                .activation = C.hidden_act};
    }
};

/// The stack of layers, which share one table of relative positions. Of the table 32 rows are used,
/// however many there are: the reference implementation does not pass the number on.
template <MpnetConfig C>
struct MpnetEncoder {
    static_assert(C.relative_attention_num_buckets >= 32,
                  "MpnetConfig: 'relative_attention_num_buckets' must be 32 or more");
    using Layers = std::array<MpnetLayer<C>, C.num_hidden_layers>;
    using Table = nn::Embedding<C.relative_attention_num_buckets, C.num_attention_heads>;
    BOOST_HANA_DEFINE_STRUCT(MpnetEncoder, (Layers, layer), (Table, relative_attention_bias));

    void operator()(const nn::EncoderBatch& batch, float* hidden, Workspace& workspace, int threads,
                    ModelOutput& output) const {
        const Workspace::Scope scope{workspace};
        float* bias = workspace.take(C.num_attention_heads * batch.length * batch.length);
        nn::relative_bias(relative_attention_bias.weight.data, C.num_attention_heads, batch.length,
                          bias);
        const auto view = [this](std::size_t i) { return layer[i].view(); };
        nn::run_encoder(view, encoder_sizes(C), batch, {.bias = bias}, hidden, workspace, threads,
                        output);
    }
};

/// BERT's embeddings, layers and pooler, with positions that begin behind the padding id, 1.
template <MpnetConfig C, bool AddPoolingLayer>
using MpnetBody = BertBody<C, AddPoolingLayer, nn::PositionRule{true, 1}, MpnetEncoder<C>>;

/// MPNetModel: last_hidden_state and, with the pooling layer, pooler_output.
template <MpnetConfig C, bool AddPoolingLayer>
struct Mpnet
    : EncoderModel<Mpnet<C, AddPoolingLayer>, MpnetCommon<C>, MpnetBody<C, AddPoolingLayer>> {
    static constexpr const char* class_name = "MPNetModel";
};

}  // namespace xzoo

#include "zoo/mpnet_heads.hpp"
