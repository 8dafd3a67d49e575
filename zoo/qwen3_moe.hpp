// Qwen3-MoE: Yang et al. 2025, "Qwen3 Technical Report". Qwen3 with routed experts in some or all
// of its layers.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/config.hpp"
#include "xzoo/core/config_list.hpp"
#include "xzoo/core/precision.hpp"
#include "zoo/parts/expert_blocks.hpp"
#include "zoo/parts/llama_shape.hpp"

namespace xzoo {

/// Sizes and choices of a Qwen3-MoE model. Fields and defaults are those of Hugging Face's
/// Qwen3MoeConfig, without those that matter for training only. Where there is a window, every
/// layer has it, so max_window_layers says nothing.
/// Source  Yang et al. 2025, section 2.
struct Qwen3MoeConfig {
    static constexpr const char* model_type = "qwen3_moe";
    static constexpr std::array<std::string_view, 3> nullable{"head_dim", "sliding_window",
                                                              "mlp_only_layers"};
    static constexpr std::array<std::string_view, 1> ignored{"max_window_layers"};

    std::size_t vocab_size = 151936;       // rows of the token table
    std::size_t hidden_size = 2048;        // channels of a token
    std::size_t intermediate_size = 6144;  // channels inside the feed-forward block of other layers
    std::size_t num_hidden_layers = 24;
    std::size_t num_attention_heads = 32;
    std::size_t num_key_value_heads = 4;
    std::size_t head_dim = 0;  // 0: hidden_size / num_attention_heads
    Activation hidden_act = Activation::silu;
    std::size_t max_position_embeddings = 32768;
    float rms_norm_eps = 1e-6F;
    long long pad_token_id = -1;       // -1: null
    bool tie_word_embeddings = false;  // the head reads the token table
    float rope_theta = 10000.0F;
    RopeScaling rope_scaling{};
    bool attention_bias = false;  // of query, key, value and output
    bool use_sliding_window = false;
    std::size_t sliding_window = 4096;               // tokens that a token attends to
    std::size_t decoder_sparse_step = 1;             // every so many layers one has experts,
    ConfigList<std::size_t, 128> mlp_only_layers{};  // but not these
    std::size_t moe_intermediate_size = 768;         // channels inside an expert
    std::size_t num_experts_per_tok = 8;             // that a token goes through
    std::size_t num_experts = 128;                   // of a layer that has them
    bool norm_topk_prob = false;                     // the weights of a token's experts add up to 1
    std::size_t num_labels = 2;                      // of classification heads

    constexpr std::size_t kv_heads() const { return num_key_value_heads; }
    constexpr std::size_t head_size() const { return llama_head_size(*this); }
    constexpr std::size_t window(std::size_t) const {
        return use_sliding_window ? sliding_window : 0;
    }
    /// Whether layer i has experts.
    constexpr bool is_sparse(std::size_t i) const {
        for (std::size_t k = 0; k < mlp_only_layers.size; ++k)
            if (mlp_only_layers.values[k] == i)
                return false;
        return decoder_sparse_step > 0 && (i + 1) % decoder_sparse_step == 0;
    }
    constexpr LlamaShape shape() const {
        LlamaShape shape = llama_shape(*this);
        shape.qkv_bias = shape.output_bias = attention_bias;
        shape.head_norms = true;
        shape.experts = num_experts;
        shape.experts_chosen = num_experts_per_tok;
        shape.experts_normalise = norm_topk_prob;
        return shape;
    }
    constexpr std::array<nn::RopeSpec, 2> ropes() const { return llama_ropes(*this); }
    constexpr Qwen3MoeConfig resolved() const {
        Qwen3MoeConfig config = llama_resolved(*this);
        config.sliding_window = window(0);
        config.use_sliding_window = window(0) > 0;
        return config;
    }
    friend constexpr bool operator==(const Qwen3MoeConfig&, const Qwen3MoeConfig&) = default;
};
XZOO_CONFIG_FIELDS(Qwen3MoeConfig, vocab_size, hidden_size, intermediate_size, num_hidden_layers,
                   num_attention_heads, num_key_value_heads, head_dim, hidden_act,
                   max_position_embeddings, rms_norm_eps, pad_token_id, tie_word_embeddings,
                   rope_theta, rope_scaling, attention_bias, use_sliding_window, sliding_window,
                   decoder_sparse_step, mlp_only_layers, moe_intermediate_size, num_experts_per_tok,
                   num_experts, norm_topk_prob, num_labels);

#define XZOO_QWEN3_MOE_RULES(rule, config)                                                     \
    XZOO_LLAMA_COMMON_RULES(rule, config);                                                     \
    XZOO_LLAMA_ROPE_RULE(rule, config);                                                        \
    rule(config, "'decoder_sparse_step' must be positive", Positive, decoder_sparse_step);     \
    rule(config, "'moe_intermediate_size' must be positive", Positive, moe_intermediate_size); \
    rule(config, "'num_experts_per_tok' must be positive", Positive, num_experts_per_tok);     \
    rule(config, "'num_experts_per_tok' must not be above 'num_experts'", NotAbove,            \
         num_experts_per_tok, num_experts);

/// What must hold for a Qwen3MoeConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(Qwen3MoeConfig, Qwen3MoeRules, XZOO_QWEN3_MOE_RULES);
#undef XZOO_QWEN3_MOE_RULES

template <Qwen3MoeConfig C>
struct Qwen3MoeIsSparse {
    constexpr bool operator()(std::size_t i) const { return C.is_sparse(i); }
};

template <Qwen3MoeConfig C>
using Qwen3MoeExperts = RoutedExperts<C, LlamaMlp<C.hidden_size, C.moe_intermediate_size, false>>;

template <Qwen3MoeConfig C>
using Qwen3MoeBody = LlamaBody<C, MixedStack<LlamaLayer<C, Qwen3MoeExperts<C>>, LlamaLayer<C>,
                                             C.num_hidden_layers, Qwen3MoeIsSparse<C>{}>>;

/// Qwen3MoeModel: last_hidden_state.
template <Qwen3MoeConfig C, Precisions P = f32>
struct Qwen3Moe : Qwen3MoeBody<C>, DecoderModel<Qwen3Moe<C, P>, LlamaCommon<C, Qwen3MoeRules<C>>> {
    static constexpr const char* class_name = "Qwen3MoeModel";
};

/// Scores of every next token; generates.
template <Qwen3MoeConfig C, Precisions P = f32>
struct Qwen3MoeForCausalLM
    : ModelLanguageModel<Qwen3MoeBody<C>>,
      CausalTask<Qwen3MoeForCausalLM<C, P>, LlamaCommon<C, Qwen3MoeRules<C>>> {
    static constexpr const char* class_name = "Qwen3MoeForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <Qwen3MoeConfig C, Precisions P = f32>
struct Qwen3MoeForSequenceClassification
    : ModelScorer<Qwen3MoeBody<C>, C.num_labels>,
      DecoderSequenceTask<Qwen3MoeForSequenceClassification<C, P>,
                          LlamaCommon<C, Qwen3MoeRules<C>>> {
    static constexpr const char* class_name = "Qwen3MoeForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <Qwen3MoeConfig C, Precisions P = f32>
struct Qwen3MoeForTokenClassification
    : ModelScorer<Qwen3MoeBody<C>, C.num_labels, true>,
      DecoderTokenTask<Qwen3MoeForTokenClassification<C, P>, LlamaCommon<C, Qwen3MoeRules<C>>> {
    static constexpr const char* class_name = "Qwen3MoeForTokenClassification";
};

}  // namespace xzoo

#include "xzoo/weights/qwen3_moe.hpp"
