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

}  // namespace xzoo::simd
