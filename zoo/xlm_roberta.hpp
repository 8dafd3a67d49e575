// XLM-RoBERTa: Conneau et al. 2019, "Unsupervised Cross-lingual Representation Learning at Scale".
// RoBERTa's network and parameters under a family name of its own.
#pragma once

#include "xzoo/weights/xlm_roberta.hpp"
#include "zoo/config/xlm_roberta.hpp"
#include "zoo/roberta.hpp"

namespace xzoo {

/// What all XLM-RoBERTa classes share.
template <XlmRobertaConfig C>
using XlmRobertaCommon = BasicRobertaCommon<C, XlmRobertaRules<C>>;

/// XLMRobertaModel: last_hidden_state and, with the pooling layer, pooler_output.
template <XlmRobertaConfig C, bool AddPoolingLayer>
struct XlmRoberta : EncoderModel<XlmRoberta<C, AddPoolingLayer>, XlmRobertaCommon<C>,
                                 RobertaBody<C, AddPoolingLayer>> {
    static constexpr const char* class_name = "XLMRobertaModel";
};

}  // namespace xzoo

#include "zoo/xlm_roberta_heads.hpp"
