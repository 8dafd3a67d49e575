// MPNet: the config, the named configs, and the names of the models (zoo/mpnet.hpp defines them).
#pragma once

#include <cstddef>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/config.hpp"

namespace xzoo {

/// Sizes and choices of an MPNet model. Fields and defaults are those of Hugging Face's
/// MPNetConfig, without those that matter for training only. There are no token types. All layers
/// share one table of relative positions (buckets as in T5, both directions, distances up to 128).
/// Absolute positions are counted from 2 on and skip the tokens with id 1, whatever pad_token_id
/// says: the reference implementation has that id in its code.
/// Source  Song et al. 2020, section 3.
struct MpnetConfig {
    static constexpr const char* model_type = "mpnet";

    std::size_t vocab_size = 30527;  // rows of the token table
    std::size_t hidden_size = 768;   // channels of a token
    std::size_t num_hidden_layers = 12;
    std::size_t num_attention_heads = 12;
    std::size_t intermediate_size = 3072;  // channels inside the feed-forward block
    Activation hidden_act = Activation::gelu;
    std::size_t max_position_embeddings = 512;  // rows of the table: the first 2 are not used
    float layer_norm_eps = 1e-12F;
    // Half of them are for each direction, and half of those for single distances. A distance's
    // logarithm takes at least one of each kind, and they must end before distance 128.
    std::size_t relative_attention_num_buckets = 32;
    long long pad_token_id = 1;       // -1: null
    long long bos_token_id = 0;       // -1: null
    long long eos_token_id = 2;       // -1: null
    bool tie_word_embeddings = true;  // the language-model head reads the token table
    std::size_t num_labels = 2;       // of classification heads

    constexpr std::size_t head_dim() const { return hidden_size / num_attention_heads; }
    friend constexpr bool operator==(const MpnetConfig&, const MpnetConfig&) = default;
};
XZOO_CONFIG_FIELDS(MpnetConfig, vocab_size, hidden_size, num_hidden_layers, num_attention_heads,
                   intermediate_size, hidden_act, max_position_embeddings, layer_norm_eps,
                   relative_attention_num_buckets, pad_token_id, bos_token_id, eos_token_id,
                   tie_word_embeddings, num_labels);

#define XZOO_MPNET_RULES(rule, config)                                                             \
    rule(config, "'vocab_size' must be 2 or more: the padding id is 1", AtLeast<2>, vocab_size);   \
    rule(config, "'hidden_size' must be positive", Positive, hidden_size);                         \
    rule(config, "'num_hidden_layers' must be positive", Positive, num_hidden_layers);             \
    rule(config, "'num_attention_heads' must divide 'hidden_size'", Divides, num_attention_heads,  \
         hidden_size);                                                                             \
    rule(config, "'intermediate_size' must be positive", Positive, intermediate_size);             \
    rule(config, "'max_position_embeddings' must be 3 or more: positions begin at 2", AtLeast<3>,  \
         max_position_embeddings);                                                                 \
    rule(config, "'layer_norm_eps' must be positive and finite", PositiveReal, layer_norm_eps);    \
    rule(config, "'relative_attention_num_buckets' must be 4 or more", AtLeast<4>,                 \
         relative_attention_num_buckets);                                                          \
    rule(config, "'relative_attention_num_buckets' must be 508 or less", AtMost<508>,              \
         relative_attention_num_buckets);                                                          \
    rule(config, "'pad_token_id' must be below 'vocab_size', or null", InVocabulary, pad_token_id, \
         vocab_size);                                                                              \
    rule(config, "'bos_token_id' must be below 'vocab_size', or null", InVocabulary, bos_token_id, \
         vocab_size);                                                                              \
    rule(config, "'eos_token_id' must be below 'vocab_size', or null", InVocabulary, eos_token_id, \
         vocab_size);                                                                              \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for an MpnetConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(MpnetConfig, MpnetRules, XZOO_MPNET_RULES);
#undef XZOO_MPNET_RULES

// Song et al. 2020; config.json of sentence-transformers/all-mpnet-base-v2
inline constexpr MpnetConfig mpnet_base{.max_position_embeddings = 514, .layer_norm_eps = 1e-5F};

template <MpnetConfig C, bool AddPoolingLayer = true>
struct Mpnet;
template <MpnetConfig C>
struct MpnetForMaskedLM;
template <MpnetConfig C>
struct MpnetForSequenceClassification;
template <MpnetConfig C>
struct MpnetForMultipleChoice;
template <MpnetConfig C>
struct MpnetForTokenClassification;
template <MpnetConfig C>
struct MpnetForQuestionAnswering;

}  // namespace xzoo
