#pragma once

#include <cstddef>

#include "xzoo/core/dtype.hpp"

namespace xzoo::simd {

/// Keys or values of one layer, as kernels see them: row of token t of kv head h of sequence s at
/// s * sequence_stride + h * head_stride + (t % ring) * head_dim elements.
struct CacheRows {
    std::byte* data = nullptr;
    float* scales = nullptr;  // of i8: one a row, at the row's number; null otherwise
    Dtype dtype = Dtype::f32;
    std::size_t head_dim = 0;
    std::size_t ring = 0;             // rows that a head has
    std::size_t head_stride = 0;      // elements
    std::size_t sequence_stride = 0;  // elements

    /// Number of a row, counted from the beginning of data.
    constexpr std::size_t row(std::size_t sequence, std::size_t head, std::size_t token) const {
        return (sequence * sequence_stride + head * head_stride) / head_dim + token % ring;
    }
};

}  // namespace xzoo::simd
