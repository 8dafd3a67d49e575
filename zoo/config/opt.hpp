// OPT: the config, the named config, and the names of the models (zoo/opt.hpp defines them).
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/config.hpp"
#include "xzoo/core/precision.hpp"
#include "zoo/config/decoder_rules.hpp"

namespace xzoo {

/// Sizes and choices of an OPT model. Fields and defaults are those of Hugging Face's OPTConfig,
/// without those that matter for training only.
/// Source  Zhang et al. 2022, section 2.1.
struct OptConfig {
    static constexpr const char* model_type = "opt";
    static constexpr std::array<std::string_view, 1> nullable{"word_embed_proj_dim"};

    std::size_t vocab_size = 50272;  // rows of the token table
    std::size_t hidden_size = 768;   // channels of a token
    std::size_t num_hidden_layers = 12;
    std::size_t ffn_dim = 3072;  // channels inside the feed-forward block
    std::size_t max_position_embeddings = 2048;
    bool do_layer_norm_before = true;       // false: norms follow the residual sums
    bool _remove_final_layer_norm = false;  // of checkpoints from before transformers 4.20
    std::size_t word_embed_proj_dim = 0;    // columns of the token table; 0: hidden_size
    std::size_t num_attention_heads = 12;
    Activation activation_function = Activation::relu;
    long long pad_token_id = 1;  // -1: null
    bool enable_bias = true;     // of linear layers
    bool layer_norm_elementwise_affine = true;
    bool tie_word_embeddings = true;  // the head reads the token table
    std::size_t num_labels = 2;       // of classification heads

    constexpr std::size_t head_size() const {
        return num_attention_heads > 0 ? hidden_size / num_attention_heads : 0;
    }
    constexpr std::size_t word_size() const {
        return word_embed_proj_dim > 0 ? word_embed_proj_dim : hidden_size;
    }
    constexpr bool has_final_norm() const {
        return do_layer_norm_before && !_remove_final_layer_norm;
    }
    constexpr OptConfig resolved() const {
        OptConfig config = *this;
        config.word_embed_proj_dim = word_size();
        return config;
    }
    friend constexpr bool operator==(const OptConfig&, const OptConfig&) = default;
};
XZOO_CONFIG_FIELDS(OptConfig, vocab_size, hidden_size, num_hidden_layers, ffn_dim,
                   max_position_embeddings, do_layer_norm_before, _remove_final_layer_norm,
                   word_embed_proj_dim, num_attention_heads, activation_function, pad_token_id,
                   enable_bias, layer_norm_elementwise_affine, tie_word_embeddings, num_labels);

#define XZOO_OPT_RULES(rule, config)                                                               \
    XZOO_DECODER_SIZE_RULES(rule, config);                                                         \
    rule(config, "'ffn_dim' must be positive", Positive, ffn_dim);                                 \
    rule(config, "'max_position_embeddings' must be positive", Positive, max_position_embeddings); \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for an OptConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(OptConfig, OptRules, XZOO_OPT_RULES);
#undef XZOO_OPT_RULES

// Zhang et al. 2022, table 1; config.json of facebook/opt-125m and -350m
inline constexpr OptConfig opt_125m{};
inline constexpr OptConfig opt_350m{.hidden_size = 1024,
                                    .num_hidden_layers = 24,
                                    .ffn_dim = 4096,
                                    .do_layer_norm_before = false,
                                    .word_embed_proj_dim = 512,
                                    .num_attention_heads = 16};

template <OptConfig C, Precision P = Precision::f32>
struct Opt;
template <OptConfig C, Precision P = Precision::f32>
struct OptForCausalLM;
template <OptConfig C, Precision P = Precision::f32>
struct OptForSequenceClassification;

}  // namespace xzoo
