#pragma once

#include <cstddef>

#include "xzoo/simd/epilogue.hpp"
#include "xzoo/simd/format.hpp"
#include "xzoo/simd/gemm_job.hpp"

namespace xzoo::simd {

/// Floats of scratch that gemm needs for `rows` rows in a precision, to be taken on a 64-byte
/// boundary; 0 where the inputs are used as they are.
template <class Arch, Precision P>
constexpr std::size_t gemm_scratch(std::size_t rows, std::size_t in) noexcept {
    using F = Format<Arch, P>;
    return (rows + F::spare_rows(rows)) * (F::row_bytes(in) / sizeof(float));
}

/// y = act(scale * a W^T + bias) + residual, with W packed by pack_rows. Inputs are brought into
/// the form that the precision's products take, in scratch (format_*.hpp tell which, and how exact
/// that is). Shapes  a: (rows, in), y: (rows, out), W: (out, in); residual may be y itself, a may
/// not.
///         scratch: gemm_scratch floats. prepared: they hold what the last call left there, which
///         had the same precision, inputs, rows and in. in >= 1; out and rows may be anything,
///         nothing outside the arrays is touched.
/// Result  every element is one sum in a fixed order: equal bits for any number of threads and any
///         number of rows; of formats that have a Tall for any number below Tall::from_rows, and
///         for any number from there on.
/// Errors  none. A NaN or infinity among the inputs of a row makes that row NaN where the inputs
///         are quantised; other rows never see it.
template <class Arch, Precision P>
void gemm(const float* a, std::size_t rows, std::size_t a_stride, const void* packed,
          std::size_t out, std::size_t in, float* y, std::size_t y_stride, const Epilogue& epilogue,
          float* scratch, int threads, bool prepared = false) noexcept {
    void* bytes = scratch;
    detail::multiply<Arch, Format<Arch, P>>(
        a, rows, a_stride, static_cast<const std::byte*>(packed), out, in, y, y_stride, epilogue,
        static_cast<std::byte*>(bytes), threads, prepared);
}

}  // namespace xzoo::simd
