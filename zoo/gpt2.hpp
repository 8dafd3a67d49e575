// GPT-2: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners". Members carry
// the names of the checkpoint; its linear layers are stored (in, out).
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "xzoo/weights/gpt2.hpp"
#include "zoo/config/gpt2.hpp"
#include "zoo/decoder_tasks.hpp"

namespace xzoo {

template <Gpt2Config C, Precision P>
struct Gpt2Attention {
    using Qkv = nn::Conv1D<C.n_embd, 3 * C.n_embd, P>;
    using Output = nn::Conv1D<C.n_embd, C.n_embd, P>;
    BOOST_HANA_DEFINE_STRUCT(Gpt2Attention, (Qkv, c_attn), (Output, c_proj));

    nn::SelfAttentionView view(std::size_t i) const {
        const float divisor =
            (C.scale_attn_weights ? std::sqrt(static_cast<float>(C.head_dim())) : 1.0F) *
            (C.scale_attn_by_inverse_layer_idx ? static_cast<float>(i + 1) : 1.0F);
        return {.projections = {c_attn.view()},
                .fused = true,
                .layout = nn::HeadLayout::in_blocks(C.n_head, C.n_head, C.head_dim()),
                .output = c_proj.view(),
                .heads = C.n_head,
                .kv_heads = C.n_head,
                .head_dim = C.head_dim(),
                .scale = 1.0F / divisor,
                .rope = -1};
    }
};

template <Gpt2Config C, Precision P>
struct Gpt2Mlp {
    using In = nn::Conv1D<C.n_embd, C.inner(), P>;
    using Out = nn::Conv1D<C.inner(), C.n_embd, P>;
    BOOST_HANA_DEFINE_STRUCT(Gpt2Mlp, (In, c_fc), (Out, c_proj));

    nn::MlpView view() const {
        return {.up = c_fc.view(), .down = c_proj.view(), .activation = C.activation_function};
    }
};

template <Gpt2Config C, Precision P>
struct Gpt2Block {
    using Norm = nn::LayerNorm<C.n_embd>;
    using Attention = Gpt2Attention<C, P>;
    using Mlp = Gpt2Mlp<C, P>;
    BOOST_HANA_DEFINE_STRUCT(Gpt2Block, (Norm, ln_1), (Attention, attn), (Norm, ln_2), (Mlp, mlp));
};

/// Tables, blocks and final norm: the parameters of GPT2Model, on their own or below a head.
template <Gpt2Config C, Precision P>
struct Gpt2Body {
    using Tokens = nn::TokenTable<C.vocab_size, C.n_embd, C.tie_word_embeddings, P>;
    using Positions = nn::TokenTable<C.n_positions, C.n_embd, false, P>;
    using Blocks = std::array<Gpt2Block<C, P>, C.n_layer>;
    using Norm = nn::LayerNorm<C.n_embd>;
    BOOST_HANA_DEFINE_STRUCT(Gpt2Body, (Tokens, wte), (Positions, wpe), (Blocks, h), (Norm, ln_f));

    nn::DecoderLayerView layer(std::size_t i) const {
        return {.attention_norm = h[i].ln_1.view(C.layer_norm_epsilon),
                .attention = h[i].attn.view(i),
                .mlp_norm = h[i].ln_2.view(C.layer_norm_epsilon),
                .mlp = h[i].mlp.view()};
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
    : DecoderCommon<C, Gpt2Rules<C>,
                    nn::DecoderLimits{.vocab_size = C.vocab_size, .positions = C.n_positions}> {
    static constexpr const char* base_model_prefix = "transformer";
    static constexpr std::array<std::string_view, 4> family_parts{
        "lm_head.", "score.", "classifier.", "multiple_choice_head."};
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
struct Gpt2LMHeadModel : CausalTask<Gpt2LMHeadModel<C, P>, Gpt2Common<C>> {
    static constexpr const char* class_name = "GPT2LMHeadModel";
    using Body = Gpt2Body<C, P>;
    using Scores = If<!C.tie_word_embeddings, nn::LinearNoBias<C.vocab_size, C.n_embd, P>>;
    BOOST_HANA_DEFINE_STRUCT(Gpt2LMHeadModel, (Body, transformer), (Scores, lm_head));

    nn::DecoderView decoder() const { return transformer.decoder(); }
    nn::VocabularyHead head() const {
        if constexpr (C.tie_word_embeddings)
            return {transformer.wte.head()};
        else
            return {lm_head.view()};
    }
};

/// A label a sequence: logits (batch, num_labels).
template <Gpt2Config C, Precision P>
struct Gpt2ForSequenceClassification
    : DecoderSequenceTask<Gpt2ForSequenceClassification<C, P>, Gpt2Common<C>> {
    static constexpr const char* class_name = "GPT2ForSequenceClassification";
    using Body = Gpt2Body<C, P>;
    using Score = nn::LinearNoBias<C.num_labels, C.n_embd>;
    BOOST_HANA_DEFINE_STRUCT(Gpt2ForSequenceClassification, (Body, transformer), (Score, score));

    nn::DecoderView decoder() const { return transformer.decoder(); }
    nn::LinearView scores() const { return score.view(); }
};

/// A label a token: logits (batch, length, num_labels).
template <Gpt2Config C, Precision P>
struct Gpt2ForTokenClassification
    : DecoderTokenTask<Gpt2ForTokenClassification<C, P>, Gpt2Common<C>> {
    static constexpr const char* class_name = "GPT2ForTokenClassification";
    using Body = Gpt2Body<C, P>;
    using Classifier = nn::Linear<C.num_labels, C.n_embd>;
    BOOST_HANA_DEFINE_STRUCT(Gpt2ForTokenClassification, (Body, transformer),
                             (Classifier, classifier));

    nn::DecoderView decoder() const { return transformer.decoder(); }
    nn::LinearView scores() const { return classifier.view(); }
};

}  // namespace xzoo
