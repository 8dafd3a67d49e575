// Phi: Gunasekar et al. 2023, "Textbooks Are All You Need"; Phi-2. Members carry the names of the
// checkpoint.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/config.hpp"
#include "xzoo/core/precision.hpp"
#include "zoo/parts/decoder_heads.hpp"
#include "zoo/parts/decoder_rules.hpp"

namespace xzoo {

/// Sizes and choices of a Phi-1, Phi-1.5 or Phi-2 model. Fields and defaults are those of Hugging
/// Face's PhiConfig, without those that matter for training only.
/// Source  Gunasekar et al. 2023, section 2.3.
struct PhiConfig {
    static constexpr const char* model_type = "phi";
    static constexpr std::array<std::string_view, 1> nullable{"num_key_value_heads"};

    std::size_t vocab_size = 51200;        // rows of the token table
    std::size_t hidden_size = 2048;        // channels of a token
    std::size_t intermediate_size = 8192;  // channels inside the feed-forward block
    std::size_t num_hidden_layers = 24;
    std::size_t num_attention_heads = 32;
    std::size_t num_key_value_heads = 0;  // 0: num_attention_heads
    Activation hidden_act = Activation::gelu_new;
    std::size_t max_position_embeddings = 2048;
    float layer_norm_eps = 1e-5F;
    long long pad_token_id = -1;       // -1: null
    bool tie_word_embeddings = false;  // the head reads the token table
    float rope_theta = 10000.0F;
    RopeScaling rope_scaling{};
    float partial_rotary_factor = 0.5F;  // part of a head that is rotated
    bool qk_layernorm = false;           // of the heads of queries and keys
    std::size_t num_labels = 2;          // of classification heads

    constexpr std::size_t kv_heads() const {
        return num_key_value_heads > 0 ? num_key_value_heads : num_attention_heads;
    }
    constexpr std::size_t head_size() const {
        return num_attention_heads > 0 ? hidden_size / num_attention_heads : 0;
    }
    constexpr std::size_t rotary_dims() const {
        return nn::rotated_dims(head_size(), partial_rotary_factor);
    }
    constexpr PhiConfig resolved() const {
        PhiConfig config = *this;
        config.num_key_value_heads = kv_heads();
        return config;
    }
    friend constexpr bool operator==(const PhiConfig&, const PhiConfig&) = default;
};
XZOO_CONFIG_FIELDS(PhiConfig, vocab_size, hidden_size, intermediate_size, num_hidden_layers,
                   num_attention_heads, num_key_value_heads, hidden_act, max_position_embeddings,
                   layer_norm_eps, pad_token_id, tie_word_embeddings, rope_theta, rope_scaling,
                   partial_rotary_factor, qk_layernorm, num_labels);

#define XZOO_PHI_RULES(rule, config)                                                            \
    XZOO_DECODER_SIZE_RULES(rule, config);                                                      \
    XZOO_GROUPED_QUERY_RULES(rule, config);                                                     \
    XZOO_ROTARY_RULES(rule, config);                                                            \
    rule(config, "'rope_scaling' must be complete and of a type without lists", LlamaRope,      \
         rope_scaling);                                                                         \
    rule(config, "'intermediate_size' must be positive", Positive, intermediate_size);          \
    rule(config, "'layer_norm_eps' must be positive and finite", PositiveReal, layer_norm_eps); \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for a PhiConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(PhiConfig, PhiRules, XZOO_PHI_RULES);
#undef XZOO_PHI_RULES

// config.json of microsoft/phi-1_5 and microsoft/phi-2
inline constexpr PhiConfig phi_1_5{};
inline constexpr PhiConfig phi_2{.hidden_size = 2560,
                                 .intermediate_size = 10240,
                                 .num_hidden_layers = 32,
                                 .partial_rotary_factor = 0.4F};

template <PhiConfig C>
struct PhiAttention {
    using Query = nn::Linear<C.hidden_size, C.hidden_size>;
    using KeyValue = nn::Linear<C.kv_heads() * C.head_size(), C.hidden_size>;
    using HeadNorm = If<C.qk_layernorm, nn::LayerNorm<C.head_size()>>;
    BOOST_HANA_DEFINE_STRUCT(PhiAttention, (Query, q_proj), (KeyValue, k_proj), (KeyValue, v_proj),
                             (Query, dense), (HeadNorm, q_layernorm), (HeadNorm, k_layernorm));

