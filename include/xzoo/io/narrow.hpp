#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "xzoo/core/dtype.hpp"
#include "xzoo/core/small_float.hpp"

namespace xzoo::io {

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
            dtype == Dtype::bf16 ? BFloat16::from(values[i]).bits : Float16::from(values[i]).bits;
        std::memcpy(bytes.data() + i * sizeof(narrow), &narrow, sizeof(narrow));
    }
}

}  // namespace xzoo::io
