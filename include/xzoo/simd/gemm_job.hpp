#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <utility>

#include "xzoo/simd/epilogue.hpp"
#include "xzoo/simd/parallel.hpp"
#include "xzoo/simd/tile.hpp"

/// How every matrix product is cut into pieces, whatever its numbers look like. A format F says
/// how the weights of one architecture and precision lie in memory and multiplies with them:
///   columns, rows            outputs in a panel, most rows of a tile
///   panel_bytes(in)          of one panel
///   layout()                 names what stands in a panel: equal names, equal bytes
///   row_bytes(in)            of a row of inputs as `prepare` leaves it; 0: floats as they come
///   prepare(a, in, row)      brings a row of inputs into that form
///   spare_rows(rows)         rows of zeros that follow the prepared ones
///   row_scale(row)           belongs to the sums of a row
///   at_once(rows)            panels that a call of `multiply` takes side by side at that height
///   multiply(rows, panels, PanelOperands)
/// and may have a class Tall that takes from_rows rows or more, `rows` of them at a time and one
/// panel, in its own way:
///   prepare(a, in, row)      as long as row_bytes(in)
///   multiply(rows, PanelOperands)
namespace xzoo::simd {

/// What F::multiply works on; strides in bytes, but c's in floats.
struct PanelOperands {
    const std::byte* rows;  ///< prepared rows of inputs
    std::size_t row_stride;
    const std::byte* panel;  ///< the first panel
    std::size_t panel_stride;
    std::size_t in;
    float* c;  ///< (rows, panels * columns), overwritten
    std::size_t c_stride;
    /// What is fetched into the second-level cache meanwhile.
    const std::byte* next;
    /// From one line that a step of weights fetches to the next one. 64: as many bytes as it uses,
    /// one after the other. More: the same from several places at a time. 0: just one line, as
    /// many rows take turns.
    std::size_t next_line;

    /// Without the first `count` rows.
    PanelOperands after_rows(std::size_t count) const noexcept {
        PanelOperands rest = *this;
        rest.rows += count * row_stride;
        rest.c += count * c_stride;
        return rest;
    }

    /// Fetches what belongs to a step of `Bytes` bytes of weights.
    template <std::size_t Bytes>
    static XZOO_INLINE void fetch(const std::byte* at, std::size_t line_bytes) noexcept {
        __builtin_prefetch(at, 0, 2);
        // Kept out of the loop's straight path: within it, many rows are 4 % slower.
        if (Bytes > 64 && line_bytes != 0) [[unlikely]] {
            XZOO_UNROLL
            for (std::size_t line = 1; line * 64 < Bytes; ++line)
                __builtin_prefetch(at + line * line_bytes, 0, 2);
        }
    }
    /// How far the fetching moves on with such a step.
    template <std::size_t Bytes>
    XZOO_INLINE std::size_t fetch_step() const noexcept {
        return next_line == 64 ? Bytes : 64;
    }
};

namespace detail {

/// Whether a format has other products for many rows.
template <class F>
inline constexpr bool has_tall = requires {
    F::Tall::from_rows;
};

/// Brings one of `rows` rows of inputs into the form that the product of that many takes.
template <class F>
XZOO_INLINE void prepare(std::size_t rows, const float* a, std::size_t in,
                         std::byte* row) noexcept {
    if constexpr (has_tall<F>)
        if (rows >= F::Tall::from_rows)
            return F::Tall::prepare(a, in, row);
    F::prepare(a, in, row);
}

/// Blocks of weights that stay in the second-level cache while all rows pass.
template <class F>
struct GemmBlocks {
    static constexpr std::size_t most_panels = 256 / F::columns == 0 ? 1 : 256 / F::columns;
    static constexpr std::size_t l2_bytes = std::size_t{384} * 1024;

    GemmBlocks(std::size_t panels, std::size_t in) noexcept : width(l2_bytes / F::panel_bytes(in)) {
        width = width < 1 ? 1 : width > most_panels ? most_panels : width;
        count = (panels + width - 1) / width;
        width = (panels + count - 1) / count;  // all about equal, for the threads' sake
        count = (panels + width - 1) / width;
    }

    std::size_t width;  ///< panels in a block
    std::size_t count;  ///< blocks
};

/// The problem of one product; its methods compute independent pieces of it.
template <class Arch, class F>
struct GemmJob {
    /// How far weights that come from memory are fetched ahead.
    static constexpr std::size_t ahead = 2048;
    static constexpr std::size_t most_panels = GemmBlocks<F>::most_panels;
    static constexpr std::size_t sums =
        F::columns *
        (F::rows * most_panels > F::at_once(1) ? F::rows * most_panels : F::at_once(1));

