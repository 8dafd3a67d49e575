#include "xzoo/simd/gemm.hpp"

#include <cmath>
#include <initializer_list>
#include <limits>
#include <vector>

#include "simd_support.hpp"
#include "xzoo/simd/reference.hpp"

namespace {

using xzoo::Activation;
using xzoo::simd::Epilogue;
using xzoo::test::Archs;
using xzoo::test::Guarded;
using xzoo::test::Random;

/// One random product: arrays exactly as long as promised, rows of a and y apart by their strides.
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

    template <class Arch>
    std::vector<float> packed() const {
        std::vector<float> p(xzoo::simd::packed_size<Arch>(out, in));
        xzoo::simd::pack<Arch>(weight.data(), out, in, p.data());
        return p;
    }

    /// Largest error of y, and the bound that the length of the sums and the activation allow.
    void check(Guarded& y, const Epilogue& e) const {
        const std::vector<double> product =
            xzoo::simd::reference::gemm(a.data(), rows, a_stride, weight.data(), out, in);
        double worst = 0.0;
        for (std::size_t r = 0; r < rows; ++r) {
            for (std::size_t o = 0; o < out; ++o) {
                double v = double{e.scale} * product[r * out + o];
                v += e.bias == nullptr ? 0.0 : double{bias[o]};
                v = xzoo::simd::reference::activate(v, e.activation);
                v += e.residual == nullptr ? 0.0 : double{residual[r * y_stride + o]};
                worst = std::max(worst, std::abs(v - double{y[r * y_stride + o]}));
            }
        }
        // The sums of `in` products of random signs walk to about sqrt(in) / 3 and collect in / 15
        // eps of rounding (one standard deviation); the worst of thousands stays below `in` eps.
        // A wrong element would be off by 0.1 and more.
        const double bound =
            double{std::numeric_limits<float>::epsilon()} * (4.0 + static_cast<double>(in));
        INFO(rows << " x " << out << " x " << in);
        REQUIRE(worst <= bound);
        REQUIRE(y.intact());
        for (std::size_t r = 0; r + 1 < rows; ++r) {
            for (std::size_t o = out; o < y_stride; ++o)
                REQUIRE(y[r * y_stride + o] == 7.0F);  // nothing is written between the rows
        }
    }
};

template <class Arch>
void run(const Problem& p, const std::vector<float>& packed, Guarded& y, const Epilogue& e,
         int threads) {
    xzoo::simd::gemm<Arch>(p.a.data(), p.rows, p.a_stride, packed.data(), p.out, p.in, y.data(),
                           p.y_stride, e, threads);
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("gemm equals the double reference for any sizes", "[simd][gemm]", Archs) {
    if (!xzoo::test::can_run<TestType>())
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
        run<TestType>(p, p.packed<TestType>(), y, {}, 1);
        p.check(y, {});
    }
}

TEMPLATE_LIST_TEST_CASE("every epilogue of gemm equals the double reference", "[simd][gemm]",
                        Archs) {
    if (!xzoo::test::can_run<TestType>())
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
            run<TestType>(p, p.packed<TestType>(), y, e, 1);
            p.check(y, e);
        }
    }
}

TEMPLATE_LIST_TEST_CASE("the residual of gemm may be its output", "[simd][gemm]", Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(3);
    for (const std::size_t in : std::initializer_list<std::size_t>{5U, 300U, 1600U}) {
        const Problem p(random, 11, 70, in, 0);
        Guarded y(p.rows * p.out);
        std::copy(p.residual.begin(), p.residual.end(), y.data());
        const Epilogue e{p.bias.data(), Activation::gelu, y.data(), p.y_stride};
        run<TestType>(p, p.packed<TestType>(), y, e, 1);
        p.check(y, e);
    }
}

