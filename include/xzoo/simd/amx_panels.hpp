// Matrix products by the tile unit over the panels of DotPanel.
#pragma once

#include <cstddef>

#include "xzoo/simd/amx.hpp"
#include "xzoo/simd/dot_tile.hpp"

namespace xzoo::simd::detail {

/// Rows that the tile unit takes at a time, and how many rows behind the last one it reads.
inline constexpr std::size_t amx_rows = 32;
inline constexpr std::size_t amx_spare_rows = 15;

#if XZOO_WITH_AVX512_AMX
/// c (rows, panels * columns) = rows times panels: sums as DotPanel's kernels begin with 0.
/// Shapes  1 <= height <= amx_rows; amx_spare_rows more rows can be read and written.
template <class Arch, class D>
void multiply_by_tiles(std::size_t height, std::size_t panels, const PanelOperands& o) noexcept {
    using Panel = DotPanel<Arch, D>;
    using Tiles = AmxTiles<sizeof(typename D::Input) == 1>;
    static_assert(Panel::columns == 3 * Tiles::columns && D::vector_bytes == Tiles::bytes);
    const Tiles tiles;
    typename Tiles::Operands t{o.rows + Panel::header, o.row_stride, Panel::step_bytes,
                               Panel::steps(o.in),     o.c,          o.c_stride * sizeof(float)};
    const bool streams = o.next_line != 0;
    if (height <= Tiles::rows) {
        for (std::size_t p = 0; p < panels; ++p, t.c += Panel::columns) {
            const std::byte* panel = o.panel + p * o.panel_stride;
            // A stream goes on with the panel behind this one.
            Tiles::multiply_16x48(t, panel, streams ? panel + Panel::weight_bytes(o.in) : nullptr);
        }
        return;
    }
    const auto weights = [&](std::size_t column) {
        return o.panel + column / Panel::vectors * o.panel_stride +
               column % Panel::vectors * Tiles::bytes;
    };
    const std::size_t columns = panels * Panel::vectors;
    for (std::size_t i = 0; i + 1 < columns; i += 2, t.c += 2 * Tiles::columns)
        Tiles::template multiply_32<true>(t, weights(i), weights(i + 1));
    if (columns % 2 != 0)
        Tiles::template multiply_32<false>(t, weights(columns - 1), nullptr);
}
#endif

}  // namespace xzoo::simd::detail
