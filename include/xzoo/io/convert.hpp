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

/// Converts `count` of a tensor's values, from `begin` on, to float32, in the order of the file.
/// The bytes may have any alignment. float64 is rounded to nearest. Errors  none; the dtype must be
/// one of which converts_to_float() is true.
inline void copy_to_float(const TensorView& view, std::size_t begin, std::size_t count,
                          float* out) noexcept {
    const std::byte* const bytes = view.bytes.data() + begin * (info(view.dtype).bits / 8);
    switch (view.dtype) {
        case Dtype::f32:
            if (count > 0)
                std::memcpy(out, bytes, count * sizeof(float));
            return;
        case Dtype::f16:
            return detail::convert_elements<Float16>(
                bytes, count, out, [](Float16 value) { return static_cast<float>(value); });
        case Dtype::bf16:
            return detail::convert_elements<BFloat16>(
                bytes, count, out, [](BFloat16 value) { return static_cast<float>(value); });
        case Dtype::f64:
            return detail::convert_elements<double>(
                bytes, count, out, [](double value) { return static_cast<float>(value); });
        default:
            assert(false && "a dtype that does not convert to float32");
    }
}

/// The same with all values.
inline void copy_to_float(const TensorView& view, float* out) noexcept {
    copy_to_float(view, 0, view.elements(), out);
}

}  // namespace xzoo::io
