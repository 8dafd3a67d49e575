// OLMo: Groeneveld et al. 2024, "OLMo: Accelerating the Science of Language Models". Members carry
// the names of the checkpoint; norms have no parameters.
#pragma once

#include "xzoo/weights/olmo.hpp"
#include "zoo/config/olmo.hpp"
#include "zoo/layer_norm_blocks.hpp"

namespace xzoo {

template <OlmoConfig C, Precision P>
using OlmoBody = LayerNormBody<C, P, nn::PlainLayerNorm<C.hidden_size>,
                               LlamaMlp<C.hidden_size, C.intermediate_size, false, P>>;

/// OlmoModel: last_hidden_state.
template <OlmoConfig C, Precision P>
struct Olmo : OlmoBody<C, P>, DecoderModel<Olmo<C, P>, LlamaCommon<C, OlmoRules<C>>> {
    static constexpr const char* class_name = "OlmoModel";
};

/// Scores of every next token; generates.
template <OlmoConfig C, Precision P>
struct OlmoForCausalLM : LlamaLanguageModel<C, P, OlmoBody<C, P>>,
                         CausalTask<OlmoForCausalLM<C, P>, LlamaCommon<C, OlmoRules<C>>> {
    static constexpr const char* class_name = "OlmoForCausalLM";
};

}  // namespace xzoo
