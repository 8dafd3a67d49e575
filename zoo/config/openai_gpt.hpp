// GPT: the config, the named config, and the names of the models (zoo/openai_gpt.hpp defines them).
#pragma once

#include <array>
#include <cstddef>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/config.hpp"
#include "xzoo/core/precision.hpp"

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

template <OpenAiGptConfig C, Precision P = Precision::f32>
struct OpenAiGpt;
template <OpenAiGptConfig C, Precision P = Precision::f32>
struct OpenAiGptLMHeadModel;
template <OpenAiGptConfig C, Precision P = Precision::f32>
struct OpenAiGptForSequenceClassification;

}  // namespace xzoo
