// Gemma 2: Gemma Team 2024, "Gemma 2: Improving Open Language Models at a Practical Size". Gemma
// with capped scores and logits, windows in every other layer and four norms a layer.
#pragma once

#include "xzoo/weights/gemma2.hpp"
#include "zoo/config/gemma2.hpp"
#include "zoo/gemma_blocks.hpp"

namespace xzoo {

/// Gemma2Model: last_hidden_state.
template <Gemma2Config C, Precision P>
struct Gemma2 : Gemma2Body<C, P>, DecoderModel<Gemma2<C, P>, LlamaCommon<C, Gemma2Rules<C>>> {
    static constexpr const char* class_name = "Gemma2Model";
};

/// Scores of every next token; generates.
template <Gemma2Config C, Precision P>
struct Gemma2ForCausalLM : LlamaLanguageModel<C, P, Gemma2Body<C, P>>,
                           CausalTask<Gemma2ForCausalLM<C, P>, LlamaCommon<C, Gemma2Rules<C>>> {
    static constexpr const char* class_name = "Gemma2ForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <Gemma2Config C, Precision P>
struct Gemma2ForSequenceClassification
    : LlamaClassifier<C, P, false, Gemma2Body<C, P>>,
      DecoderSequenceTask<Gemma2ForSequenceClassification<C, P>, LlamaCommon<C, Gemma2Rules<C>>> {
    static constexpr const char* class_name = "Gemma2ForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <Gemma2Config C, Precision P>
struct Gemma2ForTokenClassification
    : LlamaClassifier<C, P, true, Gemma2Body<C, P>>,
      DecoderTokenTask<Gemma2ForTokenClassification<C, P>, LlamaCommon<C, Gemma2Rules<C>>> {
    static constexpr const char* class_name = "Gemma2ForTokenClassification";
};

}  // namespace xzoo
