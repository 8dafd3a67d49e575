// Which form each parameter of a model has in memory.
#pragma once

#include <array>
#include <cstddef>

#include "xzoo/core/params.hpp"
#include "xzoo/simd/arch.hpp"
#include "xzoo/simd/matrix_format.hpp"

namespace xzoo::nn {

namespace detail {

/// Whether a parameter is kept in a precision, as a matrix or as a table.
constexpr bool is_kept(const ParamInfo& param, Precision precision, bool packed) {
    return param.kind != ParamKind::plain && param.precision == precision &&
           is_packed(param.kind) == packed;
}

/// Whether any parameter of a model is.
template <class Model>
constexpr bool any_kept(Precision precision, bool packed) {
    for (const ParamInfo& param : params<Model>)
        if (is_kept(param, precision, packed))
            return true;
    return false;
}

template <class Model>
using Formats = std::array<const simd::MatrixFormat*, params<Model>.size()>;

template <class Model>
constexpr void place_format(Formats<Model>& formats, const simd::MatrixFormat* format,
                            bool packed) {
    for (std::size_t i = 0; i < formats.size(); ++i)
        if (is_kept(params<Model>[i], format -> precision, packed))
            formats[i] = format;
}

template <class Model, class Arch, Precision... All>
constexpr Formats<Model> make_param_formats() {
    Formats<Model> formats{};
    (
        [&] {
            if constexpr (any_kept<Model>(All, true))
                place_format<Model>(formats, &simd::matrix_format<Arch, All>, true);
            static_assert(is_plain(All) || !any_kept<Model>(All, false),
                          "Precisions: tables are kept in f32, bf16, f16 or f8");
            if constexpr (any_kept<Model>(All, false))
                place_format<Model>(formats, &simd::table_format<All>, false);
        }(),
        ...);
    return formats;
}

}  // namespace detail

/// One format for each of params<Model>, null for plain ones. Only what the model has is compiled.
template <class Model, class Arch = simd::default_arch>
inline constexpr auto param_formats = detail::make_param_formats<
    Model, Arch, Precision::f32, Precision::bf16, Precision::f16, Precision::i8, Precision::q8,
    Precision::q4, Precision::q4m, Precision::f8e4m3, Precision::f8e5m2>();

}  // namespace xzoo::nn
