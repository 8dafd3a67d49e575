// Gemma 3 for text: Gemma Team 2025, "Gemma 3 Technical Report". Gemma 2's layers with norms of the
// heads instead of caps, and a rotary embedding of their own for layers with a window.
#pragma once

#include "xzoo/weights/gemma3_text.hpp"
#include "zoo/config/gemma3_text.hpp"
#include "zoo/gemma_blocks.hpp"

namespace xzoo {

/// Gemma3TextModel: last_hidden_state.
template <Gemma3TextConfig C, Precision P>
struct Gemma3TextModel : Gemma2Body<C, P>,
                         DecoderModel<Gemma3TextModel<C, P>, LlamaCommon<C, Gemma3TextRules<C>>> {
    static constexpr const char* class_name = "Gemma3TextModel";
};

/// Scores of every next token; generates.
template <Gemma3TextConfig C, Precision P>
struct Gemma3ForCausalLM : LlamaLanguageModel<C, P, Gemma2Body<C, P>>,
                           CausalTask<Gemma3ForCausalLM<C, P>, LlamaCommon<C, Gemma3TextRules<C>>> {
    static constexpr const char* class_name = "Gemma3ForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <Gemma3TextConfig C, Precision P>
struct Gemma3TextForSequenceClassification
    : LlamaClassifier<C, P, false, Gemma2Body<C, P>>,
      DecoderSequenceTask<Gemma3TextForSequenceClassification<C, P>,
                          LlamaCommon<C, Gemma3TextRules<C>>> {
    static constexpr const char* class_name = "Gemma3TextForSequenceClassification";
};

}  // namespace xzoo
