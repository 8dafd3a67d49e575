// What the tests of packed matrices share: all precisions, a matrix in one, its product.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "simd_support.hpp"
#include "xzoo/simd/matrix_format.hpp"
#include "xzoo/simd/reference.hpp"
#include "xzoo/simd/reference_quantized.hpp"

namespace xzoo::test {

inline constexpr std::array<Precision, precision_count> precisions{
    Precision::f32, Precision::bf16, Precision::f16,    Precision::i8,    Precision::q8,
    Precision::q4,  Precision::q4m,  Precision::f8e4m3, Precision::f8e5m2};
inline constexpr std::array<Precision, 4> quantized{Precision::i8, Precision::q8, Precision::q4,
                                                    Precision::q4m};

/// The format of a precision.
template <class Arch>
const simd::MatrixFormat& format_of(Precision precision) {
    static const auto formats = []<std::size_t... I>(std::index_sequence<I...>) {
        return std::array{&simd::matrix_format<Arch, precisions[I]>...};
    }
    (std::make_index_sequence<precision_count>{});
    return **std::find_if(formats.begin(), formats.end(), [&](const simd::MatrixFormat* format) {
        return format->precision == precision;
    });
}

/// A row-major (out, in) matrix, packed; exactly as long as promised.
template <class Arch>
struct PackedMatrix {
    Precision precision;
    std::size_t out, in;
    const simd::MatrixFormat& format;
    std::vector<std::byte> bytes;

    PackedMatrix(Precision p, const std::vector<float>& weight, std::size_t o, std::size_t i)
        : precision(p), out(o), in(i), format(format_of<Arch>(p)), bytes(format.bytes(o, i)) {
        format.pack_rows(weight.data(), 0, o, i, i, 1, bytes.data());
    }
    /// The weights that it stands for, row-major.
    std::vector<float> unpacked() const {
        std::vector<float> weight(out * in);
        for (std::size_t o = 0; o < out; ++o)
            format.unpack_row(bytes.data(), in, o, weight.data() + o * in, 1);
        return weight;
    }
    void multiply(const float* a, std::size_t rows, std::size_t a_stride, float* y,
                  std::size_t y_stride, const simd::Epilogue& epilogue = {},
                  int threads = 1) const {
        std::vector<float> scratch(format.scratch(rows, in));
        format.multiply(a, rows, a_stride, bytes.data(), out, in, y, y_stride, epilogue,
                        scratch.data(), threads, false);
    }
};

/// The weights of blocks as spans stand for them, row-major, and each one's scale.
struct SpannedWeights {
    std::vector<float> weights, scales;
};
template <class Arch, unsigned Bits, bool Minimum>
SpannedWeights spanned(const PackedMatrix<Arch>& matrix) {
    using Layout = simd::BlockLayout<Arch, Bits, Minimum>;
    using Spans = simd::SpanWeights<Arch, Layout>;
    alignas(64) std::array<std::byte, Spans::bytes> bytes;
    alignas(64) std::array<float, Layout::columns> scale;
    SpannedWeights result;
    result.weights.resize(matrix.out * matrix.in);
    result.scales.resize(matrix.out * matrix.in);
    for (std::size_t o = 0; o < matrix.out; ++o) {
        const std::byte* panel =
            matrix.bytes.data() + o / Layout::columns * Layout::panel_bytes(matrix.in);
        const std::size_t column = o % Layout::columns;
        const std::size_t lane = column % simd::lanes<Arch>;
        for (std::size_t i = 0; i < matrix.in; ++i) {
            const std::size_t first = i / Spans::inputs * Spans::blocks;
            const std::size_t k = i % Spans::inputs;
            if (k == 0)
                Spans::widen(panel, first,
                             std::min(Spans::blocks, Layout::blocks(matrix.in) - first),
                             bytes.data(), scale.data());
            const auto stored =
                std::to_integer<int>(bytes[k / Layout::Dot::group * Layout::step_bytes +
                                           column / simd::lanes<Arch> * Layout::Dot::vector_bytes +
                                           Layout::Dot::place(lane, k % Layout::Dot::group)]);
            result.scales[o * matrix.in + i] = scale[column];
            result.weights[o * matrix.in + i] =
                scale[column] * static_cast<float>(stored - Spans::offset);
        }
    }
    return result;
}
template <class Arch>
SpannedWeights spanned(const PackedMatrix<Arch>& matrix) {
    if (matrix.precision == Precision::q8)
        return spanned<Arch, 8, false>(matrix);
    return matrix.precision == Precision::q4 ? spanned<Arch, 4, false>(matrix)
                                             : spanned<Arch, 4, true>(matrix);
}

/// Checks that spans stand for the weights of their blocks, with scales no coarser than need be.
template <class Arch>
void check_spans(const PackedMatrix<Arch>& matrix) {
    const std::vector<float> blocks = matrix.unpacked();
    const auto [spans, scales] = spanned(matrix);
    const float slack = matrix.precision == Precision::q8 ? 1.001F : 2.0F;
    for (std::size_t i = 0; i < blocks.size(); ++i)
        REQUIRE(std::abs(spans[i] - blocks[i]) <= 0.53F * scales[i]);
    for (std::size_t o = 0; o < matrix.out; ++o) {
        for (std::size_t i = 0; i < matrix.in; i += 128) {
            float most = 0.0F;
            for (std::size_t k = i; k < std::min(matrix.in, i + 128); ++k)
                most = std::max(most, std::abs(blocks[o * matrix.in + k]));
            REQUIRE(scales[o * matrix.in + i] * 127.0F <= slack * most + 1e-5F);
        }
    }
}

/// Whether products of so many rows bring a precision's blocks into spans.
template <class Arch>
constexpr bool in_spans(Precision precision, std::size_t rows) {
    using F = simd::Format<Arch, Precision::q8>;
    if constexpr (simd::detail::has_tall<F>)
        return rows >= F::Tall::from_rows && precision != Precision::i8 && !is_plain(precision);
    return false;
}

/// A row of inputs as the products of a precision with `rows` rows see it.
template <class Arch>
std::vector<float> seen_inputs(Precision precision, std::size_t rows, const float* a,
                               std::size_t in) {
    switch (precision) {
        case Precision::i8:
            return simd::reference::through_blocks(a, in, in);
        case Precision::q8:
        case Precision::q4:
        case Precision::q4m:
            return simd::reference::through_blocks(a, in,
                                                   in_spans<Arch>(precision, rows) ? 128 : 32);
        default:
            break;
    }
    std::vector<float> row(a, a + in);
    if (precision == Precision::bf16 && simd::has_bf16<Arch>) {
        for (float& x : row)
            x = BFloat16::from(x);
    }
    return row;
}

/// A random product with strides, and the largest error that rounding allows.
struct Problem {
    std::size_t rows, out, in, a_stride, y_stride;
    std::vector<float> a, weight, bias, residual;

