#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

#include "xzoo/simd/block_kernels.hpp"
#include "xzoo/simd/quantize.hpp"
#include "xzoo/simd/span_kernels.hpp"

namespace xzoo::simd {

/// Weights as integers of `Bits` bits with a scale (f16) for each output and block of 32 inputs,
/// and a minimum (f16) where Minimum says so; inputs as 8-bit integers with a scale (float) for
/// each row and block. Inputs behind the last are zeros.
/// Result  sum over the blocks, in order, of
///           fma(float(integer sum), weight scale * input scale, before)
///         and then, with a minimum, fma(minimum, input scale * sum of inputs, before).
///         The integer sums are exact; the rest rounds like any sum of floats.
///         With VNNI, many rows (Tall::from_rows) are multiplied in spans of four blocks, whose
///         weights and inputs have a scale of their own (SpanWeights): the same, but that spans
///         take the place of blocks and that there are no minima.
/// Error   a weight is off by half its block's scale at most where it was not clipped
///         (block_weights.hpp), an input by half its scale; errors add up like in I8Format.
/// Panel and row  as BlockLayout says.
template <class Arch, unsigned Bits, bool Minimum>
struct BlockFormat : BlockLayout<Arch, Bits, Minimum> {
    using Layout = BlockLayout<Arch, Bits, Minimum>;
    using Kernels = detail::BlockKernels<Arch, Layout>;
    using Layout::block, Layout::blocks, Layout::halves, Layout::step_bytes, Layout::vectors;
    using Layout::input_bytes, Layout::number_bytes, Layout::scales_at, Layout::weights_at;
    using typename Layout::Dot;
    using typename Layout::Weights;
    /// What multiplies many rows, see GemmJob.
    using Tall = std::conditional_t<has_vnni<Arch>, detail::SpanKernels<Arch, Layout>, void>;
    static constexpr std::size_t dot_rows = Kernels::dot_rows;
    static constexpr std::size_t rows = Kernels::rows;

    /// Names what pack_panel writes: equal names, equal bytes.
    static std::string layout() {
        return "panels of " + std::to_string(Layout::columns) + ", pairs of blocks of 32, " +
               Dot::layout();
    }
    static constexpr std::size_t at_once(std::size_t height) noexcept {
        return Kernels::at_once(height);
    }
    static constexpr std::size_t spare_rows(std::size_t row_count) noexcept {
        if constexpr (has_vnni<Arch>)
            return row_count >= Tall::from_rows ? Tall::spare_rows : 0;
        return 0;
    }
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

    static XZOO_INLINE void multiply(std::size_t height, std::size_t panels,
                                     const PanelOperands& o) noexcept {
        Kernels::multiply(height, panels, o);
    }

    static void pack_panel(WeightsView w, std::byte* panel) noexcept {
        const std::size_t count = blocks(w.in);
        if (count % 2 != 0 || Layout::panel_bytes(w.in) != weights_at(count))
            std::fill(panel + weights_at(count - count % 2), panel + Layout::panel_bytes(w.in),
                      std::byte{0});
        for (std::size_t v = 0; v < vectors; ++v, w = w.after(lanes<Arch>)) {
            for (std::size_t b = 0; b < count; ++b) {
                std::byte* scale = panel + scales_at(b) + v * lanes<Arch> * sizeof(Float16);
                Weights::pack(w, b * block, panel + weights_at(b) + v * Dot::vector_bytes,
                              step_bytes, scale, scale + Layout::to_minimum);
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
                              static_cast<float>(half_at(scale));
            if constexpr (Minimum)
                row[i * stride] += static_cast<float>(half_at(scale + Layout::to_minimum));
        }
    }

private:
    static Float16 half_at(const std::byte* from) noexcept {
        Float16 value;
        std::memcpy(&value, from, sizeof(value));
        return value;
    }
};

}  // namespace xzoo::simd
