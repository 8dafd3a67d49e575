// From scores to a token.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "xzoo/core/error.hpp"
#include "xzoo/generation/warpers.hpp"
#include "xzoo/simd/select.hpp"

namespace xzoo::generation {

/// The model's scores leave nothing to choose.
/// Errors  ArgumentError, always.
[[noreturn, gnu::cold]] inline void no_token_left() {
    throw ArgumentError{
        "generate: no token has a finite score: either the model computed NaN (see "
        "remove_invalid_values), or the rules for tokens exclude them all"};
}

/// The token with the highest score, the first of several; NaN is never chosen. scores.size(): all
/// are NaN or -infinity.
inline std::size_t find_best(std::span<const float> scores) noexcept {
    return simd::find_largest(scores.data(), scores.size());
}

/// The same.
/// Errors  ArgumentError: all scores are NaN or -infinity.
inline std::uint32_t best_token(std::span<const float> scores) {
    const std::size_t best = find_best(scores);
    if (best == scores.size())
        no_token_left();
    return static_cast<std::uint32_t>(best);
}

/// Token i with a probability of weights[i] over the sum of them; u is random in [0, 1).
/// Errors  ArgumentError: the sum is 0 or not finite.
inline std::size_t draw(std::span<const float> weights, double u) {
    double sum = 0.0;
    for (const float weight : weights)
        sum += double{weight};
    if (!(sum > 0.0) || sum > 1e300)
        no_token_left();
    double left = u * sum;
    std::size_t last = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (!(weights[i] > 0.0F))
            continue;
        last = i;
        left -= double{weights[i]};
        if (left < 0.0)
            break;
    }
    return last;
}

/// A token sampled by the softmax of scores.
inline std::uint32_t sample_token(std::span<const float> scores, double u,
                                  std::vector<float>& memory) {
    return static_cast<std::uint32_t>(draw(softmax(scores, memory), u));
}

}  // namespace xzoo::generation
