#pragma once

#include <cstddef>

#include "xzoo/simd/format.hpp"

/// Matrices (out, in) of any precision in the panels that gemm reads. The layout is that of one
/// architecture: what was packed for one is read by the same.
namespace xzoo::simd {

/// Outputs in a panel, for every precision.
template <class Arch = default_arch>
inline constexpr std::size_t panel_width = TileShape<Arch>::columns;

/// Bytes of a packed matrix, a multiple of 64.
template <class Arch, Precision P>
constexpr std::size_t packed_bytes(std::size_t out, std::size_t in) noexcept {
    const std::size_t panels = (out + panel_width<Arch> - 1) / panel_width<Arch>;
    return (panels * Format<Arch, P>::panel_bytes(in) + 63) / 64 * 64;
}

/// Packs the outputs [first, first + count) of a matrix; the others are left alone, so that a
/// matrix can be packed piece by piece and by many threads.
/// Shapes  weight: (count, in), element (o, i) at o * out_stride + i * in_stride: strides (in, 1)
///         for a torch Linear, (1, out) for a Conv1D; packed: the whole matrix, packed_bytes on a
///         64-byte boundary. first: a multiple of panel_width. count: a multiple, too, but for the
///         last outputs of the matrix.
template <class Arch, Precision P>
void pack_rows(const float* weight, std::size_t first, std::size_t count, std::size_t in,
               std::size_t out_stride, std::size_t in_stride, void* packed) noexcept {
    using F = Format<Arch, P>;
    static_assert(F::columns == panel_width<Arch>);
    std::byte* panel = static_cast<std::byte*>(packed) + first / F::columns * F::panel_bytes(in);
    for (std::size_t o = 0; o < count; o += F::columns, panel += F::panel_bytes(in)) {
        const std::size_t outputs = count - o < F::columns ? count - o : F::columns;
        F::pack_panel(WeightsView{weight + o * out_stride, outputs, in, out_stride, in_stride},
                      panel);
    }
}

/// The weights of one output as the floats that they stand for, `stride` apart in `row`.
template <class Arch, Precision P>
void unpack_row(const void* packed, std::size_t in, std::size_t output, float* row,
                std::size_t stride) noexcept {
    using F = Format<Arch, P>;
    F::unpack(static_cast<const std::byte*>(packed) + output / F::columns * F::panel_bytes(in),
              output % F::columns, in, row, stride);
}

}  // namespace xzoo::simd
