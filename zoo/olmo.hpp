// OLMo: Groeneveld et al. 2024, "OLMo: Accelerating the Science of Language Models". Members carry
// the names of the checkpoint; norms have no parameters.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/config.hpp"
#include "xzoo/core/precision.hpp"
#include "zoo/parts/decoder_rules.hpp"
#include "zoo/parts/layer_norm_blocks.hpp"
#include "zoo/parts/llama_shape.hpp"

namespace xzoo {

/// Sizes and choices of an OLMo model. Fields and defaults are those of Hugging Face's OlmoConfig,
/// without those that matter for training only.
/// Source  Groeneveld et al. 2024, section 2.1.
struct OlmoConfig {
    static constexpr const char* model_type = "olmo";
    static constexpr std::array<std::string_view, 2> nullable{"num_key_value_heads", "clip_qkv"};

    std::size_t vocab_size = 50304;         // rows of the token table
    std::size_t hidden_size = 4096;         // channels of a token
    std::size_t intermediate_size = 11008;  // channels inside the feed-forward block
    std::size_t num_hidden_layers = 32;
    std::size_t num_attention_heads = 32;
    std::size_t num_key_value_heads = 0;  // 0: num_attention_heads
    Activation hidden_act = Activation::silu;
    std::size_t max_position_embeddings = 2048;
    long long pad_token_id = 1;        // -1: null
    bool tie_word_embeddings = false;  // the head reads the token table
    float rope_theta = 10000.0F;
    RopeScaling rope_scaling{};
    bool attention_bias = false;  // of query, key, value and output
    float clip_qkv = 0.0F;        // bound of queries, keys and values; 0: there is none

    constexpr std::size_t kv_heads() const {
        return num_key_value_heads > 0 ? num_key_value_heads : num_attention_heads;
    }
    constexpr std::size_t head_size() const {
        return num_attention_heads > 0 ? hidden_size / num_attention_heads : 0;
    }
    constexpr std::size_t rotary_dims() const { return head_size(); }
    constexpr std::size_t window(std::size_t) const { return 0; }
    constexpr LlamaShape shape() const {
        LlamaShape shape = llama_shape(*this);
        shape.norm_eps = 1e-5F;  // which no config states
        shape.qkv_bias = shape.output_bias = attention_bias;
        return shape;
    }
    constexpr std::array<nn::RopeSpec, 2> ropes() const { return llama_ropes(*this); }
    constexpr OlmoConfig resolved() const {
        OlmoConfig config = *this;
        config.num_key_value_heads = kv_heads();
        return config;
    }
    friend constexpr bool operator==(const OlmoConfig&, const OlmoConfig&) = default;
};
XZOO_CONFIG_FIELDS(OlmoConfig, vocab_size, hidden_size, intermediate_size, num_hidden_layers,
                   num_attention_heads, num_key_value_heads, hidden_act, max_position_embeddings,
                   pad_token_id, tie_word_embeddings, rope_theta, rope_scaling, attention_bias,
                   clip_qkv);

#define XZOO_OLMO_RULES(rule, config)                                                      \
    XZOO_DECODER_SIZE_RULES(rule, config);                                                 \
    XZOO_GROUPED_QUERY_RULES(rule, config);                                                \
    XZOO_ROTARY_RULES(rule, config);                                                       \
    rule(config, "'rope_scaling' must be complete and of a type without lists", LlamaRope, \
         rope_scaling);                                                                    \
    rule(config, "'intermediate_size' must be positive", Positive, intermediate_size);     \
    rule(config, "'clip_qkv' must be positive and finite, or null", PositiveRealOrNull, clip_qkv);

/// What must hold for an OlmoConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(OlmoConfig, OlmoRules, XZOO_OLMO_RULES);
#undef XZOO_OLMO_RULES

// Groeneveld et al. 2024, table 1; config.json of allenai/OLMo-1B-hf and OLMo-7B-hf
inline constexpr OlmoConfig olmo_1b{.hidden_size = 2048,
                                    .intermediate_size = 8192,
                                    .num_hidden_layers = 16,
                                    .num_attention_heads = 16,
                                    .tie_word_embeddings = true};
inline constexpr OlmoConfig olmo_7b{};

template <OlmoConfig C>
using OlmoBody = LayerNormBody<C, nn::PlainLayerNorm<C.hidden_size>,
                               LlamaMlp<C.hidden_size, C.intermediate_size, false>>;

/// OlmoModel: last_hidden_state.
template <OlmoConfig C, Precisions P = f32>
struct Olmo : OlmoBody<C>, DecoderModel<Olmo<C, P>, LlamaCommon<C, OlmoRules<C>>> {
    static constexpr const char* class_name = "OlmoModel";
};

/// Scores of every next token; generates.
template <OlmoConfig C, Precisions P = f32>
struct OlmoForCausalLM : ModelLanguageModel<OlmoBody<C>>,
                         CausalTask<OlmoForCausalLM<C, P>, LlamaCommon<C, OlmoRules<C>>> {
    static constexpr const char* class_name = "OlmoForCausalLM";
};

}  // namespace xzoo

#include "xzoo/weights/olmo.hpp"