    const std::byte* prepared;  ///< rows
    std::size_t row_stride;     ///< bytes
    std::size_t rows;
    const std::byte* packed;
    std::size_t out;
    std::size_t in;
    float* y;
    std::size_t y_stride;
    const Epilogue& epilogue;

    std::size_t panels() const noexcept { return (out + F::columns - 1) / F::columns; }

    /// Writes the outputs that `count` panels from `first` on have given for some rows.
    __attribute__((noinline)) void finish(float* c, std::size_t stride, std::size_t row,
                                          std::size_t height, std::size_t first,
                                          std::size_t count) const noexcept {
        const std::size_t begin = first * F::columns;
        const std::size_t end = (first + count) * F::columns;
        for (std::size_t r = row; r < row + height; ++r, c += stride)
            finish_row<Arch>(c, (end < out ? end : out) - begin, r, begin,
                             F::row_scale(prepared + r * row_stride), y + r * y_stride + begin,
                             epilogue);
    }

    /// Where the tile that starts at `row` begins to fetch weights of the following block. Each of
    /// `rows` rows fetches its share; the last block fetches itself, which costs nothing.
    const std::byte* next_block(std::size_t row, std::size_t panel,
                                std::size_t width) const noexcept {
        const std::size_t from = panel < panels() ? panel : 0;
        return packed + from * F::panel_bytes(in) + row * (width * F::panel_bytes(in) / rows);
    }

    /// Rows [row, row + height) of the outputs of one block of panels.
    void tile_times_block(std::size_t row, std::size_t height, std::size_t first,
                          std::size_t width) const noexcept {
        alignas(64) std::array<float, sums> c;
        const std::size_t count = first + width < panels() ? width : panels() - first;
        const std::size_t stride = width * F::columns;
        const std::byte* begin = packed + first * F::panel_bytes(in);
        F::multiply(
            height, count,
            PanelOperands{prepared + row * row_stride, row_stride, begin, F::panel_bytes(in), in,
                          c.data(), stride, next_block(row, first + count, width), 0});
        finish(c.data(), stride, row, height, first, count);
    }

    /// Many rows: the tiles of a chunk of rows meet a block of weights while it is in the cache.
    void run_blocks(int threads) const noexcept {
        const GemmBlocks<F> blocks(panels(), in);
        const RowTiles<Arch> tiles(rows, F::rows);
        // A task is a block of weights and a chunk of rows: large enough to use what it loads,
        // small enough that the threads finish together.
        const std::size_t chunk = 32 / F::rows;
        const std::size_t chunks = (tiles.count + chunk - 1) / chunk;
        parallel_ranges<Arch>(blocks.count * chunks, useful_threads(threads, rows * out * in),
                              [&](std::size_t begin, std::size_t end, std::size_t) {
                                  for (std::size_t task = begin; task < end; ++task) {
                                      const std::size_t first = task % chunks * chunk;
                                      const std::size_t last =
                                          first + chunk < tiles.count ? first + chunk : tiles.count;
                                      for (std::size_t tile = first; tile < last; ++tile)
                                          tile_times_block(tiles.begin(tile), tiles.height(tile),
                                                           task / chunks * blocks.width,
                                                           blocks.width);
                                  }
                              });
    }

    /// Few rows: every weight is read from memory once, in several streams that run through a part
    /// of the matrix each. One stream alone does not fill the memory bus, and streams that jump
    /// from panel to panel wait after each jump.
    void run_streams(int threads) const noexcept {
        const RowTiles<Arch> tiles(rows, F::rows);
        const std::size_t streams = tiles.count == 1 ? F::at_once(rows) : 1;
        const std::size_t length = panels() / streams;
        const std::size_t panel_bytes = F::panel_bytes(in);
        // Where one panel is all that a tile can take, the next one comes in three streams.
        const bool alone = streams == 1 && panel_bytes >= 3 * 64;
        const auto multiply = [&](std::size_t first, std::size_t count) {
            alignas(64) std::array<float, sums> c;
            const std::byte* panel = packed + first * panel_bytes;
            for (std::size_t tile = 0; tile < tiles.count; ++tile) {
                const std::size_t row = tiles.begin(tile);
                F::multiply(tiles.height(tile), count,
                            PanelOperands{prepared + row * row_stride, row_stride, panel,
                                          length * panel_bytes, in, c.data(), streams * F::columns,
                                          panel + (alone ? panel_bytes : ahead),
                                          alone ? panel_bytes / 3 / 64 * 64 : 64});
                for (std::size_t s = 0; s < count; ++s)
                    finish(c.data() + s * F::columns, streams * F::columns, row, tiles.height(tile),
                           first + s * length, 1);
            }
        };
        // The panels that are left when all streams are equally long come last, one by one.
        const std::size_t rest = panels() - length * streams;
        parallel_ranges<Arch>(length + rest, useful_threads(threads, rows * out * in),
                              [&](std::size_t begin, std::size_t end, std::size_t) {
                                  for (std::size_t i = begin; i < end; ++i) {
                                      if (i < length)
                                          multiply(i, streams);
                                      else
                                          multiply(i - length + length * streams, 1);
                                  }
                              });
    }

