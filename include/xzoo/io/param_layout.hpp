// How a parameter's numbers lie in memory, by its kind and format: the one place that brings values
// into that form and back.
#pragma once

#include <algorithm>
#include <cstddef>

#include "xzoo/core/param.hpp"
#include "xzoo/simd/matrix_format.hpp"

namespace xzoo::io {

/// A parameter and its form in memory; plain ones have none and are row-major floats.
struct StoredParam {
    const ParamInfo& param;
    const simd::MatrixFormat* format;

    constexpr bool is_turned() const noexcept { return param.kind == ParamKind::conv1d; }
    /// As a matrix (out, in).
    constexpr std::size_t out() const noexcept { return param.shape[is_turned() ? 1 : 0]; }
    constexpr std::size_t in() const noexcept { return param.shape[is_turned() ? 0 : 1]; }
    /// Floats between the values of two outputs, and of two inputs, in the checkpoint.
    constexpr std::size_t out_stride() const noexcept { return is_turned() ? 1 : in(); }
    constexpr std::size_t in_stride() const noexcept { return is_turned() ? out() : 1; }

    /// Bytes in memory.
    std::size_t bytes() const noexcept {
        return format == nullptr ? param.shape.elements() * sizeof(float)
                                 : format->bytes(out(), in());
    }
    /// True where the form is the checkpoint's own, row-major in float32.
    constexpr bool is_plain() const noexcept {
        return format == nullptr ||
               (param.kind == ParamKind::embedding && format->precision == Precision::f32);
    }
};

/// Brings values, row-major in the checkpoint's shape, into a parameter's form.
/// Shapes  place: stored.bytes() bytes; it may be `values` where the form is the same.
inline void store_param(const StoredParam& stored, const float* values, void* place) noexcept {
    if (!stored.is_plain())
        stored.format->pack_rows(values, 0, stored.out(), stored.in(), stored.out_stride(),
                                 stored.in_stride(), place);
    else if (place != values)
        std::copy_n(values, stored.param.shape.elements(), static_cast<float*>(place));
}

/// The inverse of store_param, but for what the precision rounded.
inline void fetch_param(const StoredParam& stored, const void* place, float* values) noexcept {
    if (stored.is_plain()) {
        std::copy_n(static_cast<const float*>(place), stored.param.shape.elements(), values);
        return;
    }
    for (std::size_t o = 0; o < stored.out(); ++o)
        stored.format->unpack_row(place, stored.in(), o, values + o * stored.out_stride(),
                                  stored.in_stride());
}

/// Brings a parameter from one form into another, a few rows at a time.
/// Shapes  from: `stored.bytes()` bytes; to: as many as with the other format. Both are not plain,
///         or both are. rows: format_rows * in floats.
inline void convert_param(const StoredParam& stored, const void* from,
                          const simd::MatrixFormat* format, void* to, float* rows) noexcept {
    if (stored.format == nullptr) {
        std::copy_n(static_cast<const float*>(from), stored.param.shape.elements(),
                    static_cast<float*>(to));
        return;
    }
    const std::size_t in = stored.in();
    for (std::size_t first = 0; first < stored.out(); first += simd::format_rows) {
        const std::size_t count = std::min(simd::format_rows, stored.out() - first);
        for (std::size_t r = 0; r < count; ++r)
            stored.format->unpack_row(from, in, first + r, rows + r * in, 1);
        format->pack_rows(rows, first, count, in, in, 1, to);
    }
}

}  // namespace xzoo::io
