#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "xzoo/simd/arch.hpp"

namespace xzoo::simd {

/// One register of floats.
template <class Arch>
using Vec = xsimd::batch<float, Arch>;

/// Floats in a register.
template <class Arch>
inline constexpr std::size_t lanes = Vec<Arch>::size;

template <class Arch>
XZOO_INLINE Vec<Arch> load(const float* from) noexcept {
    return Vec<Arch>::load_unaligned(from);
}

template <class Arch>
XZOO_INLINE void store(float* to, Vec<Arch> v) noexcept {
    v.store_unaligned(to);
}

/// a * b + c, fused where the architecture can (xsimd 8 cannot for AVX-512).
template <class Arch>
XZOO_INLINE Vec<Arch> fma(Vec<Arch> a, Vec<Arch> b, Vec<Arch> c) noexcept {
#if XSIMD_WITH_AVX512F
    if constexpr (is_avx512<Arch>)
        return _mm512_fmadd_ps(a, b, c);
#endif
    return xsimd::fma(a, b, c);
}

/// a / b, correctly rounded (xsimd 8 refines an estimate of 1 / b for NEON, some units in the last
/// place off and 0 where 1 / b is denormal).
template <class Arch>
XZOO_INLINE Vec<Arch> divide(Vec<Arch> a, Vec<Arch> b) noexcept {
#if XSIMD_WITH_NEON64
    if constexpr (std::is_same_v<Arch, xsimd::neon64>)
        return vdivq_f32(a, b);
#endif
    return a / b;
}

namespace detail {
/// Eight set words, then eight clear ones: read from 8 - n it masks the first n lanes.
alignas(64) inline constexpr std::array<std::int32_t, 16> lane_mask{-1, -1, -1, -1, -1, -1, -1, -1};
}  // namespace detail

/// The first n < lanes floats, the other lanes are zero; reads nothing behind them.
template <class Arch>
XZOO_INLINE Vec<Arch> load_partial(const float* from, std::size_t n) noexcept {
#if XSIMD_WITH_AVX512F
    if constexpr (is_avx512<Arch>)
        return _mm512_maskz_loadu_ps(static_cast<__mmask16>((1U << n) - 1U), from);
#endif
#if XSIMD_WITH_AVX
    if constexpr (is_avx<Arch>) {
        const void* mask = detail::lane_mask.data() + (8 - n);
        return _mm256_maskload_ps(from, _mm256_loadu_si256(static_cast<const __m256i*>(mask)));
    }
#endif
    alignas(64) std::array<float, lanes<Arch>> buffer{};
    for (std::size_t i = 0; i < n; ++i)
        buffer[i] = from[i];
    return load<Arch>(buffer.data());
}

/// Writes the first n < lanes floats and nothing behind them.
template <class Arch>
XZOO_INLINE void store_partial(float* to, Vec<Arch> v, std::size_t n) noexcept {
#if XSIMD_WITH_AVX512F
    if constexpr (is_avx512<Arch>) {
        _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1U << n) - 1U), v);
        return;
    }
#endif
#if XSIMD_WITH_AVX
    if constexpr (is_avx<Arch>) {
        const void* mask = detail::lane_mask.data() + (8 - n);
        _mm256_maskstore_ps(to, _mm256_loadu_si256(static_cast<const __m256i*>(mask)), v);
        return;
    }
#endif
    alignas(64) std::array<float, lanes<Arch>> buffer;
    store<Arch>(buffer.data(), v);
    for (std::size_t i = 0; i < n; ++i)
        to[i] = buffer[i];
}

/// The first n lanes of v, the others replaced by those of other.
template <class Arch>
XZOO_INLINE Vec<Arch> keep_first(Vec<Arch> v, Vec<Arch> other, std::size_t n) noexcept {
    alignas(64) std::array<float, lanes<Arch>> buffer;
    store<Arch>(buffer.data(), v);
    alignas(64) std::array<float, lanes<Arch>> rest;
    store<Arch>(rest.data(), other);
    for (std::size_t i = 0; i < n; ++i)
        rest[i] = buffer[i];
    return load<Arch>(rest.data());
}

/// The larger of each pair of lanes; b's where either is NaN (x86; NEON gives NaN).
template <class Arch>
XZOO_INLINE Vec<Arch> larger(Vec<Arch> a, Vec<Arch> b) noexcept {
#if XSIMD_WITH_AVX512F
    if constexpr (is_avx512<Arch>)  // the plain intrinsic makes GCC 12 warn of its own undefined
        return _mm512_maskz_max_ps(static_cast<__mmask16>(0xFFFFU), a, b);
#endif
    return xsimd::max(a, b);
}

