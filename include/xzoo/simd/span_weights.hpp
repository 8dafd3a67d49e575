// Weights in blocks of 32 become weights in spans of 128, for many rows.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "xzoo/simd/block_layout.hpp"
#include "xzoo/simd/weight_block.hpp"

namespace xzoo::simd {

/// A span is four blocks of a panel: its weights are bytes again, round(w / s), with one scale s
/// for each output, so that a sum of integers runs over 128 inputs before it meets a scale. They
/// are made when they are needed, for as many rows as there are.
/// Scale   s = m / 127, where m is what the integers of the span's blocks can reach at most: 127
///         block scales of q8, 8 of q4, and of q4m the larger end of its range.
/// Error   a weight is off by 0.53 s at most (rounding, and a factor that is rounded to 1 / 256 for
///         4 bits or to 2^-15 for 8), besides what its block has cost already.
/// A block scale that is not finite makes the span's scale NaN.
template <class Arch, class L>
struct SpanWeights {
    static_assert(has_vnni<Arch>, "elsewhere blocks cost little beside their products");
    using Dot = typename L::Dot;
    static constexpr std::size_t blocks = 4;
    static constexpr std::size_t inputs = blocks * L::block;
    static constexpr std::size_t vectors = L::vectors;
    /// Registers of one output's groups of a span come one after the other: (steps, vectors).
    static constexpr std::size_t steps = blocks * L::steps;
    static constexpr std::size_t bytes = steps * L::step_bytes;
    static constexpr std::int32_t offset = 128;

    static constexpr std::size_t spans(std::size_t in) noexcept {
        return (in + inputs - 1) / inputs;
    }

    /// Writes the span that begins with block `first`, of which there are `count`; what is missing
    /// to whole pairs of blocks becomes zeros.
    /// Shapes  to: (steps, vectors) registers; scale: (columns).
    static void widen(const std::byte* panel, std::size_t first, std::size_t count, std::byte* to,
                      float* scale) noexcept {
        for (std::size_t v = 0; v < vectors; ++v)
            widen_vector(panel, first, count, v, to + v * Dot::vector_bytes,
                         scale + v * lanes<Arch>);
        if (count % 2 != 0)
            std::fill_n(to + count * L::steps * L::step_bytes, L::steps * L::step_bytes,
                        std::byte{offset});
    }

private:
    /// A register as numbers of 16 bits, two for each output.
    typedef std::uint16_t Words __attribute__((vector_size(lanes<Arch> * 4)));
    static constexpr std::uint16_t upper = 0xff00;
    /// An offset of 128 and a half, in the upper byte.
    static constexpr std::int32_t round_up = 0x8080;

    static XZOO_INLINE void widen_vector(const std::byte* panel, std::size_t first,
                                         std::size_t count, std::size_t v, std::byte* to,
                                         float* scale) noexcept {
        const auto scales_of = [&](std::size_t b) XZOO_INLINE_LAMBDA {
            return panel + L::scales_at(first + b) + v * lanes<Arch> * sizeof(Float16);
        };
        LargestMagnitudes<Arch> reach;
        for (std::size_t b = 0; b < count; ++b) {
            const Vec<Arch> d = halves(scales_of(b));
            if constexpr (L::has_minimum) {
                const Vec<Arch> low = halves(scales_of(b) + L::to_minimum);
                reach.take(low);
                reach.take(fma<Arch>(d, Vec<Arch>(15.0F), low));
            } else {
                reach.take(d * Vec<Arch>(L::halves == 2 ? 8.0F : 127.0F));
            }
        }
        const Vec<Arch> most = reach.most() + reach.odd();
        store<Arch>(scale, most * Vec<Arch>(1.0F / 127.0F));
        const Vec<Arch> inverse = detail::inverse_or_zero<Arch>(most) * Vec<Arch>(127.0F);
        for (std::size_t b = 0; b < count; ++b) {
            const std::byte* from = panel + L::weights_at(first + b) + v * Dot::vector_bytes;
            const Vec<Arch> ratio = halves(scales_of(b)) * inverse;
            if constexpr (L::halves == 2) {
                const Ints<Arch> factor = round_to_ints<Arch>(ratio * Vec<Arch>(256.0F));
                Ints<Arch> start = Ints<Arch>(round_up);
                if constexpr (L::has_minimum)
                    start = start + round_to_ints<Arch>(halves(scales_of(b) + L::to_minimum) *
                                                        inverse * Vec<Arch>(256.0F));
                else
                    start = start - factor * Ints<Arch>(8);
                widen_nibbles(from, twice(factor), twice(start), to);
            } else {
                const Vec<Arch> factor =
                    smaller<Arch>(ratio * Vec<Arch>(32768.0F), Vec<Arch>(32767.0F));
                rescale_bytes(from, twice(round_to_ints<Arch>(factor)), to);
            }
            to += L::steps * L::step_bytes;
        }
    }

