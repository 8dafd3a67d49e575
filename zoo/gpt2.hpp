// GPT-2: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners". Members carry
// the names of the checkpoint; its linear layers are stored (in, out).
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "xzoo/weights/gpt2.hpp"
#include "zoo/config/gpt2.hpp"
#include "zoo/gpt_blocks.hpp"

namespace xzoo {

/// Tables, blocks and final norm: the parameters of GPT2Model, on their own or below a head.
template <Gpt2Config C, Precision P>
struct Gpt2Body {
    using Tokens = nn::TokenTable<C.vocab_size, C.n_embd, C.tie_word_embeddings, P>;
    using Positions = nn::TokenTable<C.n_positions, C.n_embd, false, P>;
    using Blocks = std::array<GptBlock<C.n_embd, C.n_head, C.inner(), P>, C.n_layer>;
    using Norm = nn::LayerNorm<C.n_embd>;
    BOOST_HANA_DEFINE_STRUCT(Gpt2Body, (Tokens, wte), (Positions, wpe), (Blocks, h), (Norm, ln_f));

    const Tokens& table() const { return wte; }

    nn::DecoderLayerView layer(std::size_t i) const {
        const float divisor =
            (C.scale_attn_weights ? std::sqrt(static_cast<float>(C.head_dim())) : 1.0F) *
            (C.scale_attn_by_inverse_layer_idx ? static_cast<float>(i + 1) : 1.0F);
        return h[i].view(nn::LayerOrder::pre_norm, 1.0F / divisor, C.activation_function,
                         C.layer_norm_epsilon);
    }

    nn::DecoderView decoder() const {
        return {.hidden = C.n_embd,
                .layers = C.n_layer,
                .heads = C.n_head,
                .kv_heads = C.n_head,
                .head_dim = C.head_dim(),
                .tokens = wte.view(),
                .positions = wpe.view(),
                .final_norm = ln_f.view(C.layer_norm_epsilon),
                .layer = nn::DecoderLayers{*this}};
    }
};

/// What all GPT-2 classes share.
template <Gpt2Config C>
struct Gpt2Common
    : TransformerCommon<C, Gpt2Rules<C>,
                        nn::DecoderLimits{.vocab_size = C.vocab_size, .positions = C.n_positions}> {
    static constexpr std::array<std::string_view, 2> ignored{"attn.bias", "attn.masked_bias"};
    static constexpr std::size_t max_positions = C.n_positions;
    static constexpr auto language_ties =
        tied_head<C.tie_word_embeddings>({"lm_head.weight", "transformer.wte.weight"});
};

/// GPT2Model: last_hidden_state.
template <Gpt2Config C, Precision P>
struct Gpt2 : Gpt2Body<C, P>, DecoderModel<Gpt2<C, P>, Gpt2Common<C>> {
    static constexpr const char* class_name = "GPT2Model";
};

/// Scores of every next token; generates.
template <Gpt2Config C, Precision P>
struct Gpt2LMHeadModel : TransformerLanguageModel<Gpt2Body<C, P>>,
                         CausalTask<Gpt2LMHeadModel<C, P>, Gpt2Common<C>> {
    static constexpr const char* class_name = "GPT2LMHeadModel";
};

/// A label a sequence: logits (batch, num_labels).
template <Gpt2Config C, Precision P>
struct Gpt2ForSequenceClassification
    : TransformerScorer<Gpt2Body<C, P>, C.num_labels>,
      DecoderSequenceTask<Gpt2ForSequenceClassification<C, P>, Gpt2Common<C>> {
    static constexpr const char* class_name = "GPT2ForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <Gpt2Config C, Precision P>
struct Gpt2ForTokenClassification
    : TransformerClassifier<Gpt2Body<C, P>, C.num_labels>,
      DecoderTokenTask<Gpt2ForTokenClassification<C, P>, Gpt2Common<C>> {
    static constexpr const char* class_name = "GPT2ForTokenClassification";
};

}  // namespace xzoo
