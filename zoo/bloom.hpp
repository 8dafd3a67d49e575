// BLOOM: BigScience Workshop 2022, "BLOOM: A 176B-Parameter Open-Access Multilingual Language
// Model". Members carry the names of the checkpoint.
#pragma once

#include <array>
#include <cstddef>

#include "xzoo/core/config.hpp"
#include "xzoo/core/precision.hpp"
#include "zoo/parts/neox_blocks.hpp"

namespace xzoo {

/// Sizes and choices of a BLOOM model. Fields and defaults are those of Hugging Face's BloomConfig,
/// without those that matter for training or rounding only.
/// Source  BigScience Workshop 2022, section 3.2.
struct BloomConfig {
    static constexpr const char* model_type = "bloom";
    static constexpr std::array aliases{FieldAlias{"n_embed", "hidden_size"},
                                        FieldAlias{"num_attention_heads", "n_head"},
                                        FieldAlias{"num_hidden_layers", "n_layer"}};

    std::size_t vocab_size = 250880;  // rows of the token table
    std::size_t hidden_size = 64;     // channels of a token
    std::size_t n_layer = 2;
    std::size_t n_head = 8;
    float layer_norm_epsilon = 1e-5F;
    bool apply_residual_connection_post_layernorm = false;  // residuals begin behind the norms
    long long pad_token_id = -1;                            // -1: null
    bool tie_word_embeddings = true;                        // the head reads the token table
    std::size_t num_labels = 2;                             // of classification heads

    constexpr std::size_t head_size() const { return hidden_size / n_head; }
    friend constexpr bool operator==(const BloomConfig&, const BloomConfig&) = default;
};
XZOO_CONFIG_FIELDS(BloomConfig, vocab_size, hidden_size, n_layer, n_head, layer_norm_epsilon,
                   apply_residual_connection_post_layernorm, pad_token_id, tie_word_embeddings,
                   num_labels);

#define XZOO_BLOOM_RULES(rule, config)                                                             \
    rule(config, "'vocab_size' must be positive", Positive, vocab_size);                           \
    rule(config, "'hidden_size' must be positive", Positive, hidden_size);                         \
    rule(config, "'n_layer' must be positive", Positive, n_layer);                                 \
    rule(config, "'n_head' must divide 'hidden_size'", Divides, n_head, hidden_size);              \
    rule(config, "'layer_norm_epsilon' must be positive and finite", PositiveReal,                 \
         layer_norm_epsilon);                                                                      \
    rule(config, "'pad_token_id' must be below 'vocab_size', or null", InVocabulary, pad_token_id, \
         vocab_size);                                                                              \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for a BloomConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(BloomConfig, BloomRules, XZOO_BLOOM_RULES);
#undef XZOO_BLOOM_RULES

// BigScience Workshop 2022, table 3; config.json of bigscience/bloom-560m, bloom-7b1 and bloom
inline constexpr BloomConfig bloom_560m{
    .hidden_size = 1024, .n_layer = 24, .n_head = 16, .pad_token_id = 3};
inline constexpr BloomConfig bloom_7b1{
    .hidden_size = 4096, .n_layer = 30, .n_head = 32, .pad_token_id = 3};
inline constexpr BloomConfig bloom_176b{
    .hidden_size = 14336, .n_layer = 70, .n_head = 112, .pad_token_id = 3};

template <BloomConfig C>
struct BloomBlock {
    using Norm = nn::LayerNorm<C.hidden_size>;
    using Attention = NeoXAttention<C.hidden_size, C.n_head, C.n_head, true>;
    using Mlp = NeoXMlp<C.hidden_size, 4 * C.hidden_size, true>;
    BOOST_HANA_DEFINE_STRUCT(BloomBlock, (Norm, input_layernorm), (Attention, self_attention),
                             (Norm, post_attention_layernorm), (Mlp, mlp));

    nn::DecoderLayerView view() const {
        return {.attention_norm = input_layernorm.view(C.layer_norm_epsilon),
                .attention = self_attention.view({.slopes = simd::alibi_slopes<C.n_head>.data()}),
                .mlp_norm = post_attention_layernorm.view(C.layer_norm_epsilon),
                .mlp = mlp.view(Activation::gelu_fast),
                .residual_after_norm = C.apply_residual_connection_post_layernorm};
    }
};

/// Token table, its norm, blocks and final norm: the parameters of BloomModel, on their own or
/// below a head.
template <BloomConfig C>
struct BloomBody {
    using Tokens = nn::TokenTable<C.vocab_size, C.hidden_size, C.tie_word_embeddings>;
    using Norm = nn::LayerNorm<C.hidden_size>;
    using Blocks = std::array<BloomBlock<C>, C.n_layer>;
    BOOST_HANA_DEFINE_STRUCT(BloomBody, (Tokens, word_embeddings),
                             (Norm, word_embeddings_layernorm), (Blocks, h), (Norm, ln_f));

    const Tokens& table() const { return word_embeddings; }
    nn::DecoderLayerView layer(std::size_t i) const { return h[i].view(); }

    nn::DecoderView decoder() const {
        return {.hidden = C.hidden_size,
                .layers = C.n_layer,
                .heads = C.n_head,
                .kv_heads = C.n_head,
                .head_dim = C.head_size(),
                .tokens = word_embeddings.view(),
                .embedding_norm = word_embeddings_layernorm.view(C.layer_norm_epsilon),
                .final_norm = ln_f.view(C.layer_norm_epsilon),
                .layer = nn::DecoderLayers{*this}};
    }
};

/// What all BLOOM classes share.
template <BloomConfig C>
struct BloomCommon
    : TransformerCommon<C, BloomRules<C>, nn::DecoderLimits{.vocab_size = C.vocab_size}> {
    static constexpr std::size_t max_positions = 0;  // ALiBi sets no limit
    static constexpr auto language_ties =
        tied_head<C.tie_word_embeddings>({"lm_head.weight", "transformer.word_embeddings.weight"});
};

/// BloomModel: last_hidden_state.
template <BloomConfig C, Precisions P = f32>
struct Bloom : BloomBody<C>, DecoderModel<Bloom<C, P>, BloomCommon<C>> {
    static constexpr const char* class_name = "BloomModel";
};

/// Scores of every next token; generates.
template <BloomConfig C, Precisions P = f32>
struct BloomForCausalLM : TransformerLanguageModel<BloomBody<C>>,
                          CausalTask<BloomForCausalLM<C, P>, BloomCommon<C>> {
    static constexpr const char* class_name = "BloomForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <BloomConfig C, Precisions P = f32>
struct BloomForSequenceClassification
    : TransformerScorer<BloomBody<C>, C.num_labels>,
      DecoderSequenceTask<BloomForSequenceClassification<C, P>, BloomCommon<C>> {
    static constexpr const char* class_name = "BloomForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <BloomConfig C, Precisions P = f32>
struct BloomForTokenClassification
    : TransformerClassifier<BloomBody<C>, C.num_labels>,
      DecoderTokenTask<BloomForTokenClassification<C, P>, BloomCommon<C>> {
    static constexpr const char* class_name = "BloomForTokenClassification";
};

}  // namespace xzoo

#include "xzoo/weights/bloom.hpp"
