#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <vector>

#include "packed_support.hpp"

namespace {

using namespace xzoo::test;
using xzoo::Activation;
using xzoo::Precision;
using xzoo::simd::Epilogue;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

}  // namespace

TEMPLATE_LIST_TEST_CASE("every precision multiplies by the weights that it stands for",
                        "[simd][gemm]", Archs) {
    if (!can_run<TestType>())
        return;
    Random random(21);
    std::vector<std::array<std::size_t, 3>> sizes{
        {1, 1, 1},      {1, 211, 36},  {3, 211, 36},   {13, 36, 211}, {2, 500, 32},
        {4, 49, 31},    {5, 48, 65},   {8, 97, 80},    {7, 193, 128}, {9, 64, 96},
        {40, 300, 100}, {1, 800, 200}, {70, 330, 129}, {65, 49, 33},  {100, 97, 64},
        {66, 50, 640},  {81, 48, 100}, {34, 7, 1},     {300, 20, 97}, {513, 60, 260}};
    for (int i = 0; i < 8; ++i)
        sizes.push_back({random.size(1, 40), random.size(1, 300), random.size(1, 300)});
    for (const auto& [rows, out, in] : sizes) {
        const Problem p(random, rows, out, in, random.size(0, 5));
        for (const Precision precision : precisions) {
            const PackedMatrix<TestType> matrix(precision, p.weight, out, in);
            Guarded y((rows - 1) * p.y_stride + out, 7.0F);
            matrix.multiply(p.a.data(), rows, p.a_stride, y.data(), p.y_stride);
            p.check(matrix, y, {});
        }
    }
}

TEMPLATE_LIST_TEST_CASE("every precision ends in the same epilogue", "[simd][gemm]", Archs) {
    if (!can_run<TestType>())
        return;
    Random random(22);
    for (unsigned parts = 0; parts < 8; ++parts) {
        const Problem p(random, random.size(1, 20), random.size(1, 70), random.size(1, 90),
                        random.size(0, 3));
        const Epilogue e{.bias = (parts & 1U) != 0 ? p.bias.data() : nullptr,
                         .activation = parts < 4 ? Activation::gelu : Activation::identity,
                         .residual = (parts & 2U) != 0 ? p.residual.data() : nullptr,
                         .residual_stride = p.y_stride,
                         .scale = (parts & 4U) != 0 ? 0.37F : 1.0F};
        for (const Precision precision : precisions) {
            const PackedMatrix<TestType> matrix(precision, p.weight, p.out, p.in);
            Guarded y((p.rows - 1) * p.y_stride + p.out, 7.0F);
            matrix.multiply(p.a.data(), p.rows, p.a_stride, y.data(), p.y_stride, e);
            p.check(matrix, y, e);
            // The residual may be the output.
            Guarded again((p.rows - 1) * p.y_stride + p.out, 7.0F);
            std::copy(p.residual.begin(), p.residual.end(), again.data());
            Epilogue onto = e;
            onto.residual = e.residual == nullptr ? nullptr : again.data();
            matrix.multiply(p.a.data(), p.rows, p.a_stride, again.data(), p.y_stride, onto);
            for (std::size_t r = 0; r < p.rows; ++r)
                REQUIRE(same_bits(again.span().subspan(r * p.y_stride, p.out),
                                  y.span().subspan(r * p.y_stride, p.out)));
        }
    }
}

TEMPLATE_LIST_TEST_CASE("a matrix may follow another one with the same inputs", "[simd][gemm]",
                        Archs) {
    if (!can_run<TestType>())
        return;
    Random random(25);
    for (const std::size_t rows : {1U, 3U, 20U, 70U}) {
        const Problem first(random, rows, 60, 45, 0);
        const Problem second(random, rows, 100, 45, 0);
        for (const Precision precision : precisions) {
            const PackedMatrix<TestType> a(precision, first.weight, 60, 45);
            const PackedMatrix<TestType> b(precision, second.weight, 100, 45);
            Guarded expected(rows * 100);
            b.multiply(first.a.data(), rows, 45, expected.data(), 100);
            std::vector<float> scratch(a.format.scratch(rows, 45));
            Guarded y(rows * 100);
            const auto multiply = [&](const PackedMatrix<TestType>& m, bool prepared) {
                m.format.multiply(first.a.data(), rows, 45, m.bytes.data(), m.out, 45, y.data(),
                                  m.out, {}, scratch.data(), 1, prepared);
            };
            multiply(a, false);
            multiply(b, true);
            REQUIRE(same_bits(y.span(), expected.span()));
        }
    }
}

