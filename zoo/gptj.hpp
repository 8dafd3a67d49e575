// GPT-J: Wang, Komatsuzaki 2021, "GPT-J-6B: A 6 Billion Parameter Autoregressive Language Model".
// Members carry the names of the checkpoint.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/weights/gptj.hpp"
#include "zoo/config/gptj.hpp"
#include "zoo/projected_attention.hpp"

namespace xzoo {

template <GptJConfig C, Precision P>
struct GptJMlp {
    using In = nn::Linear<C.inner(), C.n_embd, P>;
    using Out = nn::Linear<C.n_embd, C.inner(), P>;
    BOOST_HANA_DEFINE_STRUCT(GptJMlp, (In, fc_in), (Out, fc_out));

    nn::MlpView view() const {
        return {.up = fc_in.view(), .down = fc_out.view(), .activation = C.activation_function};
    }
};

template <GptJConfig C, Precision P>
struct GptJBlock {
    using Norm = nn::LayerNorm<C.n_embd>;
    using Attention = ProjectedAttention<C.n_embd, C.n_head, false, P>;
    using Mlp = GptJMlp<C, P>;
    BOOST_HANA_DEFINE_STRUCT(GptJBlock, (Norm, ln_1), (Attention, attn), (Mlp, mlp));

    nn::DecoderLayerView view() const {
        return {.order = nn::LayerOrder::parallel,
                .attention_norm = ln_1.view(C.layer_norm_epsilon),
                .attention = attn.view(0),
                .mlp = mlp.view()};
    }
};

/// Token table, blocks and final norm: the parameters of GPTJModel, on their own or below a head.
template <GptJConfig C, Precision P>
struct GptJBody {
    using Tokens = nn::TokenTable<C.vocab_size, C.n_embd, C.tie_word_embeddings, P>;
    using Blocks = std::array<GptJBlock<C, P>, C.n_layer>;
    using Norm = nn::LayerNorm<C.n_embd>;
    BOOST_HANA_DEFINE_STRUCT(GptJBody, (Tokens, wte), (Blocks, h), (Norm, ln_f));

    const Tokens& table() const { return wte; }
    nn::DecoderLayerView layer(std::size_t i) const { return h[i].view(); }

    nn::DecoderView decoder() const {
        const nn::RopeSpec rope{
            .dims = C.rotary_dims(), .max_positions = C.n_positions, .neighbours = true};
        return {.hidden = C.n_embd,
                .layers = C.n_layer,
                .heads = C.n_head,
                .kv_heads = C.n_head,
                .head_dim = C.head_size(),
                .tokens = wte.view(),
                .final_norm = ln_f.view(C.layer_norm_epsilon),
                .layer = nn::DecoderLayers{*this},
                .ropes = {rope}};
    }
};

/// What all GPT-J classes share.
template <GptJConfig C>
struct GptJCommon
    : TransformerCommon<C, GptJRules<C>,
                        nn::DecoderLimits{.vocab_size = C.vocab_size, .positions = C.n_positions}> {
    static constexpr std::array<std::string_view, 2> ignored{"attn.bias", "attn.masked_bias"};
    static constexpr std::size_t max_positions = C.n_positions;
    static constexpr auto language_ties =
        tied_head<C.tie_word_embeddings>({"lm_head.weight", "transformer.wte.weight"});
};

/// GPTJModel: last_hidden_state.
template <GptJConfig C, Precision P>
struct GptJ : GptJBody<C, P>, DecoderModel<GptJ<C, P>, GptJCommon<C>> {
    static constexpr const char* class_name = "GPTJModel";
};

/// Scores of every next token, with a bias; generates.
template <GptJConfig C, Precision P>
struct GptJForCausalLM : TransformerLanguageModel<GptJBody<C, P>, true>,
                         CausalTask<GptJForCausalLM<C, P>, GptJCommon<C>> {
    static constexpr const char* class_name = "GPTJForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <GptJConfig C, Precision P>
struct GptJForSequenceClassification
    : TransformerScorer<GptJBody<C, P>, C.num_labels>,
      DecoderSequenceTask<GptJForSequenceClassification<C, P>, GptJCommon<C>> {
    static constexpr const char* class_name = "GPTJForSequenceClassification";
};

}  // namespace xzoo
