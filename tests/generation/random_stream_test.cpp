#include <array>
#include <cstdint>

#include "support.hpp"
#include "xzoo/generation/random_stream.hpp"

namespace {

using namespace xzoo::generation;
using Words = std::array<std::uint32_t, 4>;

// Source  kat_vectors of the Random123 distribution, philox4x32 10.
TEST_CASE("philox gives the published numbers", "[generation]") {
    STATIC_REQUIRE(philox({0, 0, 0, 0}, {0, 0}) ==
                   Words{0x6627e8d5U, 0xe169c58dU, 0xbc57ac4cU, 0x9b00dbd8U});
    STATIC_REQUIRE(
        philox({0xffffffffU, 0xffffffffU, 0xffffffffU, 0xffffffffU}, {0xffffffffU, 0xffffffffU}) ==
        Words{0x408f276dU, 0x41c83b0eU, 0xa20bc7c6U, 0x6d5451fdU});
    STATIC_REQUIRE(
        philox({0x243f6a88U, 0x85a308d3U, 0x13198a2eU, 0x03707344U}, {0xa4093822U, 0x299f31d0U}) ==
        Words{0xd16cfe09U, 0x94fdccebU, 0x5001e420U, 0x24126ea1U});
}

TEST_CASE("random numbers are from [0, 1) and differ by seed, text, token and draw",
          "[generation]") {
    const RandomStream stream{.seed = 7, .text = 1};
    double sum = 0.0;
    for (std::uint64_t token = 0; token < 4000; ++token) {
        const double u = stream.uniform(token);
        REQUIRE((u >= 0.0 && u < 1.0));
        sum += u;
    }
    CHECK(sum / 4000 == Approx(0.5).margin(0.02));
    const double u = stream.uniform(5);
    CHECK(u == RandomStream{7, 1}.uniform(5));
    CHECK(u != RandomStream{8, 1}.uniform(5));
    CHECK(u != RandomStream{7 + (1ULL << 32U), 1}.uniform(5));
    CHECK(u != RandomStream{7, 2}.uniform(5));
    CHECK(u != stream.uniform(6));
    CHECK(u != stream.uniform(5 + (1ULL << 32U)));
    CHECK(u != stream.uniform(5, 1));
}

}  // namespace
