// The numbers that attention multiplies: floats, or bfloat16 in pairs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "xzoo/simd/dot.hpp"

namespace xzoo::simd::detail {

/// Everything that attention multiplies comes in words of 32 bits that hold `group` numbers whose
/// products go into the same sum. This one is a float.
template <class Arch>
struct FloatWords {
    using Vector = Vec<Arch>;  // of words
    static constexpr std::size_t group = 1;

    static XZOO_INLINE Vector load(const float* words) noexcept { return simd::load<Arch>(words); }
    static XZOO_INLINE Vector broadcast(const float* word) noexcept { return Vector(*word); }
    static XZOO_INLINE Vec<Arch> add(Vec<Arch> sum, Vector a, Vector b) noexcept {
        return fma<Arch>(b, a, sum);
    }
    /// Words of consecutive numbers: number(i) is a register of them, i registers from here.
    template <class Number>
    static XZOO_INLINE Vec<Arch> of_row(Number&& number) noexcept {
        return number(std::size_t{0});
    }
    /// Words of the numbers that stand in the same lane of `group` rows.
    template <class Number>
    static XZOO_INLINE Vec<Arch> of_column(Number&& number) noexcept {
        return number(std::size_t{0});
    }
};

/// Two bfloat16 numbers, the first one in the lower half. Only for architectures that multiply
/// them.
template <class Arch>
struct BFloat16Words;

#if XZOO_WITH_AVX512_BF16
template <class Arch>
requires(has_bf16<Arch>) struct BFloat16Words<Arch> {
    using Dot = BFloat16Dot<Arch>;
    using Vector = Ints<Arch>;
    static constexpr std::size_t group = 2;

    static XZOO_INLINE Vector load(const float* words) noexcept {
        const void* address = words;
        return Dot::load(static_cast<const std::byte*>(address));
    }
    static XZOO_INLINE Vector broadcast(const float* word) noexcept {
        const void* address = word;
        return Dot::broadcast(static_cast<const std::byte*>(address));
    }
    static XZOO_INLINE Vec<Arch> add(Vec<Arch> sum, Vector a, Vector b) noexcept {
        return Dot::add(sum, b, a);
    }
    template <class Number>
    static XZOO_INLINE Vec<Arch> of_row(Number&& number) noexcept {
        return _mm512_castsi512_ps(narrow(number(std::size_t{0}), number(std::size_t{1})));
    }
    template <class Number>
    static XZOO_INLINE Vec<Arch> of_column(Number&& number) noexcept {
        alignas(64) static constexpr std::array<std::uint16_t, 32> turns{
            0, 16, 1, 17, 2,  18, 3,  19, 4,  20, 5,  21, 6,  22, 7,  23,
            8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
        const __m512i order = _mm512_load_si512(turns.data());
        return _mm512_castsi512_ps(_mm512_maskz_permutexvar_epi16(
            0xFFFFFFFFU, order, narrow(number(std::size_t{0}), number(std::size_t{1}))));
    }

private:
    static XZOO_INLINE __m512i narrow(Vec<Arch> first, Vec<Arch> second) noexcept {
        return (__m512i)_mm512_cvtne2ps_pbh(second, first);
    }
};
#endif

}  // namespace xzoo::simd::detail
