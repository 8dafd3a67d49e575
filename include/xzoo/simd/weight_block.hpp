#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "xzoo/simd/dot.hpp"

namespace xzoo::simd {

/// Where the weights of some outputs stand: output o, input i at o * out_stride + i * in_stride.
struct WeightsView {
    const float* data;
    std::size_t outputs;
    std::size_t in;
    std::size_t out_stride;
    std::size_t in_stride;

    /// Without the first n outputs.
    WeightsView after(std::size_t n) const noexcept {
        return n >= outputs
                   ? WeightsView{data, 0, in, out_stride, in_stride}
                   : WeightsView{data + n * out_stride, outputs - n, in, out_stride, in_stride};
    }
};

/// Some consecutive inputs of as many outputs as a register has lanes: what is quantised at a time.
template <class Arch>
struct WeightBlock {
    static constexpr std::size_t size = 32;  // inputs

    /// Reads inputs [begin, begin + size) of the first outputs; what the matrix has not is zero.
    void read(const WeightsView& w, std::size_t begin) noexcept {
        const std::size_t outputs = std::min(w.outputs, lanes<Arch>);
        const std::size_t inputs = std::min(w.in - begin, size);
        if (outputs < lanes<Arch> || inputs < size)
            std::fill(values.begin(), values.end(), 0.0F);
        for (std::size_t o = 0; o < outputs; ++o) {
            const float* from = w.data + o * w.out_stride + begin * w.in_stride;
            for (std::size_t i = 0; i < inputs; ++i)
                values[i * lanes<Arch> + o] = from[i * w.in_stride];
        }
    }
    /// Input i of every output.
    XZOO_INLINE Vec<Arch> at(std::size_t i) const noexcept {
        return load<Arch>(values.data() + i * lanes<Arch>);
    }

    alignas(64) std::array<float, size * lanes<Arch>> values;
};

/// Largest magnitude of each lane, and whether all of its numbers were finite.
template <class Arch>
class LargestMagnitudes {
public:
    XZOO_INLINE void take(Vec<Arch> v) noexcept {
        most_ = larger<Arch>(most_, larger<Arch>(v, Vec<Arch>(0.0F) - v));
        odd_ = fma<Arch>(v, Vec<Arch>(0.0F), odd_);
    }
    XZOO_INLINE Vec<Arch> most() const noexcept { return most_; }
    /// 0, or NaN where a number was not finite.
    XZOO_INLINE Vec<Arch> odd() const noexcept { return odd_; }

private:
    Vec<Arch> most_ = Vec<Arch>(0.0F);
    Vec<Arch> odd_ = Vec<Arch>(0.0F);
};

namespace detail {

/// The bytes of a group of integers, one group a lane, into one word a lane: the first integer has
/// the lowest bits. `at` gives the k-th integers, of 0 .. 255 or, taken modulo 256, signed.
template <class Arch, class At>
XZOO_INLINE Ints<Arch> join_group(At&& at) noexcept {
    Ints<Arch> word(0);
    for (std::size_t k = IntDot<Arch>::group; k-- > 0;)
        word = word * Ints<Arch>(256) + (at(k) & Ints<Arch>(255));
    return word;
}

/// Stores such words as IntDot loads them.
template <class Arch>
XZOO_INLINE void store_words(std::byte* to, Ints<Arch> word) noexcept {
    using Dot = IntDot<Arch>;
    if constexpr (Dot::group == 4 && Dot::is_x86) {
        void* address = to;
        word.store_unaligned(static_cast<std::int32_t*>(address));
    } else {
        alignas(64) std::array<std::int32_t, lanes<Arch>> words;
        word.store_aligned(words.data());
        for (std::size_t lane = 0; lane < lanes<Arch>; ++lane) {
            for (std::size_t k = 0; k < Dot::group; ++k)
                to[Dot::place(lane, k)] =
                    static_cast<std::byte>(static_cast<std::uint32_t>(words[lane]) >> 8 * k);
        }
    }
}

}  // namespace detail

}  // namespace xzoo::simd