    /// Very many rows: hundreds of them share what F::Tall has to do for each panel.
    void run_tall(int threads) const noexcept {
        using Tall = typename F::Tall;
        const RowTiles<Arch> chunks(rows, Tall::rows);
        parallel_ranges<Arch>(
            panels() * chunks.count, useful_threads(threads, rows * out * in),
            [&](std::size_t begin, std::size_t end, std::size_t) {
                alignas(64) std::array<float, Tall::rows * F::columns> c;
                for (std::size_t task = begin; task < end; ++task) {
                    const std::size_t panel = task / chunks.count;
                    const std::size_t row = chunks.begin(task % chunks.count);
                    const std::size_t height = chunks.height(task % chunks.count);
                    Tall::multiply(height, PanelOperands{prepared + row * row_stride, row_stride,
                                                         packed + panel * F::panel_bytes(in), 0, in,
                                                         c.data(), F::columns, nullptr, 0});
                    finish(c.data(), F::columns, row, height, panel, 1);
                }
            });
    }

    void run(int threads) const noexcept {
        if constexpr (has_tall<F>)
            if (rows >= F::Tall::from_rows)
                return run_tall(threads);
        if (rows <= 2 * F::rows)
            run_streams(threads);
        else
            run_blocks(threads);
    }
};

/// y = act(scale * a W^T + bias) + residual in the format F.
/// Shapes  scratch: (rows + F::spare_rows(rows)) * F::row_bytes(in) bytes on a 64-byte boundary, if
///         that is not 0.
template <class Arch, class F>
void multiply(const float* a, std::size_t rows, std::size_t a_stride, const std::byte* packed,
              std::size_t out, std::size_t in, float* y, std::size_t y_stride,
              const Epilogue& epilogue, std::byte* scratch, int threads, bool prepared) noexcept {
    if (rows == 0 || out == 0)
        return;
    const std::size_t row_bytes = F::row_bytes(in);
    const void* floats = a;
    const auto* inputs = row_bytes == 0 ? static_cast<const std::byte*>(floats) : scratch;
    if (row_bytes != 0 && !prepared) {
        // 16 multiply-adds is about what preparing one number costs.
        parallel_ranges<Arch>(rows, useful_threads(threads, 16 * rows * in),
                              [&](std::size_t begin, std::size_t end, std::size_t) {
                                  for (std::size_t r = begin; r < end; ++r)
                                      detail::prepare<F>(rows, a + r * a_stride, in,
                                                         scratch + r * row_bytes);
                              });
        std::memset(scratch + rows * row_bytes, 0, F::spare_rows(rows) * row_bytes);
    }
    GemmJob<Arch, F>{inputs,  row_bytes != 0 ? row_bytes : a_stride * sizeof(float),
                     rows,    packed,
                     out,     in,
                     y,       y_stride,
                     epilogue}
        .run(threads);
}

/// The kernels of a format, F::kernel<Rows, Panels>, by height - 1 below F::dot_rows: for one panel
/// and for F::at_once.
template <class F>
struct PanelKernels {
    using Kernel = decltype(&F::template kernel<1, 1>);
    template <bool Wide, std::size_t... R>
    static constexpr auto make(std::index_sequence<R...>) noexcept {
        return std::array<Kernel, sizeof...(R)>{
            &F::template kernel<R + 1, (Wide ? F::at_once(R + 1) : 1)>...};
    }
    static constexpr auto heights = std::make_index_sequence<F::dot_rows>{};
    static constexpr auto narrow = make<false>(heights);
    static constexpr auto wide = make<true>(heights);

    /// c = rows times `panels` panels of `steps` steps.
    template <class Operands>
    static XZOO_INLINE void multiply(std::size_t rows, std::size_t panels, Operands o,
                                     std::size_t steps) noexcept {
        const std::size_t step = F::at_once(rows);
        while (panels > 0) {
            const std::size_t taken = panels < step ? 1 : step;
            (panels < step ? narrow : wide)[rows - 1](o);
            panels -= taken;
            o.panel += taken * o.panel_stride;
            o.c += taken * F::columns;
            o.next += o.next_line == 0 ? steps * 64 : taken * o.panel_stride;
        }
    }
};

}  // namespace detail

}  // namespace xzoo::simd
