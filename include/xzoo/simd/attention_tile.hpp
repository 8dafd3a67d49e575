// The matrix products inside attention, on words of attention_words.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "xzoo/simd/tile.hpp"

namespace xzoo::simd::detail {

/// Size of attention's register tiles. Heads are 32, 64, 80, 96 or 128 numbers wide: four registers
/// leave less of the last panel unused than gemm's three.
template <class Arch>
struct AttentionShape {
    static constexpr std::size_t rows = is_avx512<Arch> ? 6 : TileShape<Arch>::rows;
    static constexpr std::size_t vectors = is_avx512<Arch> ? 4 : TileShape<Arch>::vectors;
    static constexpr std::size_t columns = vectors * lanes<Arch>;

    /// Registers that so many numbers fill.
    static constexpr std::size_t vectors_of(std::size_t n) noexcept {
        return (n + lanes<Arch> - 1) / lanes<Arch>;
    }
};

/// Panels of words: the matrix (steps, columns) is cut into panels of AttentionShape::columns; the
/// last one is as many registers wide as it needs. Panels stand one after the other, each
/// (steps, its columns), contiguous.
struct WordPanels {
    const float* data;
    std::size_t steps;    ///< of every panel
    std::size_t first;    ///< step that the product begins with
    std::size_t vectors;  ///< registers from the first panel on
};

/// Where a kernel finds its operands; strides in words.
struct WordTile {
    const float* a;  ///< (rows, steps)
    std::size_t a_stride;
    std::size_t steps;
    float* c;  ///< (rows, vectors * lanes)
    std::size_t c_stride;
    bool accumulate;  ///< c += instead of c =
};

template <class Arch, class W, std::size_t Rows, std::size_t Vectors>
void word_tile(const WordTile& o, const float* panel) noexcept {
    const float* a = o.a;
    const std::size_t a_stride = o.a_stride;
    Vec<Arch> sum[Rows][Vectors];
    XZOO_UNROLL
    for (std::size_t i = 0; i < Rows * Vectors; ++i)
        sum[i / Vectors][i % Vectors] =
            o.accumulate ? load<Arch>(o.c + i / Vectors * o.c_stride + i % Vectors * lanes<Arch>)
                         : Vec<Arch>(0.0F);
    for (const float* end = a + o.steps; a < end; ++a, panel += Vectors * lanes<Arch>) {
        typename W::Vector b[Vectors];
        XZOO_UNROLL
        for (std::size_t v = 0; v < Vectors; ++v)
            b[v] = W::load(panel + v * lanes<Arch>);
        XZOO_UNROLL
        for (std::size_t r = 0; r < Rows; ++r) {
            const typename W::Vector word = W::broadcast(a + r * a_stride);
            XZOO_UNROLL
            for (std::size_t v = 0; v < Vectors; ++v)
                sum[r][v] = W::add(sum[r][v], word, b[v]);
        }
    }
    XZOO_UNROLL
    for (std::size_t i = 0; i < Rows * Vectors; ++i)
        store<Arch>(o.c + i / Vectors * o.c_stride + i % Vectors * lanes<Arch>,
                    sum[i / Vectors][i % Vectors]);
}

/// Kernels by width - 1 and height - 1.
template <class Arch, class W>
struct WordKernels {
    using Kernel = void (*)(const WordTile&, const float*) noexcept;
    using Shape = AttentionShape<Arch>;
    using Heights = std::array<Kernel, Shape::rows>;

    template <std::size_t Vectors, std::size_t... R>
    static constexpr Heights of_width(std::index_sequence<R...>) noexcept {
        return {&word_tile<Arch, W, R + 1, Vectors>...};
    }
    template <std::size_t... V>
    static constexpr std::array<Heights, Shape::vectors> make(std::index_sequence<V...>) noexcept {
        return {of_width<V + 1>(std::make_index_sequence<Shape::rows>{})...};
    }
    static constexpr auto table = make(std::make_index_sequence<Shape::vectors>{});
};

/// c = or += a times panels.
/// Shapes  1 <= rows <= AttentionShape::rows.
template <class Arch, class W>
void multiply_words(std::size_t rows, const WordPanels& panels, WordTile o) noexcept {
    using Shape = AttentionShape<Arch>;
    const float* panel = panels.data;
    for (std::size_t left = panels.vectors; left > 0;) {
        const std::size_t vectors = left < Shape::vectors ? left : Shape::vectors;
        WordKernels<Arch, W>::table[vectors - 1][rows - 1](
            o, panel + panels.first * vectors * lanes<Arch>);
        o.c += vectors * lanes<Arch>;
        panel += panels.steps * vectors * lanes<Arch>;
        left -= vectors;
    }
}

}  // namespace xzoo::simd::detail
