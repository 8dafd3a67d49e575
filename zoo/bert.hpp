// BERT: Devlin et al. 2018, "BERT: Pre-training of Deep Bidirectional Transformers for Language
// Understanding". Members carry the names of the checkpoint.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/config.hpp"
#include "zoo/parts/encoder_blocks.hpp"
#include "zoo/parts/position_embedding.hpp"

namespace xzoo {

/// Sizes and choices of a BERT model. Fields and defaults are those of Hugging Face's BertConfig;
/// its training-only fields (dropout, initializer_range) do not change what a model computes, so
/// they are no part of the type: config.json keeps them from load to save.
/// Source  Devlin et al. 2018, section 3.
struct BertConfig {
    static constexpr const char* model_type = "bert";

    std::size_t vocab_size = 30522;  // rows of the token table
    std::size_t hidden_size = 768;   // channels of a token
    std::size_t num_hidden_layers = 12;
    std::size_t num_attention_heads = 12;
    std::size_t intermediate_size = 3072;  // channels inside the feed-forward block
    Activation hidden_act = Activation::gelu;
    std::size_t max_position_embeddings = 512;
    std::size_t type_vocab_size = 2;  // sentence A, sentence B
    float layer_norm_eps = 1e-12F;
    long long pad_token_id = 0;  // -1: null
    PositionEmbedding position_embedding_type = PositionEmbedding::absolute;
    bool is_decoder = false;  // causal attention
    bool add_cross_attention = false;
    bool tie_word_embeddings = true;  // the language-model head reads the token table
    std::size_t num_labels = 2;       // of classification heads

    constexpr std::size_t head_dim() const { return hidden_size / num_attention_heads; }
    friend constexpr bool operator==(const BertConfig&, const BertConfig&) = default;
};
XZOO_CONFIG_FIELDS(BertConfig, vocab_size, hidden_size, num_hidden_layers, num_attention_heads,
                   intermediate_size, hidden_act, max_position_embeddings, type_vocab_size,
                   layer_norm_eps, pad_token_id, position_embedding_type, is_decoder,
                   add_cross_attention, tie_word_embeddings, num_labels);

#define XZOO_BERT_RULES(rule, config)                                                              \
    rule(config, "'vocab_size' must be positive", Positive, vocab_size);                           \
    rule(config, "'hidden_size' must be positive", Positive, hidden_size);                         \
    rule(config, "'num_hidden_layers' must be positive", Positive, num_hidden_layers);             \
    rule(config, "'num_attention_heads' must divide 'hidden_size'", Divides, num_attention_heads,  \
         hidden_size);                                                                             \
    rule(config, "'intermediate_size' must be positive", Positive, intermediate_size);             \
    rule(config, "'max_position_embeddings' must be positive", Positive, max_position_embeddings); \
    rule(config, "'type_vocab_size' must be positive", Positive, type_vocab_size);                 \
    rule(config, "'layer_norm_eps' must be positive and finite", PositiveReal, layer_norm_eps);    \
    rule(config, "'pad_token_id' must be below 'vocab_size', or null", InVocabulary, pad_token_id, \
         vocab_size);                                                                              \
    rule(config, "'position_embedding_type' must be absolute", Is<PositionEmbedding::absolute>,    \
         position_embedding_type);                                                                 \
    rule(config, "'add_cross_attention' must be false", Is<false>, add_cross_attention);           \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for a BertConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(BertConfig, BertRules, XZOO_BERT_RULES);
#undef XZOO_BERT_RULES

// Devlin et al. 2018; config.json of google-bert/bert-base-uncased and bert-large-uncased; the
// former's also holds for BAAI/bge-base-en-v1.5 and intfloat/e5-base-v2
inline constexpr BertConfig bert_base{};
inline constexpr BertConfig bert_large{.hidden_size = 1024,
                                       .num_hidden_layers = 24,
                                       .num_attention_heads = 16,
                                       .intermediate_size = 4096};
// config.json of google-bert/bert-base-cased, and of dslim/bert-base-NER
inline constexpr BertConfig bert_base_cased{.vocab_size = 28996};
inline constexpr BertConfig bert_base_ner{.vocab_size = 28996, .num_labels = 9};
// Turc et al. 2019, table 1
inline constexpr BertConfig bert_tiny{
    .hidden_size = 128, .num_hidden_layers = 2, .num_attention_heads = 2, .intermediate_size = 512};
inline constexpr BertConfig bert_mini{.hidden_size = 256,
                                      .num_hidden_layers = 4,
                                      .num_attention_heads = 4,
                                      .intermediate_size = 1024};
inline constexpr BertConfig bert_small{.hidden_size = 512,
                                       .num_hidden_layers = 4,
                                       .num_attention_heads = 8,
                                       .intermediate_size = 2048};
inline constexpr BertConfig bert_medium{.hidden_size = 512,
                                        .num_hidden_layers = 8,
                                        .num_attention_heads = 8,
                                        .intermediate_size = 2048};
// config.json of sentence-transformers/all-MiniLM-L6-v2 and all-MiniLM-L12-v2; the latter's also
// holds for BAAI/bge-small-en-v1.5, intfloat/e5-small-v2 and thenlper/gte-small
inline constexpr BertConfig minilm_l6{
    .hidden_size = 384, .num_hidden_layers = 6, .intermediate_size = 1536};
inline constexpr BertConfig minilm_l12{.hidden_size = 384, .intermediate_size = 1536};
// config.json of cross-encoder/ms-marco-MiniLM-L6-v2
inline constexpr BertConfig ms_marco_minilm_l6{
    .hidden_size = 384, .num_hidden_layers = 6, .intermediate_size = 1536, .num_labels = 1};
// config.json of sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2 and
// intfloat/multilingual-e5-small
inline constexpr BertConfig multilingual_minilm_l12{
    .vocab_size = 250037, .hidden_size = 384, .intermediate_size = 1536};

/// What all BERT classes share.
template <BertConfig C>
struct BertCommon : EncoderCommon<C, BertRules<C>> {
    static constexpr const char* base_model_prefix = "bert";
    static constexpr std::array<std::string_view, 4> family_parts{"bert.pooler.", "cls.",
                                                                  "classifier.", "qa_outputs."};
    static constexpr auto language_ties = decoder_ties<C.tie_word_embeddings>(
        {"cls.predictions.decoder.weight", "bert.embeddings.word_embeddings.weight"},
        {"cls.predictions.decoder.bias", "cls.predictions.bias"});
};

/// BertModel: last_hidden_state and, with the pooling layer, pooler_output.
template <BertConfig C, Precisions P = f32, bool AddPoolingLayer = true>
struct Bert
    : EncoderModel<Bert<C, P, AddPoolingLayer>, BertCommon<C>, BertBody<C, AddPoolingLayer>> {
    static constexpr const char* class_name = "BertModel";
};

}  // namespace xzoo

#include "zoo/bert_heads.hpp"
