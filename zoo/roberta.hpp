// RoBERTa: Liu et al. 2019, "RoBERTa: A Robustly Optimized BERT Pretraining Approach". BERT's
// network with other positions and other heads. Members carry the names of the checkpoint.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/config.hpp"
#include "zoo/parts/encoder_blocks.hpp"
#include "zoo/parts/position_embedding.hpp"

namespace xzoo {

/// The families that share RoBERTa's config and models and differ in vocabulary and names.
enum class RobertaFamily : std::uint8_t { roberta, xlm_roberta };

/// Sizes and choices of a RoBERTa model. Fields and defaults are those of Hugging Face's
/// RobertaConfig and XLMRobertaConfig, without those that matter for training only. Positions are
/// counted from pad_token_id + 1 on, and padding does not count.
/// Source  Liu et al. 2019, section 3; Conneau et al. 2019, section 3.
template <RobertaFamily Family>
struct BasicRobertaConfig {
    static constexpr const char* model_type =
        Family == RobertaFamily::roberta ? "roberta" : "xlm-roberta";

    std::size_t vocab_size = Family == RobertaFamily::roberta ? 50265 : 30522;
    std::size_t hidden_size = 768;  // channels of a token
    std::size_t num_hidden_layers = 12;
    std::size_t num_attention_heads = 12;
    std::size_t intermediate_size = 3072;  // channels inside the feed-forward block
    Activation hidden_act = Activation::gelu;
    std::size_t max_position_embeddings = 512;  // rows of the table: pad_token_id + 1 are not used
    std::size_t type_vocab_size = 2;
    float layer_norm_eps = 1e-12F;
    long long pad_token_id = 1;
    long long bos_token_id = 0;  // -1: null
    long long eos_token_id = 2;  // -1: null
    PositionEmbedding position_embedding_type = PositionEmbedding::absolute;
    bool is_decoder = false;  // causal attention
    bool add_cross_attention = false;
    bool tie_word_embeddings = true;  // the language-model head reads the token table
    std::size_t num_labels = 2;       // of classification heads

    constexpr std::size_t head_dim() const { return hidden_size / num_attention_heads; }
    friend constexpr bool operator==(const BasicRobertaConfig&,
                                     const BasicRobertaConfig&) = default;
};
using RobertaConfig = BasicRobertaConfig<RobertaFamily::roberta>;

#define XZOO_ROBERTA_FIELDS                                                                   \
    vocab_size, hidden_size, num_hidden_layers, num_attention_heads, intermediate_size,       \
        hidden_act, max_position_embeddings, type_vocab_size, layer_norm_eps, pad_token_id,   \
        bos_token_id, eos_token_id, position_embedding_type, is_decoder, add_cross_attention, \
        tie_word_embeddings, num_labels
XZOO_CONFIG_FIELDS(RobertaConfig, XZOO_ROBERTA_FIELDS);

#define XZOO_ROBERTA_RULES(rule, config)                                                           \
    rule(config, "'vocab_size' must be positive", Positive, vocab_size);                           \
    rule(config, "'hidden_size' must be positive", Positive, hidden_size);                         \
    rule(config, "'num_hidden_layers' must be positive", Positive, num_hidden_layers);             \
    rule(config, "'num_attention_heads' must divide 'hidden_size'", Divides, num_attention_heads,  \
         hidden_size);                                                                             \
    rule(config, "'intermediate_size' must be positive", Positive, intermediate_size);             \
    rule(config,                                                                                   \
         "'max_position_embeddings' must be above 'pad_token_id' + 1, where positions "            \
         "begin",                                                                                  \
         RoomAfterPadding, max_position_embeddings, pad_token_id);                                 \
    rule(config, "'type_vocab_size' must be positive", Positive, type_vocab_size);                 \
    rule(config, "'layer_norm_eps' must be positive and finite", PositiveReal, layer_norm_eps);    \
    rule(config, "'pad_token_id' must not be null: positions are counted from it", NotNull,        \
         pad_token_id);                                                                            \
    rule(config, "'pad_token_id' must be below 'vocab_size', or null", InVocabulary, pad_token_id, \
         vocab_size);                                                                              \
    rule(config, "'bos_token_id' must be below 'vocab_size', or null", InVocabulary, bos_token_id, \
         vocab_size);                                                                              \
    rule(config, "'eos_token_id' must be below 'vocab_size', or null", InVocabulary, eos_token_id, \
         vocab_size);                                                                              \
    rule(config, "'position_embedding_type' must be absolute", Is<PositionEmbedding::absolute>,    \
         position_embedding_type);                                                                 \
    rule(config, "'add_cross_attention' must be false", Is<false>, add_cross_attention);           \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for a RobertaConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(RobertaConfig, RobertaRules, XZOO_ROBERTA_RULES);

// Liu et al. 2019; config.json of FacebookAI/roberta-base and roberta-large
inline constexpr RobertaConfig roberta_base{
    .max_position_embeddings = 514, .type_vocab_size = 1, .layer_norm_eps = 1e-5F};
inline constexpr RobertaConfig roberta_large{.hidden_size = 1024,
                                             .num_hidden_layers = 24,
                                             .num_attention_heads = 16,
                                             .intermediate_size = 4096,
                                             .max_position_embeddings = 514,
                                             .type_vocab_size = 1,
                                             .layer_norm_eps = 1e-5F};

/// What all RoBERTa and XLM-RoBERTa classes share.
template <auto C, class Rules>
struct BasicRobertaCommon : EncoderCommon<C, Rules, static_cast<std::size_t>(C.pad_token_id) + 1> {
    static constexpr const char* base_model_prefix = "roberta";
    static constexpr std::array<std::string_view, 4> family_parts{"roberta.pooler.", "lm_head.",
                                                                  "classifier.", "qa_outputs."};
    static constexpr auto language_ties = decoder_ties<C.tie_word_embeddings>(
        {"lm_head.decoder.weight", "roberta.embeddings.word_embeddings.weight"},
        {"lm_head.decoder.bias", "lm_head.bias"});
};
template <RobertaConfig C>
using RobertaCommon = BasicRobertaCommon<C, RobertaRules<C>>;

/// BERT's embeddings, layers and pooler, with positions that begin behind the padding id.
template <auto C, bool AddPoolingLayer>
using RobertaBody = BertBody<C, AddPoolingLayer,
                             nn::PositionRule{true, static_cast<std::uint32_t>(C.pad_token_id)}>;

/// RobertaModel: last_hidden_state and, with the pooling layer, pooler_output.
template <RobertaConfig C, Precisions P = f32, bool AddPoolingLayer = true>
struct Roberta : EncoderModel<Roberta<C, P, AddPoolingLayer>, RobertaCommon<C>,
                              RobertaBody<C, AddPoolingLayer>> {
    static constexpr const char* class_name = "RobertaModel";
};

}  // namespace xzoo

#include "zoo/roberta_heads.hpp"
