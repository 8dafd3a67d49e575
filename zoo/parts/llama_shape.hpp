// What families built like Llama differ in, and what their configs have in common.
#pragma once

#include <array>
#include <cstddef>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/rope_scaling.hpp"

namespace xzoo {

/// The wiring of a model built like Llama, as its config's shape() states it.
struct LlamaShape {
    std::size_t vocabulary = 0;
    std::size_t hidden = 0;
    std::size_t heads = 1, kv_heads = 1, head_dim = 1;
    std::size_t inner = 0;  // channels inside the feed-forward block
    Activation activation = Activation::silu;
    float norm_eps = 1e-6F;
    float norm_offset = 0.0F;  // added to the weights of norms
    bool qkv_bias = false, output_bias = false, mlp_bias = false;
    bool head_norms = false;                      // q_norm and k_norm
    float score_divisor = 1.0F;                   // scores are divided by its square root
    float score_softcap = 0.0F;                   // see simd::AttentionProblem
    float logit_softcap = 0.0F;                   // see nn::VocabularyHead
    float embedding_square = 1.0F;                // embeddings are scaled by its square root
    bool tied = false;                            // the head is the token table
    std::size_t experts = 0, experts_chosen = 0;  // of a layer, and of them for a token
    bool experts_normalise = true;                // see nn::ExpertsView
};

/// num_key_value_heads, or num_attention_heads where it is null.
template <class Config>
constexpr std::size_t llama_kv_heads(const Config& config) {
    return config.num_key_value_heads > 0 ? config.num_key_value_heads : config.num_attention_heads;
}

/// head_dim, or an equal share of hidden_size where it is null.
template <class Config>
constexpr std::size_t llama_head_size(const Config& config) {
    return config.head_dim > 0 || config.num_attention_heads == 0
               ? config.head_dim
               : config.hidden_size / config.num_attention_heads;
}

/// The config with both in their fields.
template <class Config>
constexpr Config llama_resolved(Config config) {
    config.num_key_value_heads = config.kv_heads();
    config.head_dim = config.head_size();
    return config;
}

/// The fields that all such configs have, as a shape.
template <class Config>
constexpr LlamaShape llama_shape(const Config& config) {
    LlamaShape shape{.vocabulary = config.vocab_size,
                     .hidden = config.hidden_size,
                     .heads = config.num_attention_heads,
                     .kv_heads = config.kv_heads(),
                     .head_dim = config.head_size(),
                     .inner = config.intermediate_size,
                     .score_divisor = static_cast<float>(config.head_size()),
                     .tied = config.tie_word_embeddings};
    if constexpr (requires { config.rms_norm_eps; })
        shape.norm_eps = config.rms_norm_eps;
    if constexpr (requires { config.hidden_act; })
        shape.activation = config.hidden_act;
    return shape;
}

/// One rotary embedding over whole heads.
template <class Config>
constexpr std::array<nn::RopeSpec, 2> llama_ropes(const Config& config) {
    nn::RopeSpec rope{.dims = config.head_size(),
                      .theta = config.rope_theta,
                      .max_positions = config.max_position_embeddings};
    if constexpr (requires { config.rope_scaling.factor; })
        rope.scaling = config.rope_scaling;
    return {rope};
}

}  // namespace xzoo

/// The rules that all such configs have in common.
#define XZOO_LLAMA_COMMON_RULES(rule, config)                                                      \
    rule(config, "'vocab_size' must be positive", Positive, vocab_size);                           \
    rule(config, "'hidden_size' must be positive", Positive, hidden_size);                         \
    rule(config, "'intermediate_size' must be positive", Positive, intermediate_size);             \
    rule(config, "'num_hidden_layers' must be positive", Positive, num_hidden_layers);             \
    rule(config, "'num_attention_heads' must be positive", Positive, num_attention_heads);         \
    rule(config, "'num_key_value_heads' must divide 'num_attention_heads'", Divides, kv_heads(),   \
         num_attention_heads);                                                                     \
    rule(config, "'head_dim' must be even and positive", EvenSize, head_size());                   \
    rule(config, "'max_position_embeddings' must be positive", Positive, max_position_embeddings); \
    rule(config, "'rms_norm_eps' must be positive and finite", PositiveReal, rms_norm_eps);        \
    rule(config, "'rope_theta' must be positive and finite", PositiveReal, rope_theta);            \
    rule(config, "'pad_token_id' must be below 'vocab_size', or null", InVocabulary, pad_token_id, \
         vocab_size);                                                                              \
    rule(config, "'num_labels' must be positive", Positive, num_labels)

/// For families whose rope_scaling is a RopeScaling.
#define XZOO_LLAMA_ROPE_RULE(rule, config)                                                  \
    rule(config, "'rope_scaling' must be complete and of a type that Llama has", LlamaRope, \
         rope_scaling)
