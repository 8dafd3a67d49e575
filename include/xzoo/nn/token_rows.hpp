// New tokens of several sequences as one list of rows without padding: what decoders compute with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "xzoo/nn/encoder_inputs.hpp"
#include "xzoo/simd/attention_problem.hpp"

namespace xzoo::nn {

/// The new tokens of one sequence.
struct SequenceSpan {
    std::size_t first = 0;     // row of the first
    std::size_t count = 0;     // at least one
    std::size_t past = 0;      // tokens that the cache holds already
    std::size_t sequence = 0;  // of the cache
};

/// All new tokens, sequence by sequence. Not owned.
struct TokenRows {
    std::size_t rows = 0;
    const std::uint32_t* ids = nullptr;        // (rows)
    const std::uint32_t* positions = nullptr;  // (rows)
    std::size_t sequences = 0;
    const SequenceSpan* spans = nullptr;  // (sequences)
    std::size_t length = 0;               // of the longest text, cached tokens included
};

/// Rows of a padded batch (batch, length) that are tokens.
struct PaddedShape {
    std::size_t batch = 0;
    std::size_t length = 0;
    const std::uint32_t* slots = nullptr;  // (rows): b * length + t of a row
};

/// Receives the attention probabilities of one layer in the padded shape: rows and columns of
/// padding are 0.
struct Probabilities {
    PaddedShape shape;
    xt::xtensor<float, 4>* to = nullptr;  // (batch, heads, length, length)

    void keep(const simd::AttentionProblem& problem, const SequenceSpan& span) const {
        const std::uint32_t* slots = shape.slots + span.first;
        const std::size_t batch = slots[0] / shape.length;
        const float* from = problem.probabilities;
        for (std::size_t h = 0; h < problem.heads; ++h)
            for (std::size_t q = 0; q < problem.query_length; ++q)
                for (std::size_t k = 0; k < problem.key_length; ++k)
                    (*to)(batch, h, slots[q] % shape.length,
                          slots[problem.first_token + k] % shape.length) = *from++;
    }
};

}  // namespace xzoo::nn
