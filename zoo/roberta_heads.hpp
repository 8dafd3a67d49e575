// RoBERTa with a head on top, one class a task, as Hugging Face names them. Included by
// zoo/roberta.hpp; the parameters serve XLM-RoBERTa, too.
#pragma once

#include <cstddef>

#include "zoo/roberta.hpp"

namespace xzoo {

/// An encoder and `classifier`: a layer over tokens or the pooled sequence, or a head of its own
/// over the first token.
template <auto C, bool AddPoolingLayer, class Classifier>
struct RobertaClassifier {
    using Body = RobertaBody<C, AddPoolingLayer>;
    BOOST_HANA_DEFINE_STRUCT(RobertaClassifier, (Body, roberta), (Classifier, classifier));

    const Body& body() const { return roberta; }
    nn::SequenceHeadView head() const requires AddPoolingLayer {
        return {roberta.pooler_view(), Activation::tanh, classifier.view()};
    }
    nn::SequenceHeadView head() const requires(!AddPoolingLayer) {
        return classifier.view(Activation::tanh);
    }
};

/// An encoder and the language-model head.
template <auto C>
struct RobertaLanguageModel {
    using Body = RobertaBody<C, false>;
    using Head = LanguageHead<C>;
    BOOST_HANA_DEFINE_STRUCT(RobertaLanguageModel, (Body, roberta), (Head, lm_head));

    const Body& body() const { return roberta; }
    nn::LanguageHeadView head() const { return lm_head.view(roberta.embeddings.word_embeddings); }
};

/// An encoder and the layer that marks an answer.
template <auto C>
struct RobertaAnswers {
    using Body = RobertaBody<C, false>;
    using Answers = nn::ScoreLinear<2, C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(RobertaAnswers, (Body, roberta), (Answers, qa_outputs));

    const Body& body() const { return roberta; }
};

/// Parameters of the classes that score labels.
template <auto C>
using RobertaSequenceLabels =
    RobertaClassifier<C, false, nn::ClassificationHead<C.num_labels, C.hidden_size>>;
template <auto C>
using RobertaTokenLabels =
    RobertaClassifier<C, false, nn::ScoreLinear<C.num_labels, C.hidden_size>>;
template <auto C>
using RobertaChoices = RobertaClassifier<C, true, nn::ScoreLinear<1, C.hidden_size>>;

/// Masked language model: logits of every token over the vocabulary.
template <RobertaConfig C, Precisions P = f32>
struct RobertaForMaskedLM : RobertaLanguageModel<C>,
                            LanguageModelTask<RobertaForMaskedLM<C, P>, RobertaCommon<C>> {
    static constexpr const char* class_name = "RobertaForMaskedLM";
};

/// The same network as a causal language model, where C.is_decoder says so.
template <RobertaConfig C, Precisions P = f32>
struct RobertaForCausalLM : RobertaLanguageModel<C>,
                            LanguageModelTask<RobertaForCausalLM<C, P>, RobertaCommon<C>> {
    static constexpr const char* class_name = "RobertaForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <RobertaConfig C, Precisions P = f32>
struct RobertaForSequenceClassification
    : RobertaSequenceLabels<C>,
      SequenceTask<RobertaForSequenceClassification<C, P>, RobertaCommon<C>> {
    static constexpr const char* class_name = "RobertaForSequenceClassification";
};

/// Which of several choices fits: logits (questions, choices).
template <RobertaConfig C, Precisions P = f32>
struct RobertaForMultipleChoice : RobertaChoices<C>,
                                  ChoiceTask<RobertaForMultipleChoice<C, P>, RobertaCommon<C>> {
    static constexpr const char* class_name = "RobertaForMultipleChoice";
};

/// A label a token: logits (batch, length, num_labels).
template <RobertaConfig C, Precisions P = f32>
struct RobertaForTokenClassification
    : RobertaTokenLabels<C>,
      TokenTask<RobertaForTokenClassification<C, P>, RobertaCommon<C>> {
    static constexpr const char* class_name = "RobertaForTokenClassification";
};

/// Where the answer to a question stands: start_logits and end_logits (batch, length).
template <RobertaConfig C, Precisions P = f32>
struct RobertaForQuestionAnswering
    : RobertaAnswers<C>,
      AnswerTask<RobertaForQuestionAnswering<C, P>, RobertaCommon<C>> {
    static constexpr const char* class_name = "RobertaForQuestionAnswering";
};

}  // namespace xzoo

#include "xzoo/weights/roberta.hpp"
