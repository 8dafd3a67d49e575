#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "xzoo/simd/narrow.hpp"
#include "xzoo/simd/vec.hpp"

namespace xzoo::simd {

/// Size of the register tile: `rows` x `columns` accumulators, with room left for a row of the
/// panel and one broadcast. Enough independent sums to hide the latency of fused multiply-add.
template <class Arch>
struct TileShape {
    static constexpr std::size_t rows = is_avx512<Arch> ? 8 : is_avx<Arch> ? 6 : 4;
    static constexpr std::size_t vectors = is_avx512<Arch> ? 3 : 2;
    static constexpr std::size_t columns = vectors * lanes<Arch>;
};

/// Panels that one call of the tile kernel takes side by side for a given height: few rows alone
/// would not give enough independent sums, and one stream of weights would not fill the memory bus.
template <class Arch>
constexpr std::size_t panels_at_once(std::size_t rows) noexcept {
    return TileShape<Arch>::rows / rows;
}

/// Where a tile kernel finds its operands; strides in numbers. W: float or BFloat16.
template <class W = float>
struct TileOperands {
    const float* a;            ///< (rows, depth)
    std::size_t a_stride;      ///< between rows of a
    const W* panel;            ///< (depth, columns), contiguous
    std::size_t panel_stride;  ///< between panels that are taken side by side
    std::size_t depth;
    float* c;  ///< (rows, panels * columns)
    std::size_t c_stride;
    bool accumulate;  ///< c += instead of c =
    const W* next;    ///< fetched into the second-level cache meanwhile
    /// How many lines are fetched for a line of each row of a: 1, or up to 4.
    std::size_t next_lines = 1;
};

namespace detail {

/// c = or += a times `Panels` panels side by side.
/// Every sum runs over depth in order, so a result depends neither on Rows nor on Panels.
template <class Arch, std::size_t Rows, std::size_t Panels, class W>
void tile(const TileOperands<W>& o) noexcept {
    constexpr std::size_t vectors = TileShape<Arch>::vectors;
    constexpr std::size_t width = vectors * Panels;
    constexpr std::size_t run = 16 / sizeof(W);  // steps from fetch to fetch, a quarter of a line
    const auto [a_begin, a_stride, first, panel_stride, depth, c, c_stride, accumulate, fetch,
                next_lines] = o;
    Vec<Arch> sum[Rows][width];
    XZOO_UNROLL
    for (std::size_t i = 0; i < Rows * width; ++i) {
        const float* from = c + i / width * c_stride + i % width * lanes<Arch>;
        sum[i / width][i % width] = accumulate ? load<Arch>(from) : Vec<Arch>(0.0F);
    }
    const float* a = a_begin;
    const W* panel = first;
    const W* next = fetch;
    for (std::size_t left = depth; left > 0; next += next_lines * run) {
        __builtin_prefetch(next, 0, 2);
        const std::size_t steps = left < run ? left : run;
        left -= steps;
        for (const float* end = a + steps; a < end; ++a, panel += TileShape<Arch>::columns) {
            XZOO_UNROLL
            for (std::size_t p = 0; p < Panels; ++p) {
                Vec<Arch> b[vectors];
                XZOO_UNROLL
                for (std::size_t v = 0; v < vectors; ++v)
                    b[v] = load<Arch>(panel + p * panel_stride + v * lanes<Arch>);
                XZOO_UNROLL
                for (std::size_t i = 0; i < Rows * vectors; ++i) {
                    Vec<Arch>& s = sum[i / vectors][p * vectors + i % vectors];
                    s = fma<Arch>(Vec<Arch>(a[i / vectors * a_stride]), b[i % vectors], s);
                }
            }
        }
    }
    XZOO_UNROLL
    for (std::size_t i = 0; i < Rows * width; ++i)
        store<Arch>(c + i / width * c_stride + i % width * lanes<Arch>, sum[i / width][i % width]);
}

template <class W>
using TileKernel = void (*)(const TileOperands<W>&) noexcept;

/// Kernels by height - 1, for one panel and for panels_at_once.
template <class Arch, class W>
struct TileKernels {
    template <bool Wide, std::size_t... R>
    static constexpr auto make(std::index_sequence<R...>) noexcept {
        return std::array<TileKernel<W>, sizeof...(R)>{
            &tile<Arch, R + 1, (Wide ? panels_at_once<Arch>(R + 1) : 1), W>...};
    }
    static constexpr auto heights = std::make_index_sequence<TileShape<Arch>::rows>{};
    static constexpr auto narrow = make<false>(heights);
    static constexpr auto wide = make<true>(heights);
};

}  // namespace detail

/// c (rows, panels * columns) = or += a (rows, depth) times `panels` panels that stand panel_stride
/// apart; `next` moves on with every panel.
/// Shapes  1 <= rows <= TileShape::rows.
template <class Arch, class W>
XZOO_INLINE void multiply_tile(std::size_t rows, std::size_t panels, TileOperands<W> o) noexcept {
    const std::size_t step = panels_at_once<Arch>(rows);
    while (panels > 0) {
        const std::size_t taken = panels < step ? 1 : step;
        const auto& kernels = panels < step ? detail::TileKernels<Arch, W>::narrow
                                            : detail::TileKernels<Arch, W>::wide;
        kernels[rows - 1](o);
        panels -= taken;
        o.panel += taken * o.panel_stride;
        o.c += taken * TileShape<Arch>::columns;
        o.next += o.depth * o.next_lines;
    }
}

/// Splits `rows` into as few tiles of at most `most` rows as there can be, whose heights differ by
/// one at most: a thin last tile would leave the multipliers waiting for their own results.
template <class Arch>
struct RowTiles {
    explicit RowTiles(std::size_t rows, std::size_t most = TileShape<Arch>::rows) noexcept
        : count((rows + most - 1) / most),
          low(count == 0 ? 0 : rows / count),
          taller(count == 0 ? 0 : rows % count) {}
    std::size_t begin(std::size_t tile) const noexcept {
        return tile * low + (tile < taller ? tile : taller);
    }
    std::size_t height(std::size_t tile) const noexcept { return low + (tile < taller ? 1 : 0); }

    std::size_t count;   ///< tiles
    std::size_t low;     ///< rows of the lower tiles
    std::size_t taller;  ///< how many tiles, the first ones, have a row more
};

}  // namespace xzoo::simd
