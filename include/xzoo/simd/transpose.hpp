#pragma once

#include <cstddef>
#include <cstring>
#include <utility>

#include "xzoo/simd/vec.hpp"

namespace xzoo::simd::detail {

/// Square matrices of 32-bit words, a row a register, on plain vectors of the compiler's: it knows
/// the best shuffle of every architecture.
template <class Arch>
struct Transposer {
    static constexpr std::size_t size = lanes<Arch>;
    typedef float Row __attribute__((vector_size(size * sizeof(float))));

    static XZOO_INLINE Row row(Vec<Arch> v) noexcept {
        Row r;
        std::memcpy(&r, &v, sizeof(r));
        return r;
    }
    static XZOO_INLINE Vec<Arch> vec(Row r) noexcept {
        typename Vec<Arch>::register_type v;
        std::memcpy(&v, &r, sizeof(v));
        return v;
    }

    /// Transposes in place: halves of the square change places, then quarters, and so on.
    static XZOO_INLINE void transpose(Row (&rows)[size]) noexcept { swap_blocks<size / 2>(rows); }

    /// Lane i: the sum of row i, whose lanes are added in pairs of halves, quarters and so on.
    static XZOO_INLINE Row sums(Row (&rows)[size]) noexcept { return add_blocks<size / 2>(rows); }

private:
    /// Lane j of the new row i (Upper: of row i + Distance) out of rows i (lanes 0 ...) and
    /// i + Distance (lanes size ...).
    template <std::size_t Distance, bool Upper>
    static constexpr int source(std::size_t j) noexcept {
        const bool right = (j & Distance) != 0;
        return static_cast<int>(Upper   ? (right ? size + j : j + Distance)
                                : right ? size + j - Distance
                                        : j);
    }
    template <std::size_t Distance, std::size_t... J>
    static XZOO_INLINE void exchange(Row& first, Row& second, std::index_sequence<J...>) noexcept {
        const Row a = first;
        const Row b = second;
        first = __builtin_shufflevector(a, b, source<Distance, false>(J)...);
        second = __builtin_shufflevector(a, b, source<Distance, true>(J)...);
    }
    template <std::size_t Distance>
    static XZOO_INLINE void swap_blocks(Row (&rows)[size]) noexcept {
        XZOO_UNROLL
        for (std::size_t i = 0; i < size; ++i) {
            if ((i & Distance) == 0)
                exchange<Distance>(rows[i], rows[i + Distance], std::make_index_sequence<size>{});
        }
        if constexpr (Distance > 1)
            swap_blocks<Distance / 2>(rows);
    }
    template <std::size_t Distance>
    static XZOO_INLINE Row add_blocks(Row (&rows)[size]) noexcept {
        XZOO_UNROLL
        for (std::size_t i = 0; i < Distance; ++i) {
            exchange<Distance>(rows[i], rows[i + Distance], std::make_index_sequence<size>{});
            rows[i] += rows[i + Distance];
        }
        if constexpr (Distance > 1)
            return add_blocks<Distance / 2>(rows);
        else
            return rows[0];
    }
};

}  // namespace xzoo::simd::detail
