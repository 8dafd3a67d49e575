#pragma once

#include <cstddef>

#include "xzoo/simd/tile.hpp"

/// Packed matrices: a weight (out, in) is cut into panels of TileShape::columns outputs; a panel
/// is stored (in, columns) and the last one is filled up with zeros. A multiplication then reads
/// its weights strictly in order.
namespace xzoo::simd {

/// Floats that a packed (out, in) matrix needs.
template <class Arch = default_arch>
constexpr std::size_t packed_size(std::size_t out, std::size_t in) noexcept {
    constexpr std::size_t columns = TileShape<Arch>::columns;
    return (out + columns - 1) / columns * columns * in;
}

namespace detail {

/// Panels from a matrix whose element (output o, input i) stands at o * out_stride + i * in_stride.
template <class Arch>
void pack_strided(const float* weight, std::size_t out, std::size_t in, std::size_t out_stride,
                  std::size_t in_stride, float* packed) noexcept {
    constexpr std::size_t columns = TileShape<Arch>::columns;
    for (std::size_t o = 0; o < out; o += columns) {
        const std::size_t width = out - o < columns ? out - o : columns;
        const float* from = weight + o * out_stride;
        for (std::size_t i = 0; i < in; ++i, packed += columns) {
            for (std::size_t c = 0; c < width; ++c)
                packed[c] = from[c * out_stride + i * in_stride];
            for (std::size_t c = width; c < columns; ++c)
                packed[c] = 0.0F;
        }
    }
}

}  // namespace detail

/// Packs a row-major (out, in) matrix, the layout of a torch Linear.
/// Shapes  packed: packed_size(out, in) floats, best on a 64-byte boundary.
template <class Arch = default_arch>
void pack(const float* weight, std::size_t out, std::size_t in, float* packed) noexcept {
    detail::pack_strided<Arch>(weight, out, in, in, 1, packed);
}

/// Packs a row-major (in, out) matrix, the layout of GPT-2's Conv1D.
template <class Arch = default_arch>
void pack_transposed(const float* weight, std::size_t in, std::size_t out, float* packed) noexcept {
    detail::pack_strided<Arch>(weight, out, in, 1, out, packed);
}

/// The exact inverse of pack: weight becomes the row-major (out, in) matrix again.
template <class Arch = default_arch>
void unpack(const float* packed, std::size_t out, std::size_t in, float* weight) noexcept {
    constexpr std::size_t columns = TileShape<Arch>::columns;
    for (std::size_t o = 0; o < out; ++o) {
        const float* from = packed + o / columns * columns * in + o % columns;
        for (std::size_t i = 0; i < in; ++i)
            weight[o * in + i] = from[i * columns];
    }
}

}  // namespace xzoo::simd
