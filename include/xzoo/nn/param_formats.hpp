// Which form each parameter of a model has in memory.
#pragma once

#include <array>
#include <cstddef>

#include "xzoo/core/params.hpp"
#include "xzoo/simd/arch.hpp"
#include "xzoo/simd/matrix_format.hpp"

namespace xzoo::nn {

namespace detail {

/// Whether any parameter of a model is kept in a precision, as a matrix or as a table.
template <class Model>
consteval bool keeps(Precision precision, bool packed) {
    for (const ParamInfo& param : params<Model>)
        if (param.kind != ParamKind::plain && param.precision == precision &&
            is_packed(param.kind) == packed)
            return true;
    return false;
}

template <class Model, class Arch>
constexpr auto make_param_formats() {
    std::array<const simd::MatrixFormat*, params<Model>.size()> formats{};
    const auto place = [&](Precision precision, bool packed, const simd::MatrixFormat* format) {
        for (std::size_t i = 0; i < formats.size(); ++i) {
            const ParamInfo& param = params<Model>[i];
            if (param.kind != ParamKind::plain && param.precision == precision &&
                is_packed(param.kind) == packed)
                formats[i] = format;
        }
    };
    const auto add = [&]<Precision P>() {
        if constexpr (keeps<Model>(P, true))
            place(P, true, &simd::matrix_format<Arch, P>);
        if constexpr (keeps<Model>(P, false))
            place(P, false, &simd::table_format<P>);
    };
    add.template operator()<Precision::f32>();
    add.template operator()<Precision::bf16>();
    return formats;
}

}  // namespace detail

/// One format for each of params<Model>, null for plain ones. Only what the model has is compiled.
template <class Model, class Arch = simd::default_arch>
inline constexpr auto param_formats = detail::make_param_formats<Model, Arch>();

}  // namespace xzoo::nn
