// DistilBERT with a head on top, one class a task, as Hugging Face names them. Included by
// zoo/distilbert.hpp.
#pragma once

#include <cstddef>

#include "zoo/distilbert.hpp"

namespace xzoo {

/// An encoder and a head of two layers over the first token.
template <DistilBertConfig C, std::size_t Labels>
struct DistilBertClassifier {
    using Body = DistilBertBody<C>;
    using Dense = nn::Linear<C.dim, C.dim>;
    using Classifier = nn::ScoreLinear<Labels, C.dim>;
    BOOST_HANA_DEFINE_STRUCT(DistilBertClassifier, (Body, distilbert), (Dense, pre_classifier),
                             (Classifier, classifier));

    const Body& body() const { return distilbert; }
    nn::SequenceHeadView head() const {
        return {pre_classifier.view(), Activation::relu, classifier.view()};
    }
};

/// Masked language model: logits of every token over the vocabulary.
template <DistilBertConfig C, Precisions P = f32>
struct DistilBertForMaskedLM : LanguageModelTask<DistilBertForMaskedLM<C, P>, DistilBertCommon<C>> {
    static constexpr const char* class_name = "DistilBertForMaskedLM";
    using Body = DistilBertBody<C>;
    using Dense = nn::Linear<C.dim, C.dim>;
    using Norm = nn::LayerNorm<C.dim>;
    using Decoder = nn::VocabularyLinear<C.vocab_size, C.dim, C.tie_word_embeddings>;
    BOOST_HANA_DEFINE_STRUCT(DistilBertForMaskedLM, (Body, distilbert), (Dense, vocab_transform),
                             (Norm, vocab_layer_norm), (Decoder, vocab_projector));

    const Body& body() const { return distilbert; }
    nn::LanguageHeadView head() const {
        return {
            .dense = vocab_transform.view(),
            .activation = C.activation,
            .norm = vocab_layer_norm.view(distilbert_layer_norm_eps),
            .decoder = nn::vocabulary_view(vocab_projector, distilbert.embeddings.word_embeddings,
                                           vocab_projector.bias.data)};
    }
};

/// A label a sequence: logits (batch, num_labels).
template <DistilBertConfig C, Precisions P = f32>
struct DistilBertForSequenceClassification
    : DistilBertClassifier<C, C.num_labels>,
      SequenceTask<DistilBertForSequenceClassification<C, P>, DistilBertCommon<C>> {
    static constexpr const char* class_name = "DistilBertForSequenceClassification";
};

/// Which of several choices fits: logits (questions, choices).
template <DistilBertConfig C, Precisions P = f32>
struct DistilBertForMultipleChoice
    : DistilBertClassifier<C, 1>,
      ChoiceTask<DistilBertForMultipleChoice<C, P>, DistilBertCommon<C>> {
    static constexpr const char* class_name = "DistilBertForMultipleChoice";
};

/// A label a token: logits (batch, length, num_labels).
template <DistilBertConfig C, Precisions P = f32>
struct DistilBertForTokenClassification
    : TokenTask<DistilBertForTokenClassification<C, P>, DistilBertCommon<C>> {
    static constexpr const char* class_name = "DistilBertForTokenClassification";
    using Body = DistilBertBody<C>;
    using Classifier = nn::ScoreLinear<C.num_labels, C.dim>;
    BOOST_HANA_DEFINE_STRUCT(DistilBertForTokenClassification, (Body, distilbert),
                             (Classifier, classifier));

    const Body& body() const { return distilbert; }
};

/// Where the answer to a question stands: start_logits and end_logits (batch, length).
template <DistilBertConfig C, Precisions P = f32>
struct DistilBertForQuestionAnswering
    : AnswerTask<DistilBertForQuestionAnswering<C, P>, DistilBertCommon<C>> {
    static constexpr const char* class_name = "DistilBertForQuestionAnswering";
    using Body = DistilBertBody<C>;
    using Answers = nn::ScoreLinear<2, C.dim>;
    BOOST_HANA_DEFINE_STRUCT(DistilBertForQuestionAnswering, (Body, distilbert),
                             (Answers, qa_outputs));

    const Body& body() const { return distilbert; }
};

}  // namespace xzoo

#include "xzoo/weights/distilbert.hpp"
