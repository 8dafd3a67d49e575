// Floating point numbers of 16 and 8 bits as they are stored: every one of them is a float, and a
// float becomes the nearest of them, ties to even.
#pragma once

#include <bit>
#include <cstdint>

namespace xzoo {

namespace detail {

/// The float of a number with `Mantissa` stored bits and an exponent bias of `Bias`, from its bits
/// without the sign. Exact, subnormals included; knows no infinity and no NaN.
template <unsigned Mantissa, unsigned Bias>
constexpr float widen(std::uint32_t magnitude) noexcept {
    constexpr float unbias = std::bit_cast<float>((127U + 127U - Bias) << 23U);  // 2^(127 - Bias)
    return std::bit_cast<float>(magnitude << (23U - Mantissa)) * unbias;
}

/// The inverse, rounded, for the bits of a finite float without its sign. Numbers that are too
/// large come out above the format's largest.
/// Source  Giesen, "float to half"; subnormal numbers are rounded by an addition in float32.
template <unsigned Mantissa, unsigned Bias>
constexpr std::uint32_t narrow(std::uint32_t magnitude) noexcept {
    constexpr std::uint32_t smallest_normal = (127U - Bias + 1U) << 23U;
    constexpr unsigned dropped = 23U - Mantissa;
    if (magnitude < smallest_normal) {
        // The last bit of this power of two is the smallest number of the format.
        constexpr std::uint32_t shift = (127U + 24U - Bias - Mantissa) << 23U;
        return std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) +
                                            std::bit_cast<float>(shift)) -
               shift;
    }
    const std::uint32_t odd = (magnitude >> dropped) & 1U;
    return (magnitude - ((127U - Bias) << 23U) + (1U << (dropped - 1U)) - 1U + odd) >> dropped;
}

/// A float that is odd, with these bits, or has a value; and a sign, in bit 15. Without branches:
/// loops over it are vectorised.
constexpr float choose(bool is_odd, std::uint32_t odd, float value, std::uint32_t sign) noexcept {
    const auto finite = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t mask = 0U - std::uint32_t{is_odd};
    return std::bit_cast<float>((odd & mask) | (finite & ~mask) | sign << 16U);
}

constexpr std::uint32_t float_infinity = 0x7f800000U;

}  // namespace detail

/// bfloat16: the upper half of a float32.
struct BFloat16 {
    std::uint16_t bits;

    constexpr operator float() const noexcept {
        return std::bit_cast<float>(std::uint32_t{bits} << 16U);
    }
    /// The nearest bfloat16, ties to even; NaN stays NaN.
    static constexpr BFloat16 from(float value) noexcept {
        const auto word = std::bit_cast<std::uint32_t>(value);
        if ((word & 0x7fffffffU) > detail::float_infinity)
            return {static_cast<std::uint16_t>((word >> 16U) | 0x40U)};
        return {static_cast<std::uint16_t>((word + 0x7fffU + ((word >> 16U) & 1U)) >> 16U)};
    }
};

/// IEEE binary16: 5 bits of exponent, 10 of mantissa.
struct Float16 {
    std::uint16_t bits;

    constexpr operator float() const noexcept {
        const std::uint32_t magnitude = bits & 0x7fffU;
        return detail::choose(magnitude >= 0x7c00U,
                              detail::float_infinity | (magnitude & 0x3ffU) << 13U,
                              detail::widen<10, 15>(magnitude), bits & 0x8000U);
    }
    /// The nearest half, ties to even; beyond 65504 infinity, NaN stays NaN.
    static constexpr Float16 from(float value) noexcept {
        const auto word = std::bit_cast<std::uint32_t>(value);
        const std::uint32_t magnitude = word & 0x7fffffffU;
        std::uint32_t half = magnitude > detail::float_infinity ? 0x7e00U : 0x7c00U;
        if (magnitude < 0x47800000U)  // 2^16
            half = detail::narrow<10, 15>(magnitude);
        return {static_cast<std::uint16_t>((word >> 16U & 0x8000U) | half)};
    }
};

/// float8_e4m3fn: 4 bits of exponent, 3 of mantissa, up to 448, no infinity.
/// Source  Micikevicius et al. 2022, FP8 Formats for Deep Learning, table 1.
struct Float8E4M3 {
    std::uint8_t bits;

    constexpr operator float() const noexcept {
        const std::uint32_t magnitude = bits & 0x7fU;
        return detail::choose(magnitude == 0x7fU, 0x7fc00000U, detail::widen<3, 7>(magnitude),
                              (bits & 0x80U) << 8U);
    }
    /// The nearest number of the format, ties to even; NaN where that would exceed 448, as in
    /// PyTorch.
    static constexpr Float8E4M3 from(float value) noexcept {
        const auto word = std::bit_cast<std::uint32_t>(value);
        const std::uint32_t magnitude = word & 0x7fffffffU;
        std::uint32_t small = 0x7fU;
        if (magnitude <= 0x43e80000U)  // 464, half way to the next number, rounds to 448
            small = detail::narrow<3, 7>(magnitude);
        return {static_cast<std::uint8_t>((word >> 24U & 0x80U) | small)};
    }
};

/// float8_e5m2: the upper half of an IEEE half.
struct Float8E5M2 {
    std::uint8_t bits;

    constexpr operator float() const noexcept {
        return Float16{static_cast<std::uint16_t>(bits << 8U)};
    }
    /// The nearest number of the format, ties to even; beyond 57344 infinity, NaN stays NaN.
    static constexpr Float8E5M2 from(float value) noexcept {
        const auto word = std::bit_cast<std::uint32_t>(value);
        const std::uint32_t magnitude = word & 0x7fffffffU;
        std::uint32_t small = magnitude > detail::float_infinity ? 0x7eU : 0x7cU;
        if (magnitude < 0x47800000U)  // 2^16
            small = detail::narrow<2, 15>(magnitude);
        return {static_cast<std::uint8_t>((word >> 24U & 0x80U) | small)};
    }
};

}  // namespace xzoo
