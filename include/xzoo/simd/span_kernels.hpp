// Products of many rows of inputs with panels of weights that were in blocks.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "xzoo/simd/amx_panels.hpp"
#include "xzoo/simd/quantize.hpp"
#include "xzoo/simd/span_weights.hpp"

namespace xzoo::simd::detail {

/// Rows and panels in spans, see SpanWeights. A prepared row lies as BlockLayout says, but that its
/// scales and starting sums belong to spans.
template <class Arch, class L>
struct SpanKernels {
    using Dot = typename L::Dot;
    using Weights = SpanWeights<Arch, L>;
    static constexpr std::size_t vectors = L::vectors;
    static constexpr std::size_t columns = L::columns;
    static constexpr std::size_t dot_rows = int_dot_rows<Arch>;
    /// Most rows that share the work of making spans: their sums lie on the stack.
    static constexpr std::size_t rows = 256;
    /// From so many rows on that work pays.
    static constexpr std::size_t from_rows = has_amx<Arch> ? 33 : 65;
    /// Spans that are made at a time: they stay in the first-level cache while all rows pass.
    static constexpr std::size_t part = 4;
    static constexpr std::size_t spare_rows = has_amx<Arch> ? amx_spare_rows : 0;

    /// Quantises a row of inputs, span by span; see quantize for what is not finite.
    /// Shapes  a: (in), row: L::row_bytes(in) bytes.
    static void prepare(const float* a, std::size_t in, std::byte* row) noexcept {
        void* to = row;
        auto* inputs = static_cast<typename Dot::Input*>(to);
        std::memset(row + L::input_bytes(in) - 64, 0, 64);  // what fills up the last line
        std::byte* number = row + L::input_bytes(in);
        for (std::size_t i = 0; i < in; i += Weights::inputs, number += sizeof(float)) {
            const Quantized q =
                quantize<Arch>(a + i, std::min(in - i, Weights::inputs), inputs + i);
            const std::int32_t start = -Weights::offset * q.sum;
            std::memcpy(number, &q.scale, sizeof(float));
            std::memcpy(number + L::number_bytes(in), &start, sizeof(start));
        }
    }

    /// c (height, columns) = rows times one panel, a sum of integers after the other:
    /// c = fma(float(sum), weight scale * input scale, c), spans in order.
    /// Shapes  height <= rows; spare_rows more rows can be read.
    static void multiply(std::size_t height, const PanelOperands& operands) noexcept {
        alignas(64) std::array<std::byte, part * Weights::bytes> weights;
        alignas(64) std::array<float, part * columns> scales;
        Operands o{operands.rows,
                   operands.row_stride,
                   L::number_bytes(operands.in),
                   operands.rows + L::input_bytes(operands.in),
                   weights.data(),
                   scales.data(),
                   0,
                   operands.c,
                   operands.c_stride};
        for (std::size_t r = 0; r < height; ++r)
            std::fill_n(o.c + r * o.c_stride, columns, 0.0F);
        const std::size_t blocks = L::blocks(operands.in);
        const std::size_t spans = Weights::spans(operands.in);
        for (std::size_t first = 0; first < spans; first += part) {
            const std::size_t count = std::min(part, spans - first);
            for (std::size_t s = 0; s < count; ++s) {
                const std::size_t block = (first + s) * Weights::blocks;
                o.last_blocks = std::min(Weights::blocks, blocks - block);
                Weights::widen(operands.panel, block, o.last_blocks,
                               weights.data() + s * Weights::bytes, scales.data() + s * columns);
            }
            multiply_part(height, count, o);
            o.rows += part * Weights::inputs * sizeof(typename Dot::Input);
            o.numbers += part * sizeof(float);
        }
    }

private:
    /// Some spans of a product; strides in bytes, but c's in floats.
    struct Operands {
        const std::byte* rows;
        std::size_t row_stride;
        std::size_t to_starts;     ///< from a row's scales to its starting sums
        const std::byte* numbers;  ///< the scales of the first row
        const std::byte* weights;  ///< (spans, steps, vectors) registers
        const float* scales;       ///< (spans, columns)
        std::size_t last_blocks;   ///< of the last span
        float* c;
        std::size_t c_stride;

        void skip_rows(std::size_t count) noexcept {
            rows += count * row_stride;
            numbers += count * row_stride;
            c += count * c_stride;
        }
        void next_span() noexcept {
            rows += Weights::inputs * sizeof(typename Dot::Input);
            numbers += sizeof(float);
            weights += Weights::bytes;
            scales += columns;
        }
        std::size_t blocks(bool last) const noexcept {
            return last ? last_blocks : Weights::blocks;
        }
    };

