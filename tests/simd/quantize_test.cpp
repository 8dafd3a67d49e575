#include "xzoo/simd/quantize.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "packed_support.hpp"
#include "xzoo/simd/narrow.hpp"

namespace {

using namespace xzoo::test;
using xzoo::Precision;

/// Numbers about as weights are spread: a sum of uniform ones, with an outlier now and then.
std::vector<float> weights_like(Random& random, std::size_t n) {
    std::vector<float> v(n);
    for (float& x : v) {
        x = 0.02F * (random.uniform() + random.uniform() + random.uniform());
        if (random.size(0, 200) == 0)
            x *= 5.0F;
    }
    return v;
}

double squared_error(const float* a, const float* b, std::size_t n) {
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i)
        sum += (double{a[i]} - double{b[i]}) * (double{a[i]} - double{b[i]});
    return sum;
}

/// Error of the plain ways into four bits, those of llama.cpp's Q4_0 and Q4_1.
double error_of_q4_0(const float* x, std::size_t n) {
    float most = 0.0F;
    for (std::size_t i = 0; i < n; ++i)
        most = std::abs(x[i]) > std::abs(most) ? x[i] : most;
    const float scale = most / -8.0F;
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
        const float q = std::min(7.0F, std::nearbyint(x[i] / scale));
        sum += std::pow(double{x[i]} - double{q * scale}, 2);
    }
    return sum;
}
double error_of_q4_1(const float* x, std::size_t n) {
    const auto [low, high] = std::minmax_element(x, x + n);
    const float scale = (*high - *low) / 15.0F;
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
        const float q = std::nearbyint((x[i] - *low) / scale);
        sum += std::pow(double{x[i]} - double{q * scale + *low}, 2);
    }
    return sum;
}

