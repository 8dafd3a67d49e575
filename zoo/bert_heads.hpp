// BERT with a head on top, one class a task, as Hugging Face names them. Included by zoo/bert.hpp.
#pragma once

#include <algorithm>
#include <cstddef>

#include "zoo/bert.hpp"

namespace xzoo {

/// dense, activation, LayerNorm in front of the vocabulary.
template <BertConfig C>
struct BertPredictionHeadTransform {
    using Dense = nn::Linear<C.hidden_size, C.hidden_size>;
    using Norm = nn::LayerNorm<C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(BertPredictionHeadTransform, (Dense, dense), (Norm, LayerNorm));
};

/// cls.predictions: scores of the vocabulary.
template <BertConfig C>
struct BertLMPredictionHead {
    using Transform = BertPredictionHeadTransform<C>;
    using Decoder = nn::VocabularyLinearNoBias<C.vocab_size, C.hidden_size, C.tie_word_embeddings>;
    BOOST_HANA_DEFINE_STRUCT(BertLMPredictionHead, (Param<C.vocab_size>, bias),
                             (Transform, transform), (Decoder, decoder));

    /// words: the token table.
    template <class Table>
    nn::LanguageHeadView view(const Table& words) const {
        return {.dense = transform.dense.view(),
                .activation = C.hidden_act,
                .norm = transform.LayerNorm.view(C.layer_norm_eps),
                .decoder = nn::vocabulary_view(decoder, words, bias.data)};
    }
};

template <BertConfig C>
struct BertOnlyMLMHead {
    using Predictions = BertLMPredictionHead<C>;
    BOOST_HANA_DEFINE_STRUCT(BertOnlyMLMHead, (Predictions, predictions));
};

/// Scores of the two sequences' order.
template <BertConfig C>
struct BertOnlyNSPHead {
    using Relationship = nn::ScoreLinear<2, C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(BertOnlyNSPHead, (Relationship, seq_relationship));
};

template <BertConfig C>
struct BertPreTrainingHeads {
    using Predictions = BertLMPredictionHead<C>;
    using Relationship = nn::ScoreLinear<2, C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(BertPreTrainingHeads, (Predictions, predictions),
                             (Relationship, seq_relationship));
};

/// An encoder and the layer `classifier`, which scores tokens or the pooled sequence.
template <BertConfig C, bool AddPoolingLayer, std::size_t Labels>
struct BertClassifier {
    using Body = BertBody<C, AddPoolingLayer>;
    using Classifier = nn::ScoreLinear<Labels, C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(BertClassifier, (Body, bert), (Classifier, classifier));

    const Body& body() const { return bert; }
    nn::SequenceHeadView head() const requires AddPoolingLayer {
        return {bert.pooler_view(), Activation::tanh, classifier.view()};
    }
};

/// An encoder and the language-model head.
template <BertConfig C>
struct BertLanguageModel {
    using Body = BertBody<C, false>;
    using Cls = BertOnlyMLMHead<C>;
    BOOST_HANA_DEFINE_STRUCT(BertLanguageModel, (Body, bert), (Cls, cls));

