#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "xzoo/core/dtype.hpp"
#include "xzoo/core/precision.hpp"
#include "xzoo/io/tensor_view.hpp"

namespace xzoo::io {

static_assert(std::endian::native == std::endian::little,
              "xzoo: tensors in files are little-endian, and so must be the machine");

/// The value of an IEEE half: exact, infinities and NaN included. Free of branches, so that loops
/// over it are vectorised.
/// Source  Giesen, "half to float done quic" (the multiplication by 2^112 adjusts the exponent;
///         subnormal numbers come from a subtraction in float32).
inline float half_to_float(std::uint16_t half) noexcept {
    const std::uint32_t magnitude = (half & 0x7fffU) << 13U;
    const std::uint32_t sign = (half & 0x8000U) << 16U;
    constexpr std::uint32_t exponent_of_inf = 0x7c00U << 13U;
    constexpr std::uint32_t rebias = (127U - 15U) << 23U;
    const std::uint32_t normal = magnitude + (magnitude >= exponent_of_inf ? 2 * rebias : rebias);
    const float offset = std::bit_cast<float>(magnitude + (rebias + (1U << 23U)));
    const auto subnormal =
        std::bit_cast<std::uint32_t>(offset - std::bit_cast<float>(rebias + (1U << 23U)));
    const std::uint32_t bits = magnitude < (1U << 23U) ? subnormal : normal;
    return std::bit_cast<float>(sign | bits);
}

namespace detail {

/// out[i] = convert(element i), for elements at any address.
template <class Element, class Convert>
void convert_elements(const std::byte* bytes, std::size_t n, float* out, Convert convert) noexcept {
    for (std::size_t i = 0; i < n; ++i) {
        Element element;
        std::memcpy(&element, bytes + i * sizeof(Element), sizeof(Element));
        out[i] = convert(element);
    }
}

}  // namespace detail

/// Converts a tensor's values to float32, row-major as in the file. The bytes may have any
/// alignment. float64 is rounded to nearest.
/// Shapes  out: view.elements().
/// Errors  none; the dtype must be one of which converts_to_float() is true.
inline void copy_to_float(const TensorView& view, float* out) noexcept {
    const std::byte* const bytes = view.bytes.data();
    const std::size_t n = view.elements();
    switch (view.dtype) {
        case Dtype::f32:
            if (n > 0)
                std::memcpy(out, bytes, n * sizeof(float));
            return;
        case Dtype::f16:
            return detail::convert_elements<std::uint16_t>(bytes, n, out, half_to_float);
        case Dtype::bf16:
            return detail::convert_elements<BFloat16>(
                bytes, n, out, [](BFloat16 value) { return static_cast<float>(value); });
        case Dtype::f64:
            return detail::convert_elements<double>(
                bytes, n, out, [](double value) { return static_cast<float>(value); });
        default:
            assert(false && "a dtype that does not convert to float32");
    }
}

}  // namespace xzoo::io
