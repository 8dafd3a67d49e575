#pragma once

#include <type_traits>

#include "xzoo/core/precision.hpp"
#include "xzoo/simd/format_bf16.hpp"
#include "xzoo/simd/format_blocks.hpp"
#include "xzoo/simd/format_i8.hpp"
#include "xzoo/simd/format_plain.hpp"

namespace xzoo::simd {

namespace detail {
template <class Arch, Precision P>
struct FormatOf {
    using type = PlainFormat<Arch, Element<P>>;
};
template <class Arch>
requires(has_bf16<Arch>) struct FormatOf<Arch, Precision::bf16> {
    using type = BFloat16Format<Arch>;
};
template <class Arch>
struct FormatOf<Arch, Precision::i8> {
    using type = I8Format<Arch>;
};
template <class Arch>
struct FormatOf<Arch, Precision::q8> {
    using type = BlockFormat<Arch, 8, false>;
};
template <class Arch>
struct FormatOf<Arch, Precision::q4> {
    using type = BlockFormat<Arch, 4, false>;
};
template <class Arch>
struct FormatOf<Arch, Precision::q4m> {
    using type = BlockFormat<Arch, 4, true>;
};
}  // namespace detail

/// How an architecture keeps matrices of a precision and multiplies with them; gemm_job.hpp tells
/// what a format consists of.
template <class Arch, Precision P>
using Format = typename detail::FormatOf<Arch, P>::type;

/// Calls f with a precision as a compile-time constant (std::integral_constant).
template <class F>
XZOO_INLINE decltype(auto) with_precision(Precision precision, F&& f) noexcept {
    switch (precision) {
        case Precision::bf16:
            return f(std::integral_constant<Precision, Precision::bf16>{});
        case Precision::f16:
            return f(std::integral_constant<Precision, Precision::f16>{});
        case Precision::i8:
            return f(std::integral_constant<Precision, Precision::i8>{});
        case Precision::q8:
            return f(std::integral_constant<Precision, Precision::q8>{});
        case Precision::q4:
            return f(std::integral_constant<Precision, Precision::q4>{});
        case Precision::q4m:
            return f(std::integral_constant<Precision, Precision::q4m>{});
        case Precision::f8e4m3:
            return f(std::integral_constant<Precision, Precision::f8e4m3>{});
        case Precision::f8e5m2:
            return f(std::integral_constant<Precision, Precision::f8e5m2>{});
        default:
            return f(std::integral_constant<Precision, Precision::f32>{});
    }
}

}  // namespace xzoo::simd
