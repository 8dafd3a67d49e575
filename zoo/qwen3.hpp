// Qwen3: Yang et al. 2025, "Qwen3 Technical Report". Llama's blocks with norms of the heads of
// query and key.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/config.hpp"
#include "xzoo/core/precision.hpp"
#include "zoo/parts/llama_blocks.hpp"
#include "zoo/parts/qwen_windows.hpp"

namespace xzoo {

/// Sizes and choices of a Qwen3 model. Fields and defaults are those of Hugging Face's Qwen3Config,
/// without those that matter for training only.
/// Source  Yang et al. 2025, section 2.
struct Qwen3Config {
    static constexpr const char* model_type = "qwen3";
    static constexpr std::array<std::string_view, 3> nullable{"num_key_value_heads",
                                                              "sliding_window", "layer_types"};
    static constexpr std::array<std::string_view, 1> ignored{"max_window_layers"};

    std::size_t vocab_size = 151936;        // rows of the token table
    std::size_t hidden_size = 4096;         // channels of a token
    std::size_t intermediate_size = 22016;  // channels inside the feed-forward block
    std::size_t num_hidden_layers = 32;
    std::size_t num_attention_heads = 32;
    std::size_t num_key_value_heads = 32;  // 0: num_attention_heads
    std::size_t head_dim = 128;
    Activation hidden_act = Activation::silu;
    std::size_t max_position_embeddings = 32768;
    float rms_norm_eps = 1e-6F;
    long long pad_token_id = -1;       // -1: null
    bool tie_word_embeddings = false;  // the head reads the token table
    float rope_theta = 10000.0F;
    RopeScaling rope_scaling{};
    bool attention_bias = false;  // of query, key, value and output
    bool use_sliding_window = false;
    std::size_t sliding_window = 4096;  // tokens that a token attends to, in layers with a window
    LayerTypes layer_types{};           // empty: a window in all layers, if it is used
    std::size_t num_labels = 2;         // of classification heads

    constexpr std::size_t kv_heads() const { return llama_kv_heads(*this); }
    constexpr std::size_t head_size() const { return head_dim; }
    constexpr bool is_sliding_by_pattern(std::size_t) const { return true; }
    constexpr std::size_t window(std::size_t i) const { return qwen_window(*this, i); }
    constexpr LlamaShape shape() const {
        LlamaShape shape = llama_shape(*this);
        shape.qkv_bias = shape.output_bias = attention_bias;
        shape.head_norms = true;
        return shape;
    }
    constexpr std::array<nn::RopeSpec, 2> ropes() const { return llama_ropes(*this); }
    constexpr Qwen3Config resolved() const { return qwen_resolved(*this); }
    friend constexpr bool operator==(const Qwen3Config&, const Qwen3Config&) = default;
};
XZOO_CONFIG_FIELDS(Qwen3Config, vocab_size, hidden_size, intermediate_size, num_hidden_layers,
                   num_attention_heads, num_key_value_heads, head_dim, hidden_act,
                   max_position_embeddings, rms_norm_eps, pad_token_id, tie_word_embeddings,
                   rope_theta, rope_scaling, attention_bias, use_sliding_window, sliding_window,
                   layer_types, num_labels);

#define XZOO_QWEN3_RULES(rule, config)     \
    XZOO_LLAMA_COMMON_RULES(rule, config); \
    XZOO_LLAMA_ROPE_RULE(rule, config);    \
    XZOO_LAYER_TYPES_RULE(rule, config);

/// What must hold for a Qwen3Config. Every model of the family derives from it.
XZOO_CONFIG_RULES(Qwen3Config, Qwen3Rules, XZOO_QWEN3_RULES);
#undef XZOO_QWEN3_RULES

// config.json of Qwen/Qwen3-0.6B and -1.7B
inline constexpr Qwen3Config qwen3_0_6b{.hidden_size = 1024,
                                        .intermediate_size = 3072,
                                        .num_hidden_layers = 28,
                                        .num_attention_heads = 16,
                                        .num_key_value_heads = 8,
                                        .max_position_embeddings = 40960,
                                        .tie_word_embeddings = true,
                                        .rope_theta = 1000000.0F};
inline constexpr Qwen3Config qwen3_1_7b{.hidden_size = 2048,
                                        .intermediate_size = 6144,
                                        .num_hidden_layers = 28,
                                        .num_attention_heads = 16,
                                        .num_key_value_heads = 8,
                                        .max_position_embeddings = 40960,
                                        .tie_word_embeddings = true,
                                        .rope_theta = 1000000.0F};

/// Qwen3Model: last_hidden_state.
template <Qwen3Config C, Precisions P = f32>
struct Qwen3 : LlamaBody<C>, DecoderModel<Qwen3<C, P>, LlamaCommon<C, Qwen3Rules<C>>> {
    static constexpr const char* class_name = "Qwen3Model";
};

/// Scores of every next token; generates.
template <Qwen3Config C, Precisions P = f32>
struct Qwen3ForCausalLM : ModelLanguageModel<LlamaBody<C>>,
                          CausalTask<Qwen3ForCausalLM<C, P>, LlamaCommon<C, Qwen3Rules<C>>> {
    static constexpr const char* class_name = "Qwen3ForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <Qwen3Config C, Precisions P = f32>
struct Qwen3ForSequenceClassification
    : ModelScorer<LlamaBody<C>, C.num_labels>,
      DecoderSequenceTask<Qwen3ForSequenceClassification<C, P>, LlamaCommon<C, Qwen3Rules<C>>> {
    static constexpr const char* class_name = "Qwen3ForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <Qwen3Config C, Precisions P = f32>
struct Qwen3ForTokenClassification
    : ModelScorer<LlamaBody<C>, C.num_labels, true>,
      DecoderTokenTask<Qwen3ForTokenClassification<C, P>, LlamaCommon<C, Qwen3Rules<C>>> {
    static constexpr const char* class_name = "Qwen3ForTokenClassification";
};

}  // namespace xzoo

#include "xzoo/weights/qwen3.hpp"
