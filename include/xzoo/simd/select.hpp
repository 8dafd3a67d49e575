// Which of many numbers are large: what choosing a token among a vocabulary's scores needs.
#pragma once

#include <cstddef>
#include <limits>

#include "xzoo/simd/vec.hpp"

namespace xzoo::simd {

namespace detail {

/// Whether any lane of v is above limit; NaN is not.
template <class Arch>
XZOO_INLINE bool any_above(Vec<Arch> v, Vec<Arch> limit) noexcept {
#if XSIMD_WITH_AVX512F
    if constexpr (is_avx512<Arch>)
        return _mm512_cmp_ps_mask(v, limit, _CMP_GT_OQ) != 0;
#endif
    return xsimd::any(v > limit);
}

}  // namespace detail

/// The index of the first of x[begin], x[begin + 1], ... x[n - 1] that is above limit; n where none
/// is. NaN is above nothing.
template <class Arch = default_arch>
std::size_t find_above(const float* x, std::size_t begin, std::size_t n, float limit) noexcept {
    const Vec<Arch> limits(limit);
    std::size_t i = begin;
    while (i + lanes<Arch> <= n && !detail::any_above<Arch>(load<Arch>(x + i), limits))
        i += lanes<Arch>;
    while (i < n && !(x[i] > limit))
        ++i;
    return i;
}
XZOO_DISPATCHED_KERNEL(std::size_t, find_above,
                       (const float* x, std::size_t begin, std::size_t n, float limit),
                       (x, begin, n, limit))

/// The index of the largest number, the first of several. NaN is never it; n where all are NaN or
/// -infinity.
template <class Arch = default_arch>
std::size_t find_largest(const float* x, std::size_t n) noexcept {
    constexpr float lowest = -std::numeric_limits<float>::infinity();
    constexpr std::size_t chains = 4;
    Vec<Arch> most[chains];
    XZOO_UNROLL
    for (std::size_t c = 0; c < chains; ++c)
        most[c] = Vec<Arch>(lowest);
    std::size_t i = 0;
    for (; i + chains * lanes<Arch> <= n; i += chains * lanes<Arch>) {
        XZOO_UNROLL
        for (std::size_t c = 0; c < chains; ++c) {
            const Vec<Arch> v = load<Arch>(x + i + c * lanes<Arch>);
            most[c] = xsimd::select(v > most[c], v, most[c]);
        }
    }
    float largest = reduce_max<Arch>(
        larger<Arch>(larger<Arch>(most[0], most[1]), larger<Arch>(most[2], most[3])));
    for (; i < n; ++i)
        largest = x[i] > largest ? x[i] : largest;
    if (!(largest > lowest))
        return n;
    // The first one that is not below: nothing is above it.
    std::size_t at = 0;
    while (!(x[at] == largest))
        ++at;
    return at;
}
XZOO_DISPATCHED_KERNEL(std::size_t, find_largest, (const float* x, std::size_t n), (x, n))

/// Replaces numbers below limit; NaN stays.
template <class Arch = default_arch>
void replace_below(float* x, std::size_t n, float limit, float value) noexcept {
    const Vec<Arch> limits(limit);
    const Vec<Arch> values(value);
    std::size_t i = 0;
    for (; i + lanes<Arch> <= n; i += lanes<Arch>) {
        const Vec<Arch> v = load<Arch>(x + i);
        store<Arch>(x + i, xsimd::select(v < limits, values, v));
    }
    for (; i < n; ++i)
        x[i] = x[i] < limit ? value : x[i];
}
XZOO_DISPATCHED_KERNEL(void, replace_below, (float* x, std::size_t n, float limit, float value),
                       (x, n, limit, value))

}  // namespace xzoo::simd
