// What the encoder families share besides blocks: the bare encoder and the tasks on top of it,
// each written once. A class of the zoo adds its parameters and says what its head consists of:
//
//   body()    the encoder: encode(batch, workspace, threads, output) returns the hidden states
//   head()    a nn::LanguageHeadView or nn::SequenceHeadView, where the task needs one
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>

#include "xzoo/nn/encoder.hpp"
#include "xzoo/nn/heads.hpp"
#include "xzoo/nn/padding.hpp"
#include "xzoo/pretrained.hpp"
#include "xzoo/simd/threads.hpp"

namespace xzoo {

/// Sizes of an encoder from a config with BERT's field names.
template <class Config>
constexpr nn::EncoderSizes encoder_sizes(const Config& config) {
    nn::EncoderSizes sizes{.hidden = config.hidden_size,
                           .heads = config.num_attention_heads,
                           .layers = config.num_hidden_layers,
                           .intermediate = config.intermediate_size,
                           .vocabulary = config.vocab_size,
                           .embedding = config.hidden_size};
    if constexpr (requires { config.embedding_size; })
        sizes.embedding = config.embedding_size;
    if constexpr (requires { config.inner_group_num; })
        sizes.inner_layers = config.inner_group_num;
    if constexpr (requires { config.relative_attention_num_buckets; })
        sizes.relative_positions = true;
    return sizes;
}

/// What inputs are checked against. reserved: see EncoderLimits::reserved_positions.
template <class Config>
constexpr nn::EncoderLimits encoder_limits(const Config& config, std::size_t reserved = 0) {
    const nn::EncoderSizes sizes = encoder_sizes(config);
    nn::EncoderLimits limits{.vocab_size = sizes.vocabulary,
                             .positions = config.max_position_embeddings,
                             .reserved_positions = reserved,
                             .layers = sizes.layers,
                             .heads = sizes.heads};
    if constexpr (requires { config.type_vocab_size; })
        limits.token_types = config.type_vocab_size;
    return limits;
}

/// What all classes of a family say of themselves. Rules: the checks of the config. Reserved: see
/// EncoderLimits::reserved_positions.
template <auto C, class Rules, std::size_t Reserved = 0>
struct EncoderCommon : private Rules {
    static constexpr auto config = C;
    static constexpr const char* model_type = decltype(C)::model_type;
    static constexpr nn::EncoderSizes sizes = encoder_sizes(C);
    static constexpr nn::EncoderLimits limits = encoder_limits(C, Reserved);

protected:
    static std::size_t workspace_with_head(std::size_t batch, std::size_t length, int threads,
                                           std::size_t head_floats) {
        return nn::encoder_workspace(sizes, batch, length, simd::resolve_threads(threads),
                                     head_floats);
    }
};

/// The bare encoder: last_hidden_state and, where Body has a pooler, pooler_output.
template <class Model, class Common, class Body>
struct EncoderModel : Common, Body, Pretrained<Model> {
    static constexpr bool is_base_model = true;
    static constexpr std::array<Tie, 0> ties{};
    using Inputs = EncoderInputs;
    using Output =
        std::conditional_t<Body::has_pooler, BaseModelOutputWithPooling, BaseModelOutput>;

    EncoderModel() = default;  // declared, so that Model{} is no list of its bases

    /// Floats that run() takes from the workspace at most, for `batch` sequences of `length`
    /// tokens; a mask with a row a query takes batch * length * length more.
    /// threads  as in Workspace.
    static std::size_t workspace_size(std::size_t batch, std::size_t length, int threads = 0) {
        return Common::workspace_with_head(batch, length, threads, 0);
    }

    void run(const nn::EncoderBatch& batch, Workspace& workspace, int threads,
             Output& output) const {
        const float* hidden = this->encode(batch, workspace, threads, output);
        output.last_hidden_state.resize({batch.batch, batch.length, Common::sizes.hidden});
        std::copy_n(hidden, batch.tokens() * Common::sizes.hidden, output.last_hidden_state.data());
        if constexpr (Body::has_pooler) {
            output.pooler_output.resize({batch.batch, Common::sizes.hidden});
            nn::pool_first(this->pooler_view(), Activation::tanh, hidden, batch,
                           output.pooler_output.data(), workspace, threads);
        }
    }
};

/// What the classes with a head have in common.
template <class Model, class Common>
struct EncoderTask : Common, Pretrained<Model> {
    static constexpr bool is_base_model = false;
    static constexpr std::array<Tie, 0> ties{};
    using Inputs = EncoderInputs;

