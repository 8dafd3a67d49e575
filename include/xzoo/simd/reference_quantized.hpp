#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

/// What the quantising kernels have to compute, again as plainly as possible: the integers, which
/// have to be the same on every architecture, and the products that they stand for. Like
/// reference.hpp, nothing here shares code with the kernels.
namespace xzoo::simd::reference {

/// Integers and the scale that they are multiples of.
struct Quantized {
    std::vector<int> values;
    float scale = 0.0F;

    /// The number that integer i stands for.
    double at(std::size_t i) const { return double{scale} * values[i]; }
};

/// n numbers, `stride` apart, as integers from -127 to 127, as quantize.hpp describes it.
inline Quantized quantize(const float* from, std::size_t n, std::size_t stride = 1) {
    Quantized result{std::vector<int>(n), 0.0F};
    float most = 0.0F;
    for (std::size_t i = 0; i < n; ++i) {
        if (!std::isfinite(from[i * stride])) {
            result.scale = std::numeric_limits<float>::quiet_NaN();
            return result;
        }
        most = std::max(most, std::abs(from[i * stride]));
    }
    if (most < std::ldexp(1.0F, -120))
        return result;
    result.scale = most / 127.0F;
    const float inverse = 127.0F / most;
    for (std::size_t i = 0; i < n; ++i)
        result.values[i] = static_cast<int>(std::nearbyint(from[i * stride] * inverse));
    return result;
}

/// The exact sum of products of integers.
inline std::int64_t dot(const std::vector<int>& a, const std::vector<int>& b) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += std::int64_t{a[i]} * b[i];
    return sum;
}

/// What I8Format computes for a row of inputs and the weights of an output: every step rounds once,
/// so the result is the same on every architecture, to the last bit.
inline float i8_product(const Quantized& inputs, const Quantized& weights) {
    const auto sum = static_cast<float>(dot(inputs.values, weights.values));
    return (sum * weights.scale) * inputs.scale;
}

/// Numbers as they stand for themselves after they were quantised in blocks of `block`.
inline std::vector<float> through_blocks(const float* from, std::size_t n, std::size_t block) {
    std::vector<float> result;
    for (std::size_t i = 0; i < n; i += block) {
        const Quantized q = quantize(from + i, std::min(block, n - i));
        for (std::size_t k = 0; k < q.values.size(); ++k)
            result.push_back(q.scale * static_cast<float>(q.values[k]));
    }
    return result;
}

}  // namespace xzoo::simd::reference
