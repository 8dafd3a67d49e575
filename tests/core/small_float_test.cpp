#include "xzoo/core/small_float.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "../support.hpp"

namespace {

using xzoo::Float16;
using xzoo::Float8E4M3;
using xzoo::Float8E5M2;

/// The value of a number of `Exponent` and `Mantissa` bits by its definition; Infinite tells
/// whether the highest exponent is for infinity and NaN.
double value_of(unsigned bits, int exponent_bits, int mantissa_bits, bool infinite) {
    const unsigned mantissa = bits & ((1U << mantissa_bits) - 1U);
    const unsigned highest = (1U << exponent_bits) - 1U;
    const unsigned exponent = bits >> mantissa_bits & highest;
    const double sign = (bits >> (exponent_bits + mantissa_bits) & 1U) != 0 ? -1.0 : 1.0;
    const int bias = static_cast<int>(highest / 2);
    if (infinite && exponent == highest)
        return mantissa == 0 ? sign * HUGE_VAL : std::nan("");
    if (!infinite && exponent == highest && mantissa == (1U << mantissa_bits) - 1U)
        return std::nan("");
    const double fraction = std::ldexp(static_cast<double>(mantissa), -mantissa_bits);
    return exponent == 0 ? sign * std::ldexp(fraction, 1 - bias)
                         : sign * std::ldexp(1.0 + fraction, static_cast<int>(exponent) - bias);
}

/// Every number has its value and comes back from it; numbers between two neighbours go to the
/// nearer one, those half way to the even one.
template <class Small>
void check_all(unsigned count, int exponent_bits, int mantissa_bits, bool infinite) {
    using Bits = decltype(Small::bits);
    for (unsigned i = 0; i < count; ++i) {
        const float wide = Small{static_cast<Bits>(i)};
        const double expected = value_of(i, exponent_bits, mantissa_bits, infinite);
        INFO(i);
        if (std::isnan(expected)) {
            REQUIRE(std::isnan(wide));
            REQUIRE(std::isnan(static_cast<float>(Small::from(wide))));
            continue;
        }
        REQUIRE(double{wide} == expected);
        REQUIRE(std::signbit(wide) == std::signbit(expected));
        REQUIRE(Small::from(wide).bits == i);
        const float next = Small{static_cast<Bits>(i + 1)};
        if ((i + 1) % (count / 2) == 0 || !std::isfinite(next))
            continue;
        const float middle = 0.5F * wide + 0.5F * next;
        REQUIRE(Small::from(middle).bits == (i % 2 == 0 ? i : i + 1));
        REQUIRE(Small::from(std::nextafter(middle, wide)).bits == i);
        REQUIRE(Small::from(std::nextafter(middle, next)).bits == i + 1);
    }
}

}  // namespace

TEST_CASE("every half is what IEEE 754 says", "[core][small_float]") {
    check_all<Float16>(65536, 5, 10, true);
    CHECK(Float16::from(65519.99F).bits == 0x7bffU);
    CHECK(Float16::from(65520.0F).bits == 0x7c00U);
    CHECK(Float16::from(-1e30F).bits == 0xfc00U);
    CHECK(Float16::from(-std::numeric_limits<float>::infinity()).bits == 0xfc00U);
    CHECK(Float16::from(1e-30F).bits == 0U);
}

TEST_CASE("every float8_e4m3fn is what its definition says", "[core][small_float]") {
    check_all<Float8E4M3>(256, 4, 3, false);
    CHECK(float{Float8E4M3::from(448.0F)} == 448.0F);
    CHECK(float{Float8E4M3::from(463.9F)} == 448.0F);
    CHECK(float{Float8E4M3::from(464.0F)} == 448.0F);
    CHECK(std::isnan(float{Float8E4M3::from(464.1F)}));
    CHECK(std::isnan(float{Float8E4M3::from(-std::numeric_limits<float>::infinity())}));
}

TEST_CASE("every float8_e5m2 is what its definition says", "[core][small_float]") {
    check_all<Float8E5M2>(256, 5, 2, true);
    CHECK(float{Float8E5M2::from(61439.0F)} == 57344.0F);
    CHECK(Float8E5M2::from(61440.0F).bits == 0x7cU);
    CHECK(Float8E5M2::from(1e30F).bits == 0x7cU);
}

TEST_CASE("small floats convert at compile time", "[core][small_float]") {
    STATIC_REQUIRE(float{Float16::from(1.0F / 3.0F)} == 0.333251953125F);
    STATIC_REQUIRE(Float8E4M3::from(-0.3F).bits == 0xaaU);
    STATIC_REQUIRE(float{Float8E5M2{0x3eU}} == 1.5F);
}