    static void multiply_part(std::size_t height, std::size_t spans, Operands o) noexcept {
#if XZOO_WITH_AVX512_AMX
        if constexpr (has_amx<Arch>)
            if (amx_is_granted<Arch>())
                return multiply_by_tiles(height, spans, o);
#endif
        for (std::size_t r = 0; r < height; r += dot_rows) {
            const auto kernel = kernels[std::min(dot_rows, height - r) - 1];
            Operands span = o;
            for (std::size_t s = 0; s < spans; ++s) {
                kernel(span, o.blocks(s + 1 == spans) * L::steps);
                span.next_span();
            }
            o.skip_rows(dot_rows);
        }
    }

    /// c += `Rows` rows times one span of `steps` groups.
    template <std::size_t Rows>
    __attribute__((noinline)) static void kernel(const Operands& o, std::size_t steps) noexcept {
        const std::size_t row_stride = o.row_stride;
        typename Dot::Sum sum[Rows][vectors];
        XZOO_UNROLL
        for (std::size_t i = 0; i < Rows * vectors; ++i)
            sum[i / vectors][i % vectors] =
                Dot::start(read<std::int32_t>(o.numbers + o.to_starts + i / vectors * row_stride));
        add_dots<Arch, Dot, Rows, 1>(sum, o.rows,
                                     PanelOperands{nullptr, row_stride, o.weights, 0,
                                                   steps * Dot::group, nullptr, 0, o.weights, 0});
        XZOO_UNROLL
        for (std::size_t v = 0; v < vectors; ++v) {
            const Vec<Arch> scale = load<Arch>(o.scales + v * lanes<Arch>);
            XZOO_UNROLL
            for (std::size_t r = 0; r < Rows; ++r)
                add_to(o.c + r * o.c_stride + v * lanes<Arch>, Dot::ints(sum[r][v]),
                       scale * Vec<Arch>(read<float>(o.numbers + r * row_stride)));
        }
    }
    template <std::size_t... R>
    static constexpr auto make_kernels(std::index_sequence<R...>) noexcept {
        return std::array{&kernel<R + 1>...};
    }
    static constexpr auto kernels = make_kernels(std::make_index_sequence<dot_rows>{});

#if XZOO_WITH_AVX512_AMX
    static void multiply_by_tiles(std::size_t height, std::size_t spans, Operands o) noexcept
        requires(has_amx<Arch>) {
        using Tiles = AmxTiles<true>;
        static_assert(columns == 3 * Tiles::columns && Dot::vector_bytes == Tiles::bytes);
        alignas(64) std::array<float, Tiles::rows * columns> sums;
        const Tiles tiles;
        // The sums of one span are added while the tile unit works on the next one.
        std::size_t waiting_rows = 0;
        Operands waiting = o;
        for (std::size_t r = 0; r < height; r += Tiles::rows) {
            Operands span = o;
            for (std::size_t s = 0; s < spans; ++s) {
                // Whole pairs of blocks: 64 inputs, as many as a tile has.
                const std::size_t blocks = (o.blocks(s + 1 == spans) + 1) / 2 * 2;
                Tiles::multiply_16x48({span.rows, o.row_stride, L::step_bytes, blocks * L::steps,
                                       sums.data(), columns * sizeof(float)},
                                      span.weights, nullptr, [&]() XZOO_INLINE_LAMBDA {
                                          add_tiles(waiting_rows, sums.data(), waiting);
                                      });
                waiting_rows = std::min(Tiles::rows, height - r);
                waiting = span;
                span.next_span();
            }
            o.skip_rows(Tiles::rows);
        }
        add_tiles(waiting_rows, sums.data(), waiting);
    }
    /// c += integer sums (height, columns) that began with 0.
    static void add_tiles(std::size_t height, const float* sums, const Operands& o) noexcept {
        Vec<Arch> scale[vectors];
        XZOO_UNROLL
        for (std::size_t v = 0; v < vectors; ++v)
            scale[v] = load<Arch>(o.scales + v * lanes<Arch>);
        for (std::size_t r = 0; r < height; ++r) {
            const std::byte* number = o.numbers + r * o.row_stride;
            const Vec<Arch> row_scale(read<float>(number));
            const auto start = Dot::start(read<std::int32_t>(number + o.to_starts));
            XZOO_UNROLL
            for (std::size_t v = 0; v < vectors; ++v) {
                typename Dot::Sum sum;
                std::memcpy(&sum, sums + r * columns + v * lanes<Arch>, sizeof(sum));
                add_to(o.c + r * o.c_stride + v * lanes<Arch>, Dot::ints(sum + start),
                       scale[v] * row_scale);
            }
        }
    }
#endif

    static XZOO_INLINE void add_to(float* c, Ints<Arch> sum, Vec<Arch> scale) noexcept {
        store<Arch>(c, fma<Arch>(to_floats<Arch>(sum), scale, load<Arch>(c)));
    }
    template <class T>
    static XZOO_INLINE T read(const std::byte* from) noexcept {
        T value;
        std::memcpy(&value, from, sizeof(value));
        return value;
    }
};

}  // namespace xzoo::simd::detail
