#include "xzoo/simd/norms.hpp"

#include <cmath>
#include <vector>

#include "simd_support.hpp"
#include "xzoo/simd/elementwise.hpp"
#include "xzoo/simd/reference.hpp"
#include "xzoo/simd/softmax.hpp"

namespace {

using xzoo::test::Archs;
using xzoo::test::Guarded;
using xzoo::test::Random;

constexpr std::size_t lengths[] = {1, 2, 7, 8, 9, 36, 64, 211, 312, 768, 1000, 5000};

}  // namespace

TEMPLATE_LIST_TEST_CASE("softmax equals the double reference", "[simd][softmax]", Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(1);
    for (const std::size_t n : lengths) {
        for (const float range : {0.0F, 1.0F, 30.0F, 1000.0F}) {
            const std::size_t rows = 3;
            const std::size_t stride = n + 2;
            const std::vector<float> x = random.vector(rows * stride, -range, range);
            Guarded y(rows * stride);
            Guarded logs(rows * stride);
            std::copy(x.begin(), x.end(), y.data());
            std::copy(x.begin(), x.end(), logs.data());
            xzoo::simd::softmax_rows<TestType>(y.data(), rows, n, stride);
            xzoo::simd::log_softmax_rows<TestType>(logs.data(), rows, n, stride);
            REQUIRE(y.intact());
            REQUIRE(logs.intact());
            for (std::size_t r = 0; r < rows; ++r) {
                const auto begin = x.begin() + static_cast<std::ptrdiff_t>(r * stride);
                const auto expected = xzoo::simd::reference::softmax(
                    std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(n)));
                const double most =
                    *std::max_element(begin, begin + static_cast<std::ptrdiff_t>(n));
                double sum = 0.0;
                for (std::size_t i = 0; i < n; ++i)
                    sum += std::exp(double{x[r * stride + i]} - most);
                for (std::size_t i = 0; i < n; ++i) {
                    const std::size_t at = r * stride + i;
                    // x - max is rounded to float, which exp makes a relative error
                    const double rtol = 1e-6 + 0x1p-24 * (most - double{x[at]});
                    REQUIRE(std::abs(double{y[at]} - expected[i]) <= rtol * expected[i] + 1e-37);
                    const double log = double{x[at]} - most - std::log(sum);
                    REQUIRE(std::abs(double{logs[at]} - log) <= 2e-7 * std::abs(log) + 5e-7);
                }
                REQUIRE(y[r * stride + n] == x[r * stride + n]);  // between the rows
            }
        }
    }
}

TEMPLATE_LIST_TEST_CASE("softmax of masked rows", "[simd][softmax]", Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    constexpr float hidden = std::numeric_limits<float>::lowest();
    std::vector<float> x(21, hidden);
    xzoo::simd::softmax_rows<TestType>(x.data(), 1, x.size(), x.size());
    for (const float v : x)
        REQUIRE(v == Approx(1.0 / 21.0).epsilon(1e-6));
    std::fill(x.begin(), x.end(), hidden);
    x[4] = -3.0F;
    x[19] = -std::numeric_limits<float>::infinity();
    xzoo::simd::softmax_rows<TestType>(x.data(), 1, x.size(), x.size());
    for (std::size_t i = 0; i < x.size(); ++i)
        REQUIRE(x[i] == (i == 4 ? 1.0F : 0.0F));
    x[7] = std::numeric_limits<float>::quiet_NaN();
    xzoo::simd::softmax_rows<TestType>(x.data(), 1, x.size(), x.size());
    for (const float v : x)
        REQUIRE(std::isnan(v));
}

TEMPLATE_LIST_TEST_CASE("layer norm and rms norm equal the double reference", "[simd][norms]",
                        Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(2);
    for (const std::size_t n : lengths) {
        for (const float offset : {0.0F, 5.0F, 1000.0F}) {
            const std::size_t rows = 3;
            std::vector<float> x = random.vector(rows * n);
            for (float& v : x)
                v += offset;
            const std::vector<float> weight = random.vector(n);
            const std::vector<float> bias = random.vector(n);
            std::vector<float> shifted = weight;
            for (float& value : shifted)
                value += 1.0F;
            for (unsigned parts = 0; parts < 4; ++parts) {
                const float* w = (parts & 1U) != 0 ? weight.data() : nullptr;
                const float* b = (parts & 2U) != 0 ? bias.data() : nullptr;
                Guarded y(rows * n);
                xzoo::simd::layer_norm<TestType>(x.data(), rows, n, n, w, b, 1e-12F, y.data(), n,
                                                 1);
                REQUIRE(y.intact());
                Guarded z(rows * n);
                xzoo::simd::rms_norm<TestType>(x.data(), rows, n, n, w, b == nullptr ? 0.0F : 1.0F,
                                               1e-6F, z.data(), n, 1);
                REQUIRE(z.intact());
                for (std::size_t i = 0; i < rows * n; ++i) {
                    const float* row = x.data() + i / n * n;
                    // Per row would be enough; n is small where this is slow.
                    if (i % n != 0 && i % n != n - 1 && i % 97 != 0)
                        continue;
                    const double norm =
                        xzoo::simd::reference::layer_norm(row, n, w, b, 1e-12)[i % n];
                    REQUIRE(std::abs(double{y[i]} - norm) <= 2e-6);
                    const double rms = xzoo::simd::reference::rms_norm(
                        row, n, w == nullptr || b == nullptr ? w : shifted.data(), 1e-6)[i % n];
                    REQUIRE(std::abs(double{z[i]} - rms) <= 2e-6 * (1.0 + std::abs(rms)));
                }
            }
        }
    }
}