    nn::SelfAttentionView view() const {
        nn::SelfAttentionView view{
            .projections = {q_proj.view(), k_proj.view(), v_proj.view()},
            .layout = nn::HeadLayout::in_blocks(C.num_attention_heads, C.kv_heads(), C.head_size()),
            .output = dense.view(),
            .heads = C.num_attention_heads,
            .kv_heads = C.kv_heads(),
            .head_dim = C.head_size(),
            .scale = 1.0F / std::sqrt(static_cast<float>(C.head_size()))};
        if constexpr (C.qk_layernorm) {
            view.query_norm = q_layernorm.view(C.layer_norm_eps);
            view.key_norm = k_layernorm.view(C.layer_norm_eps);
        }
        return view;
    }
};

template <PhiConfig C>
struct PhiMlp {
    using In = nn::Linear<C.intermediate_size, C.hidden_size>;
    using Out = nn::Linear<C.hidden_size, C.intermediate_size>;
    BOOST_HANA_DEFINE_STRUCT(PhiMlp, (In, fc1), (Out, fc2));

    nn::MlpView view() const {
        return {.up = fc1.view(), .down = fc2.view(), .activation = C.hidden_act};
    }
};

template <PhiConfig C>
struct PhiLayer {
    using Attention = PhiAttention<C>;
    using Mlp = PhiMlp<C>;
    using Norm = nn::LayerNorm<C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(PhiLayer, (Attention, self_attn), (Mlp, mlp), (Norm, input_layernorm));

    nn::DecoderLayerView view() const {
        return {.order = nn::LayerOrder::parallel,
                .attention_norm = input_layernorm.view(C.layer_norm_eps),
                .attention = self_attn.view(),
                .mlp = mlp.view()};
    }
};

/// Token table, layers and final norm: the parameters of PhiModel, on their own or below a head.
template <PhiConfig C>
struct PhiBody {
    using Tokens = nn::TokenTable<C.vocab_size, C.hidden_size, C.tie_word_embeddings>;
    using Layers = std::array<PhiLayer<C>, C.num_hidden_layers>;
    using Norm = nn::LayerNorm<C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(PhiBody, (Tokens, embed_tokens), (Layers, layers),
                             (Norm, final_layernorm));

    const Tokens& table() const { return embed_tokens; }
    nn::DecoderLayerView layer(std::size_t i) const { return layers[i].view(); }

    nn::DecoderView decoder() const {
        const nn::RopeSpec rope{.dims = C.rotary_dims(),
                                .theta = C.rope_theta,
                                .scaling = C.rope_scaling,
                                .max_positions = C.max_position_embeddings};
        return {.hidden = C.hidden_size,
                .layers = C.num_hidden_layers,
                .heads = C.num_attention_heads,
                .kv_heads = C.kv_heads(),
                .head_dim = C.head_size(),
                .tokens = embed_tokens.view(),
                .final_norm = final_layernorm.view(C.layer_norm_eps),
                .layer = nn::DecoderLayers{*this},
                .ropes = {rope}};
    }
};

/// What all Phi classes share.
template <PhiConfig C>
struct PhiCommon : ModelCommon<C, PhiRules<C>, nn::DecoderLimits{.vocab_size = C.vocab_size}> {
    static constexpr std::size_t max_positions = C.max_position_embeddings;
    static constexpr auto language_ties =
        tied_head<C.tie_word_embeddings>({"lm_head.weight", "model.embed_tokens.weight"});
};

/// PhiModel: last_hidden_state.
template <PhiConfig C, Precisions P = f32>
struct Phi : PhiBody<C>, DecoderModel<Phi<C, P>, PhiCommon<C>> {
    static constexpr const char* class_name = "PhiModel";
};

/// Scores of every next token, with a bias; generates.
template <PhiConfig C, Precisions P = f32>
struct PhiForCausalLM : ModelLanguageModel<PhiBody<C>, true>,
                        CausalTask<PhiForCausalLM<C, P>, PhiCommon<C>> {
    static constexpr const char* class_name = "PhiForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <PhiConfig C, Precisions P = f32>
struct PhiForSequenceClassification
    : ModelScorer<PhiBody<C>, C.num_labels>,
      DecoderSequenceTask<PhiForSequenceClassification<C, P>, PhiCommon<C>> {
    static constexpr const char* class_name = "PhiForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <PhiConfig C, Precisions P = f32>
struct PhiForTokenClassification : ModelClassifier<PhiBody<C>, C.num_labels>,
                                   DecoderTokenTask<PhiForTokenClassification<C, P>, PhiCommon<C>> {
    static constexpr const char* class_name = "PhiForTokenClassification";
    static constexpr auto ties = classifier_or_score;
};

}  // namespace xzoo

#include "xzoo/weights/phi.hpp"
