#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "xzoo/simd/block_weights.hpp"
#include "xzoo/simd/dot_tile.hpp"
#include "xzoo/simd/narrow.hpp"
#include "xzoo/simd/quantize.hpp"

namespace xzoo::simd {

/// Weights as integers of `Bits` bits with a scale (f16) for each output and block of 32 inputs,
/// and a minimum (f16) where Minimum says so; inputs as 8-bit integers with a scale (float) for
/// each row and block. Inputs behind the last are zeros.
/// Result  sum over the blocks, in order, of
///           fma(float(integer sum), weight scale * input scale, before)
///         and then, with a minimum, fma(minimum, input scale * sum of inputs, before).
///         The integer sums are exact; the rest rounds like any sum of floats.
/// Error   a weight is off by half its block's scale at most where it was not clipped
///         (block_weights.hpp), an input by half its scale; errors add up like in I8Format.
/// Panel   records of two blocks (the last may be half empty): twice (32 / group, vectors)
/// registers
///         of weights, then twice (columns) scales, then twice (columns) minima. Of 4-bit weights
///         two registers share one: lower halves of the bytes first.
/// Row     (blocks * 32) inputs, (blocks) input scales, (blocks) starting sums or, with a minimum,
///         input scales times sums of inputs; each part fills whole cache lines.
template <class Arch, unsigned Bits, bool Minimum>
struct BlockFormat {
    using Dot = IntDot<Arch>;
    using Weights = BlockWeights<Arch, Bits, Minimum>;
    static constexpr std::size_t block = 32;
    static constexpr std::size_t vectors = TileShape<Arch>::vectors;
    static constexpr std::size_t columns = TileShape<Arch>::columns;
    /// Each sum needs two registers: one of integers, one of floats.
    static constexpr std::size_t dot_rows = is_avx512<Arch> || lanes<Arch> * vectors == 8 ? 4 : 2;
    static constexpr std::size_t rows = dot_rows;
    static constexpr std::size_t halves = Bits == 4 ? 2 : 1;
    static constexpr std::size_t steps = block / Dot::group;
    static constexpr std::size_t step_bytes = vectors * Dot::vector_bytes;
    static constexpr std::size_t fetches = steps / halves + 1;  // for a block and its scales
    static constexpr std::size_t block_bytes = steps / halves * step_bytes;
    static constexpr std::size_t scale_bytes = columns * sizeof(Float16);

    static constexpr std::size_t blocks(std::size_t in) noexcept {
        return (in + block - 1) / block;
    }
    static constexpr std::size_t whole_lines(std::size_t bytes) noexcept {
        return (bytes + 63) / 64 * 64;
    }
    /// Two blocks: with them every register of weights is aligned.
    static constexpr std::size_t record_bytes = 2 * (block_bytes + scale_bytes * (Minimum ? 2 : 1));
    static constexpr std::size_t to_minimum = 2 * scale_bytes;
    static constexpr std::size_t weights_at(std::size_t b) noexcept {
        return b / 2 * record_bytes + b % 2 * block_bytes;
    }
    static constexpr std::size_t scales_at(std::size_t b) noexcept {
        return b / 2 * record_bytes + 2 * block_bytes + b % 2 * scale_bytes;
    }
    static constexpr std::size_t panel_bytes(std::size_t in) noexcept {
        return whole_lines((blocks(in) + 1) / 2 * record_bytes);
    }
    static constexpr std::size_t at_once(std::size_t height) noexcept { return rows / height; }

    static constexpr std::size_t input_bytes(std::size_t in) noexcept {
        return whole_lines(blocks(in) * block * sizeof(typename Dot::Input));
    }
    static constexpr std::size_t number_bytes(std::size_t in) noexcept {
        return whole_lines(blocks(in) * sizeof(float));
    }
    static constexpr std::size_t row_bytes(std::size_t in) noexcept {
        return input_bytes(in) + 2 * number_bytes(in);
    }
    static constexpr std::size_t spare_rows(std::size_t) noexcept { return 0; }
    static constexpr float row_scale(const std::byte*) noexcept { return 1.0F; }

