// Mistral: Jiang et al. 2023, "Mistral 7B". Llama's blocks with a sliding window.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/config.hpp"
#include "xzoo/core/precision.hpp"
#include "zoo/parts/llama_blocks.hpp"
#include "zoo/parts/llama_shape.hpp"

namespace xzoo {

/// Sizes and choices of a Mistral model. Fields and defaults are those of Hugging Face's
/// MistralConfig, without those that matter for training only.
/// Source  Jiang et al. 2023, section 2.
struct MistralConfig {
    static constexpr const char* model_type = "mistral";
    static constexpr std::array<std::string_view, 3> nullable{"num_key_value_heads", "head_dim",
                                                              "sliding_window"};

    std::size_t vocab_size = 32000;         // rows of the token table
    std::size_t hidden_size = 4096;         // channels of a token
    std::size_t intermediate_size = 14336;  // channels inside the feed-forward block
    std::size_t num_hidden_layers = 32;
    std::size_t num_attention_heads = 32;
    std::size_t num_key_value_heads = 8;  // 0: num_attention_heads
    std::size_t head_dim = 0;             // 0: hidden_size / num_attention_heads
    Activation hidden_act = Activation::silu;
    std::size_t max_position_embeddings = 131072;
    float rms_norm_eps = 1e-6F;
    long long pad_token_id = -1;       // -1: null
    bool tie_word_embeddings = false;  // the head reads the token table
    float rope_theta = 10000.0F;
    RopeScaling rope_scaling{};
    std::size_t sliding_window = 4096;  // tokens that a token attends to; 0: all before it
    std::size_t num_labels = 2;         // of classification heads

    constexpr std::size_t kv_heads() const { return llama_kv_heads(*this); }
    constexpr std::size_t head_size() const { return llama_head_size(*this); }
    constexpr std::size_t window(std::size_t) const { return sliding_window; }
    constexpr LlamaShape shape() const { return llama_shape(*this); }
    constexpr std::array<nn::RopeSpec, 2> ropes() const { return llama_ropes(*this); }
    constexpr MistralConfig resolved() const { return llama_resolved(*this); }
    friend constexpr bool operator==(const MistralConfig&, const MistralConfig&) = default;
};
XZOO_CONFIG_FIELDS(MistralConfig, vocab_size, hidden_size, intermediate_size, num_hidden_layers,
                   num_attention_heads, num_key_value_heads, head_dim, hidden_act,
                   max_position_embeddings, rms_norm_eps, pad_token_id, tie_word_embeddings,
                   rope_theta, rope_scaling, sliding_window, num_labels);

#define XZOO_MISTRAL_RULES(rule, config)   \
    XZOO_LLAMA_COMMON_RULES(rule, config); \
    XZOO_LLAMA_ROPE_RULE(rule, config);

/// What must hold for a MistralConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(MistralConfig, MistralRules, XZOO_MISTRAL_RULES);
#undef XZOO_MISTRAL_RULES

// Jiang et al. 2023, table 1; config.json of mistralai/Mistral-7B-v0.1
inline constexpr MistralConfig mistral_7b{.max_position_embeddings = 32768, .rms_norm_eps = 1e-5F};

/// MistralModel: last_hidden_state.
template <MistralConfig C, Precisions P = f32>
struct Mistral : LlamaBody<C>, DecoderModel<Mistral<C, P>, LlamaCommon<C, MistralRules<C>>> {
    static constexpr const char* class_name = "MistralModel";
};

/// Scores of every next token; generates.
template <MistralConfig C, Precisions P = f32>
struct MistralForCausalLM : ModelLanguageModel<LlamaBody<C>>,
                            CausalTask<MistralForCausalLM<C, P>, LlamaCommon<C, MistralRules<C>>> {
    static constexpr const char* class_name = "MistralForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <MistralConfig C, Precisions P = f32>
struct MistralForSequenceClassification
    : ModelScorer<LlamaBody<C>, C.num_labels>,
      DecoderSequenceTask<MistralForSequenceClassification<C, P>, LlamaCommon<C, MistralRules<C>>> {
    static constexpr const char* class_name = "MistralForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <MistralConfig C, Precisions P = f32>
struct MistralForTokenClassification
    : ModelScorer<LlamaBody<C>, C.num_labels, true>,
      DecoderTokenTask<MistralForTokenClassification<C, P>, LlamaCommon<C, MistralRules<C>>> {
    static constexpr const char* class_name = "MistralForTokenClassification";
};

}  // namespace xzoo

#include "xzoo/weights/mistral.hpp"
