// How blocks of weights with a scale each, and the inputs they meet, lie in memory.
#pragma once

#include <cstddef>

#include "xzoo/core/precision.hpp"
#include "xzoo/simd/block_weights.hpp"
#include "xzoo/simd/dot.hpp"
#include "xzoo/simd/tile.hpp"

namespace xzoo::simd {

/// Panel   records of two blocks (the last may be half empty): twice (32 / group, vectors)
///         registers of weights, then twice (columns) scales, then twice (columns) minima. Of
///         4-bit weights two registers share one: lower halves of the bytes first.
/// Row     (blocks * 32) inputs, (blocks) input scales, (blocks) starting sums or, with a minimum,
///         input scales times sums of inputs; each part fills whole cache lines.
template <class Arch, unsigned Bits, bool Minimum>
struct BlockLayout {
    using Dot = IntDot<Arch>;
    using Weights = BlockWeights<Arch, Bits, Minimum>;
    static constexpr bool has_minimum = Minimum;
    static constexpr std::size_t block = 32;
    static constexpr std::size_t vectors = TileShape<Arch>::vectors;
    static constexpr std::size_t columns = TileShape<Arch>::columns;
    static constexpr std::size_t halves = Bits == 4 ? 2 : 1;
    static constexpr std::size_t steps = block / Dot::group;
    static constexpr std::size_t step_bytes = vectors * Dot::vector_bytes;
    static constexpr std::size_t fetches = steps / halves + 1;  // for a block and its scales
    static constexpr std::size_t block_bytes = steps / halves * step_bytes;
    static constexpr std::size_t scale_bytes = columns * sizeof(Float16);

    static constexpr std::size_t blocks(std::size_t in) noexcept {
        return (in + block - 1) / block;
    }
    static constexpr std::size_t whole_lines(std::size_t bytes) noexcept {
        return (bytes + 63) / 64 * 64;
    }
    /// Two blocks: with them every register of weights is aligned.
    static constexpr std::size_t record_bytes = 2 * (block_bytes + scale_bytes * (Minimum ? 2 : 1));
    static constexpr std::size_t to_minimum = 2 * scale_bytes;
    static constexpr std::size_t weights_at(std::size_t b) noexcept {
        return b / 2 * record_bytes + b % 2 * block_bytes;
    }
    static constexpr std::size_t scales_at(std::size_t b) noexcept {
        return b / 2 * record_bytes + 2 * block_bytes + b % 2 * scale_bytes;
    }
    static constexpr std::size_t panel_bytes(std::size_t in) noexcept {
        return whole_lines((blocks(in) + 1) / 2 * record_bytes);
    }

    static constexpr std::size_t input_bytes(std::size_t in) noexcept {
        return whole_lines(blocks(in) * block * sizeof(typename Dot::Input));
    }
    static constexpr std::size_t number_bytes(std::size_t in) noexcept {
        return whole_lines(blocks(in) * sizeof(float));
    }
    /// An odd number of cache lines, so that rows do not meet in the same sets of a cache.
    static constexpr std::size_t row_bytes(std::size_t in) noexcept {
        return (input_bytes(in) + 2 * number_bytes(in)) / 64 * 64 | 64;
    }
};

}  // namespace xzoo::simd
