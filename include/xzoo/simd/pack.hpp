#pragma once

#include <cstddef>
#include <type_traits>

#include "xzoo/core/precision.hpp"
#include "xzoo/simd/tile.hpp"

/// Panels of one element type: a weight (out, in) is cut into panels of TileShape::columns outputs;
/// a panel is stored (in, columns) and the last one is filled up with zeros. A multiplication then
/// reads its weights strictly in order. packed.hpp has the panels of every precision.
namespace xzoo::simd {

/// Numbers that a packed (out, in) matrix of one element type needs.
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

/// The weights of one output of such panels, `stride` apart in `row`.
template <class Arch, class W>
void unpack_strided(const W* packed, std::size_t output, std::size_t in, float* row,
                    std::size_t stride) noexcept {
    constexpr std::size_t columns = TileShape<Arch>::columns;
    const W* from = packed + output / columns * columns * in + output % columns;
    for (std::size_t i = 0; i < in; ++i)
        row[i * stride] = from[i * columns];
}

}  // namespace detail

}  // namespace xzoo::simd
