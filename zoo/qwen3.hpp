// Qwen3: Yang et al. 2025, "Qwen3 Technical Report". Llama's blocks with norms of the heads of
// query and key.
#pragma once

#include "xzoo/weights/qwen3.hpp"
#include "zoo/config/qwen3.hpp"
#include "zoo/llama_blocks.hpp"

namespace xzoo {

/// Qwen3Model: last_hidden_state.
template <Qwen3Config C, Precision P>
struct Qwen3 : LlamaBody<C, P>, DecoderModel<Qwen3<C, P>, LlamaCommon<C, Qwen3Rules<C>>> {
    static constexpr const char* class_name = "Qwen3Model";
};

/// Scores of every next token; generates.
template <Qwen3Config C, Precision P>
struct Qwen3ForCausalLM : LlamaLanguageModel<C, P>,
                          CausalTask<Qwen3ForCausalLM<C, P>, LlamaCommon<C, Qwen3Rules<C>>> {
    static constexpr const char* class_name = "Qwen3ForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <Qwen3Config C, Precision P>
struct Qwen3ForSequenceClassification
    : LlamaClassifier<C, P, false>,
      DecoderSequenceTask<Qwen3ForSequenceClassification<C, P>, LlamaCommon<C, Qwen3Rules<C>>> {
    static constexpr const char* class_name = "Qwen3ForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <Qwen3Config C, Precision P>
struct Qwen3ForTokenClassification
    : LlamaClassifier<C, P, true>,
      DecoderTokenTask<Qwen3ForTokenClassification<C, P>, LlamaCommon<C, Qwen3Rules<C>>> {
    static constexpr const char* class_name = "Qwen3ForTokenClassification";
};

}  // namespace xzoo
