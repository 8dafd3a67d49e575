// ELECTRA with a head on top, one class a task, as Hugging Face names them. Included by
// zoo/electra.hpp.
#pragma once

#include <algorithm>
#include <cstddef>

#include "zoo/electra.hpp"

namespace xzoo {

template <ElectraConfig C>
struct ElectraDiscriminatorPredictions {
    using Dense = nn::Linear<C.hidden_size, C.hidden_size>;
    using Scores = nn::ScoreLinear<1, C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(ElectraDiscriminatorPredictions, (Dense, dense),
                             (Scores, dense_prediction));
};

/// Which tokens were replaced.
struct ElectraForPreTrainingOutput : ModelOutput {
    xt::xtensor<float, 2> logits{};  // (batch, length): above 0, replaced
};

/// The discriminator.
template <ElectraConfig C, Precisions P = f32>
struct ElectraForPreTraining : EncoderTask<ElectraForPreTraining<C, P>, ElectraCommon<C>> {
    static constexpr const char* class_name = "ElectraForPreTraining";
    using Output = ElectraForPreTrainingOutput;
    using Body = ElectraBody<C>;
    using Head = ElectraDiscriminatorPredictions<C>;
    BOOST_HANA_DEFINE_STRUCT(ElectraForPreTraining, (Body, electra),
                             (Head, discriminator_predictions));

    /// As in EncoderModel.
    static std::size_t workspace_size(std::size_t batch, std::size_t length, int threads = 0) {
        return ElectraForPreTraining::workspace_with_head(batch, length, threads,
                                                          padded(batch * length * C.hidden_size));
    }

    void run(const nn::EncoderBatch& batch, Workspace& workspace, int threads,
             Output& output) const {
        const float* hidden = electra.encode(batch, workspace, threads, output);
        const Workspace::Scope scope{workspace};
        float* y = workspace.take(batch.tokens() * C.hidden_size);  // (tokens, hidden)
        nn::apply(discriminator_predictions.dense.view(), hidden, batch.tokens(), y, workspace,
                  threads, C.hidden_act);
        output.logits.resize({batch.batch, batch.length});
        nn::apply(discriminator_predictions.dense_prediction.view(), y, batch.tokens(),
                  output.logits.data(), workspace, threads);
    }
};

template <ElectraConfig C>
struct ElectraGeneratorPredictions {
    using Norm = nn::LayerNorm<C.embedding_size>;
    using Dense = nn::Linear<C.embedding_size, C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(ElectraGeneratorPredictions, (Norm, LayerNorm), (Dense, dense));
};

/// The generator: logits of every token over the vocabulary.
template <ElectraConfig C, Precisions P = f32>
struct ElectraForMaskedLM : LanguageModelTask<ElectraForMaskedLM<C, P>, ElectraCommon<C>> {
    static constexpr const char* class_name = "ElectraForMaskedLM";
    using Body = ElectraBody<C>;
    using Predictions = ElectraGeneratorPredictions<C>;
    using Decoder = nn::VocabularyLinear<C.vocab_size, C.embedding_size, C.tie_word_embeddings>;
    BOOST_HANA_DEFINE_STRUCT(ElectraForMaskedLM, (Body, electra),
                             (Predictions, generator_predictions), (Decoder, generator_lm_head));

    const Body& body() const { return electra; }
    nn::LanguageHeadView head() const {  // gelu whatever the layers have
        return {
            .dense = generator_predictions.dense.view(),
            .activation = Activation::gelu,
            .norm = generator_predictions.LayerNorm.view(C.layer_norm_eps),
            .decoder = nn::vocabulary_view(generator_lm_head, electra.embeddings.word_embeddings,
                                           generator_lm_head.bias.data)};
    }
};

/// An encoder and `classifier`: a layer over tokens or a head of its own over the first token.
template <ElectraConfig C, class Classifier>
struct ElectraClassifier {
    using Body = ElectraBody<C>;
    BOOST_HANA_DEFINE_STRUCT(ElectraClassifier, (Body, electra), (Classifier, classifier));

    const Body& body() const { return electra; }
    nn::SequenceHeadView head() const { return classifier.view(Activation::gelu); }
};

/// A label a sequence: logits (batch, num_labels).
template <ElectraConfig C, Precisions P = f32>
struct ElectraForSequenceClassification
    : ElectraClassifier<C, nn::ClassificationHead<C.num_labels, C.hidden_size>>,
      SequenceTask<ElectraForSequenceClassification<C, P>, ElectraCommon<C>> {
    static constexpr const char* class_name = "ElectraForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <ElectraConfig C, Precisions P = f32>
struct ElectraForTokenClassification
    : ElectraClassifier<C, nn::ScoreLinear<C.num_labels, C.hidden_size>>,
      TokenTask<ElectraForTokenClassification<C, P>, ElectraCommon<C>> {
    static constexpr const char* class_name = "ElectraForTokenClassification";
};

template <ElectraConfig C>
struct ElectraSequenceSummary {
    using Summary = nn::Linear<C.hidden_size, C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(ElectraSequenceSummary, (Summary, summary));
};

/// Which of several choices fits: logits (questions, choices).
template <ElectraConfig C, Precisions P = f32>
struct ElectraForMultipleChoice : ChoiceTask<ElectraForMultipleChoice<C, P>, ElectraCommon<C>> {
    static constexpr const char* class_name = "ElectraForMultipleChoice";
    using Body = ElectraBody<C>;
    using Summary = ElectraSequenceSummary<C>;
    using Classifier = nn::ScoreLinear<1, C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(ElectraForMultipleChoice, (Body, electra), (Summary, sequence_summary),
                             (Classifier, classifier));

    const Body& body() const { return electra; }
    nn::SequenceHeadView head() const {
        return {sequence_summary.summary.view(), C.summary_activation, classifier.view()};
    }
};

/// Where the answer to a question stands: start_logits and end_logits (batch, length).
template <ElectraConfig C, Precisions P = f32>
struct ElectraForQuestionAnswering
    : AnswerTask<ElectraForQuestionAnswering<C, P>, ElectraCommon<C>> {
    static constexpr const char* class_name = "ElectraForQuestionAnswering";
    using Body = ElectraBody<C>;
    using Answers = nn::ScoreLinear<2, C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(ElectraForQuestionAnswering, (Body, electra), (Answers, qa_outputs));

    const Body& body() const { return electra; }
};

}  // namespace xzoo

#include "xzoo/weights/electra.hpp"