    const Body& body() const { return bert; }
    nn::LanguageHeadView head() const {
        return cls.predictions.view(bert.embeddings.word_embeddings);
    }
};

/// Masked language model: logits of every token over the vocabulary.
template <BertConfig C, Precisions P = f32>
struct BertForMaskedLM : BertLanguageModel<C>,
                         LanguageModelTask<BertForMaskedLM<C, P>, BertCommon<C>> {
    static constexpr const char* class_name = "BertForMaskedLM";
};

/// The same network as a causal language model, where C.is_decoder says so.
template <BertConfig C, Precisions P = f32>
struct BertLMHeadModel : BertLanguageModel<C>,
                         LanguageModelTask<BertLMHeadModel<C, P>, BertCommon<C>> {
    static constexpr const char* class_name = "BertLMHeadModel";
};

/// Does the second sequence follow the first? logits (batch, 2): follows, does not.
template <BertConfig C, Precisions P = f32>
struct BertForNextSentencePrediction
    : SequenceTask<BertForNextSentencePrediction<C, P>, BertCommon<C>> {
    static constexpr const char* class_name = "BertForNextSentencePrediction";
    using Body = BertBody<C, true>;
    using Cls = BertOnlyNSPHead<C>;
    BOOST_HANA_DEFINE_STRUCT(BertForNextSentencePrediction, (Body, bert), (Cls, cls));

    const Body& body() const { return bert; }
    nn::SequenceHeadView head() const {
        return {bert.pooler_view(), Activation::tanh, cls.seq_relationship.view()};
    }
};

/// Both tasks that BERT was trained on.
struct BertForPreTrainingOutput : ModelOutput {
    xt::xtensor<float, 3> prediction_logits{};        // (batch, length, vocab)
    xt::xtensor<float, 2> seq_relationship_logits{};  // (batch, 2): follows, does not follow
};

/// Masked language model and next-sentence prediction together.
template <BertConfig C, Precisions P = f32>
struct BertForPreTraining : EncoderTask<BertForPreTraining<C, P>, BertCommon<C>> {
    static constexpr const char* class_name = "BertForPreTraining";
    static constexpr auto ties = BertCommon<C>::language_ties;
    using Output = BertForPreTrainingOutput;
    using Body = BertBody<C, true>;
    using Cls = BertPreTrainingHeads<C>;
    BOOST_HANA_DEFINE_STRUCT(BertForPreTraining, (Body, bert), (Cls, cls));

    /// As in EncoderModel.
    static std::size_t workspace_size(std::size_t batch, std::size_t length, int threads = 0) {
        return BertForPreTraining::workspace_with_head(
            batch, length, threads,
            std::max(padded(batch * C.hidden_size),
                     nn::language_head_workspace(batch * length, C.vocab_size, C.hidden_size)));
    }

    void run(const nn::EncoderBatch& batch, Workspace& workspace, int threads,
             Output& output) const {
        const float* hidden = bert.encode(batch, workspace, threads, output);
        nn::score_vocabulary(cls.predictions.view(bert.embeddings.word_embeddings), hidden, batch,
                             output.prediction_logits, workspace, threads);
        nn::score_sequences({bert.pooler_view(), Activation::tanh, cls.seq_relationship.view()},
                            hidden, batch, output.seq_relationship_logits, workspace, threads);
    }
};

/// A label a sequence: logits (batch, num_labels).
template <BertConfig C, Precisions P = f32>
struct BertForSequenceClassification
    : BertClassifier<C, true, C.num_labels>,
      SequenceTask<BertForSequenceClassification<C, P>, BertCommon<C>> {
    static constexpr const char* class_name = "BertForSequenceClassification";
};

/// Which of several choices fits: logits (questions, choices).
template <BertConfig C, Precisions P = f32>
struct BertForMultipleChoice : BertClassifier<C, true, 1>,
                               ChoiceTask<BertForMultipleChoice<C, P>, BertCommon<C>> {
    static constexpr const char* class_name = "BertForMultipleChoice";
};

/// A label a token: logits (batch, length, num_labels).
template <BertConfig C, Precisions P = f32>
struct BertForTokenClassification : BertClassifier<C, false, C.num_labels>,
                                    TokenTask<BertForTokenClassification<C, P>, BertCommon<C>> {
    static constexpr const char* class_name = "BertForTokenClassification";
};

/// Where the answer to a question stands: start_logits and end_logits (batch, length).
template <BertConfig C, Precisions P = f32>
struct BertForQuestionAnswering : AnswerTask<BertForQuestionAnswering<C, P>, BertCommon<C>> {
    static constexpr const char* class_name = "BertForQuestionAnswering";
    using Body = BertBody<C, false>;
    using Answers = nn::ScoreLinear<2, C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(BertForQuestionAnswering, (Body, bert), (Answers, qa_outputs));

    const Body& body() const { return bert; }
};

}  // namespace xzoo

#include "xzoo/weights/bert.hpp"
