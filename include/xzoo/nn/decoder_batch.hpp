// Inputs as a decoder reads them: checked once, then rows without padding.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "xzoo/core/error.hpp"
#include "xzoo/core/workspace.hpp"
#include "xzoo/nn/decoder_inputs.hpp"
#include "xzoo/nn/encoder_batch.hpp"
#include "xzoo/nn/token_rows.hpp"

namespace xzoo::nn {

/// What inputs are checked against, and how positions are numbered where none are given.
struct DecoderLimits {
    std::size_t vocab_size = 0;
    std::size_t positions = 0;            // that the model has a table for; 0: it has none
    bool positions_skip_padding = false;  // false: padding counts, as in most families' forward
};

/// One batch of sequences, not owned. Null pointers stand for inputs that were left out.
struct DecoderBatch {
    std::size_t batch = 0;
    std::size_t length = 0;
    const std::uint32_t* input_ids = nullptr;     // (batch, length)
    const float* attention_mask = nullptr;        // (batch, length)
    const std::uint32_t* position_ids = nullptr;  // (batch, length)
    bool output_hidden_states = false;
    bool output_attentions = false;
    DecoderLimits limits{};

    constexpr std::size_t tokens() const { return batch * length; }
    bool is_token(std::size_t slot) const {
        return attention_mask == nullptr || attention_mask[slot] != 0.0F;
    }
    /// Whether padding stands between the tokens of a sequence.
    bool has_holes() const {
        for (std::size_t b = 0; b < batch; ++b) {
            std::size_t first = length;
            std::size_t end = length;  // behind the last one
            std::size_t count = 0;
            for (std::size_t t = 0; t < length; ++t) {
                if (!is_token(b * length + t))
                    continue;
                first = std::min(first, t);
                end = t + 1;
                ++count;
            }
            if (end - first != count)
                return true;
        }
        return false;
    }
    /// Positions that the longest sequence has where none are given.
    std::size_t counted_positions() const {
        if (!limits.positions_skip_padding)
            return length;
        std::size_t most = 0;
        for (std::size_t b = 0; b < batch; ++b) {
            std::size_t count = 0;
            for (std::size_t t = 0; t < length; ++t)
                count += is_token(b * length + t) ? 1 : 0;
            most = std::max(most, count);
        }
        return most;
    }
};

/// Checks everything a caller may get wrong; the view is valid as long as the inputs are.
/// Errors  ArgumentError that names the input, what it is and what it had to be.
inline DecoderBatch view(const DecoderInputs& inputs, const DecoderLimits& limits) {
    const auto& ids = inputs.input_ids;
    if (ids.size() == 0)
        detail::wrong_shape("input_ids", detail::shape_text(ids),
                            "at least one sequence of at least one token");
    const DecoderBatch view{
        .batch = ids.shape(0),
        .length = ids.shape(1),
        .input_ids = ids.data(),
        .attention_mask = detail::optional_like("attention_mask", inputs.attention_mask, ids),
        .position_ids = detail::optional_like("position_ids", inputs.position_ids, ids),
        .output_hidden_states = inputs.output_hidden_states,
        .output_attentions = inputs.output_attentions,
        .limits = limits};
    detail::check_ids("input_ids", view.input_ids, view.tokens(), limits.vocab_size);
    if (limits.positions > 0) {
        detail::check_ids("position_ids", view.position_ids, view.tokens(), limits.positions);
        const std::size_t counted = view.counted_positions();
        if (view.position_ids == nullptr && counted > limits.positions)
            throw ArgumentError{"input_ids has " + std::to_string(counted) +
                                " tokens in a sequence, the model has " +
                                std::to_string(limits.positions) + " positions"};
    }
    return view;
}

/// The tokens of a batch without its padding, in the workspace, and the slot of each.
struct CompactBatch {
    TokenRows tokens;
    PaddedShape shape;
    std::size_t longest = 0;  // tokens of the longest sequence
};

inline CompactBatch compact(const DecoderBatch& batch, Workspace& workspace) {
    std::uint32_t* ids = workspace.take_ids(batch.tokens());
    std::uint32_t* positions = workspace.take_ids(batch.tokens());
    std::uint32_t* slots = workspace.take_ids(batch.tokens());
    auto* spans = workspace.take_array<SequenceSpan>(batch.batch);
    CompactBatch result{{0, ids, positions, 0, spans, 0}, {batch.batch, batch.length, slots}, 0};
    TokenRows& tokens = result.tokens;
    for (std::size_t b = 0; b < batch.batch; ++b) {
        SequenceSpan span{.first = tokens.rows, .sequence = b};
        for (std::size_t t = 0; t < batch.length; ++t) {
            const std::size_t slot = b * batch.length + t;
            if (!batch.is_token(slot))
                continue;
            const std::size_t row = tokens.rows++;
            ids[row] = batch.input_ids[slot];
            slots[row] = static_cast<std::uint32_t>(slot);
            positions[row] = batch.position_ids != nullptr
                                 ? batch.position_ids[slot]
                                 : static_cast<std::uint32_t>(
                                       batch.limits.positions_skip_padding ? span.count : t);
            tokens.length = std::max(tokens.length, std::size_t{positions[row]} + 1);
            ++span.count;
        }
        result.longest = std::max(result.longest, span.count);
        if (span.count > 0)
            spans[tokens.sequences++] = span;
    }
    return result;
}

/// Floats that compact takes from the workspace.
constexpr std::size_t compact_workspace(std::size_t batch, std::size_t length) noexcept {
    return 3 * padded(batch * length) + padded(batch * sizeof(SequenceSpan) / sizeof(float));
}

}  // namespace xzoo::nn
