// ALBERT with a head on top, one class a task, as Hugging Face names them. Included by
// zoo/albert.hpp.
#pragma once

#include <algorithm>
#include <cstddef>

#include "zoo/albert.hpp"

namespace xzoo {

/// The language-model head.
template <AlbertConfig C>
struct AlbertMLMHead {
    using Norm = nn::LayerNorm<C.embedding_size>;
    using Dense = nn::Linear<C.embedding_size, C.hidden_size>;
    using Decoder =
        nn::VocabularyLinearNoBias<C.vocab_size, C.embedding_size, C.tie_word_embeddings>;
    BOOST_HANA_DEFINE_STRUCT(AlbertMLMHead, (Param<C.vocab_size>, bias), (Norm, LayerNorm),
                             (Dense, dense), (Decoder, decoder));

    /// words: the token table.
    template <class Table>
    nn::LanguageHeadView view(const Table& words) const {
        return {.dense = dense.view(),
                .activation = C.hidden_act,
                .norm = LayerNorm.view(C.layer_norm_eps),
                .decoder = nn::vocabulary_view(decoder, words, bias.data)};
    }
};

template <AlbertConfig C>
struct AlbertSOPHead {
    using Classifier = nn::ScoreLinear<C.num_labels, C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(AlbertSOPHead, (Classifier, classifier));
};

/// Both tasks that ALBERT was trained on.
struct AlbertForPreTrainingOutput : ModelOutput {
    xt::xtensor<float, 3> prediction_logits{};  // (batch, length, vocab)
    xt::xtensor<float, 2> sop_logits{};         // (batch, labels): in order, swapped
};

/// Masked language model and the order of two sentences together.
template <AlbertConfig C, Precisions P = f32>
struct AlbertForPreTraining : EncoderTask<AlbertForPreTraining<C, P>, AlbertCommon<C>> {
    static constexpr const char* class_name = "AlbertForPreTraining";
    static constexpr auto ties = AlbertCommon<C>::language_ties;
    using Output = AlbertForPreTrainingOutput;
    using Body = AlbertBody<C, true>;
    using Predictions = AlbertMLMHead<C>;
    using Order = AlbertSOPHead<C>;
    BOOST_HANA_DEFINE_STRUCT(AlbertForPreTraining, (Body, albert), (Predictions, predictions),
                             (Order, sop_classifier));

    /// As in EncoderModel.
    static std::size_t workspace_size(std::size_t batch, std::size_t length, int threads = 0) {
        return AlbertForPreTraining::workspace_with_head(
            batch, length, threads,
            std::max(padded(batch * C.hidden_size),
                     nn::language_head_workspace(batch * length, C.vocab_size, C.embedding_size)));
    }

    void run(const nn::EncoderBatch& batch, Workspace& workspace, int threads,
             Output& output) const {
        const float* hidden = albert.encode(batch, workspace, threads, output);
        nn::score_vocabulary(predictions.view(albert.embeddings.word_embeddings), hidden, batch,
                             output.prediction_logits, workspace, threads);
        nn::score_sequences(
            {albert.pooler_view(), Activation::tanh, sop_classifier.classifier.view()}, hidden,
            batch, output.sop_logits, workspace, threads);
    }
};

/// Masked language model: logits of every token over the vocabulary.
template <AlbertConfig C, Precisions P = f32>
struct AlbertForMaskedLM : LanguageModelTask<AlbertForMaskedLM<C, P>, AlbertCommon<C>> {
    static constexpr const char* class_name = "AlbertForMaskedLM";
    using Body = AlbertBody<C, false>;
    using Head = AlbertMLMHead<C>;
    BOOST_HANA_DEFINE_STRUCT(AlbertForMaskedLM, (Body, albert), (Head, predictions));

    const Body& body() const { return albert; }
    nn::LanguageHeadView head() const {
        return predictions.view(albert.embeddings.word_embeddings);
    }
};

/// An encoder and the layer `classifier`, which scores tokens or the pooled sequence.
template <AlbertConfig C, bool AddPoolingLayer, std::size_t Labels>
struct AlbertClassifier {
    using Body = AlbertBody<C, AddPoolingLayer>;
    using Classifier = nn::ScoreLinear<Labels, C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(AlbertClassifier, (Body, albert), (Classifier, classifier));

    const Body& body() const { return albert; }
    nn::SequenceHeadView head() const requires AddPoolingLayer {
        return {albert.pooler_view(), Activation::tanh, classifier.view()};
    }
};

/// A label a sequence: logits (batch, num_labels).
template <AlbertConfig C, Precisions P = f32>
struct AlbertForSequenceClassification
    : AlbertClassifier<C, true, C.num_labels>,
      SequenceTask<AlbertForSequenceClassification<C, P>, AlbertCommon<C>> {
    static constexpr const char* class_name = "AlbertForSequenceClassification";
};

/// Which of several choices fits: logits (questions, choices).
template <AlbertConfig C, Precisions P = f32>
struct AlbertForMultipleChoice : AlbertClassifier<C, true, 1>,
                                 ChoiceTask<AlbertForMultipleChoice<C, P>, AlbertCommon<C>> {
    static constexpr const char* class_name = "AlbertForMultipleChoice";
};

/// A label a token: logits (batch, length, num_labels).
template <AlbertConfig C, Precisions P = f32>
struct AlbertForTokenClassification
    : AlbertClassifier<C, false, C.num_labels>,
      TokenTask<AlbertForTokenClassification<C, P>, AlbertCommon<C>> {
    static constexpr const char* class_name = "AlbertForTokenClassification";
};

/// Where the answer to a question stands: start_logits and end_logits (batch, length).
template <AlbertConfig C, Precisions P = f32>
struct AlbertForQuestionAnswering : AnswerTask<AlbertForQuestionAnswering<C, P>, AlbertCommon<C>> {
    static constexpr const char* class_name = "AlbertForQuestionAnswering";
    using Body = AlbertBody<C, false>;
    using Answers = nn::ScoreLinear<2, C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(AlbertForQuestionAnswering, (Body, albert), (Answers, qa_outputs));

    const Body& body() const { return albert; }
};

}  // namespace xzoo

#include "xzoo/weights/albert.hpp"
