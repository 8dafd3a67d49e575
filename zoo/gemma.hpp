// Gemma: Gemma Team 2024, "Gemma: Open Models Based on Gemini Research and Technology". Llama's
// blocks with norms whose weight counts from 1, scaled embeddings and a tied head.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/config.hpp"
#include "xzoo/core/precision.hpp"
#include "zoo/parts/gemma_shape.hpp"
#include "zoo/parts/llama_blocks.hpp"

namespace xzoo {

/// Sizes and choices of a Gemma model. Fields and defaults are those of Hugging Face's GemmaConfig,
/// without those that matter for training only. The activation is hidden_activation; hidden_act,
/// which old files state wrongly, says nothing.
/// Source  Gemma Team 2024, section 2.
struct GemmaConfig {
    static constexpr const char* model_type = "gemma";
    static constexpr std::array<std::string_view, 1> nullable{"hidden_activation"};
    static constexpr std::array<std::string_view, 1> ignored{"hidden_act"};

    std::size_t vocab_size = 256000;        // rows of the token table
    std::size_t hidden_size = 3072;         // channels of a token
    std::size_t intermediate_size = 24576;  // channels inside the feed-forward block
    std::size_t num_hidden_layers = 28;
    std::size_t num_attention_heads = 16;
    std::size_t num_key_value_heads = 16;
    std::size_t head_dim = 256;
    Activation hidden_activation = Activation::gelu_pytorch_tanh;
    std::size_t max_position_embeddings = 8192;
    float rms_norm_eps = 1e-6F;
    long long pad_token_id = 0;       // -1: null
    bool tie_word_embeddings = true;  // the head reads the token table
    float rope_theta = 10000.0F;
    RopeScaling rope_scaling{};
    bool attention_bias = false;  // of query, key, value and output
    std::size_t num_labels = 2;   // of classification heads

    constexpr std::size_t kv_heads() const { return num_key_value_heads; }
    constexpr std::size_t head_size() const { return head_dim; }
    constexpr std::size_t window(std::size_t) const { return 0; }
    constexpr LlamaShape shape() const { return gemma_shape(*this); }
    constexpr std::array<nn::RopeSpec, 2> ropes() const { return llama_ropes(*this); }
    friend constexpr bool operator==(const GemmaConfig&, const GemmaConfig&) = default;
};
XZOO_CONFIG_FIELDS(GemmaConfig, vocab_size, hidden_size, intermediate_size, num_hidden_layers,
                   num_attention_heads, num_key_value_heads, head_dim, hidden_activation,
                   max_position_embeddings, rms_norm_eps, pad_token_id, tie_word_embeddings,
                   rope_theta, rope_scaling, attention_bias, num_labels);

#define XZOO_GEMMA_RULES(rule, config)     \
    XZOO_LLAMA_COMMON_RULES(rule, config); \
    XZOO_LLAMA_ROPE_RULE(rule, config);

/// What must hold for a GemmaConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(GemmaConfig, GemmaRules, XZOO_GEMMA_RULES);
#undef XZOO_GEMMA_RULES

// Gemma Team 2024, table 1; config.json of google/gemma-2b and google/gemma-7b
inline constexpr GemmaConfig gemma_2b{.hidden_size = 2048,
                                      .intermediate_size = 16384,
                                      .num_hidden_layers = 18,
                                      .num_attention_heads = 8,
                                      .num_key_value_heads = 1};
inline constexpr GemmaConfig gemma_7b{};

/// GemmaModel: last_hidden_state.
template <GemmaConfig C, Precisions P = f32>
struct Gemma : LlamaBody<C>, DecoderModel<Gemma<C, P>, LlamaCommon<C, GemmaRules<C>>> {
    static constexpr const char* class_name = "GemmaModel";
};

/// Scores of every next token; generates.
template <GemmaConfig C, Precisions P = f32>
struct GemmaForCausalLM : ModelLanguageModel<LlamaBody<C>>,
                          CausalTask<GemmaForCausalLM<C, P>, LlamaCommon<C, GemmaRules<C>>> {
    static constexpr const char* class_name = "GemmaForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <GemmaConfig C, Precisions P = f32>
struct GemmaForSequenceClassification
    : ModelScorer<LlamaBody<C>, C.num_labels>,
      DecoderSequenceTask<GemmaForSequenceClassification<C, P>, LlamaCommon<C, GemmaRules<C>>> {
    static constexpr const char* class_name = "GemmaForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <GemmaConfig C, Precisions P = f32>
struct GemmaForTokenClassification
    : ModelScorer<LlamaBody<C>, C.num_labels, true>,
      DecoderTokenTask<GemmaForTokenClassification<C, P>, LlamaCommon<C, GemmaRules<C>>> {
    static constexpr const char* class_name = "GemmaForTokenClassification";
};

}  // namespace xzoo

#include "xzoo/weights/gemma.hpp"
