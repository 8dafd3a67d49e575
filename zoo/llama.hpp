// Llama: Touvron et al. 2023, "LLaMA: Open and Efficient Foundation Language Models". Members carry
// the names of the checkpoint.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/config.hpp"
#include "xzoo/core/precision.hpp"
#include "zoo/parts/llama_blocks.hpp"
#include "zoo/parts/llama_shape.hpp"

namespace xzoo {

/// Sizes and choices of a Llama model. Fields and defaults are those of Hugging Face's LlamaConfig,
/// without those that matter for training only.
/// Source  Touvron et al. 2023, section 2; Dubey et al. 2024, section 3.2.
struct LlamaConfig {
    static constexpr const char* model_type = "llama";
    static constexpr std::array<std::string_view, 2> nullable{"num_key_value_heads", "head_dim"};

    std::size_t vocab_size = 32000;         // rows of the token table
    std::size_t hidden_size = 4096;         // channels of a token
    std::size_t intermediate_size = 11008;  // channels inside the feed-forward block
    std::size_t num_hidden_layers = 32;
    std::size_t num_attention_heads = 32;
    std::size_t num_key_value_heads = 0;  // 0: num_attention_heads
    Activation hidden_act = Activation::silu;
    std::size_t max_position_embeddings = 2048;
    float rms_norm_eps = 1e-6F;
    long long pad_token_id = -1;       // -1: null
    bool tie_word_embeddings = false;  // the head reads the token table
    float rope_theta = 10000.0F;
    RopeScaling rope_scaling{};
    bool attention_bias = false;  // of query, key, value and output
    bool mlp_bias = false;
    std::size_t head_dim = 0;    // 0: hidden_size / num_attention_heads
    std::size_t num_labels = 2;  // of classification heads

