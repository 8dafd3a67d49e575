// GPT-2: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners". Members carry
// the names of the checkpoint; its linear layers are stored (in, out).
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

/// Sizes and choices of a GPT-2 model. Fields and defaults are those of Hugging Face's GPT2Config,
/// without those that matter for training only.
/// Source  Radford et al. 2019, section 2.3.
struct Gpt2Config {
    static constexpr const char* model_type = "gpt2";
    static constexpr std::array<std::string_view, 1> nullable{"n_inner"};
    static constexpr std::array aliases{
        FieldAlias{"hidden_size", "n_embd"}, FieldAlias{"max_position_embeddings", "n_positions"},
        FieldAlias{"num_attention_heads", "n_head"}, FieldAlias{"num_hidden_layers", "n_layer"}};

    std::size_t vocab_size = 50257;  // rows of the token table
    std::size_t n_positions = 1024;  // rows of the position table
    std::size_t n_embd = 768;        // channels of a token
    std::size_t n_layer = 12;
    std::size_t n_head = 12;
    std::size_t n_inner = 0;  // channels inside the feed-forward block; 0: 4 * n_embd
    Activation activation_function = Activation::gelu_new;
    float layer_norm_epsilon = 1e-5F;
    bool scale_attn_weights = true;                // scores are divided by sqrt(head_dim)
    bool scale_attn_by_inverse_layer_idx = false;  // and by the layer's number, from 1 on
    long long pad_token_id = -1;                   // -1: null
    bool tie_word_embeddings = true;               // the head reads the token table
    std::size_t num_labels = 2;                    // of classification heads

    constexpr std::size_t head_dim() const { return n_embd / n_head; }
    constexpr std::size_t inner() const { return n_inner > 0 ? n_inner : 4 * n_embd; }
    constexpr Gpt2Config resolved() const {
        Gpt2Config config = *this;
        config.n_inner = inner();
        return config;
    }
    friend constexpr bool operator==(const Gpt2Config&, const Gpt2Config&) = default;
};
XZOO_CONFIG_FIELDS(Gpt2Config, vocab_size, n_positions, n_embd, n_layer, n_head, n_inner,
                   activation_function, layer_norm_epsilon, scale_attn_weights,
                   scale_attn_by_inverse_layer_idx, pad_token_id, tie_word_embeddings, num_labels);

#define XZOO_GPT2_RULES(rule, config)                                                              \
    rule(config, "'vocab_size' must be positive", Positive, vocab_size);                           \
    rule(config, "'n_positions' must be positive", Positive, n_positions);                         \
    rule(config, "'n_embd' must be positive", Positive, n_embd);                                   \
    rule(config, "'n_layer' must be positive", Positive, n_layer);                                 \
    rule(config, "'n_head' must divide 'n_embd'", Divides, n_head, n_embd);                        \
    rule(config, "'layer_norm_epsilon' must be positive and finite", PositiveReal,                 \
         layer_norm_epsilon);                                                                      \
    rule(config, "'pad_token_id' must be below 'vocab_size', or null", InVocabulary, pad_token_id, \
         vocab_size);                                                                              \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for a Gpt2Config. Every model of the family derives from it.
XZOO_CONFIG_RULES(Gpt2Config, Gpt2Rules, XZOO_GPT2_RULES);
#undef XZOO_GPT2_RULES

// Radford et al. 2019, table 2; config.json of openai-community/gpt2, gpt2-medium and gpt2-large
inline constexpr Gpt2Config gpt2_small{};
inline constexpr Gpt2Config gpt2_medium{.n_embd = 1024, .n_layer = 24, .n_head = 16};
inline constexpr Gpt2Config gpt2_large{.n_embd = 1280, .n_layer = 36, .n_head = 20};
inline constexpr Gpt2Config gpt2_xl{.n_embd = 1600, .n_layer = 48, .n_head = 25};
// config.json of distilbert/distilgpt2
inline constexpr Gpt2Config distilgpt2{.n_layer = 6, .num_labels = 1};

/// Tables, blocks and final norm: the parameters of GPT2Model, on their own or below a head.
template <Gpt2Config C>
struct Gpt2Body {
    using Tokens = nn::TokenTable<C.vocab_size, C.n_embd, C.tie_word_embeddings>;
    using Positions = nn::TokenTable<C.n_positions, C.n_embd, false>;
    using Blocks = std::array<GptBlock<C.n_embd, C.n_head, C.inner()>, C.n_layer>;
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
template <Gpt2Config C, Precisions P = f32>
struct Gpt2 : Gpt2Body<C>, DecoderModel<Gpt2<C, P>, Gpt2Common<C>> {
    static constexpr const char* class_name = "GPT2Model";
};

/// Scores of every next token; generates.
template <Gpt2Config C, Precisions P = f32>
struct Gpt2LMHeadModel : TransformerLanguageModel<Gpt2Body<C>>,
                         CausalTask<Gpt2LMHeadModel<C, P>, Gpt2Common<C>> {
    static constexpr const char* class_name = "GPT2LMHeadModel";
};

/// A label a sequence: logits (batch, num_labels).
template <Gpt2Config C, Precisions P = f32>
struct Gpt2ForSequenceClassification
    : TransformerScorer<Gpt2Body<C>, C.num_labels>,
      DecoderSequenceTask<Gpt2ForSequenceClassification<C, P>, Gpt2Common<C>> {
    static constexpr const char* class_name = "GPT2ForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <Gpt2Config C, Precisions P = f32>
struct Gpt2ForTokenClassification
    : TransformerClassifier<Gpt2Body<C>, C.num_labels>,
      DecoderTokenTask<Gpt2ForTokenClassification<C, P>, Gpt2Common<C>> {
    static constexpr const char* class_name = "GPT2ForTokenClassification";
};

}  // namespace xzoo

#include "xzoo/weights/gpt2.hpp"
