// Phi-3: Abdin et al. 2024, "Phi-3 Technical Report". Members carry the names of the checkpoint.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "xzoo/core/config.hpp"
#include "xzoo/core/config_list.hpp"
#include "xzoo/core/precision.hpp"
#include "zoo/parts/decoder_heads.hpp"
#include "zoo/parts/decoder_rules.hpp"
#include "zoo/parts/llama_blocks.hpp"
#include "zoo/parts/llama_shape.hpp"

namespace xzoo {

/// Names of the only scaling that Phi-3 has, and none. su and yarn are what older files call
/// longrope.
enum class Phi3RopeType : std::uint8_t { none, longrope, su, yarn };

constexpr const char* name(Phi3RopeType type) noexcept {
    constexpr std::array<const char*, 4> names{"default", "longrope", "su", "yarn"};
    return names[static_cast<std::size_t>(type)];
}
template <>
inline constexpr std::size_t enumerator_count<Phi3RopeType> = 4;

/// "rope_scaling" of Phi-3: a divisor of each frequency, for texts of the original length and for
/// longer ones. All-default stands for null.
/// Source  Ding et al. 2024, LongRoPE.
struct Phi3RopeScaling {
    static constexpr std::array aliases{FieldAlias{"rope_type", "type"}};
    using Factors = ConfigList<float, 128>;

    Phi3RopeType type = Phi3RopeType::none;
    Factors short_factor{};
    Factors long_factor{};

    friend constexpr bool operator==(const Phi3RopeScaling&, const Phi3RopeScaling&) = default;
};
XZOO_CONFIG_FIELDS(Phi3RopeScaling, type, short_factor, long_factor);

/// Both lists of factors have one for each pair of rotated numbers, or there is no scaling.
struct Phi3Rope {
    static constexpr bool holds(const Phi3RopeScaling& scaling, std::size_t rotary_dims) {
        const std::size_t wanted = scaling.type == Phi3RopeType::none ? 0 : rotary_dims / 2;
        return is_list(scaling.short_factor, wanted) && is_list(scaling.long_factor, wanted);
    }
    static constexpr bool is_list(const Phi3RopeScaling::Factors& factors, std::size_t size) {
        for (std::size_t i = 0; i < factors.size; ++i)
            if (!PositiveReal::holds(factors.values[i]))
                return false;
        return factors.size == size;
    }
};

/// Sizes and choices of a Phi-3 model. Fields and defaults are those of Hugging Face's Phi3Config,
/// without those that matter for training only.
/// Source  Abdin et al. 2024, section 2.
struct Phi3Config {
    static constexpr const char* model_type = "phi3";
    static constexpr std::array<std::string_view, 2> nullable{"num_key_value_heads",
                                                              "sliding_window"};
    /// Fields of published files that Hugging Face's class does not know.
    static constexpr std::array<std::string_view, 1> ignored{"attention_bias"};

    std::size_t vocab_size = 32064;        // rows of the token table
    std::size_t hidden_size = 3072;        // channels of a token
    std::size_t intermediate_size = 8192;  // channels inside the feed-forward block
    std::size_t num_hidden_layers = 32;
    std::size_t num_attention_heads = 32;
    std::size_t num_key_value_heads = 0;  // 0: num_attention_heads
    Activation hidden_act = Activation::silu;
    std::size_t max_position_embeddings = 4096;
    std::size_t original_max_position_embeddings = 4096;  // longest text of the short factors
    float rms_norm_eps = 1e-5F;
    long long pad_token_id = 32000;    // -1: null
    bool tie_word_embeddings = false;  // the head reads the token table
    float rope_theta = 10000.0F;
    Phi3RopeScaling rope_scaling{};
    float partial_rotary_factor = 1.0F;  // part of a head that is rotated
    std::size_t sliding_window = 0;  // tokens that attention looks back on, itself included; 0: all
    std::size_t num_labels = 2;      // of classification heads

