// Bodies with a head on top, under the names that checkpoints have for them: the body is called
// `transformer` or `model`. A body has a token table (Tokens, table()) as wide as its output, and a
// logit_softcap (see nn::VocabularyHead) where its scores are capped.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "zoo/parts/decoder_tasks.hpp"

namespace xzoo {

/// transformer and lm_head.
template <class BodyType, bool Bias = false>
struct TransformerLanguageModel {
    using Body = BodyType;
    using Scores = nn::TokenScores<typename Body::Tokens, Bias>;
    BOOST_HANA_DEFINE_STRUCT(TransformerLanguageModel, (Body, transformer), (Scores, lm_head));

    nn::DecoderView decoder() const { return transformer.decoder(); }
    nn::VocabularyHead head() const { return {lm_head.view(transformer.table())}; }
};

/// transformer and score, which labels sequences.
template <class BodyType, std::size_t Labels>
struct TransformerScorer {
    using Body = BodyType;
    using Score = nn::ScoreLinear<Labels, Body::Tokens::columns, false>;
    BOOST_HANA_DEFINE_STRUCT(TransformerScorer, (Body, transformer), (Score, score));

    nn::DecoderView decoder() const { return transformer.decoder(); }
    nn::LinearView scores() const { return score.view(); }
};

/// transformer and classifier, which labels tokens.
template <class BodyType, std::size_t Labels>
struct TransformerClassifier {
    using Body = BodyType;
    using Classifier = nn::ScoreLinear<Labels, Body::Tokens::columns>;
    BOOST_HANA_DEFINE_STRUCT(TransformerClassifier, (Body, transformer), (Classifier, classifier));

    nn::DecoderView decoder() const { return transformer.decoder(); }
    nn::LinearView scores() const { return classifier.view(); }
};

/// What classes with such parts share.
template <auto C, class Rules, nn::DecoderLimits Limits>
struct TransformerCommon : DecoderCommon<C, Rules, Limits> {
    static constexpr const char* base_model_prefix = "transformer";
    static constexpr std::array<std::string_view, 5> family_parts{
        "lm_head.", "score.", "classifier.", "qa_outputs.", "multiple_choice_head."};
};

/// model and lm_head.
template <class BodyType, bool Bias = false>
struct ModelLanguageModel {
    using Body = BodyType;
    using Scores = nn::TokenScores<typename Body::Tokens, Bias>;
    BOOST_HANA_DEFINE_STRUCT(ModelLanguageModel, (Body, model), (Scores, lm_head));

    nn::DecoderView decoder() const { return model.decoder(); }
    nn::VocabularyHead head() const {
        nn::VocabularyHead head{lm_head.view(model.table())};
        if constexpr (requires { Body::logit_softcap; })
            head.softcap = Body::logit_softcap;
        return head;
    }
};

/// model and score, which labels sequences, or tokens where it has a bias.
template <class BodyType, std::size_t Labels, bool Bias = false>
struct ModelScorer {
    using Body = BodyType;
    using Score = nn::ScoreLinear<Labels, Body::Tokens::columns, Bias>;
    BOOST_HANA_DEFINE_STRUCT(ModelScorer, (Body, model), (Score, score));

    nn::DecoderView decoder() const { return model.decoder(); }
    nn::LinearView scores() const { return score.view(); }
};

/// model and classifier, which labels tokens.
template <class BodyType, std::size_t Labels>
struct ModelClassifier {
    using Body = BodyType;
    using Classifier = nn::ScoreLinear<Labels, Body::Tokens::columns>;
    BOOST_HANA_DEFINE_STRUCT(ModelClassifier, (Body, model), (Classifier, classifier));

    nn::DecoderView decoder() const { return model.decoder(); }
    nn::LinearView scores() const { return classifier.view(); }
};

/// Names of a ModelClassifier's layer: since 4.48, transformers calls it `score` in Phi and Phi-3.
inline constexpr std::array classifier_or_score{Tie{"score.weight", "classifier.weight"},
                                                Tie{"score.bias", "classifier.bias"}};

/// What classes with such parts share.
template <auto C, class Rules, nn::DecoderLimits Limits>
struct ModelCommon : DecoderCommon<C, Rules, Limits> {
    static constexpr const char* base_model_prefix = "model";
    static constexpr std::array<std::string_view, 4> family_parts{"lm_head.", "score.",
                                                                  "classifier.", "qa_outputs."};
};

}  // namespace xzoo
