#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "xzoo/simd/amx_panels.hpp"
#include "xzoo/simd/dot_tile.hpp"
#include "xzoo/simd/weight_block.hpp"

namespace xzoo::simd {

/// Weights and inputs in bfloat16, sums in float, by the instruction that multiplies pairs of
/// them. Inputs are rounded to bfloat16 (a relative error of 2^-9), which the widening path
/// (PlainFormat) of the other architectures does not do.
/// Panel   DotPanel's weights: pairs of inputs beside each other.
template <class Arch>
struct BFloat16Format {
    using Dot = BFloat16Dot<Arch>;
    using Panel = DotPanel<Arch, Dot>;
    static constexpr std::size_t columns = Panel::columns;
    /// Of a tile of dot products.
    static constexpr std::size_t dot_rows = TileShape<Arch>::rows;
    static constexpr std::size_t rows = has_amx<Arch> ? detail::amx_rows : dot_rows;
    /// Zeros that follow the prepared rows.
    static constexpr std::size_t spare_rows(std::size_t) noexcept {
        return has_amx<Arch> ? detail::amx_spare_rows : 0;
    }

    static constexpr std::size_t panel_bytes(std::size_t in) noexcept {
        return Panel::weight_bytes(in);
    }
    /// Names what pack_panel writes: equal names, equal bytes.
    static std::string layout() {
        return "panels of " + std::to_string(columns) + ", " + Dot::layout();
    }
    static constexpr std::size_t at_once(std::size_t height) noexcept {
        return height < dot_rows ? dot_rows / height : 1;
    }

    static constexpr std::size_t row_bytes(std::size_t in) noexcept { return Panel::row_bytes(in); }
    static constexpr float row_scale(const std::byte*) noexcept { return 1.0F; }

    static void prepare([[maybe_unused]] const float* a, [[maybe_unused]] std::size_t in,
                        [[maybe_unused]] std::byte* row) noexcept {
#if XZOO_WITH_AVX512_BF16
        std::byte* to = row + Panel::header;
        std::memset(row + row_bytes(in) - 64, 0, 64);  // what fills up the last line
        for_each_short<Arch>(in, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
            const auto narrow = _mm512_cvtneps_pbh(load<Arch>(a + i, tail));
            __builtin_memcpy(to + i * sizeof(BFloat16), &narrow, sizeof(narrow));
        });
#endif
    }

    template <std::size_t Rows, std::size_t Panels>
    static void kernel(const PanelOperands& o) noexcept {
        constexpr std::size_t width = Panel::vectors * Panels;
        Vec<Arch> sum[Rows][width];
        XZOO_UNROLL
        for (std::size_t i = 0; i < Rows * width; ++i)
            sum[i / width][i % width] = Vec<Arch>(0.0F);
        detail::add_dots<Arch, Dot, Rows, Panels>(sum, o.rows + Panel::header, o);
        XZOO_UNROLL
        for (std::size_t i = 0; i < Rows * width; ++i)
            store<Arch>(o.c + i / width * o.c_stride + i % width * lanes<Arch>,
                        sum[i / width][i % width]);
    }
    static XZOO_INLINE void multiply(std::size_t height, std::size_t panels,
                                     const PanelOperands& o) noexcept {
#if XZOO_WITH_AVX512_AMX
        if constexpr (has_amx<Arch>) {
            if (detail::amx_is_granted<Arch>())
                return detail::multiply_by_tiles<Arch, Dot>(height, panels, o);
        }
#endif
        for (std::size_t r = 0; r < height; r += dot_rows)
            detail::PanelKernels<BFloat16Format>::multiply(std::min(dot_rows, height - r), panels,
                                                           o.after_rows(r), Panel::steps(o.in));
    }

    static void pack_panel(const WeightsView& w, std::byte* panel) noexcept {
        std::fill(panel, panel + panel_bytes(w.in), std::byte{0});
        for (std::size_t o = 0; o < std::min(w.outputs, columns); ++o) {
            for (std::size_t i = 0; i < w.in; ++i) {
                const BFloat16 value = BFloat16::from(w.data[o * w.out_stride + i * w.in_stride]);
                __builtin_memcpy(panel + place(o, i), &value, sizeof(value));
            }
        }
    }
    static void unpack(const std::byte* panel, std::size_t column, std::size_t in, float* row,
                       std::size_t stride) noexcept {
        for (std::size_t i = 0; i < in; ++i) {
            BFloat16 value;
            __builtin_memcpy(&value, panel + place(column, i), sizeof(value));
            row[i * stride] = value;
        }
    }

private:
    /// Byte of a panel where the weight of an input begins.
    static constexpr std::size_t place(std::size_t column, std::size_t i) noexcept {
        return i / Dot::group * Panel::step_bytes +
               (column * Dot::group + i % Dot::group) * sizeof(BFloat16);
    }
};

}  // namespace xzoo::simd