template <class Arch, class Narrow>
void check_loads(std::size_t count) {
    std::vector<Narrow> all(count);
    for (std::size_t i = 0; i < count; ++i)
        all[i].bits = static_cast<decltype(Narrow::bits)>(i);
    for (std::size_t i = 0; i + xzoo::simd::lanes<Arch> <= count; ++i) {
        std::vector<float> wide(xzoo::simd::lanes<Arch>);
        xzoo::simd::store<Arch>(wide.data(), xzoo::simd::load<Arch>(all.data() + i));
        for (std::size_t k = 0; k < wide.size(); ++k) {
            const float expected = all[i + k];
            if (std::isnan(expected))
                REQUIRE(std::isnan(wide[k]));
            else
                REQUIRE(std::bit_cast<std::uint32_t>(wide[k]) ==
                        std::bit_cast<std::uint32_t>(expected));
        }
        i += count > 256 ? 11 : 0;  // every lane meets every kind of half, in less time
    }
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("inputs become the integers of the scalar reference", "[simd][quantize]",
                        Archs) {
    if (!can_run<TestType>())
        return;
    using Input = typename xzoo::simd::IntDot<TestType>::Input;
    constexpr std::size_t lanes = xzoo::simd::lanes<TestType>;
    Random random(31);
    for (int i = 0; i < 200; ++i) {
        const std::size_t n = random.size(1, 100);
        const float size = std::ldexp(1.0F, static_cast<int>(random.size(0, 240)) - 120);
        std::vector<float> x = random.vector(n, -size, size);
        if (i % 4 == 0)
            x[random.size(0, n - 1)] *= 100.0F;
        if (i % 10 == 0)
            x[random.size(0, n - 1)] = std::numeric_limits<float>::infinity();
        if (i % 20 == 0)
            x[random.size(0, n - 1)] = std::numeric_limits<float>::quiet_NaN();
        std::vector<Input> q((n + lanes - 1) / lanes * lanes, Input{99});
        const auto found = xzoo::simd::quantize<TestType>(x.data(), n, q.data());
        const auto expected = xzoo::simd::reference::quantize(x.data(), n);
        REQUIRE(std::isnan(found.scale) == std::isnan(expected.scale));
        if (!std::isnan(expected.scale))
            REQUIRE(found.scale == expected.scale);
        int sum = 0;
        for (std::size_t k = 0; k < q.size(); ++k) {
            const int value = k < n ? expected.values[k] : 0;
            REQUIRE(int{q[k]} == value);
            sum += value;
            if (k < n && expected.scale > 0.0F)
                REQUIRE(std::abs(double{x[k]} - expected.at(k)) <=
                        0.50002 * double{expected.scale});
        }
        REQUIRE(found.sum == sum);
    }
}

TEMPLATE_LIST_TEST_CASE("8-bit weights are off by half a scale at most", "[simd][quantize]",
                        Archs) {
    if (!can_run<TestType>())
        return;
    Random random(32);
    for (const auto& [out, in] :
         std::vector<std::pair<std::size_t, std::size_t>>{{50, 96}, {7, 45}, {130, 20}}) {
        const std::vector<float> weight = weights_like(random, out * in);
        for (const Precision precision : {xzoo::Precision::i8, xzoo::Precision::q8}) {
            const std::vector<float> back =
                PackedMatrix<TestType>(precision, weight, out, in).unpacked();
            const std::size_t block = precision == xzoo::Precision::i8 ? in : 32;
            for (std::size_t o = 0; o < out; ++o) {
                for (std::size_t i = 0; i < in; i += block) {
                    const float* x = weight.data() + o * in + i;
                    const std::size_t n = std::min(block, in - i);
                    const double scale =
                        double{xzoo::simd::reference::quantize(x, n).scale} * (1.0 + 0x1p-11);
                    for (std::size_t k = 0; k < n; ++k)
                        REQUIRE(std::abs(double{x[k]} - double{back[o * in + i + k]}) <=
                                0.50002 * scale);
                }
            }
        }
    }
}

TEMPLATE_LIST_TEST_CASE("4-bit weights are closer than with the plain scale", "[simd][quantize]",
                        Archs) {
    if (!can_run<TestType>())
        return;
    Random random(33);
    const std::size_t out = 100;
    const std::size_t in = 128;
    const std::vector<float> weight = weights_like(random, out * in);
    const std::vector<float> q4 =
        PackedMatrix<TestType>(xzoo::Precision::q4, weight, out, in).unpacked();
    const std::vector<float> q4m =
        PackedMatrix<TestType>(xzoo::Precision::q4m, weight, out, in).unpacked();
    double found = 0.0;
    double found_m = 0.0;
    double plain = 0.0;
    double plain_m = 0.0;
    for (std::size_t i = 0; i < out * in; i += 32) {
        const double error = squared_error(&weight[i], &q4[i], 32);
        const double error_m = squared_error(&weight[i], &q4m[i], 32);
        const double limit = error_of_q4_0(&weight[i], 32);
        const double limit_m = error_of_q4_1(&weight[i], 32);
        REQUIRE(error <= 1.01 * limit);  // scales are rounded to halves
        REQUIRE(error_m <= 1.02 * limit_m);
        found += error;
        found_m += error_m;
        plain += limit;
        plain_m += limit_m;
    }
    CHECK(found < 0.93 * plain);
    CHECK(found_m < 0.96 * plain_m);
}

TEMPLATE_LIST_TEST_CASE("matrices are packed alike in pieces, transposed and with strides",
                        "[simd][pack]", Archs) {
    if (!can_run<TestType>())
        return;
    Random random(34);
    constexpr std::size_t width = xzoo::simd::panel_width<TestType>;
    for (const auto& [out, in] : std::vector<std::pair<std::size_t, std::size_t>>{
             {3 * width + 5, 70}, {2 * width, 64}, {1, 1}}) {
        const std::vector<float> weight = random.vector(out * in);
        std::vector<float> turned(out * in);
        for (std::size_t i = 0; i < out * in; ++i)
            turned[i % in * out + i / in] = weight[i];
        for (const Precision precision : precisions) {
            INFO(name(precision) << " " << out << " x " << in);
            const PackedMatrix<TestType> whole(precision, weight, out, in);
            REQUIRE(whole.bytes.size() % 64 == 0);
            std::vector<std::byte> pieces(whole.bytes.size(), std::byte{0});
            for (std::size_t o = 0; o < out; o += 2 * width)
                whole.format.pack_rows(weight.data() + o * in, o, std::min(2 * width, out - o), in,
                                       in, 1, pieces.data());
            std::vector<std::byte> transposed(whole.bytes.size(), std::byte{0});
            whole.format.pack_rows(turned.data(), 0, out, in, 1, out, transposed.data());
            REQUIRE(pieces == transposed);
            std::vector<float> strided(2 * in - 1, 5.0F);
            whole.format.unpack_row(pieces.data(), in, out - 1, strided.data(), 2);
            const std::vector<float> all = whole.unpacked();
            for (std::size_t i = 0; i < strided.size(); ++i)
                REQUIRE(strided[i] == (i % 2 == 0 ? all[(out - 1) * in + i / 2] : 5.0F));
        }
    }
}

TEMPLATE_LIST_TEST_CASE("weights that are not finite make their outputs NaN", "[simd][quantize]",
                        Archs) {
    if (!can_run<TestType>())
        return;
    Random random(35);
    std::vector<float> weight = random.vector(60 * 70);
    weight[7 * 70 + 40] = std::numeric_limits<float>::infinity();
    weight[50 * 70] = std::numeric_limits<float>::quiet_NaN();
    const std::vector<float> a = random.vector(70);
    for (const Precision precision : quantized) {
        const PackedMatrix<TestType> matrix(precision, weight, 60, 70);
        Guarded y(60);
        matrix.multiply(a.data(), 1, 70, y.data(), 60);
        for (std::size_t o = 0; o < 60; ++o)
            REQUIRE(std::isnan(y[o]) == (o == 7 || o == 50));
    }
}

TEMPLATE_LIST_TEST_CASE("every small float is loaded exactly", "[simd][narrow]", Archs) {
    if (!can_run<TestType>())
        return;
    check_loads<TestType, xzoo::Float16>(65536);
    check_loads<TestType, xzoo::Float8E4M3>(256);
    check_loads<TestType, xzoo::Float8E5M2>(256);
}