    Problem(Random& random, std::size_t r, std::size_t o, std::size_t i, std::size_t gap)
        : rows(r),
          out(o),
          in(i),
          a_stride(i + gap),
          y_stride(o + gap),
          a(random.vector((r - 1) * a_stride + i)),
          weight(random.vector(o * i)),
          bias(random.vector(o)),
          residual(random.vector((r - 1) * y_stride + o)) {}

    /// Checks y against the double product of what the precision made of weights and inputs.
    template <class Arch>
    void check(const PackedMatrix<Arch>& matrix, Guarded& y, const simd::Epilogue& e) const {
        const std::vector<float> stored = seen_weights(matrix);
        // The sums of `in` products of random signs walk to about sqrt(in) / 3 and collect in / 15
        // eps of rounding (one standard deviation); the worst of thousands stays below `in` eps.
        // A wrong element would be off by 0.1 and more. Integers times two rounded scales add as
        // much again.
        const double sums = matrix.precision == Precision::f32 ? 1.0 : 2.0;
        const double bound =
            sums * double{std::numeric_limits<float>::epsilon()} * (4.0 + static_cast<double>(in));
        INFO(name(matrix.precision) << ": " << rows << " x " << out << " x " << in);
        for (std::size_t r = 0; r < rows; ++r) {
            const std::vector<float> seen =
                seen_inputs<Arch>(matrix.precision, rows, a.data() + r * a_stride, in);
            const std::vector<double> product =
                simd::reference::gemm(seen.data(), 1, in, stored.data(), out, in);
            double worst = 0.0;
            for (std::size_t o = 0; o < out; ++o) {
                double v = double{e.scale} * product[o];
                v += e.bias == nullptr ? 0.0 : double{bias[o]};
                v = simd::reference::activate(v, e.activation);
                v += e.residual == nullptr ? 0.0 : double{residual[r * y_stride + o]};
                worst = std::max(worst, std::abs(v - double{y[r * y_stride + o]}));
            }
            REQUIRE(worst <= bound);
            for (std::size_t o = out; r + 1 < rows && o < y_stride; ++o)
                REQUIRE(y[r * y_stride + o] == 7.0F);  // nothing is written between the rows
        }
        REQUIRE(y.intact());
    }

private:
    template <class Arch>
    std::vector<float> seen_weights(const PackedMatrix<Arch>& matrix) const {
        if constexpr (simd::has_vnni<Arch>)
            if (in_spans<Arch>(matrix.precision, rows))
                return spanned(matrix).weights;
        return matrix.unpacked();
    }
};

}  // namespace xzoo::test
