// ALBERT: Lan et al. 2019, "ALBERT: A Lite BERT for Self-supervised Learning of Language
// Representations". BERT's network with narrow embeddings and layers that share their weights.
// Members carry the names of the checkpoint.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/weights/albert.hpp"
#include "zoo/config/albert.hpp"
#include "zoo/encoder_blocks.hpp"

namespace xzoo {

/// What all ALBERT classes share.
template <AlbertConfig C>
struct AlbertCommon : EncoderCommon<C, AlbertRules<C>> {
    static constexpr const char* base_model_prefix = "albert";
    static constexpr std::array<std::string_view, 5> family_parts{
        "albert.pooler.", "predictions.", "sop_classifier.", "classifier.", "qa_outputs."};
    static constexpr auto language_ties = decoder_ties<C.tie_word_embeddings>(
        {"predictions.decoder.weight", "albert.embeddings.word_embeddings.weight"},
        {"predictions.decoder.bias", "predictions.bias"});
};

template <std::size_t Hidden>
struct AlbertAttention {
    using Projection = nn::Linear<Hidden, Hidden>;
    using Norm = nn::LayerNorm<Hidden>;
    BOOST_HANA_DEFINE_STRUCT(AlbertAttention, (Projection, query), (Projection, key),
                             (Projection, value), (Projection, dense), (Norm, LayerNorm));
};

template <AlbertConfig C>
struct AlbertLayer {
    using Norm = nn::LayerNorm<C.hidden_size>;
    using Attention = AlbertAttention<C.hidden_size>;
    using Inner = nn::Linear<C.intermediate_size, C.hidden_size>;
    using Output = nn::Linear<C.hidden_size, C.intermediate_size>;
    BOOST_HANA_DEFINE_STRUCT(AlbertLayer, (Norm, full_layer_layer_norm), (Attention, attention),
                             (Inner, ffn), (Output, ffn_output));

    nn::EncoderLayerView view() const {
        return {.query = attention.query.view(),
                .key = attention.key.view(),
                .value = attention.value.view(),
                .attention_output = attention.dense.view(),
                .attention_norm = attention.LayerNorm.view(C.layer_norm_eps),
                .intermediate = ffn.view(),
                .output = ffn_output.view(),
                .output_norm = full_layer_layer_norm.view(C.layer_norm_eps),
                .heads = C.num_attention_heads,
                .activation = C.hidden_act};
    }
};

template <AlbertConfig C>
struct AlbertLayerGroup {
    using Layers = std::array<AlbertLayer<C>, C.inner_group_num>;
    BOOST_HANA_DEFINE_STRUCT(AlbertLayerGroup, (Layers, albert_layers));
};

/// The projection and the groups of layers. Every layer of the network stands for one group, all
/// of whose inner layers run; the first layers share the first group, and so on.
template <AlbertConfig C>
struct AlbertTransformer {
    using Projection = nn::Linear<C.hidden_size, C.embedding_size>;
    using Groups = std::array<AlbertLayerGroup<C>, C.num_hidden_groups>;
    BOOST_HANA_DEFINE_STRUCT(AlbertTransformer, (Projection, embedding_hidden_mapping_in),
                             (Groups, albert_layer_groups));

    /// The group of a layer, by the same division in floating point as the reference's.
    static std::size_t group(std::size_t layer) {
        constexpr double layers_per_group = double{C.num_hidden_layers} / C.num_hidden_groups;
        return static_cast<std::size_t>(static_cast<double>(layer) / layers_per_group);
    }

    /// The row of a head mask (layers, heads) that holds for an inner layer. All layers of a group
    /// read the group's first rows, as in the reference implementation.
    static std::size_t head_mask_row(std::size_t inner) {
        constexpr std::size_t rows_per_group = C.num_hidden_layers / C.num_hidden_groups;
        const std::size_t row =
            group(inner / C.inner_group_num) * rows_per_group + inner % C.inner_group_num;
        return std::min(row, C.num_hidden_layers - 1);
    }

    void operator()(const nn::EncoderBatch& batch, float* hidden, Workspace& workspace, int threads,
                    ModelOutput& output) const {
        const auto view = [this](std::size_t i) {
            return albert_layer_groups[group(i / C.inner_group_num)]
                .albert_layers[i % C.inner_group_num]
                .view();
        };
        nn::run_encoder(view, encoder_sizes(C), batch, {.head_mask_row = &head_mask_row}, hidden,
                        workspace, threads, output);
    }
};

/// Embeddings, layers and pooler: the parameters of AlbertModel, on their own or below a head.
template <AlbertConfig C, bool AddPoolingLayer>
struct AlbertBody {
    static constexpr bool has_pooler = AddPoolingLayer;
    using Embeddings = nn::TokenEmbeddings<C.vocab_size, C.max_position_embeddings,
                                           C.type_vocab_size, C.embedding_size>;
    using Transformer = AlbertTransformer<C>;
    using Pooler = If<AddPoolingLayer, nn::Linear<C.hidden_size, C.hidden_size>>;
    BOOST_HANA_DEFINE_STRUCT(AlbertBody, (Embeddings, embeddings), (Transformer, encoder),
                             (Pooler, pooler));

    /// The last hidden state (tokens, hidden), in the workspace.
    const float* encode(const nn::EncoderBatch& batch, Workspace& workspace, int threads,
                        ModelOutput& output) const {
        float* hidden = workspace.take(batch.tokens() * C.hidden_size);  // (tokens, hidden)
        nn::embed_tokens(embeddings.view(C.layer_norm_eps),
                         encoder.embedding_hidden_mapping_in.view(), batch, hidden, workspace,
                         threads);
        encoder(batch, hidden, workspace, threads, output);
        return hidden;
    }

    nn::LinearView pooler_view() const requires AddPoolingLayer { return pooler.view(); }
};

/// AlbertModel: last_hidden_state and, with the pooling layer, pooler_output.
template <AlbertConfig C, bool AddPoolingLayer>
struct Albert
    : EncoderModel<Albert<C, AddPoolingLayer>, AlbertCommon<C>, AlbertBody<C, AddPoolingLayer>> {
    static constexpr const char* class_name = "AlbertModel";
};

}  // namespace xzoo

#include "zoo/albert_heads.hpp"
