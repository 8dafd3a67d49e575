// How a parameter's numbers lie in memory, by its kind and precision: the one place that brings
// values into that form and back.
#pragma once

#include <algorithm>
#include <cstddef>

#include "xzoo/core/param.hpp"
#include "xzoo/simd/pack.hpp"

namespace xzoo::io {

/// Bytes of a parameter in memory.
template <class Arch>
constexpr std::size_t stored_bytes(const ParamInfo& param) noexcept {
    switch (param.kind) {
        case ParamKind::matrix:
        case ParamKind::vocabulary:
            return bytes_of(param.precision,
                            simd::packed_size<Arch>(param.shape[0], param.shape[1]));
        case ParamKind::conv1d:
            return bytes_of(param.precision,
                            simd::packed_size<Arch>(param.shape[1], param.shape[0]));
        default:
            return param.bytes();
    }
}

namespace detail {

template <class Arch, class W>
void store_as(const ParamInfo& param, const float* values, W* place) noexcept {
    if (param.kind == ParamKind::conv1d)
        simd::pack_transposed<Arch>(values, param.shape[0], param.shape[1], place);
    else if (is_packed(param.kind))
        simd::pack<Arch>(values, param.shape[0], param.shape[1], place);
    else
        std::transform(values, values + param.shape.elements(), place,
                       [](float value) { return simd::detail::narrowed<W>(value); });
}

template <class Arch, class W>
void fetch_as(const ParamInfo& param, const W* place, float* values) noexcept {
    if (param.kind == ParamKind::conv1d)
        simd::unpack_transposed<Arch>(place, param.shape[0], param.shape[1], values);
    else if (is_packed(param.kind))
        simd::unpack<Arch>(place, param.shape[0], param.shape[1], values);
    else
        std::copy_n(place, param.shape.elements(), values);
}

}  // namespace detail

/// Brings values, row-major in the checkpoint's shape, into a parameter's form.
/// Shapes  place: stored_bytes(param) bytes; it may be `values` where the form is the same.
template <class Arch>
void store_param(const ParamInfo& param, const float* values, void* place) noexcept {
    if (param.precision == Precision::bf16)
        detail::store_as<Arch>(param, values, static_cast<BFloat16*>(place));
    else if (place != values)
        detail::store_as<Arch>(param, values, static_cast<float*>(place));
}

/// The inverse of store_param.
template <class Arch>
void fetch_param(const ParamInfo& param, const void* place, float* values) noexcept {
    if (param.precision == Precision::bf16)
        detail::fetch_as<Arch>(param, static_cast<const BFloat16*>(place), values);
    else
        detail::fetch_as<Arch>(param, static_cast<const float*>(place), values);
}

/// True where the stored form is the checkpoint's own, row-major in float32.
constexpr bool is_stored_plainly(const ParamInfo& param) noexcept {
    return !is_packed(param.kind) && param.precision == Precision::f32;
}

}  // namespace xzoo::io
