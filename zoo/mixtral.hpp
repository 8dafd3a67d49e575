// Mixtral: Jiang et al. 2024, "Mixtral of Experts". Llama's blocks with routed experts.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/config.hpp"
#include "xzoo/core/precision.hpp"
#include "zoo/parts/expert_blocks.hpp"
#include "zoo/parts/llama_shape.hpp"

namespace xzoo {

/// Sizes and choices of a Mixtral model. Fields and defaults are those of Hugging Face's
/// MixtralConfig, without those that matter for training only.
/// Source  Jiang et al. 2024, section 2.
struct MixtralConfig {
    static constexpr const char* model_type = "mixtral";
    static constexpr std::array<std::string_view, 3> nullable{"num_key_value_heads", "head_dim",
                                                              "sliding_window"};

    std::size_t vocab_size = 32000;         // rows of the token table
    std::size_t hidden_size = 4096;         // channels of a token
    std::size_t intermediate_size = 14336;  // channels inside an expert
    std::size_t num_hidden_layers = 32;
    std::size_t num_attention_heads = 32;
    std::size_t num_key_value_heads = 8;  // 0: num_attention_heads
    std::size_t head_dim = 0;             // 0: hidden_size / num_attention_heads
    Activation hidden_act = Activation::silu;
    std::size_t max_position_embeddings = 131072;
    float rms_norm_eps = 1e-5F;
    long long pad_token_id = -1;       // -1: null
    bool tie_word_embeddings = false;  // the head reads the token table
    float rope_theta = 1000000.0F;
    RopeScaling rope_scaling{};
    std::size_t sliding_window = 0;       // tokens that a token attends to; 0: all before it
    std::size_t num_experts_per_tok = 2;  // that a token goes through
    std::size_t num_local_experts = 8;    // of a layer
    std::size_t num_labels = 2;           // of classification heads

    constexpr std::size_t kv_heads() const { return llama_kv_heads(*this); }
    constexpr std::size_t head_size() const { return llama_head_size(*this); }
    constexpr std::size_t window(std::size_t) const { return sliding_window; }
    constexpr LlamaShape shape() const {
        LlamaShape shape = llama_shape(*this);
        shape.experts = num_local_experts;
        shape.experts_chosen = num_experts_per_tok;
        return shape;
    }
    constexpr std::array<nn::RopeSpec, 2> ropes() const { return llama_ropes(*this); }
    constexpr MixtralConfig resolved() const { return llama_resolved(*this); }
    friend constexpr bool operator==(const MixtralConfig&, const MixtralConfig&) = default;
};
XZOO_CONFIG_FIELDS(MixtralConfig, vocab_size, hidden_size, intermediate_size, num_hidden_layers,
                   num_attention_heads, num_key_value_heads, head_dim, hidden_act,
                   max_position_embeddings, rms_norm_eps, pad_token_id, tie_word_embeddings,
                   rope_theta, rope_scaling, sliding_window, num_experts_per_tok, num_local_experts,
                   num_labels);

#define XZOO_MIXTRAL_RULES(rule, config)                                                   \
    XZOO_LLAMA_COMMON_RULES(rule, config);                                                 \
    XZOO_LLAMA_ROPE_RULE(rule, config);                                                    \
    rule(config, "'num_experts_per_tok' must be positive", Positive, num_experts_per_tok); \
    rule(config, "'num_experts_per_tok' must not be above 'num_local_experts'", NotAbove,  \
         num_experts_per_tok, num_local_experts);

/// What must hold for a MixtralConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(MixtralConfig, MixtralRules, XZOO_MIXTRAL_RULES);
#undef XZOO_MIXTRAL_RULES

// Jiang et al. 2024, table 1; config.json of mistralai/Mixtral-8x7B-v0.1
inline constexpr MixtralConfig mixtral_8x7b{.max_position_embeddings = 32768};

/// w2(act(w1(x)) * w3(x)).
template <MixtralConfig C>
struct MixtralExpert {
    using In = nn::LinearNoBias<C.intermediate_size, C.hidden_size>;
    using Out = nn::LinearNoBias<C.hidden_size, C.intermediate_size>;
    BOOST_HANA_DEFINE_STRUCT(MixtralExpert, (In, w1), (Out, w2), (In, w3));

    nn::MlpView view(Activation activation) const {
        return {.gate = w1.view(), .up = w3.view(), .down = w2.view(), .activation = activation};
    }
};

template <MixtralConfig C>
struct MixtralLayer {
    using Attention = LlamaAttention<C>;
    using Experts = RoutedExperts<C, MixtralExpert<C>>;
    using Norm = nn::RmsNorm<C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(MixtralLayer, (Attention, self_attn), (Experts, block_sparse_moe),
                             (Norm, input_layernorm), (Norm, post_attention_layernorm));

    nn::DecoderLayerView view(std::size_t i) const {
        return llama_layer<C>(i, input_layernorm, self_attn, post_attention_layernorm,
                              block_sparse_moe);
    }
};

template <MixtralConfig C>
using MixtralBody = LlamaBody<C, std::array<MixtralLayer<C>, C.num_hidden_layers>>;

/// MixtralModel: last_hidden_state.
template <MixtralConfig C, Precisions P = f32>
struct Mixtral : MixtralBody<C>, DecoderModel<Mixtral<C, P>, LlamaCommon<C, MixtralRules<C>>> {
    static constexpr const char* class_name = "MixtralModel";
};

/// Scores of every next token; generates.
template <MixtralConfig C, Precisions P = f32>
struct MixtralForCausalLM : ModelLanguageModel<MixtralBody<C>>,
                            CausalTask<MixtralForCausalLM<C, P>, LlamaCommon<C, MixtralRules<C>>> {
    static constexpr const char* class_name = "MixtralForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <MixtralConfig C, Precisions P = f32>
struct MixtralForSequenceClassification
    : ModelScorer<MixtralBody<C>, C.num_labels>,
      DecoderSequenceTask<MixtralForSequenceClassification<C, P>, LlamaCommon<C, MixtralRules<C>>> {
    static constexpr const char* class_name = "MixtralForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <MixtralConfig C, Precisions P = f32>
struct MixtralForTokenClassification
    : ModelScorer<MixtralBody<C>, C.num_labels, true>,
      DecoderTokenTask<MixtralForTokenClassification<C, P>, LlamaCommon<C, MixtralRules<C>>> {
    static constexpr const char* class_name = "MixtralForTokenClassification";
};

}  // namespace xzoo

#include "xzoo/weights/mixtral.hpp"
