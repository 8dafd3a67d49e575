// XLM-RoBERTa with a head on top, one class a task, as Hugging Face names them. Included by
// zoo/xlm_roberta.hpp.
#pragma once

#include "zoo/xlm_roberta.hpp"

namespace xzoo {

/// Masked language model: logits of every token over the vocabulary.
template <XlmRobertaConfig C, Precisions P = f32>
struct XlmRobertaForMaskedLM : RobertaLanguageModel<C>,
                               LanguageModelTask<XlmRobertaForMaskedLM<C, P>, XlmRobertaCommon<C>> {
    static constexpr const char* class_name = "XLMRobertaForMaskedLM";
};

/// The same network as a causal language model, where C.is_decoder says so.
template <XlmRobertaConfig C, Precisions P = f32>
struct XlmRobertaForCausalLM : RobertaLanguageModel<C>,
                               LanguageModelTask<XlmRobertaForCausalLM<C, P>, XlmRobertaCommon<C>> {
    static constexpr const char* class_name = "XLMRobertaForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <XlmRobertaConfig C, Precisions P = f32>
struct XlmRobertaForSequenceClassification
    : RobertaSequenceLabels<C>,
      SequenceTask<XlmRobertaForSequenceClassification<C, P>, XlmRobertaCommon<C>> {
    static constexpr const char* class_name = "XLMRobertaForSequenceClassification";
};

/// Which of several choices fits: logits (questions, choices).
template <XlmRobertaConfig C, Precisions P = f32>
struct XlmRobertaForMultipleChoice
    : RobertaChoices<C>,
      ChoiceTask<XlmRobertaForMultipleChoice<C, P>, XlmRobertaCommon<C>> {
    static constexpr const char* class_name = "XLMRobertaForMultipleChoice";
};

/// A label a token: logits (batch, length, num_labels).
template <XlmRobertaConfig C, Precisions P = f32>
struct XlmRobertaForTokenClassification
    : RobertaTokenLabels<C>,
      TokenTask<XlmRobertaForTokenClassification<C, P>, XlmRobertaCommon<C>> {
    static constexpr const char* class_name = "XLMRobertaForTokenClassification";
};

/// Where the answer to a question stands: start_logits and end_logits (batch, length).
template <XlmRobertaConfig C, Precisions P = f32>
struct XlmRobertaForQuestionAnswering
    : RobertaAnswers<C>,
      AnswerTask<XlmRobertaForQuestionAnswering<C, P>, XlmRobertaCommon<C>> {
    static constexpr const char* class_name = "XLMRobertaForQuestionAnswering";
};

}  // namespace xzoo

#include "xzoo/weights/xlm_roberta.hpp"
