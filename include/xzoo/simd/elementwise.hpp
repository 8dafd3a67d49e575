#pragma once

#include <cmath>
#include <cstddef>

#include "xzoo/simd/reduce.hpp"

namespace xzoo::simd {

/// y[i] += x[i].  Shapes  x, y: (n,).
template <class Arch = default_arch>
void add(float* y, const float* x, std::size_t n) noexcept {
    for_each_vec<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
        store<Arch>(y + i, load<Arch>(y + i, tail) + load<Arch>(x + i, tail), tail);
    });
}
XZOO_DISPATCHED_KERNEL(void, add, (float* y, const float* x, std::size_t n), (y, x, n))

/// y[i] *= x[i].  Shapes  x, y: (n,).
template <class Arch = default_arch>
void multiply(float* y, const float* x, std::size_t n) noexcept {
    for_each_vec<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
        store<Arch>(y + i, load<Arch>(y + i, tail) * load<Arch>(x + i, tail), tail);
    });
}
XZOO_DISPATCHED_KERNEL(void, multiply, (float* y, const float* x, std::size_t n), (y, x, n))

/// x[i] *= factor.  Shapes  x: (n,).
template <class Arch = default_arch>
void scale(float* x, std::size_t n, float factor) noexcept {
    const Vec<Arch> f(factor);
    for_each_vec<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
        store<Arch>(x + i, load<Arch>(x + i, tail) * f, tail);
    });
}
XZOO_DISPATCHED_KERNEL(void, scale, (float* x, std::size_t n, float factor), (x, n, factor))

/// Sum of a[i] b[i].  Shapes  a, b: (n,).
template <class Arch = default_arch>
float dot(const float* a, const float* b, std::size_t n) noexcept {
    return detail::sum_over<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
        return load<Arch>(a + i, tail) * load<Arch>(b + i, tail);
    });
}
XZOO_DISPATCHED_KERNEL(float, dot, (const float* a, const float* b, std::size_t n), (a, b, n))

/// Divides every row by max(its Euclidean length, eps), as torch.nn.functional.normalize does.
/// Shapes  x: (rows, n) with `stride` floats between rows.
template <class Arch = default_arch>
void l2_normalize_rows(float* x, std::size_t rows, std::size_t n, std::size_t stride,
                       float eps = 1e-12F) noexcept {
    for (std::size_t r = 0; r < rows; ++r, x += stride) {
        const float length = std::sqrt(dot<Arch>(x, x, n));
        scale<Arch>(x, n, 1.0F / (length < eps ? eps : length));
    }
}
XZOO_DISPATCHED_KERNEL(void, l2_normalize_rows,
                       (float* x, std::size_t rows, std::size_t n, std::size_t stride, float eps),
                       (x, rows, n, stride, eps))

/// y = sum_r weights[r] x[r] / max(sum_r weights[r], 1e-9): the mean pooling of sentence
/// transformers, where the weights are the attention mask.
/// Shapes  x: (rows, n) with `stride` floats between rows; weights: (rows,), or null for all 1;
///         y: (n,), not part of x. Rows of weight 0 are not read.
template <class Arch = default_arch>
void mean_rows(const float* x, std::size_t rows, std::size_t n, std::size_t stride,
               const float* weights, float* y) noexcept {
    float total = 0.0F;
    for (std::size_t i = 0; i < n; ++i)
        y[i] = 0.0F;
    for (std::size_t r = 0; r < rows; ++r) {
        const float weight = weights == nullptr ? 1.0F : weights[r];
        total += weight;
        if (weight == 0.0F)
            continue;
        const Vec<Arch> w(weight);
        const float* row = x + r * stride;
        for_each_vec<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
            store<Arch>(y + i, fma<Arch>(w, load<Arch>(row + i, tail), load<Arch>(y + i, tail)),
                        tail);
        });
    }
    scale<Arch>(y, n, 1.0F / (total < 1e-9F ? 1e-9F : total));
}
XZOO_DISPATCHED_KERNEL(void, mean_rows,
                       (const float* x, std::size_t rows, std::size_t n, std::size_t stride,
                        const float* weights, float* y),
                       (x, rows, n, stride, weights, y))

}  // namespace xzoo::simd
