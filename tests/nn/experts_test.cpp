#include "xzoo/nn/experts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <set>

#include "support.hpp"

using namespace xzoo;

namespace {

constexpr nn::ExpertsView block{.count = 4, .chosen = 3};

struct Choice {
    std::array<std::uint32_t, 3> numbers{};
    std::array<float, 3> weights{};
};

Choice choice_by(std::array<float, 4> scores) {
    Choice choice;
    nn::detail::choose_experts(block, scores.data(), choice.numbers.data(), choice.weights.data());
    return choice;
}

}  // namespace

TEST_CASE("a token goes through the experts with the highest scores", "[nn][experts]") {
    const Choice best = choice_by({0.1F, 0.2F, 0.4F, 0.3F});
    CHECK(best.numbers == std::array<std::uint32_t, 3>{2, 3, 1});
    test::require_close(best.weights, std::array{4.0F / 9, 3.0F / 9, 2.0F / 9}, 1e-6);
    CHECK(choice_by({0.25F, 0.25F, 0.25F, 0.25F}).numbers == std::array<std::uint32_t, 3>{0, 1, 2});
    CHECK(choice_by({0.0F, 0.0F, 0.0F, 1.0F}).numbers == std::array<std::uint32_t, 3>{3, 0, 1});
}

TEST_CASE("no expert is chosen twice by scores that are no numbers", "[nn][experts]") {
    const float none = std::nanf("");
    for (const std::array<float, 4>& scores :
         {std::array{none, none, none, none}, {none, 0.5F, 0.5F, none}, {0.2F, none, 0.3F, 0.5F}}) {
        const Choice choice = choice_by(scores);
        CHECK(std::set<std::uint32_t>(choice.numbers.begin(), choice.numbers.end()).size() == 3);
        CHECK(*std::max_element(choice.numbers.begin(), choice.numbers.end()) < 4);
        CHECK(std::isnan(choice.weights[0]) == std::isnan(scores[0]));
    }
}
