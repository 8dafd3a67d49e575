// Batches whose sequences end in padding: layers compute with the tokens alone.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "xzoo/core/workspace.hpp"
#include "xzoo/nn/encoder_batch.hpp"

namespace xzoo::nn {

/// The tokens of a batch (batch, length) that is padded on the right.
struct RightPadding {
    std::size_t batch = 0;
    std::size_t length = 0;
    const std::uint32_t* lengths = nullptr;  // (batch): tokens, at least one; null: no padding
    std::size_t tokens = 0;                  // of all sequences

    explicit operator bool() const noexcept { return lengths != nullptr; }

    /// Moves the rows of all tokens to the front, in order.
    /// Shapes  rows: (batch * length, size), changed in place.
    void remove(float* rows, std::size_t size) const noexcept {
        float* to = rows;
        for (std::size_t b = 0; b < batch; ++b) {
            const float* from = rows + b * length * size;
            if (to != from)  // always further on
                std::copy_n(from, lengths[b] * size, to);
            to += lengths[b] * size;
        }
    }

    /// The inverse of remove, with zeros for padding.
    /// Shapes  rows: the first (tokens, size) of (batch * length, size). to: (batch * length,
    /// size);
    ///         it may be rows.
    void restore(const float* rows, std::size_t size, float* to) const noexcept {
        const float* end = rows + tokens * size;
        for (std::size_t b = batch; b-- > 0;) {
            const std::size_t count = lengths[b] * size;
            float* sequence = to + b * length * size;
            end -= count;
            if (sequence != end)
                std::copy_backward(end, end + count, sequence + count);
            std::fill(sequence + count, sequence + length * size, 0.0F);
        }
    }
};

/// The same batch for a model that returns nothing of single tokens but the hidden states.
inline EncoderBatch sequences_only(EncoderBatch batch) noexcept {
    batch.skip_padding = batch.skip_padding || !batch.output_hidden_states;
    return batch;
}

/// The padding that a batch wants skipped, if all of it stands behind the tokens of its sequences
/// and their probabilities are not asked for; none where a mask is of any other kind.
inline RightPadding right_padding(const EncoderBatch& inputs, Workspace& workspace) {
    RightPadding padding{inputs.batch, inputs.length, nullptr, inputs.tokens()};
    if (!inputs.skip_padding || inputs.attention_mask == nullptr || inputs.mask_per_query ||
        inputs.output_attentions)
        return padding;
    std::uint32_t* lengths = workspace.take_ids(inputs.batch);
    std::size_t tokens = 0;
    for (std::size_t b = 0; b < inputs.batch; ++b) {
        const float* mask = inputs.attention_mask + b * inputs.length;
        const float* end = mask + inputs.length;
        const float* first = std::find_if(mask, end, [](float value) { return value != 1.0F; });
        const bool rest_is_padding =
            std::all_of(first, end, [](float value) { return value == 0.0F; });
        if (first == mask || !rest_is_padding)
            return padding;
        lengths[b] = static_cast<std::uint32_t>(first - mask);
        tokens += lengths[b];
    }
    if (tokens < inputs.tokens()) {
        padding.lengths = lengths;
        padding.tokens = tokens;
    }
    return padding;
}

}  // namespace xzoo::nn
