#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

#include "xzoo/core/precision.hpp"
#include "xzoo/simd/integers.hpp"

/// Dot products of narrow numbers: each lane of a register of sums takes in the products of a
/// `group` of consecutive inputs with the weights of its own output. Weights of a register are
/// stored together (`vector_bytes`), the inputs of a row are one broadcast.
namespace xzoo::simd {

/// 8-bit integers. The sums are exact on every architecture: 127 * 127 * in has to stay below 2^31.
///  - VNNI takes unsigned weights: they are stored with `offset` added to them, and a sum starts at
///    -offset times the sum of the row's inputs. It wraps round, so nothing is lost between.
///  - Other x86 widens the weights and multiplies pairs of 16-bit integers (pmaddwd), which cannot
///    overflow, where pmaddubsw would saturate.
///  - NEON adds two products of at most 127 * 127 in 16 bits before it widens.
template <class Arch>
struct IntDot {
    static constexpr bool is_x86 = !std::is_same_v<Arch, xsimd::neon64>;
    static constexpr std::size_t group = is_x86 && !has_vnni<Arch> ? 2 : 4;
    static constexpr std::size_t vector_bytes = lanes<Arch> * group;
    static constexpr std::int32_t offset = has_vnni<Arch> ? 128 : 0;

    using Input = std::conditional_t<group == 2, std::int16_t, std::int8_t>;
    using Weights = Ints<Arch>;
    /// A plain vector of the compiler's: from __m512i, whose elements are of 64 bits, GCC 12 makes
    /// a copy of every sum before it adds to it.
    typedef std::int32_t Sum __attribute__((vector_size(lanes<Arch> * sizeof(std::int32_t))));

    static XZOO_INLINE Sum start(std::int32_t value) noexcept { return Sum{} + value; }

    /// How the numbers of a register stand in memory, for the names of layouts.
    static std::string layout() {
        return "registers of " + std::to_string(lanes<Arch>) + " outputs by " +
               std::to_string(group) + (is_x86 ? "" : " in pairs") + ", offset " +
               std::to_string(offset);
    }

    /// Where weight k of a group stands among the bytes of a register.
    static constexpr std::size_t place(std::size_t lane, std::size_t k) noexcept {
        return is_x86 ? lane * group + k : k / 2 * 2 * lanes<Arch> + lane * 2 + k % 2;
    }

    static XZOO_INLINE Weights load(const std::byte* from) noexcept {
        const void* address = from;
        if constexpr (group == 4) {
            return Weights::load_unaligned(static_cast<const std::int32_t*>(address));
        } else if constexpr (lanes<Arch> == 16) {
#if XSIMD_WITH_AVX512BW
            return _mm512_maskz_cvtepi8_epi16(
                0xFFFFFFFFU, _mm256_loadu_si256(static_cast<const __m256i*>(address)));
#endif
        } else if constexpr (lanes<Arch> == 8) {
#if XSIMD_WITH_AVX2
            return _mm256_cvtepi8_epi16(_mm_loadu_si128(static_cast<const __m128i*>(address)));
#endif
        } else {
#if XSIMD_WITH_SSE2
            const __m128i narrow = _mm_loadl_epi64(static_cast<const __m128i*>(address));
            return _mm_srai_epi16(_mm_unpacklo_epi8(narrow, narrow), 8);
#endif
        }
    }

    /// Two registers of weights from 0 to 15 out of vector_bytes bytes: the lower halves of the
    /// bytes are the first, the upper halves the second.
    static XZOO_INLINE void load_halves(const std::byte* from, Weights& first,
                                        Weights& second) noexcept {
        const void* address = from;
        if constexpr (!is_x86) {
#if XSIMD_WITH_NEON64
            const uint8x16_t both = vld1q_u8(static_cast<const std::uint8_t*>(address));
            first = vreinterpretq_s32_u8(vandq_u8(both, vdupq_n_u8(15)));
            second = vreinterpretq_s32_u8(vshrq_n_u8(both, 4));
#endif
        } else if constexpr (lanes<Arch> == 16) {
#if XSIMD_WITH_AVX512BW
            __m512i both;
            if constexpr (group == 4)
                both = _mm512_loadu_si512(address);
            else
                both = _mm512_maskz_cvtepu8_epi16(
                    0xFFFFFFFFU, _mm256_loadu_si256(static_cast<const __m256i*>(address)));
            const __m512i mask = _mm512_set1_epi8(15);
            first = _mm512_and_si512(both, mask);
            second = _mm512_and_si512(_mm512_srli_epi16(both, 4), mask);
#endif
        } else if constexpr (lanes<Arch> == 8) {
#if XSIMD_WITH_AVX2
            __m256i both;
            if constexpr (group == 4)
                both = _mm256_loadu_si256(static_cast<const __m256i*>(address));
            else
                both = _mm256_cvtepu8_epi16(_mm_loadu_si128(static_cast<const __m128i*>(address)));
            const __m256i mask = _mm256_set1_epi8(15);
            first = _mm256_and_si256(both, mask);
            second = _mm256_and_si256(_mm256_srli_epi16(both, 4), mask);
#endif
        } else {
#if XSIMD_WITH_SSE2
            const __m128i both = _mm_unpacklo_epi8(
                _mm_loadl_epi64(static_cast<const __m128i*>(address)), _mm_setzero_si128());
            first = _mm_and_si128(both, _mm_set1_epi8(15));
            second = _mm_srli_epi16(both, 4);
#endif
        }
    }

