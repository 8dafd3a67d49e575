#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "xzoo/core/precision.hpp"
#include "xzoo/simd/vec.hpp"

namespace xzoo::simd {

/// A register of floats from bfloat16 numbers at any address.
template <class Arch>
XZOO_INLINE Vec<Arch> load(const BFloat16* from) noexcept {
    static_assert(sizeof(BFloat16) == 2);
    const void* address = from;
#if XSIMD_WITH_AVX512F
    if constexpr (is_avx512<Arch>) {
        // The plain intrinsics make GCC 12 warn of its own undefined.
        constexpr __mmask16 all = 0xFFFFU;
        const __m256i narrow = _mm256_loadu_si256(static_cast<const __m256i*>(address));
        return _mm512_castsi512_ps(
            _mm512_maskz_slli_epi32(all, _mm512_maskz_cvtepu16_epi32(all, narrow), 16));
    }
#endif
#if XSIMD_WITH_AVX2
    if constexpr (is_avx<Arch> && !std::is_same_v<Arch, xsimd::avx>) {
        const __m128i narrow = _mm_loadu_si128(static_cast<const __m128i*>(address));
        return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(narrow), 16));
    }
#endif
#if XSIMD_WITH_SSE2
    if constexpr (lanes<Arch> == 4) {
        const __m128i narrow = _mm_loadl_epi64(static_cast<const __m128i*>(address));
        return _mm_castsi128_ps(_mm_unpacklo_epi16(_mm_setzero_si128(), narrow));
    }
#endif
#if XSIMD_WITH_NEON64
    if constexpr (std::is_same_v<Arch, xsimd::neon64>)
        return vreinterpretq_f32_u32(
            vshll_n_u16(vld1_u16(static_cast<const std::uint16_t*>(address)), 16));
#endif
    alignas(64) std::array<float, lanes<Arch>> wide;
    for (std::size_t i = 0; i < lanes<Arch>; ++i)
        wide[i] = from[i];
    return load<Arch>(wide.data());
}

/// A register of floats from 8-bit integers at any address.
template <class Arch>
XZOO_INLINE Vec<Arch> load(const std::int8_t* from) noexcept {
    const void* address = from;
#if XSIMD_WITH_AVX512F
    if constexpr (is_avx512<Arch>) {
        constexpr __mmask16 all = 0xFFFFU;  // as above
        const __m128i narrow = _mm_loadu_si128(static_cast<const __m128i*>(address));
        return _mm512_maskz_cvtepi32_ps(all, _mm512_maskz_cvtepi8_epi32(all, narrow));
    }
#endif
#if XSIMD_WITH_AVX2
    if constexpr (is_avx<Arch> && !std::is_same_v<Arch, xsimd::avx>) {
        const __m128i narrow = _mm_loadl_epi64(static_cast<const __m128i*>(address));
        return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(narrow));
    }
#endif
    static_cast<void>(address);
    alignas(64) std::array<float, lanes<Arch>> wide;
    for (std::size_t i = 0; i < lanes<Arch>; ++i)
        wide[i] = static_cast<float>(from[i]);
    return load<Arch>(wide.data());
}

/// The first n < lanes numbers, the other lanes are zero; reads nothing behind them.
template <class Arch, class Narrow>
XZOO_INLINE Vec<Arch> load_partial(const Narrow* from, std::size_t n) noexcept {
    std::array<Narrow, lanes<Arch>> narrow{};
    for (std::size_t i = 0; i < n; ++i)
        narrow[i] = from[i];
    return load<Arch>(narrow.data());
}

/// load or, with a tail from for_each_vec, load_partial.
template <class Arch, class Narrow>
XZOO_INLINE Vec<Arch> load(const Narrow* from, std::size_t tail) noexcept {
    return tail == 0 ? load<Arch>(from) : load_partial<Arch>(from, tail);
}

}  // namespace xzoo::simd
