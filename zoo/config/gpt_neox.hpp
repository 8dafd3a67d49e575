// GPT-NeoX: the config, the named configs, and the names of the models (zoo/gpt_neox.hpp defines
// them).
#pragma once

#include <cstddef>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/config.hpp"
#include "xzoo/core/precision.hpp"
#include "zoo/config/decoder_rules.hpp"

namespace xzoo {

/// Sizes and choices of a GPT-NeoX model. Fields and defaults are those of Hugging Face's
/// GPTNeoXConfig, without those that matter for training only.
/// Source  Black et al. 2022, section 2.
struct GptNeoXConfig {
    static constexpr const char* model_type = "gpt_neox";

    std::size_t vocab_size = 50432;  // rows of the token table
    std::size_t hidden_size = 6144;  // channels of a token
    std::size_t num_hidden_layers = 44;
    std::size_t num_attention_heads = 64;
    std::size_t intermediate_size = 24576;  // channels inside the feed-forward block
    Activation hidden_act = Activation::gelu;
    float rotary_pct = 0.25F;  // part of a head that is rotated
    float rotary_emb_base = 10000.0F;
    std::size_t max_position_embeddings = 2048;
    float layer_norm_eps = 1e-5F;
    long long pad_token_id = -1;       // -1: null
    bool tie_word_embeddings = false;  // the head reads the token table
    bool use_parallel_residual = true;
    RopeScaling rope_scaling{};
    bool attention_bias = true;  // of query_key_value and dense
    std::size_t num_labels = 2;  // of classification heads

    constexpr std::size_t head_size() const {
        return num_attention_heads > 0 ? hidden_size / num_attention_heads : 0;
    }
    constexpr std::size_t rotary_dims() const { return nn::rotated_dims(head_size(), rotary_pct); }
    friend constexpr bool operator==(const GptNeoXConfig&, const GptNeoXConfig&) = default;
};
XZOO_CONFIG_FIELDS(GptNeoXConfig, vocab_size, hidden_size, num_hidden_layers, num_attention_heads,
                   intermediate_size, hidden_act, rotary_pct, rotary_emb_base,
                   max_position_embeddings, layer_norm_eps, pad_token_id, tie_word_embeddings,
                   use_parallel_residual, rope_scaling, attention_bias, num_labels);

#define XZOO_GPT_NEOX_RULES(rule, config)                                                          \
    XZOO_DECODER_SIZE_RULES(rule, config);                                                         \
    rule(config, "'intermediate_size' must be positive", Positive, intermediate_size);             \
    rule(config, "'rotary_pct' of a head must be an even, positive size", EvenSize,                \
         rotary_dims());                                                                           \
    rule(config, "'rotary_emb_base' must be positive and finite", PositiveReal, rotary_emb_base);  \
    rule(config, "'max_position_embeddings' must be positive", Positive, max_position_embeddings); \
    rule(config, "'rope_scaling' must be complete and of a type without lists", LlamaRope,         \
         rope_scaling);                                                                            \
    rule(config, "'layer_norm_eps' must be positive and finite", PositiveReal, layer_norm_eps);    \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for a GptNeoXConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(GptNeoXConfig, GptNeoXRules, XZOO_GPT_NEOX_RULES);
#undef XZOO_GPT_NEOX_RULES

// Biderman et al. 2023, table 1; config.json of EleutherAI/pythia-70m and -160m
inline constexpr GptNeoXConfig pythia_70m{.vocab_size = 50304,
                                          .hidden_size = 512,
                                          .num_hidden_layers = 6,
                                          .num_attention_heads = 8,
                                          .intermediate_size = 2048};
inline constexpr GptNeoXConfig pythia_160m{.vocab_size = 50304,
                                           .hidden_size = 768,
                                           .num_hidden_layers = 12,
                                           .num_attention_heads = 12,
                                           .intermediate_size = 3072};

template <GptNeoXConfig C, Precision P = Precision::f32>
struct GptNeoX;
template <GptNeoXConfig C, Precision P = Precision::f32>
struct GptNeoXForCausalLM;
template <GptNeoXConfig C, Precision P = Precision::f32>
struct GptNeoXForSequenceClassification;
template <GptNeoXConfig C, Precision P = Precision::f32>
struct GptNeoXForTokenClassification;

}  // namespace xzoo
