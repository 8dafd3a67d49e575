// What the tests of packed matrices share: all precisions, a matrix in one, its product.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "simd_support.hpp"
#include "xzoo/simd/gemm.hpp"
#include "xzoo/simd/packed.hpp"
#include "xzoo/simd/reference.hpp"
#include "xzoo/simd/reference_quantized.hpp"

namespace xzoo::test {

inline constexpr std::array<Precision, precision_count> precisions{
    Precision::f32, Precision::bf16, Precision::f16,    Precision::i8,    Precision::q8,
    Precision::q4,  Precision::q4m,  Precision::f8e4m3, Precision::f8e5m2};
inline constexpr std::array<Precision, 4> quantized{Precision::i8, Precision::q8, Precision::q4,
                                                    Precision::q4m};

/// A row-major (out, in) matrix, packed; exactly as long as promised.
template <class Arch>
struct PackedMatrix {
    Precision precision;
    std::size_t out, in;
    std::vector<std::byte> bytes;

    PackedMatrix(Precision p, const std::vector<float>& weight, std::size_t o, std::size_t i)
        : precision(p), out(o), in(i), bytes(simd::packed_bytes<Arch>(p, o, i)) {
        simd::pack_matrix<Arch>(p, weight.data(), o, i, i, 1, bytes.data());
    }
    /// The weights that it stands for, row-major.
    std::vector<float> unpacked() const {
        std::vector<float> weight(out * in);
        for (std::size_t o = 0; o < out; ++o)
            simd::unpack_matrix_row<Arch>(precision, bytes.data(), out, in, o,
                                          weight.data() + o * in, 1);
        return weight;
    }
    void multiply(const float* a, std::size_t rows, std::size_t a_stride, float* y,
                  std::size_t y_stride, const simd::Epilogue& epilogue = {},
                  int threads = 1) const {
        std::vector<float> scratch(simd::gemm_scratch<Arch>(precision, rows, in));
        simd::gemm<Arch>(precision, a, rows, a_stride, bytes.data(), out, in, y, y_stride, epilogue,
                         scratch.data(), threads);
    }
};

/// A row of inputs as the products of a precision see it.
template <class Arch>
std::vector<float> seen_inputs(Precision precision, const float* a, std::size_t in) {
    switch (precision) {
        case Precision::i8:
            return simd::reference::through_blocks(a, in, in);
        case Precision::q8:
        case Precision::q4:
        case Precision::q4m:
            return simd::reference::through_blocks(a, in, 32);
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

}  // namespace xzoo::test
