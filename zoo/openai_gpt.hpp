// GPT: Radford et al. 2018, "Improving Language Understanding by Generative Pre-Training". Members
// carry the names of the checkpoint; its linear layers are stored (in, out).
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/config.hpp"
#include "xzoo/core/precision.hpp"
#include "zoo/parts/gpt_blocks.hpp"

namespace xzoo {

/// Sizes and choices of a GPT model. Fields and defaults are those of Hugging Face's
/// OpenAIGPTConfig, without those that matter for training only.
/// Source  Radford et al. 2018, section 4.1.
struct OpenAiGptConfig {
    static constexpr const char* model_type = "openai-gpt";
    static constexpr std::array aliases{
        FieldAlias{"hidden_size", "n_embd"}, FieldAlias{"max_position_embeddings", "n_positions"},
        FieldAlias{"num_attention_heads", "n_head"}, FieldAlias{"num_hidden_layers", "n_layer"}};

    std::size_t vocab_size = 40478;  // rows of the token table
    std::size_t n_positions = 512;   // rows of the position table
    std::size_t n_embd = 768;        // channels of a token
    std::size_t n_layer = 12;
    std::size_t n_head = 12;
    Activation afn = Activation::gelu;  // here "gelu" names gelu_new
    float layer_norm_epsilon = 1e-5F;
    long long pad_token_id = -1;      // -1: null
    bool tie_word_embeddings = true;  // the head reads the token table
    std::size_t num_labels = 2;       // of classification heads

    constexpr std::size_t head_dim() const { return n_embd / n_head; }
    constexpr std::size_t inner() const { return 4 * n_embd; }
    constexpr Activation activation() const {
        return afn == Activation::gelu ? Activation::gelu_new : afn;
    }
    friend constexpr bool operator==(const OpenAiGptConfig&, const OpenAiGptConfig&) = default;
};
XZOO_CONFIG_FIELDS(OpenAiGptConfig, vocab_size, n_positions, n_embd, n_layer, n_head, afn,
                   layer_norm_epsilon, pad_token_id, tie_word_embeddings, num_labels);

/// An activation that GPT knows.
struct GptActivation {
    static constexpr bool holds(Activation afn) {
        return afn == Activation::gelu || afn == Activation::relu || afn == Activation::silu;
    }
};

#define XZOO_OPENAI_GPT_RULES(rule, config)                                                        \
    rule(config, "'vocab_size' must be positive", Positive, vocab_size);                           \
    rule(config, "'n_positions' must be positive", Positive, n_positions);                         \
    rule(config, "'n_embd' must be positive", Positive, n_embd);                                   \
    rule(config, "'n_layer' must be positive", Positive, n_layer);                                 \
    rule(config, "'n_head' must divide 'n_embd'", Divides, n_head, n_embd);                        \
    rule(config, "'afn' must be gelu, relu or silu", GptActivation, afn);                          \
    rule(config, "'layer_norm_epsilon' must be positive and finite", PositiveReal,                 \
         layer_norm_epsilon);                                                                      \
    rule(config, "'pad_token_id' must be below 'vocab_size', or null", InVocabulary, pad_token_id, \
         vocab_size);                                                                              \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for an OpenAiGptConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(OpenAiGptConfig, OpenAiGptRules, XZOO_OPENAI_GPT_RULES);
#undef XZOO_OPENAI_GPT_RULES

// Radford et al. 2018, section 4.1; config.json of openai-community/openai-gpt
inline constexpr OpenAiGptConfig openai_gpt{};

/// Tables and blocks: the parameters of OpenAIGPTModel, on their own or below a head.
template <OpenAiGptConfig C>
struct OpenAiGptBody {
    using Tokens = nn::TokenTable<C.vocab_size, C.n_embd, C.tie_word_embeddings>;
    using Positions = nn::TokenTable<C.n_positions, C.n_embd, false>;
    using Blocks = std::array<GptBlock<C.n_embd, C.n_head, C.inner()>, C.n_layer>;
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
template <OpenAiGptConfig C, Precisions P = f32>
struct OpenAiGpt : OpenAiGptBody<C>, DecoderModel<OpenAiGpt<C, P>, OpenAiGptCommon<C>> {
    static constexpr const char* class_name = "OpenAIGPTModel";
};

/// Scores of every next token; generates.
template <OpenAiGptConfig C, Precisions P = f32>
struct OpenAiGptLMHeadModel : TransformerLanguageModel<OpenAiGptBody<C>>,
                              CausalTask<OpenAiGptLMHeadModel<C, P>, OpenAiGptCommon<C>> {
    static constexpr const char* class_name = "OpenAIGPTLMHeadModel";
};

/// A label a sequence: logits (batch, num_labels).
template <OpenAiGptConfig C, Precisions P = f32>
struct OpenAiGptForSequenceClassification
    : TransformerScorer<OpenAiGptBody<C>, C.num_labels>,
      DecoderSequenceTask<OpenAiGptForSequenceClassification<C, P>, OpenAiGptCommon<C>> {
    static constexpr const char* class_name = "OpenAIGPTForSequenceClassification";
};

}  // namespace xzoo

#include "xzoo/weights/openai_gpt.hpp"
