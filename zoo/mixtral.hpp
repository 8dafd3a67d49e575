// Mixtral: Jiang et al. 2024, "Mixtral of Experts". Llama's blocks with routed experts.
#pragma once

#include "xzoo/weights/mixtral.hpp"
#include "zoo/config/mixtral.hpp"
#include "zoo/expert_blocks.hpp"

namespace xzoo {

/// w2(act(w1(x)) * w3(x)).
template <MixtralConfig C, Precision P>
struct MixtralExpert {
    using In = nn::LinearNoBias<C.intermediate_size, C.hidden_size, P>;
    using Out = nn::LinearNoBias<C.hidden_size, C.intermediate_size, P>;
    BOOST_HANA_DEFINE_STRUCT(MixtralExpert, (In, w1), (Out, w2), (In, w3));

    nn::MlpView view(Activation activation) const {
        return {.gate = w1.view(), .up = w3.view(), .down = w2.view(), .activation = activation};
    }
};

template <MixtralConfig C, Precision P>
struct MixtralLayer {
    using Attention = LlamaAttention<C, P>;
    using Experts = RoutedExperts<C, MixtralExpert<C, P>, P>;
    using Norm = nn::RmsNorm<C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(MixtralLayer, (Attention, self_attn), (Experts, block_sparse_moe),
                             (Norm, input_layernorm), (Norm, post_attention_layernorm));

    nn::DecoderLayerView view(std::size_t i) const {
        return llama_layer<C>(i, input_layernorm, self_attn, post_attention_layernorm,
                              block_sparse_moe);
    }
};

template <MixtralConfig C, Precision P>
using MixtralBody = LlamaBody<C, P, std::array<MixtralLayer<C, P>, C.num_hidden_layers>>;

/// MixtralModel: last_hidden_state.
template <MixtralConfig C, Precision P>
struct Mixtral : MixtralBody<C, P>, DecoderModel<Mixtral<C, P>, LlamaCommon<C, MixtralRules<C>>> {
    static constexpr const char* class_name = "MixtralModel";
};

/// Scores of every next token; generates.
template <MixtralConfig C, Precision P>
struct MixtralForCausalLM : LlamaLanguageModel<C, P, MixtralBody<C, P>>,
                            CausalTask<MixtralForCausalLM<C, P>, LlamaCommon<C, MixtralRules<C>>> {
    static constexpr const char* class_name = "MixtralForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <MixtralConfig C, Precision P>
struct MixtralForSequenceClassification
    : LlamaClassifier<C, P, false, MixtralBody<C, P>>,
      DecoderSequenceTask<MixtralForSequenceClassification<C, P>, LlamaCommon<C, MixtralRules<C>>> {
    static constexpr const char* class_name = "MixtralForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <MixtralConfig C, Precision P>
struct MixtralForTokenClassification
    : LlamaClassifier<C, P, true, MixtralBody<C, P>>,
      DecoderTokenTask<MixtralForTokenClassification<C, P>, LlamaCommon<C, MixtralRules<C>>> {
    static constexpr const char* class_name = "MixtralForTokenClassification";
};

}  // namespace xzoo