TEMPLATE_LIST_TEST_CASE("rows and threads do not change a bit in any precision", "[simd][gemm]",
                        Archs) {
    if (!can_run<TestType>())
        return;
    Random random(23);
    for (const auto& [rows, out, in] : std::vector<std::array<std::size_t, 3>>{
             {32, 211, 100}, {75, 100, 610}, {150, 128, 64}, {1, 3000, 300}, {600, 50, 40}}) {
        const Problem p(random, rows, out, in, 0);
        const Epilogue e{
            .bias = p.bias.data(), .residual = p.residual.data(), .residual_stride = out};
        for (const Precision precision : precisions) {
            INFO(name(precision) << ": " << rows << " x " << out << " x " << in);
            const PackedMatrix<TestType> matrix(precision, p.weight, out, in);
            Guarded once(rows * out);
            matrix.multiply(p.a.data(), rows, in, once.data(), out, e);
            for (const int threads : {2, 3, 5}) {
                Guarded y(rows * out);
                matrix.multiply(p.a.data(), rows, in, y.data(), out, e, threads);
                REQUIRE(same_bits(y.span(), once.span()));
            }
            std::vector<std::size_t> fewer{33, 65, 66, 70, 72, 100, 149};
            for (std::size_t few = 1; few < 20; ++few)
                fewer.push_back(few);
            for (const std::size_t few : fewer) {
                if (few >= rows ||
                    in_spans<TestType>(precision, few) != in_spans<TestType>(precision, rows))
                    continue;
                Guarded y(few * out);
                matrix.multiply(p.a.data(), few, in, y.data(), out, e);
                REQUIRE(same_bits(y.span(), once.span().first(few * out)));
            }
        }
    }
}

TEMPLATE_LIST_TEST_CASE("integers multiply exactly in every quantised precision", "[simd][gemm]",
                        Archs) {
    if (!can_run<TestType>())
        return;
    Random random(24);
    for (const auto& [rows, out, in] : std::vector<std::array<std::size_t, 3>>{
             {1, 100, 96}, {6, 70, 64}, {11, 49, 160}, {2, 33, 40}}) {
        for (const Precision precision : quantized) {
            // Numbers that are integers of the precision times 1: one of each block is extreme.
            const bool bytes = precision == xzoo::Precision::i8 || precision == xzoo::Precision::q8;
            std::vector<float> weight(out * in);
            std::vector<float> a(rows * in);
            for (std::size_t i = 0; i < weight.size(); ++i) {
                const auto low = bytes ? -127 : precision == xzoo::Precision::q4 ? -8 : 0;
                const auto high = bytes ? 127 : precision == xzoo::Precision::q4 ? 7 : 15;
                const auto steps = static_cast<std::size_t>(high - low);
                weight[i] = static_cast<float>(static_cast<int>(random.size(0, steps)) + low);
                if (i % in % 32 == 3)
                    weight[i] = static_cast<float>(low);
                if (i % in % 32 == 5)
                    weight[i] = static_cast<float>(high);
            }
            for (std::size_t i = 0; i < a.size(); ++i)
                a[i] = i % in % 32 == 2
                           ? 127.0F
                           : static_cast<float>(static_cast<int>(random.size(0, 254)) - 127);
            const PackedMatrix<TestType> matrix(precision, weight, out, in);
            INFO(name(precision) << ": " << rows << " x " << out << " x " << in);
            REQUIRE(same_bits(matrix.unpacked(), weight));
            Guarded y(rows * out);
            matrix.multiply(a.data(), rows, in, y.data(), out);
            const std::vector<double> expected =
                xzoo::simd::reference::gemm(a.data(), rows, in, weight.data(), out, in);
            for (std::size_t i = 0; i < expected.size(); ++i)
                REQUIRE(double{y[i]} == expected[i]);
        }
    }
}

TEMPLATE_LIST_TEST_CASE("spans stand for the weights of their blocks", "[simd][gemm]", Archs) {
    if constexpr (xzoo::simd::has_vnni<TestType>) {
        if (!can_run<TestType>())
            return;
        Random random(28);
        for (const std::size_t in : {1U, 31U, 128U, 200U, 420U}) {
            const std::size_t out = 75;
            std::vector<float> weight = random.vector(out * in);
            for (std::size_t i = 0; i < weight.size(); ++i)  // blocks of very different sizes
                weight[i] *= i / 32 % 3 == 0 ? 1.0F : i / 32 % 3 == 1 ? -0.02F : 30.0F;
            std::fill_n(weight.begin(), in, 0.0F);
            for (const Precision precision : {Precision::q8, Precision::q4, Precision::q4m}) {
                INFO(name(precision) << " " << in);
                check_spans(PackedMatrix<TestType>(precision, weight, out, in));
            }
        }
    }
}

TEMPLATE_LIST_TEST_CASE("a block that has no scale makes its outputs NaN, for any rows",
                        "[simd][gemm]", Archs) {
    if (!can_run<TestType>())
        return;
    Random random(29);
    const std::size_t in = 300;
    const std::size_t out = 50;
    std::vector<float> weight = random.vector(out * in);
    weight[7 * in + 140] = 1e30F;
    for (const Precision precision : {Precision::q8, Precision::q4, Precision::q4m}) {
        const PackedMatrix<TestType> matrix(precision, weight, out, in);
        for (const std::size_t rows : {1U, 20U, 90U}) {
            const std::vector<float> a = random.vector(rows * in);
            Guarded y(rows * out);
            matrix.multiply(a.data(), rows, in, y.data(), out);
            for (std::size_t i = 0; i < rows * out; ++i)
                REQUIRE(std::isfinite(y[i]) == (i % out != 7));
        }
    }
}

