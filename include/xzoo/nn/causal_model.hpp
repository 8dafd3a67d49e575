// A decoder with a head that scores the vocabulary: on a padded batch at once, and step by step
// over a cache.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>
#include <xtensor/xtensor.hpp>

#include "xzoo/nn/check_steps.hpp"
#include "xzoo/nn/decoder.hpp"
#include "xzoo/nn/decoder_batch.hpp"
#include "xzoo/nn/language_model.hpp"
#include "xzoo/simd/threads.hpp"

namespace xzoo::nn {

/// What scores the vocabulary: softcap * tanh(scores / softcap), or the scores themselves.
struct VocabularyHead {
    LinearView scores{};  // (vocabulary, width)
    float softcap = 0.0F;
};

/// Shapes  x: (rows, width) -> logits: (rows, vocabulary).
template <class Arch = simd::default_arch>
void apply(const VocabularyHead& head, const float* x, std::size_t rows, float* logits,
           Workspace& workspace, int threads) {
    apply(head.scores, x, rows, logits, workspace, threads);
    if (head.softcap == 0.0F)
        return;
    const std::size_t n = rows * head.scores.out;
    simd::scale<Arch>(logits, n, 1.0F / head.softcap);
    simd::activate<Arch>(logits, n, Activation::tanh);
    simd::scale<Arch>(logits, n, head.softcap);
}

/// Layers with a sliding window count the tokens that they see, without padding, so padding must
/// not stand between them.
/// Errors  ArgumentError: it does, and a window is shorter than the batch.
inline void check_windows(const DecoderView& model, const DecoderBatch& batch) {
    for (std::size_t i = 0; model.window != nullptr && i < model.layers; ++i) {
        const std::size_t window = model.window(i);
        if (window > 0 && window < batch.length && batch.has_holes())
            throw ArgumentError{
                "attention_mask has padding between the tokens of a sequence: layer " +
                std::to_string(i) + " looks back on " + std::to_string(window) +
                " tokens, so padding may stand at the beginning and at the end only"};
    }
}

/// Runs a batch without a cache that outlives the call.
/// Errors  as check_windows.
/// Shapes  hidden: (batch.tokens(), max(hidden, width())); see run_decoder.
template <class Arch = simd::default_arch>
void run_batch(const DecoderView& model, const DecoderBatch& batch, const CompactBatch& compacted,
               float* hidden, ModelOutput& output, Workspace& workspace, int threads) {
    check_windows(model, batch);
    const Workspace::Scope scope{workspace};
    const std::size_t row = model.kv_heads * model.head_dim;
    simd::CacheRows rows{.dtype = Dtype::f32,
                         .head_dim = model.head_dim,
                         .ring = compacted.longest,
                         .head_stride = compacted.longest * model.head_dim,
                         .sequence_stride = compacted.longest * row};
    const auto take = [&] {  // (batch, kv_heads, longest, head_dim), of one layer after the other
        rows.data =
            reinterpret_cast<std::byte*>(workspace.take(batch.batch * compacted.longest * row));
        return rows;
    };
    const CacheView cache{take(), take()};
    const DecoderTaps taps{compacted.shape, &output, batch.output_hidden_states,
                           batch.output_attentions};
    run_decoder<Arch>(
        model, compacted.tokens, [&](std::size_t) { return cache; }, taps, hidden, workspace,
        threads);
}

/// Calls use(first row, count, slot of the first) for each run of rows whose slots follow each
/// other.
template <class Use>
void for_each_run(const CompactBatch& batch, Use&& use) {
    const std::uint32_t* slots = batch.shape.slots;
    for (std::size_t begin = 0; begin < batch.tokens.rows;) {
        std::size_t end = begin + 1;
        while (end < batch.tokens.rows && slots[end] == slots[end - 1] + 1)
            ++end;
        use(begin, end - begin, std::size_t{slots[begin]});
        begin = end;
    }
}

/// Scores rows into a padded result; what belongs to padding is 0.
/// Shapes  x: (rows, head.scores.in) -> scores: (batch, length, head.scores.out).
template <class Arch = simd::default_arch>
void score_rows(const VocabularyHead& head, const float* x, const CompactBatch& batch,
                xt::xtensor<float, 3>& scores, Workspace& workspace, int threads) {
    const std::size_t out = head.scores.out;
    scores.resize({batch.shape.batch, batch.shape.length, out});
    if (batch.tokens.rows < batch.shape.batch * batch.shape.length)
        std::fill(scores.storage().begin(), scores.storage().end(), 0.0F);
    for_each_run(batch, [&](std::size_t first, std::size_t count, std::size_t slot) {
        apply<Arch>(head, x + first * head.scores.in, count, scores.data() + slot * out, workspace,
                    threads);
    });
}

/// A decoder and its head as generation sees them. The model must outlive it.
class CausalModel final : public LanguageModel {
public:
    using Arch = simd::default_arch;

