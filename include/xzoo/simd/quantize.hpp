#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "xzoo/simd/dot.hpp"

/// Floats become 8-bit integers times a scale: round(x * (127 / m)) with the scale m / 127, where m
/// is the largest magnitude. All steps are single IEEE operations, so the integers are the same on
/// every architecture.
///  - Error     at most scale / 2 a number, but for the rounding of x * (127 / m): scale * 0.50002.
///  - m < 2^-120 counts as zero: its reciprocal would overflow.
///  - NaN or infinity among the numbers: the scale is NaN, the integers are zeros, and so is every
///    product with them NaN.
namespace xzoo::simd {

/// What is known of a run of numbers after it was quantised.
struct Quantized {
    float scale;
    std::int32_t sum;  ///< of the integers
};

/// The scale and its reciprocal that belong to a largest magnitude; `sound` is false where the
/// numbers were not all finite.
struct Int8Scale {
    float scale;
    float inverse;

    static XZOO_INLINE Int8Scale of(float largest, bool sound) noexcept {
        if (!sound)
            return {std::numeric_limits<float>::quiet_NaN(), 0.0F};
        if (largest < 0x1p-120F)
            return {0.0F, 0.0F};
        return {largest / 127.0F, 127.0F / largest};
    }
};

namespace detail {

/// Sum of the lanes.
template <class Arch>
XZOO_INLINE std::int32_t sum_of(Ints<Arch> v) noexcept {
    alignas(64) std::array<std::int32_t, lanes<Arch>> parts;
    v.store_aligned(parts.data());
    std::int32_t sum = 0;
    for (const std::int32_t part : parts)
        sum += part;
    return sum;
}

}  // namespace detail

/// Quantises n numbers, as a whole.
/// Shapes  to: n rounded up to whole registers; what is behind n becomes zeros.
template <class Arch>
XZOO_INLINE Quantized quantize(const float* from, std::size_t n,
                               typename IntDot<Arch>::Input* to) noexcept {
    Vec<Arch> most(0.0F);
    Vec<Arch> odd(0.0F);  // becomes NaN where a number is not finite
    for_each_vec<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
        const Vec<Arch> v = load<Arch>(from + i, tail);
        most = larger<Arch>(most, larger<Arch>(v, Vec<Arch>(0.0F) - v));
        odd = fma<Arch>(v, Vec<Arch>(0.0F), odd);
    });
    const Int8Scale scale = Int8Scale::of(reduce_max<Arch>(most), reduce_add<Arch>(odd) == 0.0F);
    Ints<Arch> sum(0);
    if (scale.inverse == 0.0F) {
        for (std::size_t i = 0; i < n; i += lanes<Arch>)
            store_narrow<Arch>(to + i, sum);
        return {scale.scale, 0};
    }
    const Vec<Arch> inverse(scale.inverse);
    for_each_vec<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
        const Ints<Arch> q = round_to_ints<Arch>(load<Arch>(from + i, tail) * inverse);
        sum = sum + q;
        store_narrow<Arch>(to + i, q);
    });
    return {scale.scale, detail::sum_of<Arch>(sum)};
}

}  // namespace xzoo::simd
