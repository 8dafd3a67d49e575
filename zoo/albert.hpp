// ALBERT: Lan et al. 2019, "ALBERT: A Lite BERT for Self-supervised Learning of Language
// Representations". BERT's network with narrow embeddings and layers that share their weights.
// Members carry the names of the checkpoint.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/config.hpp"
#include "zoo/parts/encoder_blocks.hpp"
#include "zoo/parts/position_embedding.hpp"

namespace xzoo {

/// Sizes and choices of an ALBERT model. Fields and defaults are those of Hugging Face's
/// AlbertConfig (they describe xxlarge), without those that matter for training only. Layer i uses
/// the weights of group i * num_hidden_groups / num_hidden_layers; a group has inner_group_num
/// layers in a row.
/// Source  Lan et al. 2019, section 3.
struct AlbertConfig {
    static constexpr const char* model_type = "albert";

    std::size_t vocab_size = 30000;    // rows of the token table
    std::size_t embedding_size = 128;  // channels of the tables, projected to hidden_size
    std::size_t hidden_size = 4096;    // channels of a token
    std::size_t num_hidden_layers = 12;
    std::size_t num_hidden_groups = 1;
    std::size_t num_attention_heads = 64;
    std::size_t intermediate_size = 16384;  // channels inside the feed-forward block
    std::size_t inner_group_num = 1;
    Activation hidden_act = Activation::gelu_new;
    std::size_t max_position_embeddings = 512;
    std::size_t type_vocab_size = 2;  // sentence A, sentence B
    float layer_norm_eps = 1e-12F;
    long long pad_token_id = 0;  // -1: null
    long long bos_token_id = 2;  // -1: null
    long long eos_token_id = 3;  // -1: null
    PositionEmbedding position_embedding_type = PositionEmbedding::absolute;
    bool tie_word_embeddings = true;  // the language-model head reads the token table
    std::size_t num_labels = 2;       // of classification heads

    constexpr std::size_t head_dim() const { return hidden_size / num_attention_heads; }
    friend constexpr bool operator==(const AlbertConfig&, const AlbertConfig&) = default;
};
XZOO_CONFIG_FIELDS(AlbertConfig, vocab_size, embedding_size, hidden_size, num_hidden_layers,
                   num_hidden_groups, num_attention_heads, intermediate_size, inner_group_num,
                   hidden_act, max_position_embeddings, type_vocab_size, layer_norm_eps,
                   pad_token_id, bos_token_id, eos_token_id, position_embedding_type,
                   tie_word_embeddings, num_labels);

#define XZOO_ALBERT_RULES(rule, config)                                                            \
    rule(config, "'vocab_size' must be positive", Positive, vocab_size);                           \
    rule(config, "'embedding_size' must be positive", Positive, embedding_size);                   \
    rule(config, "'hidden_size' must be positive", Positive, hidden_size);                         \
    rule(config, "'num_hidden_layers' must be positive", Positive, num_hidden_layers);             \
    rule(config, "'num_hidden_groups' must be positive", Positive, num_hidden_groups);             \
    rule(config, "'num_hidden_groups' must not be above 'num_hidden_layers'", NotAbove,            \
         num_hidden_groups, num_hidden_layers);                                                    \
    rule(config, "'num_attention_heads' must divide 'hidden_size'", Divides, num_attention_heads,  \
         hidden_size);                                                                             \
    rule(config, "'intermediate_size' must be positive", Positive, intermediate_size);             \
    rule(config, "'inner_group_num' must be positive", Positive, inner_group_num);                 \
    rule(config, "'max_position_embeddings' must be positive", Positive, max_position_embeddings); \
    rule(config, "'type_vocab_size' must be positive", Positive, type_vocab_size);                 \
    rule(config, "'layer_norm_eps' must be positive and finite", PositiveReal, layer_norm_eps);    \
    rule(config, "'pad_token_id' must be below 'vocab_size', or null", InVocabulary, pad_token_id, \
         vocab_size);                                                                              \
    rule(config, "'bos_token_id' must be below 'vocab_size', or null", InVocabulary, bos_token_id, \
         vocab_size);                                                                              \
    rule(config, "'eos_token_id' must be below 'vocab_size', or null", InVocabulary, eos_token_id, \
         vocab_size);                                                                              \
    rule(config, "'position_embedding_type' must be absolute", Is<PositionEmbedding::absolute>,    \
         position_embedding_type);                                                                 \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for an AlbertConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(AlbertConfig, AlbertRules, XZOO_ALBERT_RULES);
#undef XZOO_ALBERT_RULES

// Lan et al. 2019, table 1, with the activation of version 2
inline constexpr AlbertConfig albert_base{
    .hidden_size = 768, .num_attention_heads = 12, .intermediate_size = 3072};
inline constexpr AlbertConfig albert_large{.hidden_size = 1024,
                                           .num_hidden_layers = 24,
                                           .num_attention_heads = 16,
                                           .intermediate_size = 4096};
inline constexpr AlbertConfig albert_xxlarge{};

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
template <AlbertConfig C, Precisions P = f32, bool AddPoolingLayer = true>
struct Albert
    : EncoderModel<Albert<C, P, AddPoolingLayer>, AlbertCommon<C>, AlbertBody<C, AddPoolingLayer>> {
    static constexpr const char* class_name = "AlbertModel";
};

}  // namespace xzoo

#include "zoo/albert_heads.hpp"
