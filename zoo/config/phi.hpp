// Phi: the config, the named configs, and the names of the models (zoo/phi.hpp defines them).
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/config.hpp"
#include "xzoo/core/precision.hpp"
#include "zoo/config/decoder_rules.hpp"

namespace xzoo {

/// Sizes and choices of a Phi-1, Phi-1.5 or Phi-2 model. Fields and defaults are those of Hugging
/// Face's PhiConfig, without those that matter for training only.
/// Source  Gunasekar et al. 2023, section 2.3.
struct PhiConfig {
    static constexpr const char* model_type = "phi";
    static constexpr std::array<std::string_view, 1> nullable{"num_key_value_heads"};

    std::size_t vocab_size = 51200;        // rows of the token table
    std::size_t hidden_size = 2048;        // channels of a token
    std::size_t intermediate_size = 8192;  // channels inside the feed-forward block
    std::size_t num_hidden_layers = 24;
    std::size_t num_attention_heads = 32;
    std::size_t num_key_value_heads = 0;  // 0: num_attention_heads
    Activation hidden_act = Activation::gelu_new;
    std::size_t max_position_embeddings = 2048;
    float layer_norm_eps = 1e-5F;
    long long pad_token_id = -1;       // -1: null
    bool tie_word_embeddings = false;  // the head reads the token table
    float rope_theta = 10000.0F;
    RopeScaling rope_scaling{};
    float partial_rotary_factor = 0.5F;  // part of a head that is rotated
    bool qk_layernorm = false;           // of the heads of queries and keys
    std::size_t num_labels = 2;          // of classification heads

    constexpr std::size_t kv_heads() const {
        return num_key_value_heads > 0 ? num_key_value_heads : num_attention_heads;
    }
    constexpr std::size_t head_size() const {
        return num_attention_heads > 0 ? hidden_size / num_attention_heads : 0;
    }
    constexpr std::size_t rotary_dims() const {
        return nn::rotated_dims(head_size(), partial_rotary_factor);
    }
    constexpr PhiConfig resolved() const {
        PhiConfig config = *this;
        config.num_key_value_heads = kv_heads();
        return config;
    }
    friend constexpr bool operator==(const PhiConfig&, const PhiConfig&) = default;
};
XZOO_CONFIG_FIELDS(PhiConfig, vocab_size, hidden_size, intermediate_size, num_hidden_layers,
                   num_attention_heads, num_key_value_heads, hidden_act, max_position_embeddings,
                   layer_norm_eps, pad_token_id, tie_word_embeddings, rope_theta, rope_scaling,
                   partial_rotary_factor, qk_layernorm, num_labels);

#define XZOO_PHI_RULES(rule, config)                                                            \
    XZOO_DECODER_SIZE_RULES(rule, config);                                                      \
    XZOO_GROUPED_QUERY_RULES(rule, config);                                                     \
    XZOO_ROTARY_RULES(rule, config);                                                            \
    rule(config, "'rope_scaling' must be complete and of a type without lists", LlamaRope,      \
         rope_scaling);                                                                         \
    rule(config, "'intermediate_size' must be positive", Positive, intermediate_size);          \
    rule(config, "'layer_norm_eps' must be positive and finite", PositiveReal, layer_norm_eps); \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for a PhiConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(PhiConfig, PhiRules, XZOO_PHI_RULES);
#undef XZOO_PHI_RULES

// config.json of microsoft/phi-1_5 and microsoft/phi-2
inline constexpr PhiConfig phi_1_5{};
inline constexpr PhiConfig phi_2{.hidden_size = 2560,
                                 .intermediate_size = 10240,
                                 .num_hidden_layers = 32,
                                 .partial_rotary_factor = 0.4F};

template <PhiConfig C, Precision P = Precision::f32>
struct Phi;
template <PhiConfig C, Precision P = Precision::f32>
struct PhiForCausalLM;
template <PhiConfig C, Precision P = Precision::f32>
struct PhiForSequenceClassification;
template <PhiConfig C, Precision P = Precision::f32>
struct PhiForTokenClassification;

}  // namespace xzoo