    EncoderTask() = default;  // declared, so that Model{} is no list of its bases

protected:
    const Model& model() const { return static_cast<const Model&>(*this); }
};

/// Scores of every token over the vocabulary.
template <class Model, class Common>
struct LanguageModelTask : EncoderTask<Model, Common> {
    static constexpr auto ties = Common::language_ties;
    using Output = TokenOutput;

    /// As in EncoderModel.
    static std::size_t workspace_size(std::size_t batch, std::size_t length, int threads = 0) {
        return Common::workspace_with_head(
            batch, length, threads,
            nn::language_head_workspace(batch * length, Common::sizes.vocabulary,
                                        Common::sizes.embedding));
    }

    void run(const nn::EncoderBatch& batch, Workspace& workspace, int threads,
             Output& output) const {
        const float* hidden = this->model().body().encode(batch, workspace, threads, output);
        nn::score_vocabulary(this->model().head(), hidden, batch, output.logits, workspace,
                             threads);
    }
};

/// Scores of every sequence, from its first token.
template <class Model, class Common>
struct SequenceTask : EncoderTask<Model, Common> {
    using Output = SequenceClassifierOutput;

    /// As in EncoderModel.
    static std::size_t workspace_size(std::size_t batch, std::size_t length, int threads = 0) {
        return Common::workspace_with_head(batch, length, threads,
                                           padded(batch * Common::sizes.hidden));
    }

    void run(const nn::EncoderBatch& batch, Workspace& workspace, int threads,
             Output& output) const {
        const float* hidden =
            this->model().body().encode(nn::sequences_only(batch), workspace, threads, output);
        nn::score_sequences(this->model().head(), hidden, batch, output.logits, workspace, threads);
    }
};

/// Which of several choices fits a question: the head's one score a sequence, (questions, choices).
template <class Model, class Common>
struct ChoiceTask : SequenceTask<Model, Common> {
    using Inputs = MultipleChoiceInputs;
};

/// Scores of every token, by the layer `classifier`.
template <class Model, class Common>
struct TokenTask : EncoderTask<Model, Common> {
    using Output = TokenOutput;

    /// As in EncoderModel.
    static std::size_t workspace_size(std::size_t batch, std::size_t length, int threads = 0) {
        return Common::workspace_with_head(batch, length, threads, 0);
    }

    void run(const nn::EncoderBatch& batch, Workspace& workspace, int threads,
             Output& output) const {
        const float* hidden = this->model().body().encode(batch, workspace, threads, output);
        nn::score_tokens(this->model().classifier.view(), hidden, batch, output.logits, workspace,
                         threads);
    }
};

/// Where the answer to a question stands, by the layer `qa_outputs`.
template <class Model, class Common>
struct AnswerTask : EncoderTask<Model, Common> {
    using Output = QuestionAnsweringOutput;

    /// As in EncoderModel.
    static std::size_t workspace_size(std::size_t batch, std::size_t length, int threads = 0) {
        return Common::workspace_with_head(batch, length, threads, padded(batch * length * 2));
    }

    void run(const nn::EncoderBatch& batch, Workspace& workspace, int threads,
             Output& output) const {
        const float* hidden = this->model().body().encode(batch, workspace, threads, output);
        nn::score_answers(this->model().qa_outputs.view(), hidden, batch, output, workspace,
                          threads);
    }
};

/// The names under which checkpoints repeat the tensors of a language-model head: the weight of
/// its decoder, where it is Tied to the token table, and its bias.
template <bool Tied>
constexpr auto decoder_ties(Tie weight, Tie bias) {
    if constexpr (Tied)
        return std::array{weight, bias};
    else
        return std::array{bias};
}
template <bool Tied>
constexpr auto decoder_ties(Tie weight) {
    if constexpr (Tied)
        return std::array{weight};
    else
        return std::array<Tie, 0>{};
}

}  // namespace xzoo
