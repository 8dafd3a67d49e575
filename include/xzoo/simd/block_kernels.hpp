// Products of rows of inputs with panels of weights in blocks.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "xzoo/simd/block_layout.hpp"
#include "xzoo/simd/dot_tile.hpp"
#include "xzoo/simd/narrow.hpp"

namespace xzoo::simd::detail {

/// What a kernel works on: some blocks of a product.
struct BlockOperands : PanelOperands {
    std::size_t begin;  ///< the first block; the sums go on with c, unless it is the very first
    std::size_t end;    ///< behind the last block
    const std::byte* bytes;  ///< the weights of these blocks in bytes each, for wide kernels
};

/// The kernels of a BlockLayout.
template <class Arch, class L>
struct BlockKernels {
    using Dot = typename L::Dot;
    using Weights = typename L::Weights;
    static constexpr std::size_t vectors = L::vectors;
    static constexpr std::size_t columns = L::columns;
    /// Each sum needs two registers: one of integers, one of floats.
    static constexpr std::size_t dot_rows = is_avx512<Arch> || lanes<Arch> * vectors == 8 ? 4 : 2;
    /// Rows that a part of a panel meets while it is in the first-level cache, and the blocks of
    /// such a part.
    static constexpr std::size_t rows = 32;
    static constexpr std::size_t part = 8;
    /// From so many rows on 4-bit weights are brought into bytes before they are multiplied.
    static constexpr std::size_t widened_from = 2 * dot_rows;

    static constexpr std::size_t at_once(std::size_t height) noexcept {
        return height < dot_rows ? dot_rows / height : 1;
    }

    /// Widened: the weights of 4 bits lie in o.bytes, a byte each.
    template <std::size_t Rows, std::size_t Panels, bool Widened = false>
    __attribute__((noinline)) static void kernel(const BlockOperands& o) noexcept {
        constexpr std::size_t width = vectors * Panels;
        const std::size_t row_stride = o.row_stride;
        const std::size_t panel_stride = o.panel_stride;
        const std::size_t to_starts = L::number_bytes(o.in);
        const std::byte* inputs = o.rows + o.begin * L::block * sizeof(typename Dot::Input);
        const std::byte* numbers = o.rows + L::input_bytes(o.in) + o.begin * sizeof(float);
        const std::byte* next = o.next;
        const std::size_t next_step = o.template fetch_step<L::step_bytes>();
        Vec<Arch> sum[Rows][width];
        XZOO_UNROLL
        for (std::size_t i = 0; i < Rows * width; ++i)
            sum[i / width][i % width] =
                o.begin == 0 ? Vec<Arch>(0.0F)
                             : load<Arch>(o.c + i / width * o.c_stride + i % width * lanes<Arch>);
        const std::byte* widened = o.bytes;
        for (std::size_t b = o.begin; b < o.end; ++b) {
            const std::byte* weights = Widened ? widened : o.panel + L::weights_at(b);
            const std::byte* scales = o.panel + L::scales_at(b);
            if (o.next_line == 64)
                next = o.next + L::weights_at(b);
            XZOO_UNROLL
            for (std::size_t p = 0; p < Panels; ++p) {
                typename Dot::Sum dot[Rows][vectors];
                XZOO_UNROLL
                for (std::size_t i = 0; i < Rows * vectors; ++i)
                    dot[i / vectors][i % vectors] =
                        Weights::offset == 0 ? typename Dot::Sum{}
                                             : Dot::start(read<std::int32_t>(
                                                   numbers + to_starts + i / vectors * row_stride));
                add_block<Rows, Widened>(dot, inputs, row_stride, weights + p * panel_stride,
                                         next + p * panel_stride, next_step, o.next_line);
                XZOO_UNROLL
                for (std::size_t v = 0; v < vectors; ++v) {
                    const std::byte* scale =
                        scales + p * panel_stride + v * lanes<Arch> * sizeof(Float16);
                    const Vec<Arch> weight_scale = load_halves(scale);
                    XZOO_UNROLL
                    for (std::size_t r = 0; r < Rows; ++r) {
                        const std::byte* number = numbers + r * row_stride;
                        Vec<Arch>& s = sum[r][p * vectors + v];
                        s = fma<Arch>(to_floats<Arch>(Dot::ints(dot[r][v])),
                                      weight_scale * Vec<Arch>(read<float>(number)), s);
                        if constexpr (L::has_minimum)
                            s = fma<Arch>(load_halves(scale + L::to_minimum),
                                          Vec<Arch>(read<float>(number + to_starts)), s);
                    }
                }
            }
            inputs += L::block * sizeof(typename Dot::Input);
            numbers += sizeof(float);
            widened += L::steps * L::step_bytes;
            next += L::fetches * next_step;
        }
        XZOO_UNROLL
        for (std::size_t i = 0; i < Rows * width; ++i)
            store<Arch>(o.c + i / width * o.c_stride + i % width * lanes<Arch>,
                        sum[i / width][i % width]);
    }

    /// c = rows times `panels` panels.
    static XZOO_INLINE void multiply(std::size_t height, std::size_t panels,
                                     const PanelOperands& o) noexcept {
        const std::size_t count = L::blocks(o.in);
        if (height <= dot_rows)
            return PanelKernels<BlockKernels>::multiply(
                height, panels, BlockOperands{o, 0, count, nullptr}, count * L::fetches);
        multiply_rows(height, panels, o);
    }

private:
    static constexpr std::size_t group_bytes = Dot::group * sizeof(typename Dot::Input);

