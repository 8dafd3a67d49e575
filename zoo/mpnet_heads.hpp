// MPNet with a head on top, one class a task, as Hugging Face names them. Included by
// zoo/mpnet.hpp.
#pragma once

#include <cstddef>

#include "zoo/mpnet.hpp"

namespace xzoo {

/// An encoder and `classifier`: a layer over tokens or the pooled sequence, or a head of its own
/// over the first token.
template <MpnetConfig C, bool AddPoolingLayer, class Classifier>
struct MpnetClassifier {
    using Body = MpnetBody<C, AddPoolingLayer>;
    BOOST_HANA_DEFINE_STRUCT(MpnetClassifier, (Body, mpnet), (Classifier, classifier));

    const Body& body() const { return mpnet; }
    nn::SequenceHeadView head() const requires AddPoolingLayer {
        return {mpnet.pooler_view(), Activation::tanh, classifier.view()};
    }
    nn::SequenceHeadView head() const requires(!AddPoolingLayer) {
        return classifier.view(Activation::tanh);
    }
};

/// Masked language model: logits of every token over the vocabulary.
template <MpnetConfig C, Precisions P = f32>
struct MpnetForMaskedLM : LanguageModelTask<MpnetForMaskedLM<C, P>, MpnetCommon<C>> {
    static constexpr const char* class_name = "MPNetForMaskedLM";
    using Body = MpnetBody<C, false>;
    using Head = LanguageHead<C>;
    BOOST_HANA_DEFINE_STRUCT(MpnetForMaskedLM, (Body, mpnet), (Head, lm_head));

    const Body& body() const { return mpnet; }
    nn::LanguageHeadView head() const { return lm_head.view(mpnet.embeddings.word_embeddings); }
};

/// A label a sequence: logits (batch, num_labels).
template <MpnetConfig C, Precisions P = f32>
struct MpnetForSequenceClassification
    : MpnetClassifier<C, false, nn::ClassificationHead<C.num_labels, C.hidden_size>>,
      SequenceTask<MpnetForSequenceClassification<C, P>, MpnetCommon<C>> {
    static constexpr const char* class_name = "MPNetForSequenceClassification";
};

/// Which of several choices fits: logits (questions, choices).
template <MpnetConfig C, Precisions P = f32>
struct MpnetForMultipleChoice : MpnetClassifier<C, true, nn::ScoreLinear<1, C.hidden_size>>,
                                ChoiceTask<MpnetForMultipleChoice<C, P>, MpnetCommon<C>> {
    static constexpr const char* class_name = "MPNetForMultipleChoice";
};

/// A label a token: logits (batch, length, num_labels).
template <MpnetConfig C, Precisions P = f32>
struct MpnetForTokenClassification
    : MpnetClassifier<C, false, nn::ScoreLinear<C.num_labels, C.hidden_size>>,
      TokenTask<MpnetForTokenClassification<C, P>, MpnetCommon<C>> {
    static constexpr const char* class_name = "MPNetForTokenClassification";
};

/// Where the answer to a question stands: start_logits and end_logits (batch, length).
template <MpnetConfig C, Precisions P = f32>
struct MpnetForQuestionAnswering : AnswerTask<MpnetForQuestionAnswering<C, P>, MpnetCommon<C>> {
    static constexpr const char* class_name = "MPNetForQuestionAnswering";
    using Body = MpnetBody<C, false>;
    using Answers = nn::ScoreLinear<2, C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(MpnetForQuestionAnswering, (Body, mpnet), (Answers, qa_outputs));

    const Body& body() const { return mpnet; }
};

}  // namespace xzoo

#include "xzoo/weights/mpnet.hpp"
