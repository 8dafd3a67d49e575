// ALBERT: the config, the named configs, and the names of the models (zoo/albert.hpp defines them).
#pragma once

#include <cstddef>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/config.hpp"
#include "zoo/config/position_embedding.hpp"

namespace xzoo {

/// Sizes and choices of an ALBERT model. Fields and defaults are those of Hugging Face's
/// AlbertConfig (they describe xxlarge), without those that matter for training only. Layer i uses
/// the weights of group i * num_hidden_groups / num_hidden_layers; a group has inner_group_num
/// layers in a row.
/// Source  Lan et al. 2019, section 3.
struct AlbertConfig {
    static constexpr const char* model_type = "albert";

    std::size_t vocab_size = 30000;    // rows of the token table
    std::size_t embedding_size = 128;  // channels of the tables, projected to hidden_size
    std::size_t hidden_size = 4096;    // channels of a token
    std::size_t num_hidden_layers = 12;
    std::size_t num_hidden_groups = 1;
    std::size_t num_attention_heads = 64;
    std::size_t intermediate_size = 16384;  // channels inside the feed-forward block
    std::size_t inner_group_num = 1;
    Activation hidden_act = Activation::gelu_new;
    std::size_t max_position_embeddings = 512;
    std::size_t type_vocab_size = 2;  // sentence A, sentence B
    float layer_norm_eps = 1e-12F;
    long long pad_token_id = 0;  // -1: null
    long long bos_token_id = 2;  // -1: null
    long long eos_token_id = 3;  // -1: null
    PositionEmbedding position_embedding_type = PositionEmbedding::absolute;
    bool tie_word_embeddings = true;  // the language-model head reads the token table
    std::size_t num_labels = 2;       // of classification heads

    constexpr std::size_t head_dim() const { return hidden_size / num_attention_heads; }
    friend constexpr bool operator==(const AlbertConfig&, const AlbertConfig&) = default;
};
XZOO_CONFIG_FIELDS(AlbertConfig, vocab_size, embedding_size, hidden_size, num_hidden_layers,
                   num_hidden_groups, num_attention_heads, intermediate_size, inner_group_num,
                   hidden_act, max_position_embeddings, type_vocab_size, layer_norm_eps,
                   pad_token_id, bos_token_id, eos_token_id, position_embedding_type,
                   tie_word_embeddings, num_labels);

#define XZOO_ALBERT_RULES(rule, config)                                                            \
    rule(config, "'vocab_size' must be positive", Positive, vocab_size);                           \
    rule(config, "'embedding_size' must be positive", Positive, embedding_size);                   \
    rule(config, "'hidden_size' must be positive", Positive, hidden_size);                         \
    rule(config, "'num_hidden_layers' must be positive", Positive, num_hidden_layers);             \
    rule(config, "'num_hidden_groups' must be positive", Positive, num_hidden_groups);             \
    rule(config, "'num_hidden_groups' must not be above 'num_hidden_layers'", NotAbove,            \
         num_hidden_groups, num_hidden_layers);                                                    \
    rule(config, "'num_attention_heads' must divide 'hidden_size'", Divides, num_attention_heads,  \
         hidden_size);                                                                             \
    rule(config, "'intermediate_size' must be positive", Positive, intermediate_size);             \
    rule(config, "'inner_group_num' must be positive", Positive, inner_group_num);                 \
    rule(config, "'max_position_embeddings' must be positive", Positive, max_position_embeddings); \
    rule(config, "'type_vocab_size' must be positive", Positive, type_vocab_size);                 \
    rule(config, "'layer_norm_eps' must be positive and finite", PositiveReal, layer_norm_eps);    \
    rule(config, "'pad_token_id' must be below 'vocab_size', or null", InVocabulary, pad_token_id, \
         vocab_size);                                                                              \
    rule(config, "'bos_token_id' must be below 'vocab_size', or null", InVocabulary, bos_token_id, \
         vocab_size);                                                                              \
    rule(config, "'eos_token_id' must be below 'vocab_size', or null", InVocabulary, eos_token_id, \
         vocab_size);                                                                              \
    rule(config, "'position_embedding_type' must be absolute", Is<PositionEmbedding::absolute>,    \
         position_embedding_type);                                                                 \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for an AlbertConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(AlbertConfig, AlbertRules, XZOO_ALBERT_RULES);
#undef XZOO_ALBERT_RULES

// Lan et al. 2019, table 1, with the activation of version 2
inline constexpr AlbertConfig albert_base{
    .hidden_size = 768, .num_attention_heads = 12, .intermediate_size = 3072};
inline constexpr AlbertConfig albert_large{.hidden_size = 1024,
                                           .num_hidden_layers = 24,
                                           .num_attention_heads = 16,
                                           .intermediate_size = 4096};
inline constexpr AlbertConfig albert_xxlarge{};

template <AlbertConfig C, bool AddPoolingLayer = true>
struct Albert;
template <AlbertConfig C>
struct AlbertForPreTraining;
template <AlbertConfig C>
struct AlbertForMaskedLM;
template <AlbertConfig C>
struct AlbertForSequenceClassification;
template <AlbertConfig C>
struct AlbertForMultipleChoice;
template <AlbertConfig C>
struct AlbertForTokenClassification;
template <AlbertConfig C>
struct AlbertForQuestionAnswering;

}  // namespace xzoo
