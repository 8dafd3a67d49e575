#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "xzoo/core/dtype.hpp"
#include "xzoo/core/precision.hpp"

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

/// Calls use(numbers, scale) with row `row` as what it is: `scale` times an array of float,
/// BFloat16 or std::int8_t.
template <class Use>
inline decltype(auto) with_row(const CacheRows& rows, std::size_t row, Use&& use) {
    const std::size_t first = row * rows.head_dim;
    if (rows.dtype == Dtype::f32)
        return use(reinterpret_cast<float*>(rows.data) + first, 1.0F);
    if (rows.dtype == Dtype::bf16)
        return use(reinterpret_cast<BFloat16*>(rows.data) + first, 1.0F);
    return use(reinterpret_cast<std::int8_t*>(rows.data) + first, rows.scales[row]);
}

/// Calls use(d, value) for the head_dim numbers of a token's row.
template <class Use>
inline void for_each_number(const CacheRows& rows, std::size_t sequence, std::size_t head,
                            std::size_t token, Use&& use) {
    with_row(rows, rows.row(sequence, head, token), [&](const auto* numbers, float scale) {
        for (std::size_t d = 0; d < rows.head_dim; ++d)
            use(d, scale * static_cast<float>(numbers[d]));
    });
}

/// Writes head_dim floats as a token's row; int8 takes the scale that its largest number asks for.
inline void store_row(const CacheRows& rows, std::size_t sequence, std::size_t head,
                      std::size_t token, const float* values) noexcept {
    const std::size_t row = rows.row(sequence, head, token);
    if (rows.dtype == Dtype::i8) {
        float most = 0.0F;
        for (std::size_t d = 0; d < rows.head_dim; ++d)
            most = std::fmax(most, std::fabs(values[d]));
        rows.scales[row] = most / 127.0F;
    }
    with_row(rows, row, [&]<class T>(T* numbers, float scale) {
        const float inverse = scale > 0.0F ? 1.0F / scale : 0.0F;
        for (std::size_t d = 0; d < rows.head_dim; ++d) {
            if constexpr (std::is_same_v<T, BFloat16>)
                numbers[d] = BFloat16::from(values[d]);
            else if constexpr (std::is_same_v<T, std::int8_t>)
                numbers[d] = static_cast<std::int8_t>(std::lrintf(values[d] * inverse));
            else
                numbers[d] = values[d];
        }
    });
}

}  // namespace xzoo::simd
