#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "xzoo/simd/block_scales.hpp"
#include "xzoo/simd/narrow.hpp"

namespace xzoo::simd {

/// How blocks of 32 weights are brought into integers of `Bits` bits, see BlockFormat. The scales
/// are rounded to f16 first, and the integers belong to the rounded scale.
///  - 8 bits   -127 .. 127, scale = largest / 127, never rounded so far down that a weight would
///             be clipped: off by scale / 2 at most.
///  - 4 bits   -8 .. 7, or 0 .. 15 above a minimum.
///  - Weights beyond 127 (8 bits) or 8 (4 bits) times 65504 have no finite scale: NaN.
template <class Arch, unsigned Bits, bool Minimum>
struct BlockWeights {
    static_assert((Bits == 8 && !Minimum) || Bits == 4);
    using Dot = IntDot<Arch>;
    using Block = WeightBlock<Arch>;
    static constexpr std::int32_t offset = Bits == 8 ? Dot::offset : Minimum ? 0 : 8;
    static constexpr float low = Bits == 8 ? -127.0F : Minimum ? 0.0F : -8.0F;
    static constexpr float high = Bits == 8 ? 127.0F : Minimum ? 15.0F : 7.0F;

    /// The integer in a stored byte; which half of it, of 4 bits.
    static constexpr std::int32_t value(std::int32_t stored, std::size_t half) noexcept {
        return Bits == 8 ? static_cast<std::int8_t>(stored - offset)
                         : (stored >> (half == 0 ? 0 : 4) & 15) - offset;
    }

    /// Packs inputs [begin, begin + 32) of the first outputs of w.
    /// Shapes  to: registers of weights step_bytes apart; scale, minimum: (lanes) halves.
    static void pack(const WeightsView& w, std::size_t begin, std::byte* to, std::size_t step_bytes,
                     std::byte* scale, std::byte* minimum) noexcept {
        Block block;
        block.read(w, begin);
        const BlockScales<Arch> wanted = scales(block);
        const Vec<Arch> d = store_halves(wanted.scale, scale);
        const Vec<Arch> m = Minimum ? store_halves(wanted.minimum, minimum) : Vec<Arch>(0.0F);
        const Vec<Arch> inverse = detail::inverse_or_zero<Arch>(d);
        const auto words = [&](std::size_t step) XZOO_INLINE_LAMBDA {
            return detail::join_group<Arch>([&](std::size_t k) XZOO_INLINE_LAMBDA {
                const Vec<Arch> x = (block.at(step * Dot::group + k) - m) * inverse;
                const Vec<Arch> clipped =
                    larger<Arch>(smaller<Arch>(x, Vec<Arch>(high)), Vec<Arch>(low));
                return round_to_ints<Arch>(clipped) + Ints<Arch>(offset);
            });
        };
        for (std::size_t step = 0; step < Block::size / Dot::group; step += 8 / Bits) {
            Ints<Arch> word = words(step);
            if constexpr (Bits == 4)
                word = word + words(step + 1) * Ints<Arch>(16);
            detail::store_words<Arch>(to, word);
            to += step_bytes;
        }
    }

private:
    static XZOO_INLINE BlockScales<Arch> scales(const Block& block) noexcept {
        if constexpr (Bits == 8)
            return scales_of_bytes<Arch>(block);
        else if constexpr (Minimum)
            return scales_and_minima_of_nibbles<Arch>(block);
        else
            return scales_of_nibbles<Arch>(block);
    }

    /// Stores a register as halves and gives back what they are.
    static XZOO_INLINE Vec<Arch> store_halves(Vec<Arch> v, std::byte* to) noexcept {
        alignas(64) std::array<float, lanes<Arch>> wide;
        std::array<Float16, lanes<Arch>> halves;
        store<Arch>(wide.data(), v);
        for (std::size_t lane = 0; lane < lanes<Arch>; ++lane) {
            halves[lane] = Float16::from(wide[lane]);
            // The largest weight may be at most 127.5 scales.
            if (Bits == 8 && static_cast<float>(halves[lane]) * 127.5F < wide[lane] * 127.0F)
                ++halves[lane].bits;
        }
        std::memcpy(to, halves.data(), sizeof(halves));
        return load<Arch>(halves.data());
    }
};

}  // namespace xzoo::simd
