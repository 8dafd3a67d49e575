#include "xzoo/simd/alibi.hpp"

#include <array>
#include <cmath>
#include <cstddef>

#include "simd_support.hpp"

using xzoo::simd::Alibi;
using xzoo::simd::alibi_slopes;
using xzoo::test::Archs;

TEST_CASE("slopes fall by powers of two, and are those of twice as many heads beyond", "[simd]") {
    CHECK(alibi_slopes<1> == std::array{1.0F / 256.0F});
    CHECK(alibi_slopes<4> == std::array{0.25F, 0.0625F, 0.015625F, 0.00390625F});
    CHECK(alibi_slopes<3> == std::array{0.0625F, 0.00390625F, 0.25F});
    CHECK(alibi_slopes<6> == std::array{0.25F, 0.0625F, 0.015625F, 0.00390625F, 0.5F, 0.125F});
    for (std::size_t h = 0; h < 16; ++h)
        CHECK(std::fabs(alibi_slopes<16>[h] - std::exp2(-0.5F * static_cast<float>(h + 1))) <
              1e-7F);
    CHECK(std::fabs(alibi_slopes<12>[8] - std::exp2(-0.5F)) < 1e-7F);
    CHECK(std::fabs(alibi_slopes<12>[11] - std::exp2(-3.5F)) < 1e-7F);
}

TEMPLATE_LIST_TEST_CASE("biases are counted from the last token, or rounded from the first",
                        "[simd]", Archs) {
    const std::array slopes{0.5F, 0.7F};
    std::array<float, 3> scores{1.0F, 2.0F, 3.0F};
    const Alibi plain{.slopes = slopes.data(), .scale = 2.0F};
    plain.add<TestType>(0, 4, 3, 10, scores.data());  // tokens 4, 5, 6 of 10
    CHECK(scores == std::array{1.0F - 5.0F, 2.0F - 4.0F, 3.0F - 3.0F});

    // bfloat16: 0.7 is 0.69921875; 257 is 256, 258 and 259 are 258 and 260.
    scores = {};
    const Alibi rounded{.slopes = slopes.data(), .scale = 2.0F, .rounded = true};
    rounded.add<TestType>(1, 257, 3, 300, scores.data());
    CHECK(scores == std::array{2.0F * 179.0F, 2.0F * 180.0F, 2.0F * 182.0F});

    scores = {};
    Alibi{}.add<TestType>(1, 257, 3, 300, scores.data());
    CHECK(scores == std::array{0.0F, 0.0F, 0.0F});
}
