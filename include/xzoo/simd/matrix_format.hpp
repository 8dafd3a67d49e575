// The forms in which matrices and tables lie in memory, each behind the same few functions: what
// reads a parameter need not know its precision, and only the precisions that a program's models
// have are compiled.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

#include "xzoo/core/precision.hpp"
#include "xzoo/simd/gemm.hpp"
#include "xzoo/simd/packed.hpp"

namespace xzoo::simd {

/// One precision on one architecture. Matrices are (out, in); tables have `out` rows of `in`.
/// The functions take what those of packed.hpp and gemm.hpp take.
struct MatrixFormat {
    Precision precision;
    /// The name of the form in memory: equal names, equal bytes for equal weights.
    std::string (*layout)();
    /// Bytes of a matrix.
    std::size_t (*bytes)(std::size_t out, std::size_t in) noexcept;
    /// Packs outputs [first, first + count); first is a multiple of format_rows. weight points to
    /// the values of `first`: weight[o * out_stride + i * in_stride].
    void (*pack_rows)(const float* weight, std::size_t first, std::size_t count, std::size_t in,
                      std::size_t out_stride, std::size_t in_stride, void* packed) noexcept;
    /// The values of one output as floats, `stride` apart.
    void (*unpack_row)(const void* packed, std::size_t in, std::size_t output, float* row,
                       std::size_t stride) noexcept;
    /// Floats that multiply needs besides.
    std::size_t (*scratch)(std::size_t rows, std::size_t in) noexcept;
    /// See gemm. Null for the formats of tables.
    void (*multiply)(const float* a, std::size_t rows, std::size_t a_stride, const void* packed,
                     std::size_t out, std::size_t in, float* y, std::size_t y_stride,
                     const Epilogue& epilogue, float* scratch, int threads, bool prepared) noexcept;
};

/// Outputs that are packed at a time: a multiple of every panel's width.
inline constexpr std::size_t format_rows = 192;

namespace detail {

template <class Arch, Precision P>
struct PanelFunctions {
    static std::string layout() { return name(P) + (" in " + Format<Arch, P>::layout()); }
    static std::size_t bytes(std::size_t out, std::size_t in) noexcept {
        return packed_bytes<Arch, P>(out, in);
    }
    static std::size_t scratch(std::size_t rows, std::size_t in) noexcept {
        return gemm_scratch<Arch, P>(rows, in);
    }
};

template <Precision P>
struct RowFunctions {
    using W = Element<P>;

    static std::string layout() { return name(P) + std::string{" in rows"}; }
    static std::size_t bytes(std::size_t out, std::size_t in) noexcept {
        return out * in * sizeof(W);
    }
    static void pack_rows(const float* weight, std::size_t first, std::size_t count, std::size_t in,
                          std::size_t out_stride, std::size_t in_stride, void* packed) noexcept {
        W* to = static_cast<W*>(packed) + first * in;
        for (std::size_t o = 0; o < count; ++o)
            for (std::size_t i = 0; i < in; ++i)
                *to++ = narrowed<W>(weight[o * out_stride + i * in_stride]);
    }
    static void unpack_row(const void* packed, std::size_t in, std::size_t output, float* row,
                           std::size_t stride) noexcept {
        const W* from = static_cast<const W*>(packed) + output * in;
        if (stride == 1)  // as tables are looked up: the compiler takes several at a time
            std::copy_n(from, in, row);
        else
            for (std::size_t i = 0; i < in; ++i)
                row[i * stride] = from[i];
    }
    static std::size_t scratch(std::size_t, std::size_t) noexcept { return 0; }
};

}  // namespace detail

/// Matrices in panels, for gemm.
template <class Arch, Precision P>
inline constexpr MatrixFormat matrix_format{P,
                                            &detail::PanelFunctions<Arch, P>::layout,
                                            &detail::PanelFunctions<Arch, P>::bytes,
                                            &pack_rows<Arch, P>,
                                            &unpack_row<Arch, P>,
                                            &detail::PanelFunctions<Arch, P>::scratch,
                                            &gemm<Arch, P>};

#if defined(XZOO_DISPATCH)
namespace detail {

/// Passes calls on to the architecture that was chosen.
template <Precision P>
struct DispatchedFunctions {
    static const MatrixFormat& chosen() noexcept {
        return *kernel_table().matrices[static_cast<std::size_t>(P)];
    }
    static std::string layout() { return chosen().layout(); }
    static std::size_t bytes(std::size_t out, std::size_t in) noexcept {
        return chosen().bytes(out, in);
    }
    static void pack_rows(const float* weight, std::size_t first, std::size_t count, std::size_t in,
                          std::size_t out_stride, std::size_t in_stride, void* packed) noexcept {
        chosen().pack_rows(weight, first, count, in, out_stride, in_stride, packed);
    }
    static void unpack_row(const void* packed, std::size_t in, std::size_t output, float* row,
                           std::size_t stride) noexcept {
        chosen().unpack_row(packed, in, output, row, stride);
    }
    static std::size_t scratch(std::size_t rows, std::size_t in) noexcept {
        return chosen().scratch(rows, in);
    }
    static void multiply(const float* a, std::size_t rows, std::size_t a_stride, const void* packed,
                         std::size_t out, std::size_t in, float* y, std::size_t y_stride,
                         const Epilogue& epilogue, float* scratch, int threads,
                         bool prepared) noexcept {
        chosen().multiply(a, rows, a_stride, packed, out, in, y, y_stride, epilogue, scratch,
                          threads, prepared);
    }
};

}  // namespace detail

template <Precision P>
inline constexpr MatrixFormat matrix_format<dispatched, P>{
    P,
    &detail::DispatchedFunctions<P>::layout,
    &detail::DispatchedFunctions<P>::bytes,
    &detail::DispatchedFunctions<P>::pack_rows,
    &detail::DispatchedFunctions<P>::unpack_row,
    &detail::DispatchedFunctions<P>::scratch,
    &detail::DispatchedFunctions<P>::multiply};
#endif

/// Row-major tables, in a precision whose numbers stand for themselves.
template <Precision P>
requires(is_plain(P)) inline constexpr MatrixFormat table_format{
    P,
    &detail::RowFunctions<P>::layout,
    &detail::RowFunctions<P>::bytes,
    &detail::RowFunctions<P>::pack_rows,
    &detail::RowFunctions<P>::unpack_row,
    &detail::RowFunctions<P>::scratch,
    nullptr};

}  // namespace xzoo::simd
