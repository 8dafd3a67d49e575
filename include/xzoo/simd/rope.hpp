#pragma once

#include <cstddef>

#include "xzoo/simd/vec.hpp"

namespace xzoo::simd {

/// Rotates pairs of a head's numbers, which stand `half` apart: (x[i], x[half + i]) by angle i.
/// Shapes  x: (2 * half,), cosine, sine: (half,).
/// Source  Su et al. 2021, in the order that GPT-NeoX and Llama use.
template <class Arch = default_arch>
void rotate_halves(float* x, const float* cosine, const float* sine, std::size_t half) noexcept {
    for_each_vec<Arch>(half, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
        const Vec<Arch> a = load<Arch>(x + i, tail);
        const Vec<Arch> b = load<Arch>(x + half + i, tail);
        const Vec<Arch> c = load<Arch>(cosine + i, tail);
        const Vec<Arch> s = load<Arch>(sine + i, tail);
        store<Arch>(x + i, a * c - b * s, tail);
        store<Arch>(x + half + i, b * c + a * s, tail);
    });
}
XZOO_DISPATCHED_KERNEL(void, rotate_halves,
                       (float* x, const float* cosine, const float* sine, std::size_t half),
                       (x, cosine, sine, half))

/// The same for pairs that stand side by side: (x[2 i], x[2 i + 1]) by angle i, as in GPT-J.
/// Shapes  as rotate_halves.
template <class Arch = default_arch>
void rotate_neighbours(float* x, const float* cosine, const float* sine,
                       std::size_t half) noexcept {
    for (std::size_t i = 0; i < half; ++i) {
        const float a = x[2 * i];
        const float b = x[2 * i + 1];
        x[2 * i] = a * cosine[i] - b * sine[i];
        x[2 * i + 1] = b * cosine[i] + a * sine[i];
    }
}
XZOO_DISPATCHED_KERNEL(void, rotate_neighbours,
                       (float* x, const float* cosine, const float* sine, std::size_t half),
                       (x, cosine, sine, half))

}  // namespace xzoo::simd
