// RoBERTa: Liu et al. 2019, "RoBERTa: A Robustly Optimized BERT Pretraining Approach". BERT's
// network with other positions and other heads. Members carry the names of the checkpoint.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "xzoo/weights/roberta.hpp"
#include "zoo/config/roberta.hpp"
#include "zoo/encoder_blocks.hpp"

namespace xzoo {

/// What all RoBERTa and XLM-RoBERTa classes share.
template <auto C, class Rules>
struct BasicRobertaCommon : EncoderCommon<C, Rules> {
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
template <RobertaConfig C, bool AddPoolingLayer>
struct Roberta
    : EncoderModel<Roberta<C, AddPoolingLayer>, RobertaCommon<C>, RobertaBody<C, AddPoolingLayer>> {
    static constexpr const char* class_name = "RobertaModel";
};

}  // namespace xzoo

#include "zoo/roberta_heads.hpp"
