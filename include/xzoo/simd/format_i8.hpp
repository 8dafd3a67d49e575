#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "xzoo/simd/amx_panels.hpp"
#include "xzoo/simd/dot_tile.hpp"
#include "xzoo/simd/quantize.hpp"
#include "xzoo/simd/weight_block.hpp"

namespace xzoo::simd {

/// Weights as 8-bit integers with one scale for each output, inputs as 8-bit integers with one
/// scale for each row of a call: y = (float(sum) * output scale) * row scale, where the sum of
/// products is an exact integer as long as in <= 133143 (127 * 127 * in < 2^31).
/// Panel   DotPanel's weights, then (columns) scales in float.
/// Row     scale, starting sum, and the inputs behind the header.
/// Error   |y - a w| <= sum_i (|a_i| s_w + |w_i| s_a) / 2 + in s_a s_w / 4, where s_w and s_a are
///         1 / 127 of the largest weight of the output and the largest input of the row.
template <class Arch>
struct I8Format {
    using Dot = IntDot<Arch>;
    using Panel = DotPanel<Arch, Dot>;
    static constexpr std::size_t columns = Panel::columns;
    /// Of a tile of dot products.
    static constexpr std::size_t dot_rows = detail::int_dot_rows<Arch>;
    static constexpr std::size_t rows = has_amx<Arch> ? detail::amx_rows : dot_rows;
    /// Zeros that follow the prepared rows.
    static constexpr std::size_t spare_rows(std::size_t row_count) noexcept {
        return has_amx<Arch> && row_count > dot_rows ? detail::amx_spare_rows : 0;
    }

    static constexpr std::size_t panel_bytes(std::size_t in) noexcept {
        return Panel::weight_bytes(in) + Panel::whole_lines(columns * sizeof(float));
    }
    /// Names what pack_panel writes: equal names, equal bytes.
    static std::string layout() {
        return "panels of " + std::to_string(columns) + ", " + Dot::layout();
    }
    static constexpr std::size_t at_once(std::size_t height) noexcept {
        return height < dot_rows ? dot_rows / height : 1;
    }

    struct Header {
        float scale;
        std::int32_t start;
    };
    static constexpr std::size_t row_bytes(std::size_t in) noexcept { return Panel::row_bytes(in); }
    static XZOO_INLINE Header header(const std::byte* row) noexcept {
        Header h;
        std::memcpy(&h, row, sizeof(h));
        return h;
    }
    static XZOO_INLINE float row_scale(const std::byte* row) noexcept { return header(row).scale; }

    static void prepare(const float* a, std::size_t in, std::byte* row) noexcept {
        void* inputs = row + Panel::header;
        std::memset(row + row_bytes(in) - 64, 0, 64);  // what fills up the last line
        const Quantized q = quantize<Arch>(a, in, static_cast<typename Dot::Input*>(inputs));
        const Header h{q.scale, -Dot::offset * q.sum};
        std::memcpy(row, &h, sizeof(h));
    }

    template <std::size_t Rows, std::size_t Panels>
    static void kernel(const PanelOperands& o) noexcept {
        constexpr std::size_t vectors = Panel::vectors;
        typename Dot::Sum sum[Rows][vectors * Panels];
        XZOO_UNROLL
        for (std::size_t i = 0; i < Rows * vectors * Panels; ++i)
            sum[i / (vectors * Panels)][i % (vectors * Panels)] =
                Dot::start(header(o.rows + i / (vectors * Panels) * o.row_stride).start);
        detail::add_dots<Arch, Dot, Rows, Panels>(sum, o.rows + Panel::header, o);
        const std::byte* scales = o.panel + Panel::weight_bytes(o.in);
        XZOO_UNROLL
        for (std::size_t i = 0; i < vectors * Panels; ++i) {
            const Vec<Arch> scale = scales_at(scales + i / vectors * o.panel_stride, i % vectors);
            XZOO_UNROLL
            for (std::size_t r = 0; r < Rows; ++r)
                store<Arch>(o.c + r * o.c_stride + i * lanes<Arch>,
                            to_floats<Arch>(Dot::ints(sum[r][i])) * scale);
        }
    }
    static XZOO_INLINE void multiply(std::size_t height, std::size_t panels,
                                     const PanelOperands& o) noexcept {
#if XZOO_WITH_AVX512_AMX
        if constexpr (has_amx<Arch>) {
            if (height > dot_rows && detail::amx_is_granted<Arch>()) {
                detail::multiply_by_tiles<Arch, Dot>(height, panels, o);
                return scale_sums(height, panels, o);
            }
        }
#endif
        for (std::size_t r = 0; r < height; r += dot_rows)
            detail::PanelKernels<I8Format>::multiply(std::min(dot_rows, height - r), panels,
                                                     o.after_rows(r), Panel::steps(o.in));
    }

