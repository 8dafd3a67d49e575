// Mistral: Jiang et al. 2023, "Mistral 7B". Llama's blocks with a sliding window.
#pragma once

#include "xzoo/weights/mistral.hpp"
#include "zoo/config/mistral.hpp"
#include "zoo/llama_blocks.hpp"

namespace xzoo {

/// MistralModel: last_hidden_state.
template <MistralConfig C, Precision P>
struct Mistral : LlamaBody<C, P>, DecoderModel<Mistral<C, P>, LlamaCommon<C, MistralRules<C>>> {
    static constexpr const char* class_name = "MistralModel";
};

/// Scores of every next token; generates.
template <MistralConfig C, Precision P>
struct MistralForCausalLM : LlamaLanguageModel<C, P>,
                            CausalTask<MistralForCausalLM<C, P>, LlamaCommon<C, MistralRules<C>>> {
    static constexpr const char* class_name = "MistralForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <MistralConfig C, Precision P>
struct MistralForSequenceClassification
    : LlamaClassifier<C, P, false>,
      DecoderSequenceTask<MistralForSequenceClassification<C, P>, LlamaCommon<C, MistralRules<C>>> {
    static constexpr const char* class_name = "MistralForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <MistralConfig C, Precision P>
struct MistralForTokenClassification
    : LlamaClassifier<C, P, true>,
      DecoderTokenTask<MistralForTokenClassification<C, P>, LlamaCommon<C, MistralRules<C>>> {
    static constexpr const char* class_name = "MistralForTokenClassification";
};

}  // namespace xzoo
