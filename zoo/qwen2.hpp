// Qwen2 and Qwen2.5: Yang et al. 2024, "Qwen2 Technical Report". Llama's blocks with biases on
// query, key and value.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/config.hpp"
#include "xzoo/core/precision.hpp"
#include "zoo/parts/llama_blocks.hpp"
#include "zoo/parts/qwen_windows.hpp"

namespace xzoo {

/// Sizes and choices of a Qwen2 model. Fields and defaults are those of Hugging Face's Qwen2Config,
/// without those that matter for training only.
/// Source  Yang et al. 2024, section 2.2.
struct Qwen2Config {
    static constexpr const char* model_type = "qwen2";
    static constexpr std::array<std::string_view, 4> nullable{"num_key_value_heads", "head_dim",
                                                              "sliding_window", "layer_types"};
    static constexpr std::array<std::string_view, 1> ignored{"max_window_layers"};

    std::size_t vocab_size = 151936;        // rows of the token table
    std::size_t hidden_size = 4096;         // channels of a token
    std::size_t intermediate_size = 22016;  // channels inside the feed-forward block
    std::size_t num_hidden_layers = 32;
    std::size_t num_attention_heads = 32;
    std::size_t num_key_value_heads = 32;  // 0: num_attention_heads
    std::size_t head_dim = 0;              // 0: hidden_size / num_attention_heads
    Activation hidden_act = Activation::silu;
    std::size_t max_position_embeddings = 32768;
    float rms_norm_eps = 1e-6F;
    long long pad_token_id = -1;       // -1: null
    bool tie_word_embeddings = false;  // the head reads the token table
    float rope_theta = 10000.0F;
    RopeScaling rope_scaling{};
    bool use_sliding_window = false;
    std::size_t sliding_window = 4096;  // tokens that a token attends to, in layers with a window
    LayerTypes layer_types{};           // empty: a window in all layers, if it is used
    std::size_t num_labels = 2;         // of classification heads

    constexpr std::size_t kv_heads() const { return llama_kv_heads(*this); }
    constexpr std::size_t head_size() const { return llama_head_size(*this); }
    constexpr bool is_sliding_by_pattern(std::size_t) const { return true; }
    constexpr std::size_t window(std::size_t i) const { return qwen_window(*this, i); }
    constexpr LlamaShape shape() const {
        LlamaShape shape = llama_shape(*this);
        shape.qkv_bias = true;
        return shape;
    }
    constexpr std::array<nn::RopeSpec, 2> ropes() const { return llama_ropes(*this); }
    constexpr Qwen2Config resolved() const { return qwen_resolved(*this); }
    friend constexpr bool operator==(const Qwen2Config&, const Qwen2Config&) = default;
};
XZOO_CONFIG_FIELDS(Qwen2Config, vocab_size, hidden_size, intermediate_size, num_hidden_layers,
                   num_attention_heads, num_key_value_heads, head_dim, hidden_act,
                   max_position_embeddings, rms_norm_eps, pad_token_id, tie_word_embeddings,
                   rope_theta, rope_scaling, use_sliding_window, sliding_window, layer_types,
                   num_labels);

#define XZOO_QWEN2_RULES(rule, config)     \
    XZOO_LLAMA_COMMON_RULES(rule, config); \
    XZOO_LLAMA_ROPE_RULE(rule, config);    \
    XZOO_LAYER_TYPES_RULE(rule, config);

/// What must hold for a Qwen2Config. Every model of the family derives from it.
XZOO_CONFIG_RULES(Qwen2Config, Qwen2Rules, XZOO_QWEN2_RULES);
#undef XZOO_QWEN2_RULES

// config.json of Qwen/Qwen2.5-0.5B and -1.5B
inline constexpr Qwen2Config qwen2_5_0_5b{.hidden_size = 896,
                                          .intermediate_size = 4864,
                                          .num_hidden_layers = 24,
                                          .num_attention_heads = 14,
                                          .num_key_value_heads = 2,
                                          .tie_word_embeddings = true,
                                          .rope_theta = 1000000.0F};
inline constexpr Qwen2Config qwen2_5_1_5b{.hidden_size = 1536,
                                          .intermediate_size = 8960,
                                          .num_hidden_layers = 28,
                                          .num_attention_heads = 12,
                                          .num_key_value_heads = 2,
                                          .max_position_embeddings = 131072,
                                          .tie_word_embeddings = true,
                                          .rope_theta = 1000000.0F};

/// Qwen2Model: last_hidden_state.
template <Qwen2Config C, Precisions P = f32>
struct Qwen2 : LlamaBody<C>, DecoderModel<Qwen2<C, P>, LlamaCommon<C, Qwen2Rules<C>>> {
    static constexpr const char* class_name = "Qwen2Model";
};

/// Scores of every next token; generates.
template <Qwen2Config C, Precisions P = f32>
struct Qwen2ForCausalLM : ModelLanguageModel<LlamaBody<C>>,
                          CausalTask<Qwen2ForCausalLM<C, P>, LlamaCommon<C, Qwen2Rules<C>>> {
    static constexpr const char* class_name = "Qwen2ForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <Qwen2Config C, Precisions P = f32>
struct Qwen2ForSequenceClassification
    : ModelScorer<LlamaBody<C>, C.num_labels>,
      DecoderSequenceTask<Qwen2ForSequenceClassification<C, P>, LlamaCommon<C, Qwen2Rules<C>>> {
    static constexpr const char* class_name = "Qwen2ForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <Qwen2Config C, Precisions P = f32>
struct Qwen2ForTokenClassification
    : ModelScorer<LlamaBody<C>, C.num_labels, true>,
      DecoderTokenTask<Qwen2ForTokenClassification<C, P>, LlamaCommon<C, Qwen2Rules<C>>> {
    static constexpr const char* class_name = "Qwen2ForTokenClassification";
};

}  // namespace xzoo

#include "xzoo/weights/qwen2.hpp"
