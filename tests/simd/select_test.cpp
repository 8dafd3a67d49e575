#include "xzoo/simd/select.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "simd_support.hpp"

namespace {

using xzoo::test::Archs;
using xzoo::test::can_run;
using xzoo::test::Random;

constexpr float infinity = std::numeric_limits<float>::infinity();
const float not_a_number = std::nanf("");

/// Numbers of which many are equal, some are NaN and some infinite.
std::vector<float> numbers(Random& random) {
    std::vector<float> x(random.size(0, 200));
    const std::vector<float> odd{not_a_number, infinity, -infinity, 0.0F, -0.0F};
    const std::size_t values = random.size(1, 50);
    for (float& value : x)
        value = random.size(0, 9) == 0 ? odd[random.size(0, odd.size() - 1)]
                                       : static_cast<float>(random.size(0, values)) - 20.0F;
    return x;
}

std::size_t first_above(const std::vector<float>& x, std::size_t begin, float limit) {
    for (std::size_t i = begin; i < x.size(); ++i)
        if (x[i] > limit)
            return i;
    return x.size();
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("the largest number is found wherever it stands", "[simd][select]", Archs) {
    if (!can_run<TestType>())
        return;
    Random random(31);
    for (int round = 0; round < 500; ++round) {
        const std::vector<float> x = numbers(random);
        std::size_t expected = x.size();
        float most = -infinity;
        for (std::size_t i = 0; i < x.size(); ++i)
            if (x[i] > most) {
                most = x[i];
                expected = i;
            }
        REQUIRE(xzoo::simd::find_largest<TestType>(x.data(), x.size()) == expected);
    }
    for (const float value : {not_a_number, -infinity}) {
        const std::vector<float> none(77, value);
        CHECK(xzoo::simd::find_largest<TestType>(none.data(), 77) == 77);
    }
}

TEMPLATE_LIST_TEST_CASE("what is above a limit is found in order", "[simd][select]", Archs) {
    if (!can_run<TestType>())
        return;
    Random random(32);
    for (int round = 0; round < 500; ++round) {
        const std::vector<float> x = numbers(random);
        const float limit = static_cast<float>(random.size(0, 60)) - 25.0F;
        std::size_t begin = 0;
        do {
            const std::size_t found =
                xzoo::simd::find_above<TestType>(x.data(), begin, x.size(), limit);
            REQUIRE(found == first_above(x, begin, limit));
            begin = found + 1;
        } while (begin < x.size());
    }
}

TEMPLATE_LIST_TEST_CASE("what is below a limit is replaced, and nothing else", "[simd][select]",
                        Archs) {
    if (!can_run<TestType>())
        return;
    Random random(33);
    for (int round = 0; round < 200; ++round) {
        const std::vector<float> x = numbers(random);
        std::vector<float> y = x;
        xzoo::simd::replace_below<TestType>(y.data(), y.size(), 3.0F, -infinity);
        for (std::size_t i = 0; i < x.size(); ++i) {
            if (std::isnan(x[i]))
                REQUIRE(std::isnan(y[i]));
            else
                REQUIRE(y[i] == (x[i] < 3.0F ? -infinity : x[i]));
        }
    }
}