    static void pack_panel(WeightsView w, std::byte* panel) noexcept {
        std::byte* scales = panel + Panel::weight_bytes(w.in);
        Panel::clear_padding(panel, w.in);
        std::fill(scales + columns * sizeof(float), panel + panel_bytes(w.in), std::byte{0});
        for (std::size_t v = 0; v < Panel::vectors; ++v, w = w.after(lanes<Arch>))
            pack_vector(w, panel + v * Dot::vector_bytes, scales + v * lanes<Arch> * sizeof(float));
    }
    static void unpack(const std::byte* panel, std::size_t column, std::size_t in, float* row,
                       std::size_t stride) noexcept {
        float scale;
        std::memcpy(&scale, panel + Panel::weight_bytes(in) + column * sizeof(float),
                    sizeof(scale));
        const std::byte* vector = panel + column / lanes<Arch> * Dot::vector_bytes;
        for (std::size_t i = 0; i < in; ++i) {
            const auto stored = std::to_integer<std::uint8_t>(
                vector[i / Dot::group * Panel::step_bytes +
                       Dot::place(column % lanes<Arch>, i % Dot::group)]);
            row[i * stride] =
                scale * static_cast<float>(static_cast<std::int8_t>(stored - Dot::offset));
        }
    }

private:
    /// Integer sums that began with 0 become what `kernel` leaves, in place.
    static void scale_sums(std::size_t height, std::size_t panels,
                           const PanelOperands& o) noexcept {
        for (std::size_t i = 0; i < panels * Panel::vectors; ++i) {
            const std::byte* panel = o.panel + i / Panel::vectors * o.panel_stride;
            const Vec<Arch> scale =
                scales_at(panel + Panel::weight_bytes(o.in), i % Panel::vectors);
            for (std::size_t r = 0; r < height; ++r) {
                float* c = o.c + r * o.c_stride + i * lanes<Arch>;
                typename Dot::Sum sum;
                std::memcpy(&sum, c, sizeof(sum));
                sum += header(o.rows + r * o.row_stride).start;
                store<Arch>(c, to_floats<Arch>(Dot::ints(sum)) * scale);
            }
        }
    }

    static XZOO_INLINE Vec<Arch> scales_at(const std::byte* scales, std::size_t vector) noexcept {
        const void* address = scales;
        return load<Arch>(static_cast<const float*>(address) + vector * lanes<Arch>);
    }

    /// The weights of one register's outputs, a register of each step_bytes, and their scales.
    static void pack_vector(const WeightsView& w, std::byte* to, std::byte* scales) noexcept {
        using Block = WeightBlock<Arch>;
        Block block;
        LargestMagnitudes<Arch> magnitudes;
        for (std::size_t i = 0; i < w.in; i += Block::size) {
            block.read(w, i);
            for (std::size_t k = 0; k < Block::size; ++k)
                magnitudes.take(block.at(k));
        }
        alignas(64) std::array<float, lanes<Arch>> scale;
        alignas(64) std::array<float, lanes<Arch>> inverse;
        alignas(64) std::array<float, lanes<Arch>> odd;
        store<Arch>(scale.data(), magnitudes.most());
        store<Arch>(odd.data(), magnitudes.odd());
        for (std::size_t lane = 0; lane < lanes<Arch>; ++lane) {
            const Int8Scale s = Int8Scale::of(scale[lane] + odd[lane]);
            scale[lane] = s.scale;
            inverse[lane] = s.inverse;
        }
        std::memcpy(scales, scale.data(), sizeof(scale));
        const Vec<Arch> by = load<Arch>(inverse.data());
        const Ints<Arch> offset(Dot::offset);
        for (std::size_t i = 0; i < w.in; i += Block::size) {
            block.read(w, i);
            const std::size_t steps =
                std::min(Block::size / Dot::group, Panel::steps(w.in) - i / Dot::group);
            for (std::size_t s = 0; s < steps; ++s, to += Panel::step_bytes)
                detail::store_words<Arch>(
                    to, detail::join_group<Arch>([&](std::size_t k) {
                        return round_to_ints<Arch>(clamped(block.at(s * Dot::group + k) * by)) +
                               offset;
                    }));
        }
    }
    /// Only what is not finite needs it, and nobody sees that: its scale is NaN.
    static XZOO_INLINE Vec<Arch> clamped(Vec<Arch> x) noexcept {
        return larger<Arch>(smaller<Arch>(x, Vec<Arch>(127.0F)), Vec<Arch>(-127.0F));
    }
};

}  // namespace xzoo::simd
