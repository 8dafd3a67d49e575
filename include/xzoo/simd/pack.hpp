#pragma once

#include <cstddef>
#include <type_traits>

#include "xzoo/core/precision.hpp"
#include "xzoo/simd/tile.hpp"

/// Packed matrices: a weight (out, in) is cut into panels of TileShape::columns outputs; a panel
/// is stored (in, columns) and the last one is filled up with zeros. A multiplication then reads
/// its weights strictly in order.
namespace xzoo::simd {

/// Numbers that a packed (out, in) matrix needs.
template <class Arch = default_arch>
constexpr std::size_t packed_size(std::size_t out, std::size_t in) noexcept {
    constexpr std::size_t columns = TileShape<Arch>::columns;
    return (out + columns - 1) / columns * columns * in;
}

namespace detail {

template <class W>
XZOO_INLINE W narrowed(float value) noexcept {
    if constexpr (std::is_same_v<W, float>)
        return value;
    else
        return W::from(value);
}

/// Panels from a matrix whose element (output o, input i) stands at o * out_stride + i * in_stride.
template <class Arch, class W>
void pack_strided(const float* weight, std::size_t out, std::size_t in, std::size_t out_stride,
                  std::size_t in_stride, W* packed) noexcept {
    constexpr std::size_t columns = TileShape<Arch>::columns;
    for (std::size_t o = 0; o < out; o += columns) {
        const std::size_t width = out - o < columns ? out - o : columns;
        const float* from = weight + o * out_stride;
        for (std::size_t i = 0; i < in; ++i, packed += columns) {
            for (std::size_t c = 0; c < width; ++c)
                packed[c] = narrowed<W>(from[c * out_stride + i * in_stride]);
            for (std::size_t c = width; c < columns; ++c)
                packed[c] = W{};
        }
    }
}

}  // namespace detail

/// Packs a row-major (out, in) matrix, the layout of a torch Linear. W: float or a small float.
/// Shapes  packed: packed_size(out, in) numbers, best on a 64-byte boundary.
template <class Arch = default_arch, class W = float>
void pack(const float* weight, std::size_t out, std::size_t in, W* packed) noexcept {
    detail::pack_strided<Arch>(weight, out, in, in, 1, packed);
}

/// Packs a row-major (in, out) matrix, the layout of GPT-2's Conv1D.
template <class Arch = default_arch, class W = float>
void pack_transposed(const float* weight, std::size_t in, std::size_t out, W* packed) noexcept {
    detail::pack_strided<Arch>(weight, out, in, 1, out, packed);
}

/// The weights of one output, `stride` apart in `row`.
template <class Arch = default_arch, class W = float>
void unpack_row(const W* packed, std::size_t output, std::size_t in, float* row,
                std::size_t stride) noexcept {
    constexpr std::size_t columns = TileShape<Arch>::columns;
    const W* from = packed + output / columns * columns * in + output % columns;
    for (std::size_t i = 0; i < in; ++i)
        row[i * stride] = from[i * columns];
}

/// The inverse of pack, exact but for what W rounded: weight becomes the row-major (out, in) matrix
/// again.
template <class Arch = default_arch, class W = float>
void unpack(const W* packed, std::size_t out, std::size_t in, float* weight) noexcept {
    for (std::size_t o = 0; o < out; ++o)
        unpack_row<Arch>(packed, o, in, weight + o * in, 1);
}

/// The inverse of pack_transposed: weight becomes the row-major (in, out) matrix again.
template <class Arch = default_arch, class W = float>
void unpack_transposed(const W* packed, std::size_t in, std::size_t out, float* weight) noexcept {
    for (std::size_t o = 0; o < out; ++o)
        unpack_row<Arch>(packed, o, in, weight + o, out);
}

}  // namespace xzoo::simd