TEMPLATE_LIST_TEST_CASE("gemm gives the same bits on any number of threads", "[simd][gemm]",
                        Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(4);
    for (const auto& [rows, out, in] : std::vector<std::array<std::size_t, 3>>{
             {128, 211, 100}, {7, 768, 777}, {1, 3000, 300}, {301, 64, 64}}) {
        const Problem p(random, rows, out, in, 0);
        const std::vector<float> packed = p.packed<TestType>();
        const Epilogue e{p.bias.data(), Activation::gelu, p.residual.data(), p.y_stride, 1.5F};
        Guarded once(rows * out);
        run<TestType>(p, packed, once, e, 1);
        for (const int threads : {2, 3, 5}) {
            Guarded y(rows * out);
            run<TestType>(p, packed, y, e, threads);
            REQUIRE(xzoo::test::same_bits(y.span(), once.span()));
        }
    }
}

TEMPLATE_LIST_TEST_CASE("a row of gemm does not depend on the rows beside it", "[simd][gemm]",
                        Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(5);
    const Problem p(random, 29, 75, 900, 0);
    const std::vector<float> packed = p.packed<TestType>();
    Guarded all(p.rows * p.out);
    run<TestType>(p, packed, all, {}, 1);
    for (std::size_t rows = 1; rows < p.rows; ++rows) {
        Guarded y(rows * p.out);
        xzoo::simd::gemm<TestType>(p.a.data(), rows, p.a_stride, packed.data(), p.out, p.in,
                                   y.data(), p.y_stride, {}, 1);
        REQUIRE(xzoo::test::same_bits(y.span(), all.span().first(rows * p.out)));
    }
}

TEMPLATE_LIST_TEST_CASE("unpack is the exact inverse of pack", "[simd][pack]", Archs) {
    if (!xzoo::test::can_run<TestType>())
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
        const std::size_t size = xzoo::simd::packed_size<TestType>(out, in);
        Guarded packed(size, 3.0F);
        xzoo::simd::pack<TestType>(weight.data(), out, in, packed.data());
        Guarded from_transposed(size, 4.0F);
        xzoo::simd::pack_transposed<TestType>(transposed.data(), in, out, from_transposed.data());
        REQUIRE(xzoo::test::same_bits(packed.span(), from_transposed.span()));
        Guarded back(out * in);
        xzoo::simd::unpack<TestType>(packed.data(), out, in, back.data());
        REQUIRE(xzoo::test::same_bits(back.span(), weight));
        REQUIRE(packed.intact());
        REQUIRE(from_transposed.intact());
        REQUIRE(back.intact());
    }
}

TEMPLATE_LIST_TEST_CASE("weights in bfloat16 multiply as the floats they stand for", "[simd][gemm]",
                        Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(12);
    for (const std::size_t rows : std::initializer_list<std::size_t>{1, 2, 3, 8, 9, 40}) {
        for (const auto& [out, in] :
             {std::pair<std::size_t, std::size_t>{1, 1}, {50, 33}, {193, 100}, {400, 801}}) {
            const std::vector<float> a = random.vector(rows * in);
            const std::vector<float> weight = random.vector(out * in);
            std::vector<float> rounded;
            for (const float value : weight)
                rounded.push_back(xzoo::BFloat16::from(value));
            const std::size_t size = xzoo::simd::packed_size<TestType>(out, in);
            std::vector<xzoo::BFloat16> narrow(size);
            std::vector<float> wide(size);
            xzoo::simd::pack<TestType>(weight.data(), out, in, narrow.data());
            xzoo::simd::pack<TestType>(rounded.data(), out, in, wide.data());
            Guarded y(rows * out);
            Guarded expected(rows * out);
            xzoo::simd::gemm<TestType>(a.data(), rows, in, narrow.data(), out, in, y.data(), out,
                                       {}, 1);
            xzoo::simd::gemm<TestType>(a.data(), rows, in, wide.data(), out, in, expected.data(),
                                       out, {}, 1);
            REQUIRE(y.intact());
            REQUIRE(xzoo::test::same_bits(y.span(), expected.span()));
            std::vector<float> back(out * in);
            xzoo::simd::unpack<TestType>(narrow.data(), out, in, back.data());
            REQUIRE(back == rounded);
        }
    }
}