    static void prepare(const float* a, std::size_t in, std::byte* row) noexcept {
        void* to = row;
        auto* inputs = static_cast<typename Dot::Input*>(to);
        // A short last block: quantize fills up whole registers only.
        if (in % block != 0)
            std::fill_n(inputs + in / block * block, block, typename Dot::Input{0});
        std::byte* scales = row + input_bytes(in);
        std::byte* starts = scales + number_bytes(in);
        for (std::size_t i = 0; i < in; i += block) {
            const Quantized q = quantize<Arch>(a + i, std::min(in - i, block), inputs + i);
            std::memcpy(scales + i / block * sizeof(float), &q.scale, sizeof(float));
            if constexpr (Minimum) {
                const float sum = q.scale * static_cast<float>(q.sum);
                std::memcpy(starts + i / block * sizeof(float), &sum, sizeof(float));
            } else {
                const std::int32_t start = -Weights::offset * q.sum;
                std::memcpy(starts + i / block * sizeof(float), &start, sizeof(float));
            }
        }
    }

    template <std::size_t Rows, std::size_t Panels>
    static void kernel(const PanelOperands& o) noexcept {
        constexpr std::size_t width = vectors * Panels;
        const std::size_t count = blocks(o.in);
        const std::size_t row_stride = o.row_stride;
        const std::size_t panel_stride = o.panel_stride;
        const std::size_t to_starts = number_bytes(o.in);
        const std::byte* inputs = o.rows;
        const std::byte* numbers = o.rows + input_bytes(o.in);
        const std::byte* next = o.next;
        const std::size_t next_step = o.fetch_step<step_bytes>();
        Vec<Arch> sum[Rows][width];
        XZOO_UNROLL
        for (std::size_t i = 0; i < Rows * width; ++i)
            sum[i / width][i % width] = Vec<Arch>(0.0F);
        for (std::size_t b = 0; b < count; ++b) {
            const std::byte* weights = o.panel + weights_at(b);
            const std::byte* scales = o.panel + scales_at(b);
            if (o.next_line == 64)
                next = o.next + weights_at(b);
            XZOO_UNROLL
            for (std::size_t p = 0; p < Panels; ++p) {
                typename Dot::Sum dot[Rows][vectors];
                XZOO_UNROLL
                for (std::size_t i = 0; i < Rows * vectors; ++i)
                    dot[i / vectors][i % vectors] =
                        Weights::offset == 0 ? typename Dot::Sum{}
                                             : Dot::start(read<std::int32_t>(
                                                   numbers + to_starts + i / vectors * row_stride));
                add_block<Rows>(dot, inputs, row_stride, weights + p * panel_stride,
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
                        if constexpr (Minimum)
                            s = fma<Arch>(load_halves(scale + to_minimum),
                                          Vec<Arch>(read<float>(number + to_starts)), s);
                    }
                }
            }
            inputs += block * sizeof(typename Dot::Input);
            numbers += sizeof(float);
            next += fetches * next_step;
        }
        XZOO_UNROLL
        for (std::size_t i = 0; i < Rows * width; ++i)
            store<Arch>(o.c + i / width * o.c_stride + i % width * lanes<Arch>,
                        sum[i / width][i % width]);
    }
    static XZOO_INLINE void multiply(std::size_t height, std::size_t panels,
                                     const PanelOperands& o) noexcept {
        detail::PanelKernels<BlockFormat>::multiply(height, panels, o, blocks(o.in) * fetches);
    }

