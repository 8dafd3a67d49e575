// BLOOM: the config, the named configs, and the names of the models (zoo/bloom.hpp defines them).
#pragma once

#include <array>
#include <cstddef>

#include "xzoo/core/config.hpp"
#include "xzoo/core/precision.hpp"

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

template <BloomConfig C, Precision P = Precision::f32>
struct Bloom;
template <BloomConfig C, Precision P = Precision::f32>
struct BloomForCausalLM;
template <BloomConfig C, Precision P = Precision::f32>
struct BloomForSequenceClassification;
template <BloomConfig C, Precision P = Precision::f32>
struct BloomForTokenClassification;

}  // namespace xzoo
