#pragma once

#include <array>
#include <cstddef>

#include "xzoo/core/precision.hpp"

namespace xzoo::simd {

/// ALiBi: a bias of scores that falls with the distance of a key, in place of positions.
/// Source  Press et al. 2022, "Train Short, Test Long".
struct Alibi {
    const float* slopes = nullptr;  ///< (heads,); null: there is no such bias
    float scale = 1.0F;             ///< of the products of slopes and positions
    /// As Falcon has it: positions, slopes and their products are rounded to bfloat16.
    bool rounded = false;

    /// Adds the bias to the scores of tokens [first, first + n) of a text of `length` tokens: of
    /// positions from the last token back, which are small where it matters, or, if rounded, from
    /// the first token on. The two are the same to a softmax.
    template <class Arch>
    void add(std::size_t head, std::size_t first, std::size_t n, std::size_t length,
             float* scores) const noexcept {
        if (slopes == nullptr)
            return;
        const float slope = slopes[head];
        for (std::size_t i = 0; i < n; ++i)
            scores[i] += scale * (rounded ? round(round(slope) * round(number(first + i)))
                                          : slope * -number(length - 1 - first - i));
    }

private:
    static float number(std::size_t position) noexcept { return static_cast<float>(position); }
    static float round(float value) noexcept { return BFloat16::from(value); }
};

namespace detail {

constexpr double square_root(double x) noexcept {
    double root = x < 1.0 ? 1.0 : x;
    for (int i = 0; i < 64; ++i)
        root = 0.5 * (root + x / root);
    return root;
}

/// 2^(-8 / n) for a power of two n.
constexpr double alibi_base(std::size_t n) noexcept {
    double base = 1.0 / 256.0;
    for (; n > 1; n /= 2)
        base = square_root(base);
    return base;
}

template <std::size_t Heads>
constexpr std::array<float, Heads> make_alibi_slopes() noexcept {
    std::size_t power = 1;  // the largest power of two that is not above Heads
    while (power * 2 <= Heads)
        power *= 2;
    std::array<float, Heads> slopes{};
    const double base = alibi_base(power);
    double slope = 1.0;
    for (std::size_t h = 0; h < power; ++h)
        slopes[h] = static_cast<float>(slope *= base);
    // Every other slope of twice as many heads, for the heads that are left.
    const double finer = alibi_base(2 * power);
    slope = finer;
    for (std::size_t h = power; h < Heads; ++h, slope *= finer * finer)
        slopes[h] = static_cast<float>(slope);
    return slopes;
}

}  // namespace detail

/// The slopes of so many heads, of a power of two or not.
/// Source  the authors' attention_with_linear_biases, get_slopes.
template <std::size_t Heads>
inline constexpr std::array<float, Heads> alibi_slopes = detail::make_alibi_slopes<Heads>();

}  // namespace xzoo::simd