    CausalModel(const DecoderView& decoder, const VocabularyHead& head, std::size_t max_positions)
        : decoder_{decoder}, head_{head}, max_positions_{max_positions} {}

    std::size_t vocab_size() const noexcept override { return head_.scores.out; }
    std::size_t hidden_size() const noexcept override { return decoder_.width(); }
    std::size_t max_positions() const noexcept override { return max_positions_; }

    std::size_t tokens_at_once(std::size_t length) const noexcept override {
        std::size_t least = LanguageModel::tokens_at_once(length);
        for (const RopeSpec& rope : decoder_.ropes)
            if (rope.dims > 0)
                least = std::min(least, tokens_with_same_angles(rope, length));
        return least;
    }

    KvCache make_cache(const CacheOptions& options) const override {
        constexpr std::size_t without_limit = 2048;
        CacheOptions filled = options;
        if (filled.capacity == 0)
            filled.capacity = max_positions_ > 0 ? max_positions_ : without_limit;
        if (!filled.dtype)
            filled.dtype = decoder_.layers > 0 && decoder_.layer(0).attention.output.rounds_inputs()
                               ? Dtype::bf16
                               : Dtype::f32;
        return KvCache{layout(), filled};
    }

    void step(KvCache& cache, std::span<const CacheStep> steps, ScoredRows rows,
              bool keep_hidden_states, Workspace& workspace, StepOutput& output) const override {
        check_steps(cache, steps, layout(), vocab_size(), table_positions());
        workspace.reset();
        const std::size_t scored = rows == ScoredRows::none   ? 0
                                   : rows == ScoredRows::last ? steps.size()
                                                              : total(steps);
        output.logits.resize(scored * vocab_size());
        output.hidden_states.resize(keep_hidden_states ? scored * hidden_size() : 0);
        for (const CacheStep& step : steps)
            if (must_read_again(cache, step))
                read_again(cache, step, workspace);
        if (lengths_matter()) {  // each sequence has angles of its own
            std::size_t row = 0;
            for (const CacheStep& step : steps) {
                run(cache, {&step, 1}, rows, row, workspace, output);
                row += rows == ScoredRows::last ? 1 : step.ids.size();
            }
        } else {
            run(cache, steps, rows, 0, workspace, output);
        }
    }

private:
    static std::size_t total(std::span<const CacheStep> steps) {
        std::size_t sum = 0;
        for (const CacheStep& step : steps)
            sum += step.ids.size();
        return sum;
    }

    bool lengths_matter() const noexcept {
        return std::any_of(decoder_.ropes.begin(), decoder_.ropes.end(), [](const RopeSpec& rope) {
            return rope.dims > 0 && (rope.scaling.rope_type == RopeType::longrope ||
                                     rope.scaling.rope_type == RopeType::dynamic);
        });
    }

    CacheLayout layout() const {
        return {.layers = decoder_.layers,
                .kv_heads = decoder_.kv_heads,
                .head_dim = decoder_.head_dim,
                .window = decoder_.window};
    }

    /// Tokens for which a table has positions.
    std::size_t table_positions() const noexcept {
        return decoder_.positions.weight == nullptr
                   ? std::numeric_limits<std::size_t>::max()
                   : decoder_.positions.rows - decoder_.position_offset;
    }

    bool must_read_again(KvCache& cache, const CacheStep& step) const {
        return std::any_of(decoder_.ropes.begin(), decoder_.ropes.end(), [&](const RopeSpec& rope) {
            return rope.dims > 0 && changes_angles(rope, cache.rotated_length(step.sequence),
                                                   cache.length(step.sequence) + step.ids.size());
        });
    }

    /// Reads what a sequence holds again, with the angles of the text that the step makes of it.
    void read_again(KvCache& cache, const CacheStep& step, Workspace& workspace) const {
        const std::vector<std::uint32_t> ids = cache.tokens(step.sequence);
        cache.clear(step.sequence);
        const CacheStep again{step.sequence, ids};
        StepOutput nothing;
        run(cache, {&again, 1}, ScoredRows::none, 0, workspace, nothing,
            ids.size() + step.ids.size());
    }