    static void pack_panel(WeightsView w, std::byte* panel) noexcept {
        const std::size_t count = blocks(w.in);
        if (count % 2 != 0 || panel_bytes(w.in) != weights_at(count))
            std::fill(panel + weights_at(count - count % 2), panel + panel_bytes(w.in),
                      std::byte{0});
        for (std::size_t v = 0; v < vectors; ++v, w = w.after(lanes<Arch>)) {
            for (std::size_t b = 0; b < count; ++b) {
                std::byte* scale = panel + scales_at(b) + v * lanes<Arch> * sizeof(Float16);
                Weights::pack(w, b * block, panel + weights_at(b) + v * Dot::vector_bytes,
                              step_bytes, scale, scale + to_minimum);
            }
        }
    }
    static void unpack(const std::byte* panel, std::size_t column, std::size_t in, float* row,
                       std::size_t stride) noexcept {
        const std::byte* vector = panel + column / lanes<Arch> * Dot::vector_bytes;
        for (std::size_t i = 0; i < in; ++i) {
            const std::byte* scale = panel + scales_at(i / block) + column * sizeof(Float16);
            const std::size_t step = i % block / Dot::group;
            const auto stored = std::to_integer<std::int32_t>(
                vector[weights_at(i / block) + step / halves * step_bytes +
                       Dot::place(column % lanes<Arch>, i % Dot::group)]);
            row[i * stride] = static_cast<float>(Weights::value(stored, step % halves)) *
                              static_cast<float>(read<Float16>(scale));
            if constexpr (Minimum)
                row[i * stride] += static_cast<float>(read<Float16>(scale + to_minimum));
        }
    }

private:
    static constexpr std::size_t group_bytes = Dot::group * sizeof(typename Dot::Input);

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

    /// dot (Rows, vectors) += one register's worth of weights for each vector, times its inputs.
    template <std::size_t Rows>
    static XZOO_INLINE void add_step(typename Dot::Sum (&dot)[Rows][vectors],
                                     const std::byte* inputs, std::size_t row_stride,
                                     const std::byte* weights) noexcept {
        typename Dot::Weights w[halves][vectors];
        XZOO_UNROLL
        for (std::size_t v = 0; v < vectors; ++v) {
            const std::byte* from = weights + v * Dot::vector_bytes;
            if constexpr (halves == 2)
                Dot::load_halves(from, w[0][v], w[1][v]);
            else
                w[0][v] = Dot::load(from);
        }
        XZOO_UNROLL
        for (std::size_t i = 0; i < halves * Rows; ++i) {
            const std::size_t r = i % Rows;
            const auto group = Dot::broadcast(inputs + i / Rows * group_bytes + r * row_stride);
            XZOO_UNROLL
            for (std::size_t v = 0; v < vectors; ++v)
                dot[r][v] = Dot::add(dot[r][v], w[i / Rows][v], group);
        }
    }

    /// dot (Rows, vectors) += one block of inputs times its weights.
    template <std::size_t Rows>
    static XZOO_INLINE void add_block(typename Dot::Sum (&dot)[Rows][vectors],
                                      const std::byte* inputs, std::size_t row_stride,
                                      const std::byte* weights, const std::byte* next,
                                      std::size_t next_step, std::size_t next_line) noexcept {
        // Where a product and its addition are two instructions, GCC 12 would put all additions of
        // an unrolled loop behind all products, and the products on the stack.
        constexpr std::size_t run = Dot::group == 4 ? steps / halves : 1;
#pragma GCC unroll 1
        for (std::size_t begin = 0; begin < steps / halves; begin += run) {
            XZOO_UNROLL
            for (std::size_t s = begin; s < begin + run; ++s) {
                PanelOperands::fetch<step_bytes>(next + s * next_step, next_line);
                add_step<Rows>(dot, inputs + s * halves * group_bytes, row_stride,
                               weights + s * step_bytes);
            }
        }
        if (next_line != 64)  // what runs ahead of its own use finds the scales anyway
            PanelOperands::fetch<step_bytes>(next + steps / halves * next_step, next_line);
    }
};

}  // namespace xzoo::simd