    constexpr std::size_t kv_heads() const { return llama_kv_heads(*this); }
    constexpr std::size_t head_size() const { return llama_head_size(*this); }
    constexpr std::size_t window(std::size_t) const { return 0; }
    constexpr LlamaShape shape() const {
        LlamaShape shape = llama_shape(*this);
        shape.qkv_bias = shape.output_bias = attention_bias;
        shape.mlp_bias = mlp_bias;
        return shape;
    }
    constexpr std::array<nn::RopeSpec, 2> ropes() const { return llama_ropes(*this); }
    constexpr LlamaConfig resolved() const { return llama_resolved(*this); }
    friend constexpr bool operator==(const LlamaConfig&, const LlamaConfig&) = default;
};
XZOO_CONFIG_FIELDS(LlamaConfig, vocab_size, hidden_size, intermediate_size, num_hidden_layers,
                   num_attention_heads, num_key_value_heads, hidden_act, max_position_embeddings,
                   rms_norm_eps, pad_token_id, tie_word_embeddings, rope_theta, rope_scaling,
                   attention_bias, mlp_bias, head_dim, num_labels);

#define XZOO_LLAMA_RULES(rule, config)     \
    XZOO_LLAMA_COMMON_RULES(rule, config); \
    XZOO_LLAMA_ROPE_RULE(rule, config);

/// What must hold for a LlamaConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(LlamaConfig, LlamaRules, XZOO_LLAMA_RULES);
#undef XZOO_LLAMA_RULES

// config.json of TinyLlama/TinyLlama-1.1B-Chat-v1.0
inline constexpr LlamaConfig tinyllama_1_1b{.hidden_size = 2048,
                                            .intermediate_size = 5632,
                                            .num_hidden_layers = 22,
                                            .num_key_value_heads = 4,
                                            .rms_norm_eps = 1e-5F};
// config.json of HuggingFaceTB/SmolLM2-135M, -360M and -1.7B; the Instruct models differ in the
// padding id
inline constexpr LlamaConfig smollm2_135m{.vocab_size = 49152,
                                          .hidden_size = 576,
                                          .intermediate_size = 1536,
                                          .num_hidden_layers = 30,
                                          .num_attention_heads = 9,
                                          .num_key_value_heads = 3,
                                          .max_position_embeddings = 8192,
                                          .rms_norm_eps = 1e-5F,
                                          .tie_word_embeddings = true,
                                          .rope_theta = 100000.0F};
inline constexpr LlamaConfig smollm2_360m{.vocab_size = 49152,
                                          .hidden_size = 960,
                                          .intermediate_size = 2560,
                                          .num_attention_heads = 15,
                                          .num_key_value_heads = 5,
                                          .max_position_embeddings = 8192,
                                          .rms_norm_eps = 1e-5F,
                                          .tie_word_embeddings = true,
                                          .rope_theta = 100000.0F};
inline constexpr LlamaConfig smollm2_1_7b{.vocab_size = 49152,
                                          .hidden_size = 2048,
                                          .intermediate_size = 8192,
                                          .num_hidden_layers = 24,
                                          .max_position_embeddings = 8192,
                                          .rms_norm_eps = 1e-5F,
                                          .tie_word_embeddings = true,
                                          .rope_theta = 130000.0F};
// config.json of meta-llama/Llama-3.2-1B and -3B
inline constexpr RopeScaling llama_3_2_rope{
    .rope_type = RopeType::llama3, .factor = 32.0F, .original_max_position_embeddings = 8192};
inline constexpr LlamaConfig llama_3_2_1b{.vocab_size = 128256,
                                          .hidden_size = 2048,
                                          .intermediate_size = 8192,
                                          .num_hidden_layers = 16,
                                          .num_key_value_heads = 8,
                                          .max_position_embeddings = 131072,
                                          .rms_norm_eps = 1e-5F,
                                          .tie_word_embeddings = true,
                                          .rope_theta = 500000.0F,
                                          .rope_scaling = llama_3_2_rope};
inline constexpr LlamaConfig llama_3_2_3b{.vocab_size = 128256,
                                          .hidden_size = 3072,
                                          .intermediate_size = 8192,
                                          .num_hidden_layers = 28,
                                          .num_attention_heads = 24,
                                          .num_key_value_heads = 8,
                                          .max_position_embeddings = 131072,
                                          .rms_norm_eps = 1e-5F,
                                          .tie_word_embeddings = true,
                                          .rope_theta = 500000.0F,
                                          .rope_scaling = llama_3_2_rope};
// config.json of meta-llama/Meta-Llama-3-8B
inline constexpr LlamaConfig llama_3_8b{.vocab_size = 128256,
                                        .intermediate_size = 14336,
                                        .num_key_value_heads = 8,
                                        .max_position_embeddings = 8192,
                                        .rms_norm_eps = 1e-5F,
                                        .rope_theta = 500000.0F};

// The TinyStories models of karpathy/llama2.c (doc/stories260K.md and README.md)
inline constexpr LlamaConfig stories_260k{.vocab_size = 512,
                                          .hidden_size = 64,
                                          .intermediate_size = 172,
                                          .num_hidden_layers = 5,
                                          .num_attention_heads = 8,
                                          .num_key_value_heads = 4,
                                          .max_position_embeddings = 512,
                                          .rms_norm_eps = 1e-5F,
                                          .tie_word_embeddings = true};
inline constexpr LlamaConfig stories_15m{.hidden_size = 288,
                                         .intermediate_size = 768,
                                         .num_hidden_layers = 6,
                                         .num_attention_heads = 6,
                                         .max_position_embeddings = 256,
                                         .rms_norm_eps = 1e-5F,
                                         .tie_word_embeddings = true};

/// LlamaModel: last_hidden_state.
template <LlamaConfig C, Precisions P = f32>
struct Llama : LlamaBody<C>, DecoderModel<Llama<C, P>, LlamaCommon<C, LlamaRules<C>>> {
    static constexpr const char* class_name = "LlamaModel";
};

/// Scores of every next token; generates.
template <LlamaConfig C, Precisions P = f32>
struct LlamaForCausalLM : ModelLanguageModel<LlamaBody<C>>,
                          CausalTask<LlamaForCausalLM<C, P>, LlamaCommon<C, LlamaRules<C>>> {
    static constexpr const char* class_name = "LlamaForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <LlamaConfig C, Precisions P = f32>
struct LlamaForSequenceClassification
    : ModelScorer<LlamaBody<C>, C.num_labels>,
      DecoderSequenceTask<LlamaForSequenceClassification<C, P>, LlamaCommon<C, LlamaRules<C>>> {
    static constexpr const char* class_name = "LlamaForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <LlamaConfig C, Precisions P = f32>
struct LlamaForTokenClassification
    : ModelScorer<LlamaBody<C>, C.num_labels, true>,
      DecoderTokenTask<LlamaForTokenClassification<C, P>, LlamaCommon<C, LlamaRules<C>>> {
    static constexpr const char* class_name = "LlamaForTokenClassification";
};

}  // namespace xzoo

#include "xzoo/weights/llama.hpp"
