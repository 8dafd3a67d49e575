// What the decoder families share besides blocks: the bare decoder and the tasks on top of it, each
// written once. A class of the zoo adds its parameters and says what they are:
//
//   decoder()    nn::DecoderView of the body
//   head()       nn::VocabularyHead, where the task scores the vocabulary
//   scores()     nn::LinearView, where the task scores labels
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/nn/causal_model.hpp"
#include "xzoo/pretrained.hpp"
#include "xzoo/simd/threads.hpp"
#include "zoo/parts/generative.hpp"

namespace xzoo {

/// What all classes of a family say of themselves. Rules: the checks of the config. Limits: what
/// inputs are checked against.
template <auto C, class Rules, nn::DecoderLimits Limits>
struct DecoderCommon : private Rules {
    static constexpr auto config = C;
    static constexpr const char* model_type = decltype(C)::model_type;
    static constexpr nn::DecoderLimits limits = Limits;
};

/// The name under which checkpoints repeat the token table, where the head is Tied to it.
template <bool Tied>
constexpr auto tied_head(Tie tie) {
    if constexpr (Tied)
        return std::array{tie};
    else
        return std::array<Tie, 0>{};
}

/// What the classes of a family have in common when they run.
template <class Model, class Common>
struct DecoderTask : Common, Pretrained<Model> {
    using Inputs = DecoderInputs;

    DecoderTask() = default;  // declared, so that Model{} is no list of its bases

    /// Floats that run() takes from the workspace at most, for `batch` sequences of `length`
    /// tokens; with output_attentions it takes heads * length * length more.
    /// threads  as in Workspace.
    std::size_t workspace_size(std::size_t batch, std::size_t length, int threads = 0) const {
        const nn::DecoderView decoder = as_model().decoder();
        const std::size_t rows = batch * length;
        return nn::compact_workspace(batch, length) +
               padded(rows * std::max(decoder.hidden, decoder.width())) +
               2 * padded(rows * decoder.kv_heads * decoder.head_dim) +
               nn::decoder_workspace(decoder, rows, batch, length, false,
                                     simd::resolve_threads(threads));
    }

protected:
    const Model& as_model() const { return static_cast<const Model&>(*this); }

    /// Runs the body and calls use(hidden, compacted) with its result (rows, width).
    template <class Use>
    void run_body(const nn::DecoderBatch& batch, Workspace& workspace, int threads,
                  ModelOutput& output, const Use& use) const {
        const nn::DecoderView decoder = as_model().decoder();
        const nn::CompactBatch compacted = nn::compact(batch, workspace);
        float* hidden = workspace.take(batch.tokens() * std::max(decoder.hidden, decoder.width()));
        nn::run_batch(decoder, batch, compacted, hidden, output, workspace, threads);
        use(hidden, compacted, decoder.width());
    }
};

/// The bare decoder: last_hidden_state.
template <class Model, class Common>
struct DecoderModel : DecoderTask<Model, Common> {
    static constexpr bool is_base_model = true;
    static constexpr std::array<Tie, 0> ties{};
    using Output = BaseModelOutput;

    void run(const nn::DecoderBatch& batch, Workspace& workspace, int threads,
             Output& output) const {
        this->run_body(batch, workspace, threads, output,
                       [&](const float* hidden, const nn::CompactBatch& rows, std::size_t width) {
                           auto& state = output.last_hidden_state;
                           state.resize({batch.batch, batch.length, width});
                           std::fill(state.storage().begin(), state.storage().end(), 0.0F);
                           for (std::size_t r = 0; r < rows.tokens.rows; ++r)
                               std::copy_n(hidden + r * width, width,
                                           state.data() + rows.shape.slots[r] * width);
                       });
    }
};

/// A causal language model: scores of every next token over the vocabulary; it generates.
template <class Model, class Common>
struct CausalTask : DecoderTask<Model, Common>, Generative<Model> {
    static constexpr bool is_base_model = false;
    static constexpr auto ties = Common::language_ties;
    using Output = TokenOutput;

    void run(const nn::DecoderBatch& batch, Workspace& workspace, int threads,
             Output& output) const {
        this->run_body(batch, workspace, threads, output,
                       [&](const float* hidden, const nn::CompactBatch& rows, std::size_t) {
                           nn::score_rows(this->as_model().head(), hidden, rows, output.logits,
                                          workspace, threads);
                       });
    }

    /// The model as generation sees it, for as long as this object lives and is not loaded anew.
    /// Errors  ArgumentError: the model has no weights yet.
    nn::CausalModel language_model() const {
        static_cast<void>(this->load_report());  // a model without weights says so
        return {this->as_model().decoder(), this->as_model().head(), Common::max_positions};
    }
};

/// A label a sequence, from its last token that is not padding: logits (batch, num_labels).
template <class Model, class Common>
struct DecoderSequenceTask : DecoderTask<Model, Common> {
    static constexpr bool is_base_model = false;
    static constexpr std::array<Tie, 0> ties{};
    using Output = SequenceClassifierOutput;

    void run(const nn::DecoderBatch& batch, Workspace& workspace, int threads,
             Output& output) const {
        const nn::LinearView scores = this->as_model().scores();
        output.logits.resize({batch.batch, scores.out});
        std::fill(output.logits.storage().begin(), output.logits.storage().end(), 0.0F);
        this->run_body(batch, workspace, threads, output,
                       [&](const float* hidden, const nn::CompactBatch& rows, std::size_t width) {
                           for (std::size_t s = 0; s < rows.tokens.sequences; ++s) {
                               const nn::SequenceSpan& span = rows.tokens.spans[s];
                               const std::size_t last = last_token(rows, span);
                               nn::apply(scores, hidden + last * width, 1,
                                         output.logits.data() + span.sequence * scores.out,
                                         workspace, threads);
                           }
                       });
    }

private:
    /// The row of a sequence's last token other than the padding id; the last row if there is none.
    static std::size_t last_token(const nn::CompactBatch& rows, const nn::SequenceSpan& span) {
        const long long padding = Common::config.pad_token_id;
        for (std::size_t row = span.first + span.count; row-- > span.first;)
            if (rows.tokens.ids[row] != padding)
                return row;
        return span.first + span.count - 1;
    }
};

/// A label a token: logits (batch, length, num_labels).
template <class Model, class Common>
struct DecoderTokenTask : DecoderTask<Model, Common> {
    static constexpr bool is_base_model = false;
    static constexpr std::array<Tie, 0> ties{};
    using Output = TokenOutput;

    void run(const nn::DecoderBatch& batch, Workspace& workspace, int threads,
             Output& output) const {
        this->run_body(batch, workspace, threads, output,
                       [&](const float* hidden, const nn::CompactBatch& rows, std::size_t) {
                           nn::score_rows({.scores = this->as_model().scores()}, hidden, rows,
                                          output.logits, workspace, threads);
                       });
    }
};

}  // namespace xzoo
