#include "xzoo/core/rules.hpp"

#include <cstddef>
#include <limits>

#include "support.hpp"

TEST_CASE("positions after padding hold for every id that a config.json may give", "[core]") {
    using Rule = xzoo::RoomAfterPadding;
    constexpr long long largest = std::numeric_limits<long long>::max();
    STATIC_REQUIRE(Rule::holds(514, 1));
    STATIC_REQUIRE(Rule::holds(3, 1));
    STATIC_REQUIRE_FALSE(Rule::holds(2, 1));
    STATIC_REQUIRE_FALSE(Rule::holds(0, 0));
    STATIC_REQUIRE(Rule::holds(2, 0));
    STATIC_REQUIRE(Rule::holds(1, -1));
    STATIC_REQUIRE_FALSE(Rule::holds(0, -1));
    STATIC_REQUIRE(Rule::holds(0, -2));
    STATIC_REQUIRE_FALSE(Rule::holds(512, largest));
    STATIC_REQUIRE_FALSE(Rule::holds(0, largest));
    STATIC_REQUIRE(Rule::holds(std::size_t{1} << 63U | 1U, largest));
    STATIC_REQUIRE_FALSE(Rule::holds(std::size_t{1} << 63U, largest));
    STATIC_REQUIRE(Rule::holds(0, std::numeric_limits<long long>::min()));
}
