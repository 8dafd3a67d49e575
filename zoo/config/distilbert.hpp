// DistilBERT: the config, the named configs, and the names of the models (zoo/distilbert.hpp
// defines them).
#pragma once

#include <array>
#include <cstddef>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/config.hpp"

namespace xzoo {

/// Sizes and choices of a DistilBERT model. Fields and defaults are those of Hugging Face's
/// DistilBertConfig, without those that matter for training only. There are no token types and no
/// pooler; the epsilon of the layer norms is fixed (1e-12).
/// Source  Sanh et al. 2019, section 3.
struct DistilBertConfig {
    static constexpr const char* model_type = "distilbert";
    static constexpr std::array<FieldAlias, 3> aliases{{{"hidden_size", "dim"},
                                                        {"num_attention_heads", "n_heads"},
                                                        {"num_hidden_layers", "n_layers"}}};

    std::size_t vocab_size = 30522;  // rows of the token table
    std::size_t max_position_embeddings = 512;
    // How the position table was filled before training; its values are in the checkpoint.
    bool sinusoidal_pos_embds = false;
    std::size_t n_layers = 6;
    std::size_t n_heads = 12;
    std::size_t dim = 768;          // channels of a token
    std::size_t hidden_dim = 3072;  // channels inside the feed-forward block
    Activation activation = Activation::gelu;
    long long pad_token_id = 0;       // -1: null
    bool tie_word_embeddings = true;  // the language-model head reads the token table
    std::size_t num_labels = 2;       // of classification heads

    constexpr std::size_t head_dim() const { return dim / n_heads; }
    friend constexpr bool operator==(const DistilBertConfig&, const DistilBertConfig&) = default;
};
XZOO_CONFIG_FIELDS(DistilBertConfig, vocab_size, max_position_embeddings, sinusoidal_pos_embds,
                   n_layers, n_heads, dim, hidden_dim, activation, pad_token_id,
                   tie_word_embeddings, num_labels);

#define XZOO_DISTILBERT_RULES(rule, config)                                                        \
    rule(config, "'vocab_size' must be positive", Positive, vocab_size);                           \
    rule(config, "'dim' must be positive", Positive, dim);                                         \
    rule(config, "'n_layers' must be positive", Positive, n_layers);                               \
    rule(config, "'n_heads' must divide 'dim'", Divides, n_heads, dim);                            \
    rule(config, "'hidden_dim' must be positive", Positive, hidden_dim);                           \
    rule(config, "'max_position_embeddings' must be positive", Positive, max_position_embeddings); \
    rule(config, "'pad_token_id' must be below 'vocab_size', or null", InVocabulary, pad_token_id, \
         vocab_size);                                                                              \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for a DistilBertConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(DistilBertConfig, DistilBertRules, XZOO_DISTILBERT_RULES);
#undef XZOO_DISTILBERT_RULES

// Sanh et al. 2019; config.json of distilbert/distilbert-base-uncased and of
// distilbert-base-uncased-finetuned-sst-2-english
inline constexpr DistilBertConfig distilbert_base{};

template <DistilBertConfig C>
struct DistilBert;
template <DistilBertConfig C>
struct DistilBertForMaskedLM;
template <DistilBertConfig C>
struct DistilBertForSequenceClassification;
template <DistilBertConfig C>
struct DistilBertForMultipleChoice;
template <DistilBertConfig C>
struct DistilBertForTokenClassification;
template <DistilBertConfig C>
struct DistilBertForQuestionAnswering;

}  // namespace xzoo
