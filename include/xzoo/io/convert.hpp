#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "xzoo/core/dtype.hpp"
#include "xzoo/core/small_float.hpp"
#include "xzoo/io/tensor_view.hpp"

namespace xzoo::io {

static_assert(std::endian::native == std::endian::little,
              "xzoo: tensors in files are little-endian, and so must be the machine");

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
            return detail::convert_elements<Float16>(
                bytes, n, out, [](Float16 value) { return static_cast<float>(value); });
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