    /// The same for many rows: a part of a panel after the other meets all of them.
    static void multiply_rows(std::size_t height, std::size_t panels,
                              const PanelOperands& operands) noexcept {
        const std::size_t count = L::blocks(operands.in);
        const bool widens = L::halves == 2 && height >= widened_from;
        alignas(64) std::array<std::byte, L::halves == 2 ? part * L::steps * L::step_bytes : 64>
            bytes;
        BlockOperands o{operands, 0, count, bytes.data()};
        for (std::size_t p = 0; p < panels; ++p) {
            for (o.begin = 0; o.begin < count; o.begin = o.end) {
                o.end = std::min(count, o.begin + part);
                if constexpr (L::halves == 2)
                    if (widens)
                        widen(o.panel, o.begin, o.end, bytes.data());
                multiply_part(height, widens, o);
                if (o.next_line != 64)  // of that the kernels find their places themselves
                    o.next += (o.end - o.begin) * L::fetches * 64;
            }
            o.panel += o.panel_stride;
            o.c += columns;
            if (o.next_line != 0)
                o.next = operands.next + (p + 1) * o.panel_stride;
        }
    }

    static XZOO_INLINE void multiply_part(std::size_t height, bool widens,
                                          BlockOperands o) noexcept {
        using Kernels = PanelKernels<BlockKernels>;
        for (std::size_t r = 0; r < height; r += dot_rows) {
            const std::size_t taken = std::min(dot_rows, height - r);
            if constexpr (L::halves == 2) {
                if (widens && taken == dot_rows)
                    kernel<dot_rows, 1, true>(o);
                else
                    Kernels::narrow[taken - 1](o);
            } else {
                Kernels::narrow[taken - 1](o);
            }
            static_cast<PanelOperands&>(o) = o.after_rows(dot_rows);
            // The first rows have fetched what follows; the others find this part in the cache.
            o.next = o.panel + L::weights_at(o.begin);
            o.next_line = 0;
        }
    }

    /// 4-bit weights of blocks [begin, end) in bytes: (blocks, steps) times step_bytes.
    static void widen(const std::byte* panel, std::size_t begin, std::size_t end,
                      std::byte* bytes) noexcept {
        for (std::size_t b = begin; b < end; ++b) {
            const std::byte* from = panel + L::weights_at(b);
            for (std::size_t step = 0; step < L::steps; step += 2, from += L::step_bytes) {
                for (std::size_t i = 0; i < L::step_bytes; ++i) {
                    bytes[i] = from[i] & std::byte{15};
                    bytes[i + L::step_bytes] = from[i] >> 4;
                }
                bytes += 2 * L::step_bytes;
            }
        }
    }

    template <class T>
    static XZOO_INLINE T read(const std::byte* from) noexcept {
        T value;
        std::memcpy(&value, from, sizeof(value));
        return value;
    }
    static XZOO_INLINE Vec<Arch> load_halves(const std::byte* from) noexcept {
        const void* address = from;
        return load<Arch>(static_cast<const Float16*>(address));
    }

    /// dot (Rows, vectors) += Halves registers' worth of weights for each vector, times inputs.
    template <std::size_t Rows, std::size_t Halves>
    static XZOO_INLINE void add_step(typename Dot::Sum (&dot)[Rows][vectors],
                                     const std::byte* inputs, std::size_t row_stride,
                                     const std::byte* weights) noexcept {
        typename Dot::Weights w[Halves][vectors];
        XZOO_UNROLL
        for (std::size_t v = 0; v < vectors; ++v) {
            const std::byte* from = weights + v * Dot::vector_bytes;
            if constexpr (Halves == 2)
                Dot::load_halves(from, w[0][v], w[1][v]);
            else
                w[0][v] = Dot::load(from);
        }
        XZOO_UNROLL
        for (std::size_t i = 0; i < Halves * Rows; ++i) {
            const std::size_t r = i % Rows;
            const auto group = Dot::broadcast(inputs + i / Rows * group_bytes + r * row_stride);
            XZOO_UNROLL
            for (std::size_t v = 0; v < vectors; ++v)
                dot[r][v] = Dot::add(dot[r][v], w[i / Rows][v], group);
        }
    }

    /// dot (Rows, vectors) += one block of inputs times its weights.
    template <std::size_t Rows, bool Widened>
    static XZOO_INLINE void add_block(typename Dot::Sum (&dot)[Rows][vectors],
                                      const std::byte* inputs, std::size_t row_stride,
                                      const std::byte* weights, const std::byte* next,
                                      std::size_t next_step, std::size_t next_line) noexcept {
        constexpr std::size_t halves = Widened ? 1 : L::halves;
        constexpr std::size_t steps = L::steps / halves;
        constexpr std::size_t steps_a_fetch = Widened ? L::halves : 1;
        // Where a product and its addition are two instructions, GCC 12 would put all additions of
        // an unrolled loop behind all products, and the products on the stack.
        constexpr std::size_t run = Dot::group == 4 ? steps : steps_a_fetch;
#pragma GCC unroll 1
        for (std::size_t begin = 0; begin < steps; begin += run) {
            XZOO_UNROLL
            for (std::size_t s = begin; s < begin + run; ++s) {
                if (s % steps_a_fetch == 0)
                    PanelOperands::fetch<L::step_bytes>(next + s / steps_a_fetch * next_step,
                                                        next_line);
                add_step<Rows, halves>(dot, inputs + s * halves * group_bytes, row_stride,
                                       weights + s * L::step_bytes);
            }
        }
        if (next_line != 64)  // what runs ahead of its own use finds the scales anyway
            PanelOperands::fetch<L::step_bytes>(next + L::steps / L::halves * next_step, next_line);
    }
};

}  // namespace xzoo::simd::detail
