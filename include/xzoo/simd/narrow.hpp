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

/// A register of floats from IEEE halves at any address; exact.
template <class Arch>
XZOO_INLINE Vec<Arch> load(const Float16* from) noexcept {
    static_assert(sizeof(Float16) == 2);
    const void* address = from;
#if XSIMD_WITH_AVX512F
    if constexpr (is_avx512<Arch>)
        return _mm512_maskz_cvtph_ps(static_cast<__mmask16>(0xFFFFU),  // as above
                                     _mm256_loadu_si256(static_cast<const __m256i*>(address)));
#endif
#if XSIMD_WITH_AVX2 && defined(__F16C__)
    if constexpr (is_avx<Arch> && !std::is_same_v<Arch, xsimd::avx>)
        return _mm256_cvtph_ps(_mm_loadu_si128(static_cast<const __m128i*>(address)));
#endif
#if XSIMD_WITH_SSE2
    if constexpr (lanes<Arch> == 4) {
        const __m128i bits = _mm_unpacklo_epi16(
            _mm_loadl_epi64(static_cast<const __m128i*>(address)), _mm_setzero_si128());
        const __m128i magnitude = _mm_and_si128(bits, _mm_set1_epi32(0x7fff));
        const __m128 value =
            _mm_mul_ps(_mm_castsi128_ps(_mm_slli_epi32(magnitude, 13)), _mm_set1_ps(0x1p112F));
        const __m128i not_finite = _mm_cmpgt_epi32(magnitude, _mm_set1_epi32(0x7bff));
        const __m128i rest = _mm_or_si128(_mm_and_si128(not_finite, _mm_set1_epi32(0x7f800000)),
                                          _mm_slli_epi32(_mm_xor_si128(bits, magnitude), 16));
        return _mm_or_ps(value, _mm_castsi128_ps(rest));
    }
#endif
#if XSIMD_WITH_NEON64
    if constexpr (std::is_same_v<Arch, xsimd::neon64>)
        return vcvt_f32_f16(
            vreinterpret_f16_u16(vld1_u16(static_cast<const std::uint16_t*>(address))));
#endif
    alignas(64) std::array<float, lanes<Arch>> wide;
    for (std::size_t i = 0; i < lanes<Arch>; ++i)
        wide[i] = from[i];
    return load<Arch>(wide.data());
}

namespace detail {

/// The halves of float8_e5m2 numbers, whose lower bytes are missing.
constexpr std::uint16_t half_of(Float8E5M2 x) noexcept {
    return static_cast<std::uint16_t>(x.bits << 8U);
}
/// The halves of float8_e4m3fn numbers, but 2^8 times too small. NaN would be a number.
constexpr std::uint16_t half_of(Float8E4M3 x) noexcept {
    const unsigned magnitude = x.bits & 0x7fU;
    return static_cast<std::uint16_t>((x.bits & 0x80U) << 8U | magnitude << 7U |
                                      (magnitude == 0x7fU ? 0x7c00U : 0U));
}
#if XSIMD_WITH_AVX2
// The same for 16 numbers, each in the lower byte of its word.
XZOO_INLINE __m256i halves_of(__m256i x, Float8E5M2) noexcept {
    return _mm256_slli_epi16(x, 8);
}
XZOO_INLINE __m256i halves_of(__m256i x, Float8E4M3) noexcept {
    const __m256i all = _mm256_set1_epi16(0x7f);
    const __m256i magnitude = _mm256_and_si256(x, all);
    const __m256i sign = _mm256_slli_epi16(_mm256_xor_si256(x, magnitude), 8);
    const __m256i odd =
        _mm256_and_si256(_mm256_cmpeq_epi16(magnitude, all), _mm256_set1_epi16(0x7c00));
    return _mm256_or_si256(_mm256_or_si256(sign, odd), _mm256_slli_epi16(magnitude, 7));
}
#endif

/// What halves have to be multiplied with.
template <class Float8>
inline constexpr float half_unit = std::is_same_v<Float8, Float8E4M3> ? 256.0F : 1.0F;

template <class Arch, class Float8>
XZOO_INLINE Vec<Arch> load_float8(const Float8* from) noexcept {
    static_assert(sizeof(Float8) == 1);
    const Vec<Arch> unit(half_unit<Float8>);
#if XSIMD_WITH_AVX512F
    if constexpr (is_avx512<Arch>) {
        const void* address = from;
        const __m256i bytes =
            _mm256_cvtepu8_epi16(_mm_loadu_si128(static_cast<const __m128i*>(address)));
        return unit * Vec<Arch>(_mm512_maskz_cvtph_ps(static_cast<__mmask16>(0xFFFFU),
                                                      halves_of(bytes, Float8{})));
    }
#endif
#if XSIMD_WITH_AVX2 && defined(__F16C__)
    if constexpr (is_avx<Arch> && !std::is_same_v<Arch, xsimd::avx>) {
        const void* address = from;
        const __m256i bytes =
            _mm256_cvtepu8_epi16(_mm_loadl_epi64(static_cast<const __m128i*>(address)));
        return unit *
               Vec<Arch>(_mm256_cvtph_ps(_mm256_castsi256_si128(halves_of(bytes, Float8{}))));
    }
#endif
    std::array<Float16, lanes<Arch>> halves;
    for (std::size_t i = 0; i < lanes<Arch>; ++i)
        halves[i].bits = half_of(from[i]);
    return unit * load<Arch>(halves.data());
}

}  // namespace detail

/// A register of floats from float8_e4m3fn numbers at any address; exact.
template <class Arch>
XZOO_INLINE Vec<Arch> load(const Float8E4M3* from) noexcept {
    return detail::load_float8<Arch>(from);
}

/// A register of floats from float8_e5m2 numbers at any address; exact.
template <class Arch>
XZOO_INLINE Vec<Arch> load(const Float8E5M2* from) noexcept {
    return detail::load_float8<Arch>(from);
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
