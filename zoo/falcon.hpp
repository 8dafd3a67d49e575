// Falcon: Almazrouei et al. 2023, "The Falcon Series of Open Language Models". Members carry the
// names of the checkpoint.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "xzoo/weights/falcon.hpp"
#include "zoo/config/falcon.hpp"
#include "zoo/neox_blocks.hpp"

namespace xzoo {

template <FalconConfig C, Precision P>
struct FalconLayer {
    static constexpr bool two_norms = C.parallel_attn && C.parallel_norms() == 2;
    using Attention = NeoXAttention<C.hidden_size, C.num_attention_heads, C.kv_heads(), C.bias, P>;
    using Mlp = NeoXMlp<C.hidden_size, C.inner(), C.bias, P>;
    using Norm = nn::LayerNorm<C.hidden_size>;
    using InputNorm = If<!two_norms, Norm>;
    using LaterNorm = If<!C.parallel_attn, Norm>;
    using OwnNorm = If<two_norms, Norm>;
    BOOST_HANA_DEFINE_STRUCT(FalconLayer, (Attention, self_attention), (Mlp, mlp),
                             (InputNorm, input_layernorm), (LaterNorm, post_attention_layernorm),
                             (OwnNorm, ln_attn), (OwnNorm, ln_mlp));

    nn::DecoderLayerView view() const {
        nn::DecoderLayerView view{
            .order = C.parallel_attn ? nn::LayerOrder::parallel : nn::LayerOrder::pre_norm,
            .mlp = mlp.view(C.activation)};
        if constexpr (C.alibi)
            view.attention = self_attention.view(alibi());
        else
            view.attention = self_attention.view();
        if constexpr (two_norms) {
            view.attention_norm = ln_attn.view(C.layer_norm_epsilon);
            view.mlp_norm = ln_mlp.view(C.layer_norm_epsilon);
        } else {
            view.attention_norm = input_layernorm.view(C.layer_norm_epsilon);
        }
        if constexpr (!C.parallel_attn)
            view.mlp_norm = post_attention_layernorm.view(C.layer_norm_epsilon);
        return view;
    }

private:
    /// Scaled as the scores are; and twice, since eager attention of transformers, whose numbers
    /// these models reproduce, adds it to the scores and to their mask.
    static simd::Alibi alibi() {
        return {.slopes = simd::alibi_slopes<C.num_attention_heads>.data(),
                .scale = 2.0F / std::sqrt(static_cast<float>(C.head_size())),
                .rounded = true};
    }
};

/// Token table, layers and final norm: the parameters of FalconModel, on their own or below a head.
template <FalconConfig C, Precision P>
struct FalconBody {
    using Tokens = nn::TokenTable<C.vocab_size, C.hidden_size, C.tie_word_embeddings, P>;
    using Layers = std::array<FalconLayer<C, P>, C.num_hidden_layers>;
    using Norm = nn::LayerNorm<C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(FalconBody, (Tokens, word_embeddings), (Layers, h), (Norm, ln_f));

    const Tokens& table() const { return word_embeddings; }
    nn::DecoderLayerView layer(std::size_t i) const { return h[i].view(); }

    nn::DecoderView decoder() const {
        nn::DecoderView view{.hidden = C.hidden_size,
                             .layers = C.num_hidden_layers,
                             .heads = C.num_attention_heads,
                             .kv_heads = C.kv_heads(),
                             .head_dim = C.head_size(),
                             .tokens = word_embeddings.view(),
                             .final_norm = ln_f.view(C.layer_norm_epsilon),
                             .layer = nn::DecoderLayers{*this}};
        if constexpr (!C.alibi)
            view.ropes[0] = {.dims = C.head_size(),
                             .theta = C.rope_theta,
                             .scaling = C.rope_scaling,
                             .max_positions = C.max_position_embeddings};
        return view;
    }
};

/// What all Falcon classes share.
template <FalconConfig C>
struct FalconCommon
    : TransformerCommon<C, FalconRules<C>, nn::DecoderLimits{.vocab_size = C.vocab_size}> {
    static constexpr std::size_t max_positions = C.max_position_embeddings;
    static constexpr auto language_ties =
        tied_head<C.tie_word_embeddings>({"lm_head.weight", "transformer.word_embeddings.weight"});
};

/// FalconModel: last_hidden_state.
template <FalconConfig C, Precision P>
struct Falcon : FalconBody<C, P>, DecoderModel<Falcon<C, P>, FalconCommon<C>> {
    static constexpr const char* class_name = "FalconModel";
};

/// Scores of every next token; generates.
template <FalconConfig C, Precision P>
struct FalconForCausalLM : TransformerLanguageModel<FalconBody<C, P>>,
                           CausalTask<FalconForCausalLM<C, P>, FalconCommon<C>> {
    static constexpr const char* class_name = "FalconForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <FalconConfig C, Precision P>
struct FalconForSequenceClassification
    : TransformerScorer<FalconBody<C, P>, C.num_labels>,
      DecoderSequenceTask<FalconForSequenceClassification<C, P>, FalconCommon<C>> {
    static constexpr const char* class_name = "FalconForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <FalconConfig C, Precision P>
struct FalconForTokenClassification
    : TransformerClassifier<FalconBody<C, P>, C.num_labels>,
      DecoderTokenTask<FalconForTokenClassification<C, P>, FalconCommon<C>> {
    static constexpr const char* class_name = "FalconForTokenClassification";
};

}  // namespace xzoo