TEMPLATE_LIST_TEST_CASE("layer norm of equal values is exactly its bias", "[simd][norms]", Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(3);
    for (const std::size_t n : lengths) {
        const std::vector<float> bias = random.vector(n);
        for (const float value : {0.0F, 0.1F, -12345.678F, 1e30F, 1e-40F}) {
            std::vector<float> x(n, value);
            xzoo::simd::layer_norm<TestType>(x.data(), 1, n, n, nullptr, bias.data(), 1e-12F,
                                             x.data(), n, 1);
            REQUIRE(xzoo::test::same_bits(x, bias));
        }
    }
}

TEMPLATE_LIST_TEST_CASE("layer norm works in place, with strides and on threads", "[simd][norms]",
                        Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(4);
    const std::size_t rows = 200;
    const std::size_t n = 400;
    const std::vector<float> x = random.vector(rows * (n + 3));
    std::vector<float> once(rows * n);
    xzoo::simd::layer_norm<TestType>(x.data(), rows, n, n + 3, nullptr, nullptr, 1e-5F, once.data(),
                                     n, 1);
    for (const int threads : {2, 3}) {
        std::vector<float> y(rows * n);
        xzoo::simd::layer_norm<TestType>(x.data(), rows, n, n + 3, nullptr, nullptr, 1e-5F,
                                         y.data(), n, threads);
        REQUIRE(xzoo::test::same_bits(y, once));
    }
    std::vector<float> in_place = x;
    xzoo::simd::layer_norm<TestType>(in_place.data(), rows, n, n + 3, nullptr, nullptr, 1e-5F,
                                     in_place.data(), n + 3, 1);
    for (std::size_t r = 0; r < rows; ++r) {
        REQUIRE(xzoo::test::same_bits(std::span(in_place).subspan(r * (n + 3), n),
                                      std::span(once).subspan(r * n, n)));
        REQUIRE(in_place[r * (n + 3) + n] == x[r * (n + 3) + n]);
    }
}

TEMPLATE_LIST_TEST_CASE("elementwise kernels equal plain loops", "[simd][elementwise]", Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(5);
    for (const std::size_t n : lengths) {
        const std::vector<float> a = random.vector(n);
        const std::vector<float> b = random.vector(n);
        Guarded sum(n);
        std::copy(a.begin(), a.end(), sum.data());
        xzoo::simd::add<TestType>(sum.data(), b.data(), n);
        Guarded scaled(n);
        std::copy(a.begin(), a.end(), scaled.data());
        xzoo::simd::scale<TestType>(scaled.data(), n, 1.7F);
        double dot = 0.0;
        for (std::size_t i = 0; i < n; ++i) {
            REQUIRE(sum[i] == a[i] + b[i]);
            REQUIRE(scaled[i] == a[i] * 1.7F);
            dot += double{a[i]} * double{b[i]};
        }
        REQUIRE(sum.intact());
        REQUIRE(scaled.intact());
        const double found = double{xzoo::simd::dot<TestType>(a.data(), b.data(), n)};
        REQUIRE(std::abs(found - dot) <= 2e-7 * (1.0 + static_cast<double>(n)) / 3.0);
    }
}

TEMPLATE_LIST_TEST_CASE("rows get unit length, rows of zeros stay", "[simd][elementwise]", Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(6);
    for (const std::size_t n : lengths) {
        Guarded x(2 * n + 1, 5.0F);
        for (std::size_t i = 0; i < n; ++i) {
            x[i] = random.uniform();
            x[n + 1 + i] = 0.0F;
        }
        const std::vector<float> before(x.span().begin(), x.span().end());
        xzoo::simd::l2_normalize_rows<TestType>(x.data(), 2, n, n + 1);
        double length = 0.0;
        for (std::size_t i = 0; i < n; ++i)
            length += double{before[i]} * double{before[i]};
        for (std::size_t i = 0; i < n; ++i) {
            REQUIRE(double{x[i]} == Approx(double{before[i]} / std::sqrt(length)).epsilon(1e-6));
            REQUIRE(x[n + 1 + i] == 0.0F);
        }
        REQUIRE(x[n] == 5.0F);
        REQUIRE(x.intact());
    }
}

TEMPLATE_LIST_TEST_CASE("the mean over rows follows its weights", "[simd][elementwise]", Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(7);
    for (const std::size_t n : lengths) {
        const std::size_t rows = 5;
        std::vector<float> x = random.vector(rows * n);
        const std::vector<float> weights{1.0F, 0.0F, 0.25F, 1.0F, 0.0F};
        std::fill(x.begin() + static_cast<std::ptrdiff_t>(4 * n), x.end(),
                  std::numeric_limits<float>::quiet_NaN());  // weight 0: not looked at
        Guarded y(n);
        xzoo::simd::mean_rows<TestType>(x.data(), rows, n, n, weights.data(), y.data());
        Guarded plain(n);
        xzoo::simd::mean_rows<TestType>(x.data(), 2, n, n, nullptr, plain.data());
        Guarded nothing(n, 1.0F);
        const std::vector<float> zeros(rows, 0.0F);
        xzoo::simd::mean_rows<TestType>(x.data(), rows, n, n, zeros.data(), nothing.data());
        for (std::size_t i = 0; i < n; ++i) {
            const double mean =
                (double{x[i]} + 0.25 * double{x[2 * n + i]} + double{x[3 * n + i]}) / 2.25;
            REQUIRE(std::abs(double{y[i]} - mean) <= 2e-7);
            REQUIRE(std::abs(double{plain[i]} - (double{x[i]} + double{x[n + i]}) / 2) <= 2e-7);
            REQUIRE(nothing[i] == 0.0F);
        }
        REQUIRE(y.intact());
        REQUIRE(plain.intact());
    }
}
