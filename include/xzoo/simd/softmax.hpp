#pragma once

#include <cmath>
#include <cstddef>
#include <limits>

#include "xzoo/simd/math.hpp"
#include "xzoo/simd/reduce.hpp"

namespace xzoo::simd {

namespace detail {

/// Largest of n >= 1 floats.
template <class Arch>
XZOO_INLINE float largest(const float* x, std::size_t n) noexcept {
    Vec<Arch> most(-std::numeric_limits<float>::infinity());
    std::size_t i = 0;
    for (; i + lanes<Arch> <= n; i += lanes<Arch>)
        most = larger<Arch>(most, load<Arch>(x + i));
    float result = reduce_max<Arch>(most);
    for (; i < n; ++i)
        result = x[i] > result ? x[i] : result;
    return result;
}

/// x[i] = exp(x[i] - shift); returns their sum.
template <class Arch>
XZOO_INLINE float exp_shifted(float* x, std::size_t n, float shift) noexcept {
    const Vec<Arch> offset(shift);
    return sum_over<Arch, 1>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
        const Vec<Arch> e = exp<Arch, true>(load<Arch>(x + i, tail) - offset);
        store<Arch>(x + i, e, tail);
        return e;
    });
}

}  // namespace detail

/// Softmax of every row in place.
/// Shapes  x: (rows, n) with `stride` floats between rows; n >= 1.
/// Result  within (1e-6 + 6e-8 |x - max|) relative of double precision down to 1e-37; an element
///         more than 87.7 below its row's largest becomes 0. A row that holds NaN, +inf, or only
///         -inf becomes NaN.
template <class Arch = default_arch>
void softmax_rows(float* x, std::size_t rows, std::size_t n, std::size_t stride) noexcept {
    for (std::size_t r = 0; r < rows; ++r, x += stride) {
        const float sum = detail::exp_shifted<Arch>(x, n, detail::largest<Arch>(x, n));
        const Vec<Arch> scale(1.0F / sum);
        for_each_vec<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
            store<Arch>(x + i, load<Arch>(x + i, tail) * scale, tail);
        });
    }
}
XZOO_DISPATCHED_KERNEL(void, softmax_rows,
                       (float* x, std::size_t rows, std::size_t n, std::size_t stride),
                       (x, rows, n, stride))

/// Logarithm of the softmax of every row in place: x - max - log(sum(exp(x - max))).
/// Shapes  as softmax_rows.
template <class Arch = default_arch>
void log_softmax_rows(float* x, std::size_t rows, std::size_t n, std::size_t stride) noexcept {
    for (std::size_t r = 0; r < rows; ++r, x += stride) {
        const float most = detail::largest<Arch>(x, n);
        const Vec<Arch> offset(most);
        const float sum =
            detail::sum_over<Arch, 1>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
                return exp<Arch, true>(load<Arch>(x + i, tail) - offset);
            });
        const Vec<Arch> log_sum(static_cast<float>(std::log(static_cast<double>(sum))));
        for_each_vec<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
            store<Arch>(x + i, load<Arch>(x + i, tail) - offset - log_sum, tail);
        });
    }
}
XZOO_DISPATCHED_KERNEL(void, log_softmax_rows,
                       (float* x, std::size_t rows, std::size_t n, std::size_t stride),
                       (x, rows, n, stride))

}  // namespace xzoo::simd
