// Which form each parameter of a model has in memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "xzoo/core/params.hpp"
#include "xzoo/simd/arch.hpp"
#include "xzoo/simd/matrix_format.hpp"

namespace xzoo::nn {

namespace detail {

/// The place of a precision, as a matrix or as a table, in FormatTable.
constexpr std::size_t format_place(Precision precision, bool packed) {
    return 2 * static_cast<std::size_t>(precision) + (packed ? 1 : 0);
}
constexpr std::size_t format_place(const ParamInfo& param) {
    return format_place(param.precision, is_packed(param.kind));
}

/// Which places a model's parameters have, a bit each.
template <class Model>
inline constexpr std::uint64_t kept_formats = [] {
    std::uint64_t kept = 0;
    for (const ParamInfo& param : params<Model>)
        if (param.kind != ParamKind::plain)
            kept |= std::uint64_t{1} << format_place(param);
    return kept;
}();

template <class Model>
constexpr bool any_kept(Precision precision, bool packed) {
    return (kept_formats<Model> >> format_place(precision, packed) & 1U) != 0;
}

using FormatTable = std::array<const simd::MatrixFormat*, 2 * precision_count>;

template <class Model, class Arch, Precision P>
constexpr void add_formats(FormatTable& table) {
    if constexpr (any_kept<Model>(P, true))
        table[format_place(P, true)] = &simd::matrix_format<Arch, P>;
    static_assert(is_plain(P) || !any_kept<Model>(P, false),
                  "Precisions: tables are kept in f32, bf16, f16 or f8");
    if constexpr (any_kept<Model>(P, false))
        table[format_place(P, false)] = &simd::table_format<P>;
}

template <class Model, class Arch, Precision... All>
constexpr auto make_param_formats() {
    FormatTable table{};
    (add_formats<Model, Arch, All>(table), ...);
    std::array<const simd::MatrixFormat*, params<Model>.size()> formats{};
    for (std::size_t i = 0; i < formats.size(); ++i)
        if (params<Model>[i].kind != ParamKind::plain)
            formats[i] = table[format_place(params<Model>[i])];
    return formats;
}

}  // namespace detail

/// One format for each of params<Model>, null for plain ones. Only what the model has is compiled.
template <class Model, class Arch = simd::default_arch>
inline constexpr auto param_formats = detail::make_param_formats<
    Model, Arch, Precision::f32, Precision::bf16, Precision::f16, Precision::i8, Precision::q8,
    Precision::q4, Precision::q4m, Precision::f8e4m3, Precision::f8e5m2>();

}  // namespace xzoo::nn
