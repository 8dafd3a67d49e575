// What the configs of Gemma's generations have in common.
#pragma once

#include "zoo/parts/llama_shape.hpp"

namespace xzoo {

/// Norms add 1 to their weights, embeddings are scaled by the square root of hidden_size.
template <class Config>
constexpr LlamaShape gemma_shape(const Config& config) {
    LlamaShape shape = llama_shape(config);
    shape.activation = config.hidden_activation;
    shape.norm_offset = 1.0F;
    shape.qkv_bias = shape.output_bias = config.attention_bias;
    shape.embedding_square = static_cast<float>(config.hidden_size);
    if constexpr (requires { config.query_pre_attn_scalar; }) {
        shape.score_divisor = config.query_pre_attn_scalar;
        shape.logit_softcap = config.final_logit_softcapping;
    }
    return shape;
}

}  // namespace xzoo

/// The rules that Gemma 2 and Gemma 3 have in common.
#define XZOO_GEMMA2_COMMON_RULES(rule, config)                                        \
    XZOO_LLAMA_COMMON_RULES(rule, config);                                            \
    XZOO_LLAMA_ROPE_RULE(rule, config);                                               \
    XZOO_LAYER_TYPES_RULE(rule, config);                                              \
    rule(config, "'query_pre_attn_scalar' must be positive and finite", PositiveReal, \
         query_pre_attn_scalar);                                                      \
    rule(config, "'sliding_window' must be positive", Positive, sliding_window);      \
    rule(config, "'final_logit_softcapping' must be positive and finite, or null",    \
         PositiveRealOrNull, final_logit_softcapping)
