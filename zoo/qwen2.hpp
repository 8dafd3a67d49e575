// Qwen2 and Qwen2.5: Yang et al. 2024, "Qwen2 Technical Report". Llama's blocks with biases on
// query, key and value.
#pragma once

#include "xzoo/weights/qwen2.hpp"
#include "zoo/config/qwen2.hpp"
#include "zoo/llama_blocks.hpp"

namespace xzoo {

/// Qwen2Model: last_hidden_state.
template <Qwen2Config C, Precision P>
struct Qwen2 : LlamaBody<C, P>, DecoderModel<Qwen2<C, P>, LlamaCommon<C, Qwen2Rules<C>>> {
    static constexpr const char* class_name = "Qwen2Model";
};

/// Scores of every next token; generates.
template <Qwen2Config C, Precision P>
struct Qwen2ForCausalLM : LlamaLanguageModel<C, P>,
                          CausalTask<Qwen2ForCausalLM<C, P>, LlamaCommon<C, Qwen2Rules<C>>> {
    static constexpr const char* class_name = "Qwen2ForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <Qwen2Config C, Precision P>
struct Qwen2ForSequenceClassification
    : LlamaClassifier<C, P, false>,
      DecoderSequenceTask<Qwen2ForSequenceClassification<C, P>, LlamaCommon<C, Qwen2Rules<C>>> {
    static constexpr const char* class_name = "Qwen2ForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <Qwen2Config C, Precision P>
struct Qwen2ForTokenClassification
    : LlamaClassifier<C, P, true>,
      DecoderTokenTask<Qwen2ForTokenClassification<C, P>, LlamaCommon<C, Qwen2Rules<C>>> {
    static constexpr const char* class_name = "Qwen2ForTokenClassification";
};

}  // namespace xzoo