    /// A group of inputs in every lane.
    static XZOO_INLINE Ints<Arch> broadcast(const std::byte* group_of_row) noexcept {
        std::int32_t word;
        std::memcpy(&word, group_of_row, sizeof(word));
        static_assert(sizeof(word) == group * sizeof(Input));
        return Ints<Arch>(word);
    }

    /// The sums as integers that can be computed with.
    static XZOO_INLINE Ints<Arch> ints(Sum sum) noexcept {
        typename Ints<Arch>::register_type plain;
        std::memcpy(&plain, &sum, sizeof(plain));
        return plain;
    }

    static XZOO_INLINE Sum add(Sum sum, Weights weights, Ints<Arch> inputs) noexcept {
        if constexpr (!is_x86) {
#if XSIMD_WITH_NEON64
            const int8x16_t w = vreinterpretq_s8_s32(weights);
            const int8x16_t a = vreinterpretq_s8_s32(inputs);  // k0 k1 k2 k3 in every lane
            const int16x8_t pairs = vreinterpretq_s16_s8(a);
            const int8x8_t low = vreinterpret_s8_s16(vget_low_s16(vtrn1q_s16(pairs, pairs)));
            const int8x8_t high = vreinterpret_s8_s16(vget_low_s16(vtrn2q_s16(pairs, pairs)));
            int16x8_t products = vmull_s8(vget_low_s8(w), low);
            products = vmlal_s8(products, vget_high_s8(w), high);
            return (Sum)vpadalq_s16((int32x4_t)sum, products);
#endif
        } else if constexpr (is_avx512<Arch>) {
#if XZOO_WITH_AVX512_VNNI
            if constexpr (has_vnni<Arch>)
                return (Sum)_mm512_dpbusd_epi32((__m512i)sum, __m512i(weights), __m512i(inputs));
#endif
#if XSIMD_WITH_AVX512BW
            if constexpr (!has_vnni<Arch>)
                return sum + (Sum)_mm512_madd_epi16(weights, inputs);
#endif
        } else if constexpr (is_avx<Arch>) {
#if XZOO_WITH_AVX_VNNI
            if constexpr (std::is_same_v<Arch, avx_vnni>)
                return (Sum)_mm256_dpbusd_avx_epi32((__m256i)sum, weights, inputs);
#endif
#if XZOO_WITH_AVX512_VNNI
            if constexpr (std::is_same_v<Arch, avx_vnni_evex>)
                return (Sum)_mm256_dpbusd_epi32((__m256i)sum, __m256i(weights), __m256i(inputs));
#endif
#if XSIMD_WITH_AVX2
            if constexpr (!has_vnni<Arch>)
                return sum + (Sum)_mm256_madd_epi16(weights, inputs);
#endif
        } else {
#if XSIMD_WITH_SSE2
            return sum + (Sum)_mm_madd_epi16(weights, inputs);
#endif
        }
    }
};

/// bfloat16, two inputs at a time. The instruction rounds each product and each sum to nearest and
/// takes subnormal numbers for zeros, whatever the program has set.
template <class Arch>
struct BFloat16Dot {
    static_assert(has_bf16<Arch>);
    static constexpr std::size_t group = 2;
    static constexpr std::size_t vector_bytes = lanes<Arch> * group * sizeof(BFloat16);
    static constexpr std::int32_t offset = 0;

    using Input = BFloat16;
    using Weights = Ints<Arch>;
    using Sum = Vec<Arch>;

    static std::string layout() {
        return "registers of " + std::to_string(lanes<Arch>) + " outputs by 2";
    }
    static XZOO_INLINE Weights load(const std::byte* from) noexcept {
        return IntDot<Arch>::load(from);
    }
    static XZOO_INLINE Ints<Arch> broadcast(const std::byte* group_of_row) noexcept {
        return IntDot<Arch>::broadcast(group_of_row);
    }
    static XZOO_INLINE Sum add([[maybe_unused]] Sum sum, [[maybe_unused]] Weights weights,
                               [[maybe_unused]] Ints<Arch> inputs) noexcept {
#if XZOO_WITH_AVX512_BF16
        const __m512i w = weights;
        const __m512i a = inputs;
        return _mm512_dpbf16_ps(sum, (__m512bh)w, (__m512bh)a);
#endif
    }
};

}  // namespace xzoo::simd
