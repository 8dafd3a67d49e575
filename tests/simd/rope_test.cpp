#include "xzoo/simd/rope.hpp"

#include <cmath>
#include <initializer_list>
#include <vector>

#include "simd_support.hpp"

namespace {

using xzoo::test::Archs;
using xzoo::test::Guarded;
using xzoo::test::Random;

/// Rotates the pair (x[first], x[second]) by an angle.
void rotate(std::vector<double>& x, std::size_t first, std::size_t second, double angle) {
    const double a = x[first];
    const double b = x[second];
    x[first] = a * std::cos(angle) - b * std::sin(angle);
    x[second] = b * std::cos(angle) + a * std::sin(angle);
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("rotations turn pairs half a head apart or side by side", "[simd][rope]",
                        Archs) {
    if (!xzoo::test::can_run<TestType>())
        return;
    Random random(1);
    for (const std::size_t half : std::initializer_list<std::size_t>{1, 2, 5, 8, 16, 31, 64}) {
        const std::vector<float> angles = random.vector(half, -3.0F, 3.0F);
        std::vector<float> cosine;
        std::vector<float> sine;
        for (const float angle : angles) {
            cosine.push_back(std::cos(angle));
            sine.push_back(std::sin(angle));
        }
        const std::vector<float> start = random.vector(2 * half);
        for (const bool neighbours : {false, true}) {
            Guarded x(2 * half);
            std::copy(start.begin(), start.end(), x.data());
            std::vector<double> expected(start.begin(), start.end());
            for (std::size_t i = 0; i < half; ++i)
                rotate(expected, neighbours ? 2 * i : i, neighbours ? 2 * i + 1 : half + i,
                       double{angles[i]});
            if (neighbours)
                xzoo::simd::rotate_neighbours<TestType>(x.data(), cosine.data(), sine.data(), half);
            else
                xzoo::simd::rotate_halves<TestType>(x.data(), cosine.data(), sine.data(), half);
            REQUIRE(x.intact());
            for (std::size_t i = 0; i < 2 * half; ++i)
                REQUIRE(std::abs(double{x[i]} - expected[i]) <= 1e-6);
        }
    }
}
