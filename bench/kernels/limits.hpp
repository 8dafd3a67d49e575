// How fast the multiplications of a precision could be at most.
#pragma once

#include "measure.hpp"
#include "xzoo/simd/format.hpp"

namespace xzoo::bench {

#if XZOO_WITH_AVX512_AMX
/// Whether the tile unit multiplies so many rows: of block formats only those of a Tall.
template <Precision P>
bool takes_tiles([[maybe_unused]] std::size_t rows) {
    using F = simd::Format<default_arch, P>;
    if constexpr (!simd::has_amx<default_arch>)
        return false;
    else if constexpr (P == Precision::bf16)
        return simd::detail::amx_is_granted<default_arch>();
    else if constexpr (P == Precision::i8)
        return rows > F::dot_rows && simd::detail::amx_is_granted<default_arch>();
    else if constexpr (simd::detail::has_tall<F>)
        return rows >= F::Tall::from_rows && simd::detail::amx_is_granted<default_arch>();
    else
        return false;
}
#endif

/// Operations a second that a precision could reach at most with so many rows.
template <Precision P>
double limit([[maybe_unused]] std::size_t rows) {
#if XZOO_WITH_AVX512_AMX
    if (takes_tiles<P>(rows))
        return tile_peak<P != Precision::bf16>();
#endif
    if constexpr (!is_plain(P))
        return peak<simd::IntDot<default_arch>>();
    else if constexpr (P == Precision::bf16 && simd::has_bf16<default_arch>)
        return peak<simd::BFloat16Dot<default_arch>>();
    else
        return peak<FloatDot>();
}

}  // namespace xzoo::bench
