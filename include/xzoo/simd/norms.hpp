#pragma once

#include <cmath>
#include <cstddef>

#include "xzoo/simd/parallel.hpp"
#include "xzoo/simd/reduce.hpp"

namespace xzoo::simd {

namespace detail {

/// y = (x - mean) / sqrt(variance + eps) * weight + bias for one row.
/// The mean is taken twice: the second pass, over x - first, removes the rounding of the first,
/// without which a row of equal values would not come out as zeros.
template <class Arch>
XZOO_INLINE void layer_norm_row(const float* x, std::size_t n, const float* weight,
                                const float* bias, float eps, float* y) noexcept {
    const float count = static_cast<float>(n);
    const float first =
        sum_over<Arch>(n, [&](std::size_t i, std::size_t tail)
                              XZOO_INLINE_LAMBDA { return load<Arch>(x + i, tail); }) /
        count;
    const Vec<Arch> mean(first);
    const float rest =
        sum_over<Arch>(n, [&](std::size_t i, std::size_t tail)
                              XZOO_INLINE_LAMBDA { return load<Arch>(x + i, tail) - mean; }) /
        count;
    const Vec<Arch> correction(rest);
    const float squares =
        sum_over<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
            const Vec<Arch> d = load<Arch>(x + i, tail) - mean - correction;
            return d * d;
        });
    const double variance = static_cast<double>(squares) / static_cast<double>(n);
    const Vec<Arch> scale(static_cast<float>(1.0 / std::sqrt(variance + static_cast<double>(eps))));
    for_each_vec<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
        Vec<Arch> v = (load<Arch>(x + i, tail) - mean - correction) * scale;
        if (weight != nullptr)
            v = v * load<Arch>(weight + i, tail);
        if (bias != nullptr)
            v = v + load<Arch>(bias + i, tail);
        store<Arch>(y + i, v, tail);
    });
}

}  // namespace detail

/// Layer normalisation of every row, with the biased variance.
/// Shapes  x, y: (rows, n) with row strides, y may be x; weight, bias: (n,) or null for 1 and 0.
/// Result  within 2e-6 (1 + |mean| / sigma * 2^-20) of double precision before weight and bias; a
///         row of equal values gives bias exactly, for any eps > 0.
/// Source  Ba, Kiros, Hinton 2016.
template <class Arch = default_arch>
void layer_norm(const float* x, std::size_t rows, std::size_t n, std::size_t x_stride,
                const float* weight, const float* bias, float eps, float* y, std::size_t y_stride,
                int threads) noexcept {
    parallel_ranges<Arch>(rows, useful_threads(threads, rows * n * 4),
                          [&](std::size_t begin, std::size_t end, std::size_t) {
                              for (std::size_t r = begin; r < end; ++r)
                                  detail::layer_norm_row<Arch>(x + r * x_stride, n, weight, bias,
                                                               eps, y + r * y_stride);
                          });
}
XZOO_DISPATCHED_KERNEL(void, layer_norm,
                       (const float* x, std::size_t rows, std::size_t n, std::size_t x_stride,
                        const float* weight, const float* bias, float eps, float* y,
                        std::size_t y_stride, int threads),
                       (x, rows, n, x_stride, weight, bias, eps, y, y_stride, threads))

/// y = x / sqrt(mean(x^2) + eps) * (weight + offset) for every row.
/// Shapes  as layer_norm; weight may be null for a factor of 1.
/// Source  Zhang, Sennrich 2019; Gemma stores its weights less 1 (offset 1).
template <class Arch = default_arch>
void rms_norm(const float* x, std::size_t rows, std::size_t n, std::size_t x_stride,
              const float* weight, float offset, float eps, float* y, std::size_t y_stride,
              int threads) noexcept {
    parallel_ranges<Arch>(
        rows, useful_threads(threads, rows * n * 2),
        [&](std::size_t begin, std::size_t end, std::size_t) {
            for (std::size_t r = begin; r < end; ++r) {
                const float* from = x + r * x_stride;
                const float squares = detail::sum_over<Arch>(
                    n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
                        const Vec<Arch> v = load<Arch>(from + i, tail);
                        return v * v;
                    });
                const double mean = static_cast<double>(squares) / static_cast<double>(n);
                const Vec<Arch> scale(
                    static_cast<float>(1.0 / std::sqrt(mean + static_cast<double>(eps))));
                for_each_vec<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
                    Vec<Arch> v = load<Arch>(from + i, tail) * scale;
                    if (weight != nullptr)
                        v = v * (load<Arch>(weight + i, tail) + Vec<Arch>(offset));
                    store<Arch>(y + r * y_stride + i, v, tail);
                });
            }
        });
}
XZOO_DISPATCHED_KERNEL(void, rms_norm,
                       (const float* x, std::size_t rows, std::size_t n, std::size_t x_stride,
                        const float* weight, float offset, float eps, float* y,
                        std::size_t y_stride, int threads),
                       (x, rows, n, x_stride, weight, offset, eps, y, y_stride, threads))

}  // namespace xzoo::simd