    /// Takes steps in chunks; the first scored row is row `first_row` of the output. least_length:
    /// angles are those of a text of at least so many tokens.
    void run(KvCache& cache, std::span<const CacheStep> steps, ScoredRows rows,
             std::size_t first_row, Workspace& workspace, StepOutput& output,
             std::size_t least_length = 0) const {
        std::size_t longest = 0;
        for (const CacheStep& step : steps)
            longest = std::max(longest, step.ids.size());
        const std::size_t chunk = cache.options().prefill_chunk;
        for (std::size_t begin = 0; begin < longest; begin += chunk)
            run_chunk(cache, steps, begin, chunk, rows, first_row, workspace, output, least_length);
    }

    void run_chunk(KvCache& cache, std::span<const CacheStep> steps, std::size_t begin,
                   std::size_t chunk, ScoredRows rows, std::size_t first_row, Workspace& workspace,
                   StepOutput& output, std::size_t least_length) const {
        const Workspace::Scope scope{workspace};
        const int threads = simd::resolve_threads(workspace.threads());
        std::size_t most = 0;
        for (const CacheStep& step : steps)
            most += std::min(chunk, step.ids.size() - std::min(begin, step.ids.size()));
        std::uint32_t* ids = workspace.take_ids(most);
        std::uint32_t* positions = workspace.take_ids(most);
        auto* spans = workspace.take_array<SequenceSpan>(steps.size());
        TokenRows tokens{0, ids, positions, 0, spans, least_length};
        for (const CacheStep& step : steps) {
            if (begin >= step.ids.size())
                continue;
            const std::size_t count = std::min(chunk, step.ids.size() - begin);
            const std::size_t past = cache.length(step.sequence);
            spans[tokens.sequences++] = {tokens.rows, count, past, step.sequence};
            for (std::size_t i = 0; i < count; ++i) {
                ids[tokens.rows] = step.ids[begin + i];
                positions[tokens.rows++] = static_cast<std::uint32_t>(past + i);
            }
            // The whole step has the angles of its end, as if it were read at once.
            tokens.length = std::max(tokens.length, past + step.ids.size() - begin);
        }
        const std::size_t width = std::max(decoder_.hidden, decoder_.width());
        float* hidden = workspace.take(tokens.rows * width);  // (rows, hidden)
        run_decoder<Arch>(
            decoder_, tokens,
            [&](std::size_t i) {
                return CacheView{cache.keys(i), cache.values(i)};
            },
            {}, hidden, workspace, threads);
        for (std::size_t s = 0; s < tokens.sequences; ++s) {
            const SequenceSpan& span = spans[s];
            cache.append(span.sequence, {ids + span.first, span.count});
            cache.rotated_length(span.sequence) = tokens.length;
        }
        score(steps, begin, tokens, rows, first_row, hidden, workspace, output, threads);
    }

    /// Scores the rows of a chunk that are wanted; the last rows of steps together, as far as they
    /// follow each other in the output.
    void score(std::span<const CacheStep> steps, std::size_t begin, const TokenRows& tokens,
               ScoredRows rows, std::size_t first_row, const float* hidden, Workspace& workspace,
               StepOutput& output, int threads) const {
        if (rows == ScoredRows::none)
            return;
        const std::size_t size = hidden_size();
        float* last = workspace.take(tokens.sequences * size);  // (steps that end here, width)
        std::size_t count = 0;
        std::size_t row = first_row;  // of the output: the step's first scored row
        const SequenceSpan* span = tokens.spans;
        const auto flush = [&] {
            if (count > 0)
                score_run(last, row - count, count, output, workspace, threads);
            count = 0;
        };
        for (const CacheStep& step : steps) {
            const bool read = begin < step.ids.size();
            if (rows == ScoredRows::all) {
                if (read)
                    score_run(hidden + span->first * size, row + begin, span->count, output,
                              workspace, threads);
                row += step.ids.size();
            } else {
                if (read && begin + span->count == step.ids.size())
                    std::copy_n(hidden + (span->first + span->count - 1) * size, size,
                                last + count++ * size);
                else
                    flush();
                ++row;
            }
            span += read ? 1 : 0;
        }
        flush();
    }

    void score_run(const float* hidden, std::size_t row, std::size_t count, StepOutput& output,
                   Workspace& workspace, int threads) const {
        apply<Arch>(head_, hidden, count, output.logits.data() + row * vocab_size(), workspace,
                    threads);
        if (!output.hidden_states.empty())
            std::copy_n(hidden, count * hidden_size(),
                        output.hidden_states.data() + row * hidden_size());
    }

    DecoderView decoder_;
    VocabularyHead head_;
    std::size_t max_positions_;
};

}  // namespace xzoo::nn
