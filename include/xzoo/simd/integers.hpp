#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "xzoo/simd/vec.hpp"

/// Registers of 32-bit integers: what quantisation needs and xsimd 8 lacks, or has in a form that
/// makes GCC 12 warn of its own undefined (the masked intrinsics do not).
namespace xzoo::simd {

/// One register of 32-bit integers, as many as a register of floats.
template <class Arch>
using Ints = xsimd::batch<std::int32_t, Arch>;

template <class Arch>
XZOO_INLINE Ints<Arch> load_ints(const std::int32_t* from) noexcept {
    return Ints<Arch>::load_unaligned(from);
}

/// The nearest integers, ties to even. |v| < 2^31.
template <class Arch>
XZOO_INLINE Ints<Arch> round_to_ints(Vec<Arch> v) noexcept {
#if XSIMD_WITH_AVX512F
    if constexpr (is_avx512<Arch>)
        return _mm512_maskz_cvtps_epi32(static_cast<__mmask16>(0xFFFFU), v);
#endif
#if XSIMD_WITH_AVX
    if constexpr (is_avx<Arch>)
        return _mm256_cvtps_epi32(v);
#endif
#if XSIMD_WITH_SSE2
    if constexpr (lanes<Arch> == 4)
        return _mm_cvtps_epi32(v);
#endif
#if XSIMD_WITH_NEON64
    if constexpr (std::is_same_v<Arch, xsimd::neon64>)
        return vcvtnq_s32_f32(v);
#endif
}

/// The floats nearest to integers, ties to even.
template <class Arch>
XZOO_INLINE Vec<Arch> to_floats(Ints<Arch> v) noexcept {
#if XSIMD_WITH_AVX512F
    if constexpr (is_avx512<Arch>)
        return _mm512_maskz_cvtepi32_ps(static_cast<__mmask16>(0xFFFFU), v);
#endif
#if XSIMD_WITH_AVX
    if constexpr (is_avx<Arch>)
        return _mm256_cvtepi32_ps(v);
#endif
#if XSIMD_WITH_SSE2
    if constexpr (lanes<Arch> == 4)
        return _mm_cvtepi32_ps(v);
#endif
#if XSIMD_WITH_NEON64
    if constexpr (std::is_same_v<Arch, xsimd::neon64>)
        return vcvtq_f32_s32(v);
#endif
}

/// Stores integers that fit into it as a smaller type at any address.
template <class Arch, class Narrow>
XZOO_INLINE void store_narrow(Narrow* to, Ints<Arch> v) noexcept {
#if XSIMD_WITH_AVX512F
    if constexpr (is_avx512<Arch> && sizeof(Narrow) == 1) {
        void* address = to;
        _mm_storeu_si128(static_cast<__m128i*>(address),
                         _mm512_maskz_cvtepi32_epi8(static_cast<__mmask16>(0xFFFFU), v));
        return;
    }
#endif
#if XSIMD_WITH_AVX2
    if constexpr (is_avx<Arch> && sizeof(Narrow) == 2) {
        void* address = to;
        _mm_storeu_si128(
            static_cast<__m128i*>(address),
            _mm_packs_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1)));
        return;
    }
#endif
    alignas(64) std::array<std::int32_t, lanes<Arch>> wide;
    v.store_aligned(wide.data());
    for (std::size_t i = 0; i < lanes<Arch>; ++i)
        to[i] = static_cast<Narrow>(wide[i]);
}

}  // namespace xzoo::simd
