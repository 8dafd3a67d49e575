// BERT: Devlin et al. 2018, "BERT: Pre-training of Deep Bidirectional Transformers for Language
// Understanding". Members carry the names of the checkpoint.
#pragma once

#include <array>
#include <string_view>

#include "xzoo/weights/bert.hpp"
#include "zoo/config/bert.hpp"
#include "zoo/encoder_blocks.hpp"

namespace xzoo {

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
template <BertConfig C, bool AddPoolingLayer>
struct Bert : EncoderModel<Bert<C, AddPoolingLayer>, BertCommon<C>, BertBody<C, AddPoolingLayer>> {
    static constexpr const char* class_name = "BertModel";
};

}  // namespace xzoo

#include "zoo/bert_heads.hpp"
