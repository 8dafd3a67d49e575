// Phi: Gunasekar et al. 2023, "Textbooks Are All You Need"; Phi-2. Members carry the names of the
// checkpoint.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "xzoo/weights/phi.hpp"
#include "zoo/config/phi.hpp"
#include "zoo/decoder_heads.hpp"

namespace xzoo {

template <PhiConfig C, Precision P>
struct PhiAttention {
    using Query = nn::Linear<C.hidden_size, C.hidden_size, P>;
    using KeyValue = nn::Linear<C.kv_heads() * C.head_size(), C.hidden_size, P>;
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

template <PhiConfig C, Precision P>
struct PhiMlp {
    using In = nn::Linear<C.intermediate_size, C.hidden_size, P>;
    using Out = nn::Linear<C.hidden_size, C.intermediate_size, P>;
    BOOST_HANA_DEFINE_STRUCT(PhiMlp, (In, fc1), (Out, fc2));

    nn::MlpView view() const {
        return {.up = fc1.view(), .down = fc2.view(), .activation = C.hidden_act};
    }
};

template <PhiConfig C, Precision P>
struct PhiLayer {
    using Attention = PhiAttention<C, P>;
    using Mlp = PhiMlp<C, P>;
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
template <PhiConfig C, Precision P>
struct PhiBody {
    using Tokens = nn::TokenTable<C.vocab_size, C.hidden_size, C.tie_word_embeddings, P>;
    using Layers = std::array<PhiLayer<C, P>, C.num_hidden_layers>;
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
template <PhiConfig C, Precision P>
struct Phi : PhiBody<C, P>, DecoderModel<Phi<C, P>, PhiCommon<C>> {
    static constexpr const char* class_name = "PhiModel";
};

/// Scores of every next token, with a bias; generates.
template <PhiConfig C, Precision P>
struct PhiForCausalLM : ModelLanguageModel<PhiBody<C, P>, true>,
                        CausalTask<PhiForCausalLM<C, P>, PhiCommon<C>> {
    static constexpr const char* class_name = "PhiForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <PhiConfig C, Precision P>
struct PhiForSequenceClassification
    : ModelScorer<PhiBody<C, P>, C.num_labels>,
      DecoderSequenceTask<PhiForSequenceClassification<C, P>, PhiCommon<C>> {
    static constexpr const char* class_name = "PhiForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <PhiConfig C, Precision P>
struct PhiForTokenClassification : ModelClassifier<PhiBody<C, P>, C.num_labels>,
                                   DecoderTokenTask<PhiForTokenClassification<C, P>, PhiCommon<C>> {
    static constexpr const char* class_name = "PhiForTokenClassification";
    static constexpr auto ties = classifier_or_score;
};

}  // namespace xzoo
