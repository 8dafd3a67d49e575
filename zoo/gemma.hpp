// Gemma: Gemma Team 2024, "Gemma: Open Models Based on Gemini Research and Technology". Llama's
// blocks with norms whose weight counts from 1, scaled embeddings and a tied head.
#pragma once

#include "xzoo/weights/gemma.hpp"
#include "zoo/config/gemma.hpp"
#include "zoo/llama_blocks.hpp"

namespace xzoo {

/// GemmaModel: last_hidden_state.
template <GemmaConfig C, Precision P>
struct Gemma : LlamaBody<C, P>, DecoderModel<Gemma<C, P>, LlamaCommon<C, GemmaRules<C>>> {
    static constexpr const char* class_name = "GemmaModel";
};

/// Scores of every next token; generates.
template <GemmaConfig C, Precision P>
struct GemmaForCausalLM : LlamaLanguageModel<C, P>,
                          CausalTask<GemmaForCausalLM<C, P>, LlamaCommon<C, GemmaRules<C>>> {
    static constexpr const char* class_name = "GemmaForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <GemmaConfig C, Precision P>
struct GemmaForSequenceClassification
    : LlamaClassifier<C, P, false>,
      DecoderSequenceTask<GemmaForSequenceClassification<C, P>, LlamaCommon<C, GemmaRules<C>>> {
    static constexpr const char* class_name = "GemmaForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <GemmaConfig C, Precision P>
struct GemmaForTokenClassification
    : LlamaClassifier<C, P, true>,
      DecoderTokenTask<GemmaForTokenClassification<C, P>, LlamaCommon<C, GemmaRules<C>>> {
    static constexpr const char* class_name = "GemmaForTokenClassification";
};

}  // namespace xzoo
