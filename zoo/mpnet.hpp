// MPNet: Song et al. 2020, "MPNet: Masked and Permuted Pre-training for Language Understanding".
// BERT's network without token types, with a table of relative positions. Members carry the names
// of the checkpoint.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/config.hpp"
#include "xzoo/nn/relative_bias.hpp"
#include "zoo/parts/encoder_blocks.hpp"

namespace xzoo {

/// Sizes and choices of an MPNet model. Fields and defaults are those of Hugging Face's
/// MPNetConfig, without those that matter for training only. There are no token types. All layers
/// share one table of relative positions (buckets as in T5, both directions, distances up to 128).
/// Absolute positions are counted from 2 on and skip the tokens with id 1, whatever pad_token_id
/// says: the reference implementation has that id in its code.
/// Source  Song et al. 2020, section 3.
struct MpnetConfig {
    static constexpr const char* model_type = "mpnet";

    std::size_t vocab_size = 30527;  // rows of the token table
    std::size_t hidden_size = 768;   // channels of a token
    std::size_t num_hidden_layers = 12;
    std::size_t num_attention_heads = 12;
    std::size_t intermediate_size = 3072;  // channels inside the feed-forward block
    Activation hidden_act = Activation::gelu;
    std::size_t max_position_embeddings = 512;  // rows of the table: the first 2 are not used
    float layer_norm_eps = 1e-12F;
    // Half of them are for each direction, and half of those for single distances. A distance's
    // logarithm takes at least one of each kind, and they must end before distance 128.
    std::size_t relative_attention_num_buckets = 32;
    long long pad_token_id = 1;       // -1: null
    long long bos_token_id = 0;       // -1: null
    long long eos_token_id = 2;       // -1: null
    bool tie_word_embeddings = true;  // the language-model head reads the token table
    std::size_t num_labels = 2;       // of classification heads

    constexpr std::size_t head_dim() const { return hidden_size / num_attention_heads; }
    friend constexpr bool operator==(const MpnetConfig&, const MpnetConfig&) = default;
};
XZOO_CONFIG_FIELDS(MpnetConfig, vocab_size, hidden_size, num_hidden_layers, num_attention_heads,
                   intermediate_size, hidden_act, max_position_embeddings, layer_norm_eps,
                   relative_attention_num_buckets, pad_token_id, bos_token_id, eos_token_id,
                   tie_word_embeddings, num_labels);

#define XZOO_MPNET_RULES(rule, config)                                                             \
    rule(config, "'vocab_size' must be 2 or more: the padding id is 1", AtLeast<2>, vocab_size);   \
    rule(config, "'hidden_size' must be positive", Positive, hidden_size);                         \
    rule(config, "'num_hidden_layers' must be positive", Positive, num_hidden_layers);             \
    rule(config, "'num_attention_heads' must divide 'hidden_size'", Divides, num_attention_heads,  \
         hidden_size);                                                                             \
    rule(config, "'intermediate_size' must be positive", Positive, intermediate_size);             \
    rule(config, "'max_position_embeddings' must be 3 or more: positions begin at 2", AtLeast<3>,  \
         max_position_embeddings);                                                                 \
    rule(config, "'layer_norm_eps' must be positive and finite", PositiveReal, layer_norm_eps);    \
    rule(config, "'relative_attention_num_buckets' must be 4 or more", AtLeast<4>,                 \
         relative_attention_num_buckets);                                                          \
    rule(config, "'relative_attention_num_buckets' must be 508 or less", AtMost<508>,              \
         relative_attention_num_buckets);                                                          \
    rule(config, "'pad_token_id' must be below 'vocab_size', or null", InVocabulary, pad_token_id, \
         vocab_size);                                                                              \
    rule(config, "'bos_token_id' must be below 'vocab_size', or null", InVocabulary, bos_token_id, \
         vocab_size);                                                                              \
    rule(config, "'eos_token_id' must be below 'vocab_size', or null", InVocabulary, eos_token_id, \
         vocab_size);                                                                              \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for an MpnetConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(MpnetConfig, MpnetRules, XZOO_MPNET_RULES);
#undef XZOO_MPNET_RULES

// Song et al. 2020; config.json of sentence-transformers/all-mpnet-base-v2
inline constexpr MpnetConfig mpnet_base{.max_position_embeddings = 514, .layer_norm_eps = 1e-5F};

/// What all MPNet classes share.
template <MpnetConfig C>
struct MpnetCommon : EncoderCommon<C, MpnetRules<C>, 2> {
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
    static constexpr std::size_t used_rows = 32;
    static_assert(C.relative_attention_num_buckets >= used_rows,
                  "MpnetConfig: 'relative_attention_num_buckets' must be 32 or more");
    using Layers = std::array<MpnetLayer<C>, C.num_hidden_layers>;
    using Table = nn::Embedding<C.relative_attention_num_buckets, C.num_attention_heads>;
    BOOST_HANA_DEFINE_STRUCT(MpnetEncoder, (Layers, layer), (Table, relative_attention_bias));

    void operator()(const nn::EncoderBatch& batch, float* hidden, Workspace& workspace, int threads,
                    ModelOutput& output) const {
        const Workspace::Scope scope{workspace};
        float* bias = workspace.take(C.num_attention_heads * batch.length * batch.length);
        float* table = workspace.take(used_rows * C.num_attention_heads);  // (buckets, heads)
        for (std::size_t row = 0; row < used_rows; ++row)
            nn::look_up(relative_attention_bias.view(), row, table + row * C.num_attention_heads);
        nn::relative_bias(table, C.num_attention_heads, batch.length, bias);
        const auto view = [this](std::size_t i) { return layer[i].view(); };
        nn::run_encoder(view, encoder_sizes(C), batch, {.bias = bias}, hidden, workspace, threads,
                        output);
    }
};

/// BERT's embeddings, layers and pooler, with positions that begin behind the padding id, 1.
template <MpnetConfig C, bool AddPoolingLayer>
using MpnetBody = BertBody<C, AddPoolingLayer, nn::PositionRule{true, 1}, MpnetEncoder<C>>;

/// MPNetModel: last_hidden_state and, with the pooling layer, pooler_output.
template <MpnetConfig C, Precisions P = f32, bool AddPoolingLayer = true>
struct Mpnet
    : EncoderModel<Mpnet<C, P, AddPoolingLayer>, MpnetCommon<C>, MpnetBody<C, AddPoolingLayer>> {
    static constexpr const char* class_name = "MPNetModel";
};

}  // namespace xzoo

#include "zoo/mpnet_heads.hpp"
