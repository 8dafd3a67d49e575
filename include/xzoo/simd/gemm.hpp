#pragma once

#include <array>
#include <cstddef>

#include "xzoo/core/activation.hpp"
#include "xzoo/simd/activations.hpp"
#include "xzoo/simd/pack.hpp"
#include "xzoo/simd/parallel.hpp"
#include "xzoo/simd/tile.hpp"

namespace xzoo::simd {

/// What happens to a product before it is written: act(scale * product + bias) + residual.
struct Epilogue {
    const float* bias = nullptr;                   ///< (out,) or none
    Activation activation = Activation::identity;  ///< applied after the bias
    const float* residual = nullptr;               ///< (rows, out) or none, added last
    std::size_t residual_stride = 0;               ///< floats between rows of residual
    float scale = 1.0F;                            ///< applied to the product before the bias
};

namespace detail {

/// How a (rows, in) x (in, out) product is cut: blocks of weights that stay in the second-level
/// cache while all rows pass, and runs over `in` short enough for a tile's rows to stay in the
/// first.
template <class Arch>
struct GemmBlocks {
    static constexpr std::size_t columns = TileShape<Arch>::columns;
    static constexpr std::size_t most_panels = 256 / columns == 0 ? 1 : 256 / columns;
    static constexpr std::size_t l2_floats = 96 * 1024;  // 384 KiB of weights
    static constexpr std::size_t l1_depth = 768;

    GemmBlocks(std::size_t out, std::size_t in) noexcept
        : panels((out + columns - 1) / columns), depth(in), width(l2_floats / (in * columns)) {
        const std::size_t runs = (in + l1_depth - 1) / l1_depth;
        depth = (in + runs - 1) / runs;
        width = width < 1 ? 1 : width > most_panels ? most_panels : width;
        count = (panels + width - 1) / width;
    }

    std::size_t panels;  ///< of the whole matrix
    std::size_t depth;   ///< inputs in a run
    std::size_t width;   ///< panels in a block
    std::size_t count;   ///< blocks
};

/// y = act(scale * c + bias) + residual for one row of n outputs; c is scratch afterwards.
template <class Arch>
XZOO_INLINE void finish_row(float* c, std::size_t n, const float* bias, const float* residual,
                            float* y, const Epilogue& epilogue) noexcept {
    const Vec<Arch> scale(epilogue.scale);
    for_each_vec<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
        const Vec<Arch> b = bias == nullptr ? Vec<Arch>(0.0F) : load<Arch>(bias + i, tail);
        store<Arch>(c + i, fma<Arch>(load<Arch>(c + i), scale, b));
    });
    activate<Arch>(c, n, epilogue.activation);
    for_each_vec<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
        Vec<Arch> v = load<Arch>(c + i);
        if (residual != nullptr)
            v = v + load<Arch>(residual + i, tail);
        store<Arch>(y + i, v, tail);
    });
}

/// The problem of one gemm call; its methods compute independent pieces of it.
template <class Arch, class W>
struct GemmJob {
    static constexpr std::size_t columns = TileShape<Arch>::columns;

    const float* a;
    std::size_t rows;
    std::size_t a_stride;
    const W* packed;
    std::size_t out;
    std::size_t in;
    float* y;
    std::size_t y_stride;
    const Epilogue& epilogue;
    GemmBlocks<Arch> blocks;

    /// Where the tile that starts at `row` begins to fetch weights of the following block. Each of
    /// `rows` rows fetches its share; the last block fetches itself, which costs nothing.
    const W* next_block(std::size_t row, std::size_t panel) const noexcept {
        const std::size_t from = panel < blocks.panels ? panel : 0;
        return packed + from * in * columns + row * (blocks.width * in * columns / rows);
    }

    /// Rows [row, row + height) of the outputs of one block of panels.
    void tile_times_block(std::size_t row, std::size_t height, std::size_t block) const noexcept {
        constexpr std::size_t stride = GemmBlocks<Arch>::most_panels * columns;
        alignas(64) std::array<float, TileShape<Arch>::rows * stride> c;
        const std::size_t first = block * blocks.width;
        const std::size_t last =
            first + blocks.width < blocks.panels ? first + blocks.width : blocks.panels;
        const W* next = next_block(row, last);
        for (std::size_t k = 0; k < in; k += blocks.depth) {
            const std::size_t depth = in - k < blocks.depth ? in - k : blocks.depth;
            multiply_tile<Arch>(height, last - first,
                                TileOperands<W>{a + row * a_stride + k, a_stride,
                                                packed + (first * in + k) * columns, in * columns,
                                                depth, c.data(), stride, k > 0, next});
            next += (last - first) * depth;
        }
        const std::size_t begin = first * columns;
        const std::size_t end = last * columns < out ? last * columns : out;
        for (std::size_t r = 0; r < height; ++r) {
            finish_row<Arch>(c.data() + r * stride, end - begin,
                             epilogue.bias == nullptr ? nullptr : epilogue.bias + begin,
                             epilogue.residual == nullptr
                                 ? nullptr
                                 : epilogue.residual + (row + r) * epilogue.residual_stride + begin,
                             y + (row + r) * y_stride + begin, epilogue);
        }
    }
};

}  // namespace detail

/// y = act(scale * a W^T + bias) + residual, with W packed by pack or pack_transposed, as float or
/// BFloat16.
/// Shapes  a: (rows, in), y: (rows, out), W: (out, in); residual may be y itself, a may not.
///         in >= 1; out and rows may be anything, nothing outside the arrays is touched.
/// Result  every element is one sum over `in` in order: equal bits for any number of threads and
///         any number of rows.
template <class Arch = default_arch, class W = float>
void gemm(const float* a, std::size_t rows, std::size_t a_stride, const W* packed, std::size_t out,
          std::size_t in, float* y, std::size_t y_stride, const Epilogue& epilogue,
          int threads) noexcept {
    if (rows == 0 || out == 0)
        return;
    const detail::GemmJob<Arch, W> job{
        a,  rows, a_stride, packed,   out,
        in, y,    y_stride, epilogue, detail::GemmBlocks<Arch>(out, in)};
    const RowTiles<Arch> tiles(rows);
    // A task is a block of weights and a chunk of rows: large enough to use what it loads, small
    // enough that the threads finish together.
    const std::size_t chunk = 16;
    const std::size_t chunks = (tiles.count + chunk - 1) / chunk;
    parallel_ranges<Arch>(
        job.blocks.count * chunks, useful_threads(threads, rows * out * in),
        [&](std::size_t begin, std::size_t end, std::size_t) {
            for (std::size_t task = begin; task < end; ++task) {
                const std::size_t first = task % chunks * chunk;
                const std::size_t last = first + chunk < tiles.count ? first + chunk : tiles.count;
                for (std::size_t tile = first; tile < last; ++tile)
                    job.tile_times_block(tiles.begin(tile), tiles.height(tile), task / chunks);
            }
        });
}

}  // namespace xzoo::simd
