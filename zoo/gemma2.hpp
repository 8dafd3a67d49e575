// Gemma 2: Gemma Team 2024, "Gemma 2: Improving Open Language Models at a Practical Size". Gemma
// with capped scores and logits, windows in every other layer and four norms a layer.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/config.hpp"
#include "xzoo/core/precision.hpp"
#include "zoo/parts/gemma_blocks.hpp"
#include "zoo/parts/gemma_shape.hpp"
#include "zoo/parts/layer_types.hpp"

namespace xzoo {

/// Sizes and choices of a Gemma 2 model. Fields and defaults are those of Hugging Face's
/// Gemma2Config, without those that matter for training only.
/// Source  Gemma Team 2024, "Gemma 2", section 2.
struct Gemma2Config {
    static constexpr const char* model_type = "gemma2";
    static constexpr std::array<std::string_view, 3> nullable{
        "final_logit_softcapping", "attn_logit_softcapping", "layer_types"};
    static constexpr std::array<std::string_view, 1> ignored{"hidden_act"};

    std::size_t vocab_size = 256000;       // rows of the token table
    std::size_t hidden_size = 2304;        // channels of a token
    std::size_t intermediate_size = 9216;  // channels inside the feed-forward block
    std::size_t num_hidden_layers = 26;
    std::size_t num_attention_heads = 8;
    std::size_t num_key_value_heads = 4;
    std::size_t head_dim = 256;
    Activation hidden_activation = Activation::gelu_pytorch_tanh;
    std::size_t max_position_embeddings = 8192;
    float rms_norm_eps = 1e-6F;
    long long pad_token_id = 0;       // -1: null
    bool tie_word_embeddings = true;  // the head reads the token table
    float rope_theta = 10000.0F;
    RopeScaling rope_scaling{};
    bool attention_bias = false;            // of query, key, value and output
    float query_pre_attn_scalar = 256.0F;   // scores are divided by its square root
    std::size_t sliding_window = 4096;      // tokens that a token attends to in every other layer
    LayerTypes layer_types{};               // empty: sliding, full, sliding, ...
    float final_logit_softcapping = 30.0F;  // 0: logits are not capped
    float attn_logit_softcapping = 50.0F;   // 0: scores are not capped
    std::size_t num_labels = 2;             // of classification heads

    constexpr std::size_t kv_heads() const { return num_key_value_heads; }
    constexpr std::size_t head_size() const { return head_dim; }
    constexpr bool is_sliding_by_pattern(std::size_t i) const { return i % 2 == 0; }
    constexpr std::size_t window(std::size_t i) const {
        return is_sliding(*this, i) ? sliding_window : 0;
    }
    constexpr LlamaShape shape() const {
        LlamaShape shape = gemma_shape(*this);
        shape.score_softcap = attn_logit_softcapping;
        return shape;
    }
    constexpr std::array<nn::RopeSpec, 2> ropes() const { return llama_ropes(*this); }
    constexpr Gemma2Config resolved() const {
        Gemma2Config config = *this;
        config.layer_types = resolved_layer_types(config);
        return config;
    }
    friend constexpr bool operator==(const Gemma2Config&, const Gemma2Config&) = default;
};
XZOO_CONFIG_FIELDS(Gemma2Config, vocab_size, hidden_size, intermediate_size, num_hidden_layers,
                   num_attention_heads, num_key_value_heads, head_dim, hidden_activation,
                   max_position_embeddings, rms_norm_eps, pad_token_id, tie_word_embeddings,
                   rope_theta, rope_scaling, attention_bias, query_pre_attn_scalar, sliding_window,
                   layer_types, final_logit_softcapping, attn_logit_softcapping, num_labels);

#define XZOO_GEMMA2_RULES(rule, config)                                           \
    XZOO_GEMMA2_COMMON_RULES(rule, config);                                       \
    rule(config, "'attn_logit_softcapping' must be positive and finite, or null", \
         PositiveRealOrNull, attn_logit_softcapping);

/// What must hold for a Gemma2Config. Every model of the family derives from it.
XZOO_CONFIG_RULES(Gemma2Config, Gemma2Rules, XZOO_GEMMA2_RULES);
#undef XZOO_GEMMA2_RULES

// Gemma Team 2024, "Gemma 2", table 1; config.json of google/gemma-2-2b
inline constexpr Gemma2Config gemma_2_2b{};

/// Gemma2Model: last_hidden_state.
template <Gemma2Config C, Precisions P = f32>
struct Gemma2 : Gemma2Body<C>, DecoderModel<Gemma2<C, P>, LlamaCommon<C, Gemma2Rules<C>>> {
    static constexpr const char* class_name = "Gemma2Model";
};

/// Scores of every next token; generates.
template <Gemma2Config C, Precisions P = f32>
struct Gemma2ForCausalLM : ModelLanguageModel<Gemma2Body<C>>,
                           CausalTask<Gemma2ForCausalLM<C, P>, LlamaCommon<C, Gemma2Rules<C>>> {
    static constexpr const char* class_name = "Gemma2ForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <Gemma2Config C, Precisions P = f32>
struct Gemma2ForSequenceClassification
    : ModelScorer<Gemma2Body<C>, C.num_labels>,
      DecoderSequenceTask<Gemma2ForSequenceClassification<C, P>, LlamaCommon<C, Gemma2Rules<C>>> {
    static constexpr const char* class_name = "Gemma2ForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <Gemma2Config C, Precisions P = f32>
struct Gemma2ForTokenClassification
    : ModelScorer<Gemma2Body<C>, C.num_labels, true>,
      DecoderTokenTask<Gemma2ForTokenClassification<C, P>, LlamaCommon<C, Gemma2Rules<C>>> {
    static constexpr const char* class_name = "Gemma2ForTokenClassification";
};

}  // namespace xzoo

#include "xzoo/weights/gemma2.hpp"
