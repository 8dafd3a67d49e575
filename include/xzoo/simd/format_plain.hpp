#pragma once

#include <cstddef>
#include <string>

#include "xzoo/simd/gemm_job.hpp"
#include "xzoo/simd/narrow.hpp"
#include "xzoo/simd/pack.hpp"
#include "xzoo/simd/weight_block.hpp"

namespace xzoo::simd {

/// Weights of one element type that are widened to float on their way, inputs as they come.
/// Panel   (in, columns) of W, see pack.hpp.
template <class Arch, class W>
struct PlainFormat {
    static constexpr std::size_t columns = TileShape<Arch>::columns;
    static constexpr std::size_t rows = TileShape<Arch>::rows;
    /// Inputs in a run: a tile's rows stay in the first-level cache from panel to panel.
    static constexpr std::size_t l1_depth = 768;

    static constexpr std::size_t panel_bytes(std::size_t in) noexcept {
        return in * columns * sizeof(W);
    }
    /// Names what pack_panel writes: equal names, equal bytes.
    static std::string layout() { return "panels of " + std::to_string(columns); }
    static constexpr std::size_t at_once(std::size_t height) noexcept {
        return panels_at_once<Arch>(height);
    }

    static constexpr std::size_t row_bytes(std::size_t) noexcept { return 0; }
    static constexpr std::size_t spare_rows(std::size_t) noexcept { return 0; }
    static void prepare(const float*, std::size_t, std::byte*) noexcept {}
    static constexpr float row_scale(const std::byte*) noexcept { return 1.0F; }

    static void multiply(std::size_t height, std::size_t panels, const PanelOperands& o) noexcept {
        const void* a = o.rows;
        const void* panel = o.panel;
        const void* next = o.next;
        TileOperands<W> t{static_cast<const float*>(a),
                          o.row_stride / sizeof(float),
                          static_cast<const W*>(panel),
                          o.panel_stride / sizeof(W),
                          0,
                          o.c,
                          o.c_stride,
                          false,
                          static_cast<const W*>(next),
                          4};
        const std::size_t runs = (o.in + l1_depth - 1) / l1_depth;
        const std::size_t most = (o.in + runs - 1) / runs;
        for (std::size_t k = 0; k < o.in; k += t.depth) {
            t.depth = o.in - k < most ? o.in - k : most;
            t.accumulate = k > 0;
            multiply_tile<Arch>(height, panels, t);
            t.a += t.depth;
            t.panel += t.depth * columns;
            t.next += panels * t.depth * t.next_lines;
        }
    }

    static void pack_panel(const WeightsView& w, std::byte* panel) noexcept {
        void* to = panel;
        detail::pack_strided<Arch>(w.data, w.outputs, w.in, w.out_stride, w.in_stride,
                                   static_cast<W*>(to));
    }
    static void unpack(const std::byte* panel, std::size_t column, std::size_t in, float* row,
                       std::size_t stride) noexcept {
        const void* from = panel;
        detail::unpack_strided<Arch>(static_cast<const W*>(from), column, in, row, stride);
    }
};

}  // namespace xzoo::simd
