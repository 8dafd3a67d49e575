#include "xzoo/simd/gemm.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <utility>
#include <vector>

#include "packed_support.hpp"

namespace {

using namespace xzoo::test;
using xzoo::Activation;
using xzoo::Precision;
using xzoo::simd::Epilogue;
using xzoo::simd::MatrixFormat;

/// The weights of a problem in float32.
template <class Arch>
PackedMatrix<Arch> packed(const Problem& p) {
    return {Precision::f32, p.weight, p.out, p.in};
}

template <class Arch>
void run(const Problem& p, const PackedMatrix<Arch>& weights, Guarded& y, const Epilogue& e,
         int threads) {
    weights.multiply(p.a.data(), p.rows, p.a_stride, y.data(), p.y_stride, e, threads);
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("gemm equals the double reference for any sizes", "[simd][gemm]", Archs) {
    if (!can_run<TestType>())
        return;
    Random random(1);
    std::vector<std::array<std::size_t, 3>> sizes{
        {1, 1, 1},    {1, 211, 36},  {3, 36, 36},   {13, 36, 211},  {6, 16, 1},     {7, 48, 3},
        {2, 1, 3000}, {5, 17, 1537}, {25, 257, 33}, {128, 64, 769}, {130, 300, 65}, {8, 513, 770}};
    for (int i = 0; i < 40; ++i)
        sizes.push_back({random.size(1, 40), random.size(1, 120), random.size(1, 300)});
    for (const auto& [rows, out, in] : sizes) {
        const Problem p(random, rows, out, in, random.size(0, 5));
        Guarded y((rows - 1) * p.y_stride + out, 7.0F);
        const auto weights = packed<TestType>(p);
        run(p, weights, y, {}, 1);
        p.check(weights, y, {});
    }
}

TEMPLATE_LIST_TEST_CASE("every epilogue of gemm equals the double reference", "[simd][gemm]",
                        Archs) {
    if (!can_run<TestType>())
        return;
    Random random(2);
    for (std::size_t i = 0; i < xzoo::activation_count; ++i) {
        for (unsigned parts = 0; parts < 8; ++parts) {
            const Problem p(random, random.size(1, 20), random.size(1, 70), random.size(1, 90),
                            random.size(0, 3));
            Epilogue e;
            e.activation = static_cast<Activation>(i);
            e.bias = (parts & 1U) != 0 ? p.bias.data() : nullptr;
            e.residual = (parts & 2U) != 0 ? p.residual.data() : nullptr;
            e.residual_stride = p.y_stride;
            e.scale = (parts & 4U) != 0 ? 0.37F : 1.0F;
            Guarded y((p.rows - 1) * p.y_stride + p.out, 7.0F);
            const auto weights = packed<TestType>(p);
            run(p, weights, y, e, 1);
            p.check(weights, y, e);
        }
    }
}

TEMPLATE_LIST_TEST_CASE("the residual of gemm may be its output", "[simd][gemm]", Archs) {
    if (!can_run<TestType>())
        return;
    Random random(3);
    for (const std::size_t in : std::initializer_list<std::size_t>{5U, 300U, 1600U}) {
        const Problem p(random, 11, 70, in, 0);
        Guarded y(p.rows * p.out);
        std::copy(p.residual.begin(), p.residual.end(), y.data());
        const Epilogue e{p.bias.data(), Activation::gelu, y.data(), p.y_stride};
        const auto weights = packed<TestType>(p);
        run(p, weights, y, e, 1);
        p.check(weights, y, e);
    }
}

TEMPLATE_LIST_TEST_CASE("gemm gives the same bits on any number of threads", "[simd][gemm]",
                        Archs) {
    if (!can_run<TestType>())
        return;
    Random random(4);
    for (const auto& [rows, out, in] : std::vector<std::array<std::size_t, 3>>{
             {128, 211, 100}, {7, 768, 777}, {1, 3000, 300}, {301, 64, 64}}) {
        const Problem p(random, rows, out, in, 0);
        const auto weights = packed<TestType>(p);
        const Epilogue e{p.bias.data(), Activation::gelu, p.residual.data(), p.y_stride, 1.5F};
        Guarded once(rows * out);
        run(p, weights, once, e, 1);
        for (const int threads : {2, 3, 5}) {
            Guarded y(rows * out);
            run(p, weights, y, e, threads);
            REQUIRE(same_bits(y.span(), once.span()));
        }
    }
}

TEMPLATE_LIST_TEST_CASE("a row of gemm does not depend on the rows beside it", "[simd][gemm]",
                        Archs) {
    if (!can_run<TestType>())
        return;
    Random random(5);
    const Problem p(random, 29, 75, 900, 0);
    const auto weights = packed<TestType>(p);
    Guarded all(p.rows * p.out);
    run(p, weights, all, {}, 1);
    for (std::size_t rows = 1; rows < p.rows; ++rows) {
        Guarded y(rows * p.out);
        weights.multiply(p.a.data(), rows, p.a_stride, y.data(), p.y_stride);
        REQUIRE(same_bits(y.span(), all.span().first(rows * p.out)));
    }
}

TEMPLATE_LIST_TEST_CASE("unpack is the exact inverse of pack", "[simd][pack]", Archs) {
    if (!can_run<TestType>())
        return;
    Random random(6);
    for (int i = 0; i < 30; ++i) {
        const std::size_t out = random.size(1, 130);
        const std::size_t in = random.size(1, 70);
        const std::vector<float> weight = random.vector(out * in);
        std::vector<float> transposed(out * in);
        for (std::size_t o = 0; o < out; ++o) {
            for (std::size_t k = 0; k < in; ++k)
                transposed[k * out + o] = weight[o * in + k];
        }
        const MatrixFormat& format = format_of<TestType>(Precision::f32);
        const std::size_t size = format.bytes(out, in) / sizeof(float);
        Guarded packed(size, 3.0F);
        std::fill_n(packed.data(), size, 0.0F);
        format.pack_rows(weight.data(), 0, out, in, in, 1, packed.data());
        Guarded from_transposed(size, 4.0F);
        std::fill_n(from_transposed.data(), size, 0.0F);
        format.pack_rows(transposed.data(), 0, out, in, 1, out, from_transposed.data());
        REQUIRE(same_bits(packed.span(), from_transposed.span()));
        Guarded back(out * in);
        for (std::size_t o = 0; o < out; ++o)
            format.unpack_row(packed.data(), in, o, back.data() + o * in, 1);
        REQUIRE(same_bits(back.span(), weight));
        REQUIRE(packed.intact());
        REQUIRE(from_transposed.intact());
        REQUIRE(back.intact());
    }
}

TEMPLATE_LIST_TEST_CASE("small floats multiply as the floats they stand for", "[simd][gemm]",
                        Archs) {
    if (!can_run<TestType>())
        return;
    Random random(12);
    for (const Precision precision :
         {Precision::bf16, Precision::f16, Precision::f8e4m3, Precision::f8e5m2}) {
        if (precision == Precision::bf16 && xzoo::simd::has_bf16<TestType>)
            continue;  // rounds the inputs, too
        for (const std::size_t rows : std::initializer_list<std::size_t>{1, 2, 3, 8, 9, 40}) {
            for (const auto& [out, in] :
                 {std::pair<std::size_t, std::size_t>{1, 1}, {50, 33}, {193, 100}, {400, 801}}) {
                const std::vector<float> a = random.vector(rows * in);
                const std::vector<float> weight = random.vector(out * in);
                const PackedMatrix<TestType> narrow(precision, weight, out, in);
                const std::vector<float> rounded = narrow.unpacked();
                const PackedMatrix<TestType> wide(Precision::f32, rounded, out, in);
                Guarded y(rows * out);
                Guarded expected(rows * out);
                narrow.multiply(a.data(), rows, in, y.data(), out);
                wide.multiply(a.data(), rows, in, expected.data(), out);
                REQUIRE(y.intact());
                REQUIRE(same_bits(y.span(), expected.span()));
                if (precision == Precision::bf16)
                    for (std::size_t i = 0; i < weight.size(); ++i)
                        REQUIRE(rounded[i] == xzoo::BFloat16::from(weight[i]));
            }
        }
    }
}
