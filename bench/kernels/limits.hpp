// How fast the multiplications of a precision could be at most.
#pragma once

#include "measure.hpp"
#include "xzoo/simd/format.hpp"

namespace xzoo::bench {

/// Operations a second that a precision could reach at most with so many rows.
template <Precision P>
double limit([[maybe_unused]] std::size_t rows) {
#if XZOO_WITH_AVX512_AMX
    if constexpr (simd::has_amx<default_arch> && (P == Precision::i8 || P == Precision::bf16))
        if ((P == Precision::bf16 || rows > simd::Format<default_arch, P>::dot_rows) &&
            simd::detail::amx_is_granted<default_arch>())
            return tile_peak<P == Precision::i8>();
#endif
    if constexpr (!is_plain(P))
        return peak<simd::IntDot<default_arch>>();
    else if constexpr (P == Precision::bf16 && simd::has_bf16<default_arch>)
        return peak<simd::BFloat16Dot<default_arch>>();
    else
        return peak<FloatDot>();
}

}  // namespace xzoo::bench
