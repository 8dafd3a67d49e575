// XLM-RoBERTa: Conneau et al. 2019, "Unsupervised Cross-lingual Representation Learning at Scale".
// RoBERTa's network and parameters under a family name of its own.
#pragma once

#include "zoo/roberta.hpp"

namespace xzoo {

using XlmRobertaConfig = BasicRobertaConfig<RobertaFamily::xlm_roberta>;

XZOO_CONFIG_FIELDS(XlmRobertaConfig, XZOO_ROBERTA_FIELDS);

/// What must hold for an XlmRobertaConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(XlmRobertaConfig, XlmRobertaRules, XZOO_ROBERTA_RULES);

// Conneau et al. 2019; config.json of FacebookAI/xlm-roberta-base
inline constexpr XlmRobertaConfig xlm_roberta_base{.vocab_size = 250002,
                                                   .max_position_embeddings = 514,
                                                   .type_vocab_size = 1,
                                                   .layer_norm_eps = 1e-5F};
// Chen et al. 2024; config.json of BAAI/bge-m3
inline constexpr XlmRobertaConfig xlm_roberta_bge_m3{.vocab_size = 250002,
                                                     .hidden_size = 1024,
                                                     .num_hidden_layers = 24,
                                                     .num_attention_heads = 16,
                                                     .intermediate_size = 4096,
                                                     .max_position_embeddings = 8194,
                                                     .type_vocab_size = 1,
                                                     .layer_norm_eps = 1e-5F};

/// What all XLM-RoBERTa classes share.
template <XlmRobertaConfig C>
using XlmRobertaCommon = BasicRobertaCommon<C, XlmRobertaRules<C>>;

/// XLMRobertaModel: last_hidden_state and, with the pooling layer, pooler_output.
template <XlmRobertaConfig C, Precisions P = f32, bool AddPoolingLayer = true>
struct XlmRoberta : EncoderModel<XlmRoberta<C, P, AddPoolingLayer>, XlmRobertaCommon<C>,
                                 RobertaBody<C, AddPoolingLayer>> {
    static constexpr const char* class_name = "XLMRobertaModel";
};

}  // namespace xzoo

#include "zoo/xlm_roberta_heads.hpp"
