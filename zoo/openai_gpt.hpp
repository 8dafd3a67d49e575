// GPT: Radford et al. 2018, "Improving Language Understanding by Generative Pre-Training". Members
// carry the names of the checkpoint; its linear layers are stored (in, out).
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "xzoo/weights/openai_gpt.hpp"
#include "zoo/config/openai_gpt.hpp"
#include "zoo/gpt_blocks.hpp"

namespace xzoo {

/// Tables and blocks: the parameters of OpenAIGPTModel, on their own or below a head.
template <OpenAiGptConfig C, Precision P>
struct OpenAiGptBody {
    using Tokens = nn::TokenTable<C.vocab_size, C.n_embd, C.tie_word_embeddings, P>;
    using Positions = nn::TokenTable<C.n_positions, C.n_embd, false, P>;
    using Blocks = std::array<GptBlock<C.n_embd, C.n_head, C.inner(), P>, C.n_layer>;
    BOOST_HANA_DEFINE_STRUCT(OpenAiGptBody, (Tokens, tokens_embed), (Positions, positions_embed),
                             (Blocks, h));

    const Tokens& table() const { return tokens_embed; }

    nn::DecoderLayerView layer(std::size_t i) const {
        const float scale = 1.0F / std::sqrt(static_cast<float>(C.head_dim()));
        return h[i].view(nn::LayerOrder::post_norm, scale, C.activation(), C.layer_norm_epsilon);
    }

    nn::DecoderView decoder() const {
        return {.hidden = C.n_embd,
                .layers = C.n_layer,
                .heads = C.n_head,
                .kv_heads = C.n_head,
                .head_dim = C.head_dim(),
                .tokens = tokens_embed.view(),
                .positions = positions_embed.view(),
                .layer = nn::DecoderLayers{*this}};
    }
};

/// What all GPT classes share.
template <OpenAiGptConfig C>
struct OpenAiGptCommon
    : TransformerCommon<C, OpenAiGptRules<C>,
                        nn::DecoderLimits{.vocab_size = C.vocab_size, .positions = C.n_positions}> {
    static constexpr std::array<std::string_view, 2> ignored{"attn.bias", "position_ids"};
    static constexpr std::size_t max_positions = C.n_positions;
    static constexpr auto language_ties =
        tied_head<C.tie_word_embeddings>({"lm_head.weight", "transformer.tokens_embed.weight"});
};

/// OpenAIGPTModel: last_hidden_state.
template <OpenAiGptConfig C, Precision P>
struct OpenAiGpt : OpenAiGptBody<C, P>, DecoderModel<OpenAiGpt<C, P>, OpenAiGptCommon<C>> {
    static constexpr const char* class_name = "OpenAIGPTModel";
};

/// Scores of every next token; generates.
template <OpenAiGptConfig C, Precision P>
struct OpenAiGptLMHeadModel : TransformerLanguageModel<OpenAiGptBody<C, P>>,
                              CausalTask<OpenAiGptLMHeadModel<C, P>, OpenAiGptCommon<C>> {
    static constexpr const char* class_name = "OpenAIGPTLMHeadModel";
};

/// A label a sequence: logits (batch, num_labels).
template <OpenAiGptConfig C, Precision P>
struct OpenAiGptForSequenceClassification
    : TransformerScorer<OpenAiGptBody<C, P>, C.num_labels>,
      DecoderSequenceTask<OpenAiGptForSequenceClassification<C, P>, OpenAiGptCommon<C>> {
    static constexpr const char* class_name = "OpenAIGPTForSequenceClassification";
};

}  // namespace xzoo
