#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "xzoo/core/dtype.hpp"

namespace xzoo {

/// How the numbers of a parameter are kept in memory.
enum class Precision : std::uint8_t { f32, bf16 };

/// "f32"
constexpr const char* name(Precision precision) noexcept {
    constexpr std::array<const char*, 2> names{"f32", "bf16"};
    return names[static_cast<std::size_t>(precision)];
}

/// The element type of a precision in files.
constexpr Dtype dtype_of(Precision precision) noexcept {
    return precision == Precision::bf16 ? Dtype::bf16 : Dtype::f32;
}

/// bfloat16: the upper half of a float32.
struct BFloat16 {
    std::uint16_t bits;

    constexpr operator float() const noexcept {
        return std::bit_cast<float>(std::uint32_t{bits} << 16U);
    }
    /// The nearest bfloat16, ties to even; NaN stays NaN.
    static constexpr BFloat16 from(float value) noexcept {
        const auto word = std::bit_cast<std::uint32_t>(value);
        if ((word & 0x7fffffffU) > 0x7f800000U)
            return {static_cast<std::uint16_t>((word >> 16U) | 0x40U)};
        return {static_cast<std::uint16_t>((word + 0x7fffU + ((word >> 16U) & 1U)) >> 16U)};
    }
};

namespace detail {
template <Precision P>
struct ElementOf {
    using type = float;
};
template <>
struct ElementOf<Precision::bf16> {
    using type = BFloat16;
};
}  // namespace detail

/// The type of one number of a precision.
template <Precision P>
using Element = typename detail::ElementOf<P>::type;

/// Bytes that n numbers of a precision take.
constexpr std::size_t bytes_of(Precision precision, std::size_t n) noexcept {
    return n * (precision == Precision::bf16 ? sizeof(BFloat16) : sizeof(float));
}

}  // namespace xzoo