    /// Integers n of 4 bits become the upper byte of start + n * factor, modulo 2^16.
    static XZOO_INLINE void widen_nibbles(const std::byte* from, Words factor, Words start,
                                          std::byte* to) noexcept {
        for (std::size_t step = 0; step < L::steps; step += 2) {
            const Words n = read_words(from);
            const Words first = (n & 15) * factor + start;
            const Words second = (n >> 8 & 15) * factor + start;
            const Words third = (n >> 4 & 15) * factor + start;
            const Words fourth = (n >> 12) * factor + start;
            write_words(to, first >> 8 | (second & upper));
            write_words(to + L::step_bytes, third >> 8 | (fourth & upper));
            from += L::step_bytes;
            to += 2 * L::step_bytes;
        }
    }
    /// Integers with an offset become such of the span: factor is in units of 2^-15.
    static XZOO_INLINE void rescale_bytes(const std::byte* from, Words factor,
                                          std::byte* to) noexcept {
        constexpr std::uint16_t sign = 0x8000;
        constexpr auto rounding = static_cast<std::uint16_t>(round_up);
        for (std::size_t step = 0; step < L::steps; ++step) {
            const Words n = read_words(from);
            const Words even = multiply_round(n << 8 ^ sign, factor) + rounding;
            const Words odd = multiply_round((n ^ sign) & upper, factor) + rounding;
            write_words(to, even >> 8 | (odd & upper));
            from += L::step_bytes;
            to += L::step_bytes;
        }
    }

    /// round(a * b / 2^15) of signed numbers.
    static XZOO_INLINE Words multiply_round(Words a, Words b) noexcept {
#if XSIMD_WITH_AVX512BW
        if constexpr (is_avx512<Arch>)
            return (Words)_mm512_mulhrs_epi16((__m512i)a, (__m512i)b);
#endif
#if XSIMD_WITH_AVX2
        if constexpr (!is_avx512<Arch>)
            return (Words)_mm256_mulhrs_epi16((__m256i)a, (__m256i)b);
#else
        return a * b;  // never called: there is no VNNI
#endif
    }

    /// The lower 16 bits of every integer, twice.
    static XZOO_INLINE Words twice(Ints<Arch> v) noexcept {
        const Ints<Arch> both = (v & Ints<Arch>(0xffff)) | v * Ints<Arch>(65536);
        Words words;
        std::memcpy(&words, &both, sizeof(words));
        return words;
    }
    static XZOO_INLINE Words read_words(const std::byte* from) noexcept {
        Words words;
        std::memcpy(&words, from, sizeof(words));
        return words;
    }
    static XZOO_INLINE void write_words(std::byte* to, Words words) noexcept {
        std::memcpy(to, &words, sizeof(words));
    }
    static XZOO_INLINE Vec<Arch> halves(const std::byte* from) noexcept {
        const void* address = from;
        return load<Arch>(static_cast<const Float16*>(address));
    }
};

}  // namespace xzoo::simd