    constexpr std::size_t kv_heads() const {
        return num_key_value_heads > 0 ? num_key_value_heads : num_attention_heads;
    }
    constexpr std::size_t head_size() const {
        return num_attention_heads > 0 ? hidden_size / num_attention_heads : 0;
    }
    constexpr std::size_t rotary_dims() const {
        return nn::rotated_dims(head_size(), partial_rotary_factor);
    }
    constexpr std::size_t window(std::size_t) const { return sliding_window; }
    constexpr LlamaShape shape() const { return llama_shape(*this); }
    /// The factors are those of this very object.
    constexpr std::array<nn::RopeSpec, 2> ropes() const {
        nn::RopeSpec rope{
            .dims = rotary_dims(), .theta = rope_theta, .max_positions = max_position_embeddings};
        if (rope_scaling.type != Phi3RopeType::none) {
            rope.scaling.rope_type = RopeType::longrope;
            rope.scaling.original_max_position_embeddings = original_max_position_embeddings;
            rope.short_factors = rope_scaling.short_factor.values.data();
            rope.long_factors = rope_scaling.long_factor.values.data();
        }
        return {rope};
    }
    constexpr Phi3Config resolved() const {
        Phi3Config config = *this;
        config.num_key_value_heads = kv_heads();
        if (rope_scaling.type != Phi3RopeType::none)
            config.rope_scaling.type = Phi3RopeType::longrope;
        return config;
    }
    friend constexpr bool operator==(const Phi3Config&, const Phi3Config&) = default;
};
XZOO_CONFIG_FIELDS(Phi3Config, vocab_size, hidden_size, intermediate_size, num_hidden_layers,
                   num_attention_heads, num_key_value_heads, hidden_act, max_position_embeddings,
                   original_max_position_embeddings, rms_norm_eps, pad_token_id,
                   tie_word_embeddings, rope_theta, rope_scaling, partial_rotary_factor,
                   sliding_window, num_labels);

#define XZOO_PHI3_RULES(rule, config)                                                       \
    XZOO_DECODER_SIZE_RULES(rule, config);                                                  \
    XZOO_GROUPED_QUERY_RULES(rule, config);                                                 \
    XZOO_ROTARY_RULES(rule, config);                                                        \
    rule(config, "'original_max_position_embeddings' must be 2 or more", AtLeast<2>,        \
         original_max_position_embeddings);                                                 \
    rule(config, "'rope_scaling' must have a factor for each pair that is rotated, twice",  \
         Phi3Rope, rope_scaling, rotary_dims());                                            \
    rule(config, "'intermediate_size' must be positive", Positive, intermediate_size);      \
    rule(config, "'rms_norm_eps' must be positive and finite", PositiveReal, rms_norm_eps); \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for a Phi3Config. Every model of the family derives from it.
XZOO_CONFIG_RULES(Phi3Config, Phi3Rules, XZOO_PHI3_RULES);
#undef XZOO_PHI3_RULES

// Abdin et al. 2024, section 2; config.json of microsoft/Phi-3-mini-4k-instruct
inline constexpr Phi3Config phi_3_mini_4k{.sliding_window = 2047};

template <Phi3Config C>
struct Phi3Attention {
    static constexpr std::size_t width = C.num_attention_heads * C.head_size();
    using Output = nn::LinearNoBias<C.hidden_size, width>;
    using Qkv = nn::LinearNoBias<width + 2 * C.kv_heads() * C.head_size(), C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(Phi3Attention, (Output, o_proj), (Qkv, qkv_proj));

    nn::SelfAttentionView view() const {
        return {
            .projections = {qkv_proj.view()},
            .fused = true,
            .layout = nn::HeadLayout::in_blocks(C.num_attention_heads, C.kv_heads(), C.head_size()),
            .output = o_proj.view(),
            .heads = C.num_attention_heads,
            .kv_heads = C.kv_heads(),
            .head_dim = C.head_size(),
            .scale = 1.0F / std::sqrt(static_cast<float>(C.head_size())),
            .window = C.sliding_window};
    }
};

template <Phi3Config C>
struct Phi3Mlp {
    using GateUp = nn::LinearNoBias<2 * C.intermediate_size, C.hidden_size>;
    using Down = nn::LinearNoBias<C.hidden_size, C.intermediate_size>;
    BOOST_HANA_DEFINE_STRUCT(Phi3Mlp, (GateUp, gate_up_proj), (Down, down_proj));

    nn::MlpView view() const {
        return {.up = gate_up_proj.view(),
                .down = down_proj.view(),
                .activation = C.hidden_act,
                .fused = true};
    }
};

template <Phi3Config C>
struct Phi3Layer {
    using Attention = Phi3Attention<C>;
    using Mlp = Phi3Mlp<C>;
    using Norm = nn::RmsNorm<C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(Phi3Layer, (Attention, self_attn), (Mlp, mlp), (Norm, input_layernorm),
                             (Norm, post_attention_layernorm));

    nn::DecoderLayerView view(std::size_t) const {
        return {.attention_norm = input_layernorm.view(C.rms_norm_eps),
                .attention = self_attn.view(),
                .mlp_norm = post_attention_layernorm.view(C.rms_norm_eps),
                .mlp = mlp.view()};
    }
};

template <Phi3Config C>
using Phi3Body = LlamaBody<C, std::array<Phi3Layer<C>, C.num_hidden_layers>>;

/// What all Phi-3 classes share.
template <Phi3Config C>
struct Phi3Common : ModelCommon<C, Phi3Rules<C>, nn::DecoderLimits{.vocab_size = C.vocab_size}> {
    static constexpr std::size_t max_positions = C.max_position_embeddings;
    static constexpr auto language_ties =
        tied_head<C.tie_word_embeddings>({"lm_head.weight", "model.embed_tokens.weight"});
};

/// Phi3Model: last_hidden_state.
template <Phi3Config C, Precisions P = f32>
struct Phi3 : Phi3Body<C>, DecoderModel<Phi3<C, P>, Phi3Common<C>> {
    static constexpr const char* class_name = "Phi3Model";
};

/// Scores of every next token; generates.
template <Phi3Config C, Precisions P = f32>
struct Phi3ForCausalLM : ModelLanguageModel<Phi3Body<C>>,
                         CausalTask<Phi3ForCausalLM<C, P>, Phi3Common<C>> {
    static constexpr const char* class_name = "Phi3ForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <Phi3Config C, Precisions P = f32>
struct Phi3ForSequenceClassification
    : ModelScorer<Phi3Body<C>, C.num_labels>,
      DecoderSequenceTask<Phi3ForSequenceClassification<C, P>, Phi3Common<C>> {
    static constexpr const char* class_name = "Phi3ForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <Phi3Config C, Precisions P = f32>
struct Phi3ForTokenClassification
    : ModelClassifier<Phi3Body<C>, C.num_labels>,
      DecoderTokenTask<Phi3ForTokenClassification<C, P>, Phi3Common<C>> {
    static constexpr const char* class_name = "Phi3ForTokenClassification";
    static constexpr auto ties = classifier_or_score;
};

}  // namespace xzoo

#include "xzoo/weights/phi3.hpp"
