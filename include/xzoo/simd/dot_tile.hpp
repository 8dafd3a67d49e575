#pragma once

#include <algorithm>
#include <cstddef>

#include "xzoo/simd/dot.hpp"
#include "xzoo/simd/gemm_job.hpp"

namespace xzoo::simd {

/// What a panel of groups of inputs looks like: (steps, vectors, D::vector_bytes), then whatever
/// the format adds. A prepared row is `header` bytes and then its inputs.
template <class Arch, class D>
struct DotPanel {
    static constexpr std::size_t vectors = TileShape<Arch>::vectors;
    static constexpr std::size_t columns = TileShape<Arch>::columns;
    static constexpr std::size_t step_bytes = vectors * D::vector_bytes;
    static constexpr std::size_t header = 64;

    static constexpr std::size_t steps(std::size_t in) noexcept {
        return (in + D::group - 1) / D::group;
    }
    static constexpr std::size_t whole_lines(std::size_t bytes) noexcept {
        return (bytes + 63) / 64 * 64;
    }
    static constexpr std::size_t weight_bytes(std::size_t in) noexcept {
        return whole_lines(steps(in) * step_bytes);
    }
    /// What fills the last line of a panel's weights up.
    static void clear_padding(std::byte* panel, std::size_t in) noexcept {
        std::fill(panel + steps(in) * step_bytes, panel + weight_bytes(in), std::byte{0});
    }
    static constexpr std::size_t row_bytes(std::size_t in) noexcept {
        return header + whole_lines(in * sizeof(typename D::Input));
    }
};

namespace detail {

/// Rows of a tile of 8-bit products: what the registers hold.
template <class Arch>
inline constexpr std::size_t int_dot_rows =
    TileShape<Arch>::rows > 4 && is_avx<Arch> ? 4  // sixteen registers, one for the product
                                              : TileShape<Arch>::rows;

/// sum (Rows, Panels * vectors) += rows of inputs, which begin at `a`, times panels, all inputs of
/// them, in order.
template <class Arch, class D, std::size_t Rows, std::size_t Panels>
XZOO_INLINE void add_dots(typename D::Sum (&sum)[Rows][TileShape<Arch>::vectors * Panels],
                          const std::byte* a, const PanelOperands& o) noexcept {
    using Panel = DotPanel<Arch, D>;
    constexpr std::size_t vectors = Panel::vectors;
    constexpr std::size_t group_bytes = D::group * sizeof(typename D::Input);
    const std::size_t row_stride = o.row_stride;
    const std::size_t panel_stride = o.panel_stride;
    const std::byte* panel = o.panel;
    const std::byte* next = o.next;
    const std::size_t next_line = o.next_line;
    const std::size_t next_step = o.fetch_step<Panel::step_bytes>();
    for (const std::byte* end = a + Panel::steps(o.in) * group_bytes; a < end; a += group_bytes) {
        XZOO_UNROLL
        for (std::size_t p = 0; p < Panels; ++p) {
            PanelOperands::fetch<Panel::step_bytes>(next + p * panel_stride, next_line);
            typename D::Weights w[vectors];
            XZOO_UNROLL
            for (std::size_t v = 0; v < vectors; ++v)
                w[v] = D::load(panel + p * panel_stride + v * D::vector_bytes);
            XZOO_UNROLL
            for (std::size_t r = 0; r < Rows; ++r) {
                const auto inputs = D::broadcast(a + r * row_stride);
                XZOO_UNROLL
                for (std::size_t v = 0; v < vectors; ++v) {
                    auto& s = sum[r][p * vectors + v];
                    s = D::add(s, w[v], inputs);
                }
            }
        }
        panel += Panel::step_bytes;
        next += next_step;
    }
}

}  // namespace detail

}  // namespace xzoo::simd
