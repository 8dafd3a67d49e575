// Qwen3-MoE: Yang et al. 2025, "Qwen3 Technical Report". Qwen3 with routed experts in some or all
// of its layers.
#pragma once

#include "xzoo/weights/qwen3_moe.hpp"
#include "zoo/config/qwen3_moe.hpp"
#include "zoo/expert_blocks.hpp"

namespace xzoo {

template <Qwen3MoeConfig C>
struct Qwen3MoeIsSparse {
    constexpr bool operator()(std::size_t i) const { return C.is_sparse(i); }
};

template <Qwen3MoeConfig C, Precision P>
using Qwen3MoeExperts =
    RoutedExperts<C, LlamaMlp<C.hidden_size, C.moe_intermediate_size, false, P>, P>;

template <Qwen3MoeConfig C, Precision P>
using Qwen3MoeBody = LlamaBody<C, P,
                               MixedStack<LlamaLayer<C, P, Qwen3MoeExperts<C, P>>, LlamaLayer<C, P>,
                                          C.num_hidden_layers, Qwen3MoeIsSparse<C>{}>>;

/// Qwen3MoeModel: last_hidden_state.
template <Qwen3MoeConfig C, Precision P>
struct Qwen3Moe : Qwen3MoeBody<C, P>,
                  DecoderModel<Qwen3Moe<C, P>, LlamaCommon<C, Qwen3MoeRules<C>>> {
    static constexpr const char* class_name = "Qwen3MoeModel";
};

/// Scores of every next token; generates.
template <Qwen3MoeConfig C, Precision P>
struct Qwen3MoeForCausalLM
    : LlamaLanguageModel<C, P, Qwen3MoeBody<C, P>>,
      CausalTask<Qwen3MoeForCausalLM<C, P>, LlamaCommon<C, Qwen3MoeRules<C>>> {
    static constexpr const char* class_name = "Qwen3MoeForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <Qwen3MoeConfig C, Precision P>
struct Qwen3MoeForSequenceClassification
    : LlamaClassifier<C, P, false, Qwen3MoeBody<C, P>>,
      DecoderSequenceTask<Qwen3MoeForSequenceClassification<C, P>,
                          LlamaCommon<C, Qwen3MoeRules<C>>> {
    static constexpr const char* class_name = "Qwen3MoeForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <Qwen3MoeConfig C, Precision P>
struct Qwen3MoeForTokenClassification
    : LlamaClassifier<C, P, true, Qwen3MoeBody<C, P>>,
      DecoderTokenTask<Qwen3MoeForTokenClassification<C, P>, LlamaCommon<C, Qwen3MoeRules<C>>> {
    static constexpr const char* class_name = "Qwen3MoeForTokenClassification";
};

}  // namespace xzoo
