// StarCoder2: Lozhkov et al. 2024, "StarCoder 2 and The Stack v2". Members carry the names of the
// checkpoint.
#pragma once

#include <cstddef>

#include "xzoo/weights/starcoder2.hpp"
#include "zoo/config/starcoder2.hpp"
#include "zoo/layer_norm_blocks.hpp"

namespace xzoo {

template <std::size_t Hidden, std::size_t Inner, bool Bias, Precision P>
struct Starcoder2Mlp {
    using In = nn::LinearIf<Inner, Hidden, Bias, P>;
    using Out = nn::LinearIf<Hidden, Inner, Bias, P>;
    BOOST_HANA_DEFINE_STRUCT(Starcoder2Mlp, (In, c_fc), (Out, c_proj));

    nn::MlpView view(Activation activation) const {
        return {.up = c_fc.view(), .down = c_proj.view(), .activation = activation};
    }
};

template <Starcoder2Config C, Precision P>
using Starcoder2Body =
    LayerNormBody<C, P, nn::LayerNorm<C.hidden_size>,
                  Starcoder2Mlp<C.hidden_size, C.intermediate_size, C.use_bias, P>>;
template <Starcoder2Config C>
using Starcoder2Common = LlamaCommon<C, Starcoder2Rules<C>>;

/// Starcoder2Model: last_hidden_state.
template <Starcoder2Config C, Precision P>
struct Starcoder2 : Starcoder2Body<C, P>, DecoderModel<Starcoder2<C, P>, Starcoder2Common<C>> {
    static constexpr const char* class_name = "Starcoder2Model";
};

/// Scores of every next token; generates.
template <Starcoder2Config C, Precision P>
struct Starcoder2ForCausalLM : LlamaLanguageModel<C, P, Starcoder2Body<C, P>>,
                               CausalTask<Starcoder2ForCausalLM<C, P>, Starcoder2Common<C>> {
    static constexpr const char* class_name = "Starcoder2ForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <Starcoder2Config C, Precision P>
struct Starcoder2ForSequenceClassification
    : LlamaClassifier<C, P, false, Starcoder2Body<C, P>>,
      DecoderSequenceTask<Starcoder2ForSequenceClassification<C, P>, Starcoder2Common<C>> {
    static constexpr const char* class_name = "Starcoder2ForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <Starcoder2Config C, Precision P>
struct Starcoder2ForTokenClassification
    : LlamaClassifier<C, P, true, Starcoder2Body<C, P>>,
      DecoderTokenTask<Starcoder2ForTokenClassification<C, P>, Starcoder2Common<C>> {
    static constexpr const char* class_name = "Starcoder2ForTokenClassification";
};

}  // namespace xzoo