/// The smaller of each pair of lanes; b's where either is NaN (x86; NEON gives NaN).
template <class Arch>
XZOO_INLINE Vec<Arch> smaller(Vec<Arch> a, Vec<Arch> b) noexcept {
#if XSIMD_WITH_AVX512F
    if constexpr (is_avx512<Arch>)
        return _mm512_maskz_min_ps(static_cast<__mmask16>(0xFFFFU), a, b);
#endif
    return xsimd::min(a, b);
}

namespace detail {

#if XSIMD_WITH_SSE2
// Plain intrinsics below the width of Arch: batches of a smaller architecture would put symbols
// into this translation unit that others share but that were compiled with its flags.
XZOO_INLINE __m128 halves(__m128 v) noexcept {
    return _mm_movehl_ps(v, v);
}
XZOO_INLINE __m128 pair(__m128 v) noexcept {
    return _mm_shuffle_ps(v, v, 1);
}
#endif

/// Sum and maximum of two values of any register width, for fold.
struct Sum {
    template <class V>
    XZOO_INLINE V operator()(V a, V b) const noexcept {
        return a + b;
    }
};
struct Maximum {
    XZOO_INLINE float operator()(float a, float b) const noexcept { return a > b ? a : b; }
#if XSIMD_WITH_SSE2
    XZOO_INLINE __m128 operator()(__m128 a, __m128 b) const noexcept {
        return _mm_max_ps(a, b);
    }
#endif
#if XSIMD_WITH_AVX
    XZOO_INLINE __m256 operator()(__m256 a, __m256 b) const noexcept {
        return _mm256_max_ps(a, b);
    }
#endif
};

/// Folds the lanes of v: halves meet until one is left, in a fixed order.
template <class Arch, class Combine>
XZOO_INLINE float fold(Vec<Arch> v, Combine combine) noexcept {
    alignas(64) std::array<float, lanes<Arch>> buffer;
#if XSIMD_WITH_AVX
    if constexpr (is_avx512<Arch> || is_avx<Arch>) {
        __m256 wide;
        if constexpr (is_avx512<Arch>) {
            // Through memory: GCC 12 warns of the undefined parts of its own extract intrinsics.
            store<Arch>(buffer.data(), v);
            wide = combine(_mm256_load_ps(buffer.data()), _mm256_load_ps(buffer.data() + 8));
        } else {
            wide = v;
        }
        __m128 half = combine(_mm256_castps256_ps128(wide), _mm256_extractf128_ps(wide, 1));
        half = combine(half, halves(half));
        return _mm_cvtss_f32(combine(half, pair(half)));
    }
#endif
#if XSIMD_WITH_SSE2
    if constexpr (!is_avx512<Arch> && !is_avx<Arch>) {
        const __m128 two = combine(static_cast<__m128>(v), halves(v));
        return _mm_cvtss_f32(combine(two, pair(two)));
    }
#endif
    store<Arch>(buffer.data(), v);
    float result = buffer[0];
    for (std::size_t i = 1; i < lanes<Arch>; ++i)
        result = combine(result, buffer[i]);
    return result;
}

}  // namespace detail

/// Sum of the lanes.
template <class Arch>
XZOO_INLINE float reduce_add(Vec<Arch> v) noexcept {
    return detail::fold<Arch>(v, detail::Sum{});
}

/// Largest lane; a NaN lane may be passed over.
template <class Arch>
XZOO_INLINE float reduce_max(Vec<Arch> v) noexcept {
    return detail::fold<Arch>(v, detail::Maximum{});
}

/// Calls f(offset, tail) over n elements, a register at a time: tail is 0 for a whole register,
/// else the number of elements left in the last one. One copy of f, however long it is.
template <class Arch, class F>
XZOO_INLINE void for_each_vec(std::size_t n, F&& f) noexcept {
    for (std::size_t i = 0; i < n; i += lanes<Arch>)
        f(i, n - i < lanes<Arch> ? n - i : std::size_t{0});
}

/// The same with two copies of f, for one that is shorter than the question for the tail.
template <class Arch, class F>
XZOO_INLINE void for_each_short(std::size_t n, F&& f) noexcept {
    const std::size_t whole = n - n % lanes<Arch>;
    for (std::size_t i = 0; i < whole; i += lanes<Arch>)
        f(i, std::size_t{0});
    if (whole < n)
        f(whole, n - whole);
}

/// load or, with a tail from for_each_vec, load_partial.
template <class Arch>
XZOO_INLINE Vec<Arch> load(const float* from, std::size_t tail) noexcept {
    return tail == 0 ? load<Arch>(from) : load_partial<Arch>(from, tail);
}

/// store or, with a tail from for_each_vec, store_partial.
template <class Arch>
XZOO_INLINE void store(float* to, Vec<Arch> v, std::size_t tail) noexcept {
    if (tail == 0)
        store<Arch>(to, v);
    else
        store_partial<Arch>(to, v, tail);
}

}  // namespace xzoo::simd
