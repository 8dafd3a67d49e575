#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
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

/// The scale and its reciprocal that belong to a largest magnitude; NaN or infinity where the
/// numbers were not all finite.
struct Int8Scale {
    float scale;
    float inverse;

    static XZOO_INLINE Int8Scale of(float largest) noexcept {
        if (!(largest <= std::numeric_limits<float>::max()))
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

/// The float whose bits are the largest of the lanes, none of which is negative.
template <class Arch>
XZOO_INLINE float largest_of(typename IntDot<Arch>::Sum bits) noexcept {
    std::int32_t most = 0;
    for (std::size_t lane = 0; lane < lanes<Arch>; ++lane)
        most = bits[lane] > most ? bits[lane] : most;
    return std::bit_cast<float>(most);
}

}  // namespace detail

/// Quantises n numbers, as a whole.
/// Shapes  to: n rounded up to whole registers; what is behind n becomes zeros.
template <class Arch>
XZOO_INLINE Quantized quantize(const float* from, std::size_t n,
                               typename IntDot<Arch>::Input* to) noexcept {
    // Magnitudes order like their bits, and what is not finite comes after all that is.
    using Bits = typename IntDot<Arch>::Sum;
    Bits most{};
    for_each_short<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
        const Vec<Arch> v = load<Arch>(from + i, tail);
        Bits bits;
        std::memcpy(&bits, &v, sizeof(bits));
        bits &= 0x7fffffff;
        most = bits > most ? bits : most;
    });
    const Int8Scale scale = Int8Scale::of(detail::largest_of<Arch>(most));
    Ints<Arch> sum(0);
    if (scale.inverse == 0.0F) {
        for (std::size_t i = 0; i < n; i += lanes<Arch>)
            store_narrow<Arch>(to + i, sum);
        return {scale.scale, 0};
    }
    const Vec<Arch> inverse(scale.inverse);
    for_each_short<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
        const Ints<Arch> q = round_to_ints<Arch>(load<Arch>(from + i, tail) * inverse);
        sum = sum + q;
        store_narrow<Arch>(to + i, q);
    });
    return {scale.scale, detail::sum_of<Arch>(sum)};
}

}  // namespace xzoo::simd
