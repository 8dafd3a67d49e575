#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "xzoo/core/dtype.hpp"
#include "xzoo/core/precision.hpp"

namespace xzoo::io {

/// The nearest IEEE half, ties to even; beyond 65504 infinity, NaN stays NaN.
/// Source  Giesen, "float to half"; subnormal halves are rounded by an addition in float32.
inline std::uint16_t float_to_half(float value) noexcept {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = (bits >> 16U) & 0x8000U;
    const std::uint32_t magnitude = bits & 0x7fffffffU;
    constexpr std::uint32_t too_large = 0x47800000U;        // 2^16
    constexpr std::uint32_t smallest_normal = 0x38800000U;  // 2^-14
    std::uint32_t half = 0;
    if (magnitude > 0x7f800000U) {
        half = 0x7e00U;
    } else if (magnitude >= too_large) {
        half = 0x7c00U;
    } else if (magnitude < smallest_normal) {
        constexpr float shift = 0.5F;  // its last bit is that of the smallest half
        half = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + shift) -
               std::bit_cast<std::uint32_t>(shift);
    } else {
        const std::uint32_t odd = (magnitude >> 13U) & 1U;
        half = (magnitude - ((127U - 15U) << 23U) + 0xfffU + odd) >> 13U;
    }
    return static_cast<std::uint16_t>(sign | half);
}

/// True for the types that models can be saved in.
constexpr bool can_be_written(Dtype dtype) noexcept {
    return dtype == Dtype::f32 || dtype == Dtype::bf16 || dtype == Dtype::f16;
}

/// Writes float32 values as `dtype`, rounded to nearest.
/// Shapes  bytes: values.size() elements of dtype, at any address.
/// Errors  none; can_be_written(dtype) must be true.
inline void copy_from_float(std::span<const float> values, Dtype dtype,
                            std::span<std::byte> bytes) noexcept {
    assert(can_be_written(dtype) && bytes.size() == values.size() * info(dtype).bits / 8);
    if (dtype == Dtype::f32) {
        if (!values.empty())
            std::memcpy(bytes.data(), values.data(), bytes.size());
        return;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::uint16_t narrow =
            dtype == Dtype::bf16 ? BFloat16::from(values[i]).bits : float_to_half(values[i]);
        std::memcpy(bytes.data() + i * sizeof(narrow), &narrow, sizeof(narrow));
    }
}

}  // namespace xzoo::io
