// Llama: Touvron et al. 2023, "LLaMA: Open and Efficient Foundation Language Models". Members carry
// the names of the checkpoint.
#pragma once

#include "xzoo/weights/llama.hpp"
#include "zoo/config/llama.hpp"
#include "zoo/llama_blocks.hpp"

namespace xzoo {

/// LlamaModel: last_hidden_state.
template <LlamaConfig C, Precision P>
struct Llama : LlamaBody<C, P>, DecoderModel<Llama<C, P>, LlamaCommon<C, LlamaRules<C>>> {
    static constexpr const char* class_name = "LlamaModel";
};

/// Scores of every next token; generates.
template <LlamaConfig C, Precision P>
struct LlamaForCausalLM : LlamaLanguageModel<C, P>,
                          CausalTask<LlamaForCausalLM<C, P>, LlamaCommon<C, LlamaRules<C>>> {
    static constexpr const char* class_name = "LlamaForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <LlamaConfig C, Precision P>
struct LlamaForSequenceClassification
    : LlamaClassifier<C, P, false>,
      DecoderSequenceTask<LlamaForSequenceClassification<C, P>, LlamaCommon<C, LlamaRules<C>>> {
    static constexpr const char* class_name = "LlamaForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <LlamaConfig C, Precision P>
struct LlamaForTokenClassification
    : LlamaClassifier<C, P, true>,
      DecoderTokenTask<LlamaForTokenClassification<C, P>, LlamaCommon<C, LlamaRules<C>>> {
    static constexpr const char* class_name = "LlamaForTokenClassification";
};

}  // namespace xzoo
