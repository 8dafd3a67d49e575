// Gemma 3 for text: Gemma Team 2025, "Gemma 3 Technical Report". Gemma 2's layers with norms of the
// heads instead of caps, and a rotary embedding of their own for layers with a window.
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

/// Sizes and choices of a Gemma 3 text model. Fields and defaults are those of Hugging Face's
/// Gemma3TextConfig, without those that matter for training only; attn_logit_softcapping, which its
/// models read and do not use, says nothing.
/// Source  Gemma Team 2025, "Gemma 3", section 2.
struct Gemma3TextConfig {
    static constexpr const char* model_type = "gemma3_text";
    static constexpr std::array<std::string_view, 2> nullable{"final_logit_softcapping",
                                                              "layer_types"};
    static constexpr std::array<std::string_view, 2> ignored{"attn_logit_softcapping",
                                                             "hidden_act"};
    static constexpr std::array aliases{
        FieldAlias{"_sliding_window_pattern", "sliding_window_pattern"}};

    std::size_t vocab_size = 262208;       // rows of the token table
    std::size_t hidden_size = 2304;        // channels of a token
    std::size_t intermediate_size = 9216;  // channels inside the feed-forward block
    std::size_t num_hidden_layers = 26;
    std::size_t num_attention_heads = 8;
    std::size_t num_key_value_heads = 4;
    std::size_t head_dim = 256;
    Activation hidden_activation = Activation::gelu_pytorch_tanh;
    std::size_t max_position_embeddings = 131072;
    float rms_norm_eps = 1e-6F;
    long long pad_token_id = 0;             // -1: null
    bool tie_word_embeddings = true;        // the head reads the token table
    float rope_theta = 1000000.0F;          // of layers without a window
    RopeScaling rope_scaling{};             // likewise
    float rope_local_base_freq = 10000.0F;  // of layers with a window
    bool attention_bias = false;            // of query, key, value and output
    float query_pre_attn_scalar = 256.0F;   // scores are divided by its square root
    std::size_t sliding_window = 4096;  // tokens that a token attends to, in layers with a window
    std::size_t sliding_window_pattern = 6;  // every so many layers one has no window
    LayerTypes layer_types{};                // empty: follow from the pattern
    float final_logit_softcapping = 0.0F;    // 0: logits are not capped
    std::size_t num_labels = 2;              // of classification heads

    constexpr std::size_t kv_heads() const { return num_key_value_heads; }
    constexpr std::size_t head_size() const { return head_dim; }
    constexpr bool is_sliding_by_pattern(std::size_t i) const {
        return sliding_window_pattern > 0 && (i + 1) % sliding_window_pattern != 0;
    }
    constexpr std::size_t window(std::size_t i) const {
        return is_sliding(*this, i) ? sliding_window : 0;
    }
    constexpr LlamaShape shape() const {
        LlamaShape shape = gemma_shape(*this);
        shape.head_norms = true;
        return shape;
    }
    /// Of layers without and with a window.
    constexpr std::array<nn::RopeSpec, 2> ropes() const {
        std::array<nn::RopeSpec, 2> ropes = llama_ropes(*this);
        ropes[1] = {.dims = head_dim,
                    .theta = rope_local_base_freq,
                    .max_positions = max_position_embeddings};
        return ropes;
    }
    constexpr int rope_of(std::size_t i) const { return is_sliding(*this, i) ? 1 : 0; }
    constexpr Gemma3TextConfig resolved() const {
        Gemma3TextConfig config = *this;
        config.layer_types = resolved_layer_types(config);
        return config;
    }
    friend constexpr bool operator==(const Gemma3TextConfig&, const Gemma3TextConfig&) = default;
};
XZOO_CONFIG_FIELDS(Gemma3TextConfig, vocab_size, hidden_size, intermediate_size, num_hidden_layers,
                   num_attention_heads, num_key_value_heads, head_dim, hidden_activation,
                   max_position_embeddings, rms_norm_eps, pad_token_id, tie_word_embeddings,
                   rope_theta, rope_scaling, rope_local_base_freq, attention_bias,
                   query_pre_attn_scalar, sliding_window, sliding_window_pattern, layer_types,
                   final_logit_softcapping, num_labels);

#define XZOO_GEMMA3_TEXT_RULES(rule, config)                                         \
    XZOO_GEMMA2_COMMON_RULES(rule, config);                                          \
    rule(config, "'rope_local_base_freq' must be positive and finite", PositiveReal, \
         rope_local_base_freq);                                                      \
    rule(config, "'sliding_window_pattern' must be positive", Positive, sliding_window_pattern);

/// What must hold for a Gemma3TextConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(Gemma3TextConfig, Gemma3TextRules, XZOO_GEMMA3_TEXT_RULES);
#undef XZOO_GEMMA3_TEXT_RULES

// config.json of google/gemma-3-270m and google/gemma-3-1b-it
inline constexpr Gemma3TextConfig gemma_3_270m{.vocab_size = 262144,
                                               .hidden_size = 640,
                                               .intermediate_size = 2048,
                                               .num_hidden_layers = 18,
                                               .num_attention_heads = 4,
                                               .num_key_value_heads = 1,
                                               .max_position_embeddings = 32768,
                                               .sliding_window = 512};
inline constexpr Gemma3TextConfig gemma_3_1b{.vocab_size = 262144,
                                             .hidden_size = 1152,
                                             .intermediate_size = 6912,
                                             .num_attention_heads = 4,
                                             .num_key_value_heads = 1,
                                             .max_position_embeddings = 32768,
                                             .sliding_window = 512};

/// Gemma3TextModel: last_hidden_state.
template <Gemma3TextConfig C, Precisions P = f32>
struct Gemma3TextModel : Gemma2Body<C>,
                         DecoderModel<Gemma3TextModel<C, P>, LlamaCommon<C, Gemma3TextRules<C>>> {
    static constexpr const char* class_name = "Gemma3TextModel";
};

/// Scores of every next token; generates.
template <Gemma3TextConfig C, Precisions P = f32>
struct Gemma3ForCausalLM : ModelLanguageModel<Gemma2Body<C>>,
                           CausalTask<Gemma3ForCausalLM<C, P>, LlamaCommon<C, Gemma3TextRules<C>>> {
    static constexpr const char* class_name = "Gemma3ForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <Gemma3TextConfig C, Precisions P = f32>
struct Gemma3TextForSequenceClassification
    : ModelScorer<Gemma2Body<C>, C.num_labels>,
      DecoderSequenceTask<Gemma3TextForSequenceClassification<C, P>,
                          LlamaCommon<C, Gemma3TextRules<C>>> {
    static constexpr const char* class_name = "Gemma3TextForSequenceClassification";
};

}  // namespace xzoo

#include "xzoo/weights/gemma3_text.hpp"