TEMPLATE_LIST_TEST_CASE("no sum of 8-bit products saturates", "[simd][gemm]", Archs) {
    if (!can_run<TestType>())
        return;
    const std::size_t in = 4096;
    const std::size_t rows = GENERATE(3U, 80U);
    for (const float sign : {1.0F, -1.0F}) {
        std::vector<float> weight(20 * in, 127.0F);
        std::vector<float> a(rows * in, sign * 127.0F);
        for (std::size_t i = 0; i < in; ++i)
            a[in + i] *= i % 2 == 0 ? 1.0F : -1.0F;
        for (std::size_t i = 0; i < 5 * in; ++i)
            weight[i] = -127.0F;
        for (const Precision precision : {xzoo::Precision::i8, xzoo::Precision::q8}) {
            const PackedMatrix<TestType> matrix(precision, weight, 20, in);
            Guarded y(rows * 20);
            matrix.multiply(a.data(), rows, in, y.data(), 20);
            for (std::size_t o = 0; o < 20; ++o) {
                const float all =
                    sign * (o < 5 ? -1.0F : 1.0F) * 127.0F * 127.0F * static_cast<float>(in);
                REQUIRE(y[o] == all);
                REQUIRE(y[20 + o] == 0.0F);
                REQUIRE(y[40 + o] == all);
            }
        }
    }
}

TEMPLATE_LIST_TEST_CASE("i8 gives the bits that the scalar reference gives", "[simd][gemm]",
                        Archs) {
    if (!can_run<TestType>())
        return;
    Random random(25);
    for (int i = 0; i < 12; ++i) {
        const Problem p(random, random.size(1, 20), random.size(1, 150), random.size(1, 900), 0);
        const PackedMatrix<TestType> matrix(xzoo::Precision::i8, p.weight, p.out, p.in);
        Guarded y(p.rows * p.out);
        matrix.multiply(p.a.data(), p.rows, p.in, y.data(), p.out);
        std::vector<float> expected;
        for (std::size_t r = 0; r < p.rows; ++r) {
            const auto inputs = xzoo::simd::reference::quantize(p.a.data() + r * p.in, p.in);
            for (std::size_t o = 0; o < p.out; ++o)
                expected.push_back(xzoo::simd::reference::i8_product(
                    inputs, xzoo::simd::reference::quantize(p.weight.data() + o * p.in, p.in)));
        }
        REQUIRE(same_bits(y.span(), expected));
    }
}

TEMPLATE_LIST_TEST_CASE("a row that is not finite is NaN and spoils no other", "[simd][gemm]",
                        Archs) {
    if (!can_run<TestType>())
        return;
    Random random(26);
    const Problem p(random, GENERATE(11U, 70U), 60, 100, 0);
    for (const Precision precision : precisions) {
        const PackedMatrix<TestType> matrix(precision, p.weight, p.out, p.in);
        Guarded clean(p.rows * p.out);
        matrix.multiply(p.a.data(), p.rows, p.in, clean.data(), p.out);
        for (const float odd : {not_a_number, infinity, -infinity}) {
            std::vector<float> a = p.a;
            a[4 * p.in + 33] = odd;
            Guarded y(p.rows * p.out);
            matrix.multiply(a.data(), p.rows, p.in, y.data(), p.out);
            INFO(name(precision) << " " << odd);
            for (std::size_t i = 0; i < p.rows * p.out; ++i) {
                if (i / p.out != 4)
                    REQUIRE(y[i] == clean[i]);
                else if (is_plain(precision) && !std::isnan(odd))
                    REQUIRE_FALSE(std::isfinite(y[i]));
                else
                    REQUIRE(std::isnan(y[i]));
            }
        }
    }
}

TEMPLATE_LIST_TEST_CASE("rows of zeros, of tiny and of huge numbers are multiplied soundly",
                        "[simd][gemm]", Archs) {
    if (!can_run<TestType>())
        return;
    Random random(27);
    const std::size_t in = 70;
    const std::size_t out = 50;
    const std::vector<float> weight = random.vector(out * in);
    for (const Precision precision : quantized) {
        const PackedMatrix<TestType> matrix(precision, weight, out, in);
        Guarded unit(out);
        const std::vector<float> a = random.vector(in);
        matrix.multiply(a.data(), 1, in, unit.data(), out);
        for (const float factor : {0.0F, 1e-44F, 1e-38F, 0x1p-119F, 0x1p-60F, 0x1p60F, 0x1p120F}) {
            std::vector<float> scaled = a;
            for (float& x : scaled)
                x *= factor;
            Guarded y(out);
            matrix.multiply(scaled.data(), 1, in, y.data(), out);
            INFO(name(precision) << " " << factor);
            for (std::size_t o = 0; o < out; ++o) {
                // Powers of two change no integer, but where a result becomes subnormal.
                const float expected = factor < 0x1p-120F ? 0.0F : unit[o] * factor;
                REQUIRE(std::abs(y[o] - expected) <= 1e-36F + 1e-6F * std::abs(expected));
            }
        }
    }
}
