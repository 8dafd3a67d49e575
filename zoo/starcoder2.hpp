// StarCoder2: Lozhkov et al. 2024, "StarCoder 2 and The Stack v2". Members carry the names of the
// checkpoint.
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

/// Sizes and choices of a StarCoder2 model. Fields and defaults are those of Hugging Face's
/// Starcoder2Config, without those that matter for training only.
/// Source  Lozhkov et al. 2024, section 6.1.
struct Starcoder2Config {
    static constexpr const char* model_type = "starcoder2";
    static constexpr std::array<std::string_view, 2> nullable{"num_key_value_heads",
                                                              "sliding_window"};

    std::size_t vocab_size = 49152;         // rows of the token table
    std::size_t hidden_size = 3072;         // channels of a token
    std::size_t intermediate_size = 12288;  // channels inside the feed-forward block
    std::size_t num_hidden_layers = 30;
    std::size_t num_attention_heads = 24;
    std::size_t num_key_value_heads = 2;  // 0: num_attention_heads
    Activation hidden_act = Activation::gelu_pytorch_tanh;
    std::size_t max_position_embeddings = 4096;
    float norm_epsilon = 1e-5F;
    long long pad_token_id = -1;      // -1: null
    bool tie_word_embeddings = true;  // the head reads the token table
    float rope_theta = 10000.0F;
    RopeScaling rope_scaling{};
    std::size_t sliding_window = 0;  // tokens that attention looks back on, itself included; 0: all
    bool use_bias = true;            // of linear layers
    std::size_t num_labels = 2;      // of classification heads

    constexpr std::size_t kv_heads() const {
        return num_key_value_heads > 0 ? num_key_value_heads : num_attention_heads;
    }
    constexpr std::size_t head_size() const {
        return num_attention_heads > 0 ? hidden_size / num_attention_heads : 0;
    }
    constexpr std::size_t rotary_dims() const { return head_size(); }
    constexpr std::size_t window(std::size_t) const { return sliding_window; }
    constexpr LlamaShape shape() const {
        LlamaShape shape = llama_shape(*this);
        shape.norm_eps = norm_epsilon;
        shape.qkv_bias = shape.output_bias = use_bias;
        return shape;
    }
    constexpr std::array<nn::RopeSpec, 2> ropes() const { return llama_ropes(*this); }
    constexpr Starcoder2Config resolved() const {
        Starcoder2Config config = *this;
        config.num_key_value_heads = kv_heads();
        return config;
    }
    friend constexpr bool operator==(const Starcoder2Config&, const Starcoder2Config&) = default;
};
XZOO_CONFIG_FIELDS(Starcoder2Config, vocab_size, hidden_size, intermediate_size, num_hidden_layers,
                   num_attention_heads, num_key_value_heads, hidden_act, max_position_embeddings,
                   norm_epsilon, pad_token_id, tie_word_embeddings, rope_theta, rope_scaling,
                   sliding_window, use_bias, num_labels);

#define XZOO_STARCODER2_RULES(rule, config)                                                 \
    XZOO_DECODER_SIZE_RULES(rule, config);                                                  \
    XZOO_GROUPED_QUERY_RULES(rule, config);                                                 \
    XZOO_ROTARY_RULES(rule, config);                                                        \
    rule(config, "'rope_scaling' must be complete and of a type without lists", LlamaRope,  \
         rope_scaling);                                                                     \
    rule(config, "'intermediate_size' must be positive", Positive, intermediate_size);      \
    rule(config, "'norm_epsilon' must be positive and finite", PositiveReal, norm_epsilon); \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for a Starcoder2Config. Every model of the family derives from it.
XZOO_CONFIG_RULES(Starcoder2Config, Starcoder2Rules, XZOO_STARCODER2_RULES);
#undef XZOO_STARCODER2_RULES

// Lozhkov et al. 2024, table 7; config.json of bigcode/starcoder2-3b
inline constexpr Starcoder2Config starcoder2_3b{
    .max_position_embeddings = 16384, .rope_theta = 999999.4420358813F, .sliding_window = 4096};

template <std::size_t Hidden, std::size_t Inner, bool Bias>
struct Starcoder2Mlp {
    using In = nn::LinearIf<Inner, Hidden, Bias>;
    using Out = nn::LinearIf<Hidden, Inner, Bias>;
    BOOST_HANA_DEFINE_STRUCT(Starcoder2Mlp, (In, c_fc), (Out, c_proj));

    nn::MlpView view(Activation activation) const {
        return {.up = c_fc.view(), .down = c_proj.view(), .activation = activation};
    }
};

template <Starcoder2Config C>
using Starcoder2Body = LayerNormBody<C, nn::LayerNorm<C.hidden_size>,
                                     Starcoder2Mlp<C.hidden_size, C.intermediate_size, C.use_bias>>;
template <Starcoder2Config C>
using Starcoder2Common = LlamaCommon<C, Starcoder2Rules<C>>;

/// Starcoder2Model: last_hidden_state.
template <Starcoder2Config C, Precisions P = f32>
struct Starcoder2 : Starcoder2Body<C>, DecoderModel<Starcoder2<C, P>, Starcoder2Common<C>> {
    static constexpr const char* class_name = "Starcoder2Model";
};

/// Scores of every next token; generates.
template <Starcoder2Config C, Precisions P = f32>
struct Starcoder2ForCausalLM : ModelLanguageModel<Starcoder2Body<C>>,
                               CausalTask<Starcoder2ForCausalLM<C, P>, Starcoder2Common<C>> {
    static constexpr const char* class_name = "Starcoder2ForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <Starcoder2Config C, Precisions P = f32>
struct Starcoder2ForSequenceClassification
    : ModelScorer<Starcoder2Body<C>, C.num_labels>,
      DecoderSequenceTask<Starcoder2ForSequenceClassification<C, P>, Starcoder2Common<C>> {
    static constexpr const char* class_name = "Starcoder2ForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <Starcoder2Config C, Precisions P = f32>
struct Starcoder2ForTokenClassification
    : ModelScorer<Starcoder2Body<C>, C.num_labels, true>,
      DecoderTokenTask<Starcoder2ForTokenClassification<C, P>, Starcoder2Common<C>> {
    static constexpr const char* class_name = "Starcoder2ForTokenClassification";
};

}  // namespace xzoo

#include "xzoo/weights/starcoder2.hpp"
