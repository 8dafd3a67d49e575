// GPT-NeoX and Pythia: Black et al. 2022, "GPT-NeoX-20B: An Open-Source Autoregressive Language
// Model". Members carry the names of the checkpoint.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/weights/gpt_neox.hpp"
#include "zoo/config/gpt_neox.hpp"
#include "zoo/neox_blocks.hpp"

namespace xzoo {

template <GptNeoXConfig C, Precision P>
struct GptNeoXLayer {
    using Norm = nn::LayerNorm<C.hidden_size>;
    using Attention = NeoXAttention<C.hidden_size, C.num_attention_heads, C.num_attention_heads,
                                    C.attention_bias, P>;
    using Mlp = NeoXMlp<C.hidden_size, C.intermediate_size, true, P>;
    BOOST_HANA_DEFINE_STRUCT(GptNeoXLayer, (Norm, input_layernorm),
                             (Norm, post_attention_layernorm), (Attention, attention), (Mlp, mlp));

    nn::DecoderLayerView view() const {
        return {
            .order = C.use_parallel_residual ? nn::LayerOrder::parallel : nn::LayerOrder::pre_norm,
            .attention_norm = input_layernorm.view(C.layer_norm_eps),
            .attention = attention.view(),
            .mlp_norm = post_attention_layernorm.view(C.layer_norm_eps),
            .mlp = mlp.view(C.hidden_act)};
    }
};

/// Token table, layers and final norm: the parameters of GPTNeoXModel, on their own or below a
/// head.
template <GptNeoXConfig C, Precision P>
struct GptNeoXBody {
    using Tokens = nn::TokenTable<C.vocab_size, C.hidden_size, C.tie_word_embeddings, P>;
    using Layers = std::array<GptNeoXLayer<C, P>, C.num_hidden_layers>;
    using Norm = nn::LayerNorm<C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(GptNeoXBody, (Tokens, embed_in), (Layers, layers),
                             (Norm, final_layer_norm));

    nn::DecoderLayerView layer(std::size_t i) const { return layers[i].view(); }

    nn::DecoderView decoder() const {
        const nn::RopeSpec rope{.dims = C.rotary_dims(),
                                .theta = C.rotary_emb_base,
                                .scaling = C.rope_scaling,
                                .max_positions = C.max_position_embeddings};
        return {.hidden = C.hidden_size,
                .layers = C.num_hidden_layers,
                .heads = C.num_attention_heads,
                .kv_heads = C.num_attention_heads,
                .head_dim = C.head_size(),
                .tokens = embed_in.view(),
                .final_norm = final_layer_norm.view(C.layer_norm_eps),
                .layer = nn::DecoderLayers{*this},
                .ropes = {rope}};
    }
};

/// What all GPT-NeoX classes share.
template <GptNeoXConfig C>
struct GptNeoXCommon
    : DecoderCommon<C, GptNeoXRules<C>, nn::DecoderLimits{.vocab_size = C.vocab_size}> {
    static constexpr const char* base_model_prefix = "gpt_neox";
    static constexpr std::array<std::string_view, 4> family_parts{"embed_out.", "score.",
                                                                  "classifier.", "qa_outputs."};
    static constexpr std::array<std::string_view, 2> ignored{"attention.bias",
                                                             "attention.masked_bias"};
    static constexpr std::size_t max_positions = C.max_position_embeddings;
    static constexpr auto language_ties =
        tied_head<C.tie_word_embeddings>({"embed_out.weight", "gpt_neox.embed_in.weight"});
};

/// GPTNeoXModel: last_hidden_state.
template <GptNeoXConfig C, Precision P>
struct GptNeoX : GptNeoXBody<C, P>, DecoderModel<GptNeoX<C, P>, GptNeoXCommon<C>> {
    static constexpr const char* class_name = "GPTNeoXModel";
};

/// Scores of every next token; generates.
template <GptNeoXConfig C, Precision P>
struct GptNeoXForCausalLM : CausalTask<GptNeoXForCausalLM<C, P>, GptNeoXCommon<C>> {
    static constexpr const char* class_name = "GPTNeoXForCausalLM";
    using Body = GptNeoXBody<C, P>;
    using Scores = nn::TokenScores<typename Body::Tokens, false>;
    BOOST_HANA_DEFINE_STRUCT(GptNeoXForCausalLM, (Body, gpt_neox), (Scores, embed_out));

    nn::DecoderView decoder() const { return gpt_neox.decoder(); }
    nn::VocabularyHead head() const { return {embed_out.view(gpt_neox.embed_in)}; }
};

/// A label a sequence: logits (batch, num_labels).
template <GptNeoXConfig C, Precision P>
struct GptNeoXForSequenceClassification
    : DecoderSequenceTask<GptNeoXForSequenceClassification<C, P>, GptNeoXCommon<C>> {
    static constexpr const char* class_name = "GPTNeoXForSequenceClassification";
    using Body = GptNeoXBody<C, P>;
    using Score = nn::LinearNoBias<C.num_labels, C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(GptNeoXForSequenceClassification, (Body, gpt_neox), (Score, score));

    nn::DecoderView decoder() const { return gpt_neox.decoder(); }
    nn::LinearView scores() const { return score.view(); }
};

/// A label a token: logits (batch, length, num_labels).
template <GptNeoXConfig C, Precision P>
struct GptNeoXForTokenClassification
    : DecoderTokenTask<GptNeoXForTokenClassification<C, P>, GptNeoXCommon<C>> {
    static constexpr const char* class_name = "GPTNeoXForTokenClassification";
    using Body = GptNeoXBody<C, P>;
    using Classifier = nn::Linear<C.num_labels, C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(GptNeoXForTokenClassification, (Body, gpt_neox),
                             (Classifier, classifier));

    nn::DecoderView decoder() const { return gpt_neox.decoder(); }
    nn::LinearView scores() const { return classifier.view(); }
};

}  // namespace xzoo
