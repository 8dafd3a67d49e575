#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "support.hpp"
#include "xzoo/generation/choose_token.hpp"
#include "xzoo/generation/warpers.hpp"

namespace {

using namespace xzoo;
using namespace xzoo::generation;
using Floats = std::vector<float>;
using Kept = std::vector<std::size_t>;

/// Scores of which the softmax are these probabilities.
Floats logs(Floats probabilities) {
    for (float& p : probabilities)
        p = std::log(p);
    return probabilities;
}

/// The tokens that a warper leaves; it must not change their scores.
Kept kept(const Floats& scores, const auto& warper) {
    WarperMemory memory;
    Floats warped = scores;
    warper(Scores{warped}, memory);
    Kept left;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        if (warped[i] == minus_infinity)
            continue;
        CHECK(warped[i] == scores[i]);
        left.push_back(i);
    }
    return left;
}

Floats random_scores(std::size_t n, unsigned seed, float spread) {
    std::mt19937 random{seed};
    std::normal_distribution<float> normal{0.0F, spread};
    Floats scores(n);
    for (float& score : scores)
        score = normal(random);
    return scores;
}

const Floats five = logs({0.1F, 0.5F, 0.05F, 0.15F, 0.2F});

TEST_CASE("top k keeps the best and what ties with the last of them", "[generation]") {
    const auto of = [](const Floats& scores, std::size_t k, std::size_t least) {
        return kept(scores, [&](Scores s, WarperMemory& m) { top_k(s, k, least, m); });
    };
    CHECK(of(five, 2, 1) == Kept{1, 4});
    CHECK(of(five, 1, 3) == Kept{1, 3, 4});
    CHECK(of(five, 9, 1) == Kept{0, 1, 2, 3, 4});
    CHECK(of({1, 3, 2, 2, 2}, 2, 1) == Kept{1, 2, 3, 4});
    CHECK(of({1, 3, minus_infinity, 2}, 3, 1) == Kept{0, 1, 3});
}

TEST_CASE("top p keeps the fewest tokens that reach p", "[generation]") {
    const auto of = [](const Floats& scores, float p, std::size_t least) {
        return kept(scores, [&](Scores s, WarperMemory& m) { top_p(s, p, least, m); });
    };
    CHECK(of(five, 0.4F, 1) == Kept{1});
    CHECK(of(five, 0.6F, 1) == Kept{1, 4});
    CHECK(of(five, 0.8F, 1) == Kept{1, 3, 4});
    CHECK(of(five, 0.0F, 1) == Kept{1});
    CHECK(of(five, 0.0F, 2) == Kept{1, 4});
    CHECK(of({0, 0, 0, 0}, 0.5F, 1).size() == 2);
}

TEST_CASE("min p, epsilon and eta keep tokens above a bound", "[generation]") {
    CHECK(kept(five, [](Scores s, WarperMemory& m) { min_p(s, 0.35F, 1, m); }) == Kept{1, 4});
    CHECK(kept(five, [](Scores s, WarperMemory& m) { min_p(s, 1.0F, 3, m); }) == Kept{1, 3, 4});
    CHECK(kept(five, [](Scores s, WarperMemory& m) { epsilon_cutoff(s, 0.12F, 1, m); }) ==
          Kept{1, 3, 4});
    CHECK(kept(five, [](Scores s, WarperMemory& m) { epsilon_cutoff(s, 0.9F, 1, m); }) == Kept{1});
    // Entropy 1.3333, so the bound is min(0.3, sqrt(0.3) * exp(-1.3333)) = 0.1444.
    CHECK(kept(five, [](Scores s, WarperMemory& m) { eta_cutoff(s, 0.3F, 1, m); }) ==
          Kept{1, 3, 4});
    // min(0.05, sqrt(0.05) * 0.2636 = 0.0589) = 0.05, which 0.05 (token 2) may just miss.
    CHECK(kept(five, [](Scores s, WarperMemory& m) { eta_cutoff(s, 0.04F, 1, m); }) ==
          Kept{0, 1, 2, 3, 4});
}

TEST_CASE("typical p keeps what is nearest to the expected surprise", "[generation]") {
    // Surprises 2.30 0.69 3.00 1.90 1.61, expected 1.333: distances 0.97 0.64 1.66 0.56 0.28.
    const auto of = [](float mass, std::size_t least) {
        return kept(five, [&](Scores s, WarperMemory& m) { typical_p(s, mass, least, m); });
    };
    CHECK(of(0.1F, 1) == Kept{4});
    CHECK(of(0.3F, 1) == Kept{3, 4});
    CHECK(of(0.5F, 1) == Kept{1, 3, 4});
    CHECK(of(0.9F, 1) == Kept{0, 1, 3, 4});
    CHECK(of(0.1F, 3) == Kept{1, 3, 4});
    // What ties with the last one stays.
    CHECK(kept({0, 0, 0}, [](Scores s, WarperMemory& m) { typical_p(s, 0.1F, 1, m); }) ==
          Kept{0, 1, 2});
}

TEST_CASE("partial selection gives what sorting everything gives", "[generation]") {
    for (const unsigned seed : {1U, 2U, 3U, 4U}) {
        const Floats scores = random_scores(3000, seed, static_cast<float>(seed));
        Floats memory;
        const std::span<const float> p = generation::softmax(scores, memory);
        std::vector<std::size_t> order(scores.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return p[a] > p[b]; });
        for (const float mass : {0.2F, 0.9F, 0.999F}) {
            Kept expected;
            double sum = 0.0;
            for (std::size_t i = 0; i < order.size() && sum < double{mass}; ++i) {
                expected.push_back(order[i]);
                sum += double{p[order[i]]};
            }
            std::sort(expected.begin(), expected.end());
            CHECK(kept(scores, [&](Scores s, WarperMemory& m) { top_p(s, mass, 1, m); }) ==
                  expected);
        }
        TopSelection selection;
        for (const std::size_t count : {1U, 7U, 500U, 3000U, 4000U}) {
            selection.select(p, count);
            const std::span<const Scored> best = selection.sorted();
            REQUIRE(best.size() == std::min<std::size_t>(count, 3000));
            for (std::size_t i = 0; i < best.size(); ++i)
                CHECK(best[i].index == order[i]);
        }
    }
}

TEST_CASE("temperature divides, normalisation makes log-probabilities", "[generation]") {
    Floats scores{1.0F, -3.0F};
    temperature(scores, 0.5F);
    CHECK(scores == Floats{2.0F, -6.0F});
    log_softmax(scores);
    test::require_close(scores, Floats{-3.3540637e-4F, -8.0003354F}, 1e-6);
}

TEST_CASE("a token is drawn where the random number falls", "[generation]") {
    const Floats weights{0.0F, 1.0F, 0.0F, 3.0F, 0.0F};
    CHECK(draw(weights, 0.0) == 1);
    CHECK(draw(weights, 0.2499) == 1);
    CHECK(draw(weights, 0.25) == 3);
    CHECK(draw(weights, 0.9999999999999999) == 3);
    CHECK_THROWS_AS(draw(Floats{0.0F, 0.0F}, 0.5), ArgumentError);
    CHECK_THROWS_AS(draw(Floats{std::nanf(""), 1.0F}, 0.5), ArgumentError);
    CHECK(best_token(Floats{std::nanf(""), 1.0F, 2.0F, 2.0F}) == 2);
    CHECK_THROWS_AS(best_token(Floats{minus_infinity, std::nanf("")}), ArgumentError);
}

TEST_CASE("scores that are no numbers leave nothing to draw", "[generation]") {
    const Floats broken(5, std::nanf(""));
    const auto refuses = [&](const auto& warper) {
        WarperMemory memory;
        Floats scores = broken;
        warper(Scores{scores}, memory);
        CHECK_THROWS_AS(sample_token(scores, 0.5, memory.probabilities), ArgumentError);
    };
    refuses([](Scores s, WarperMemory& m) { top_k(s, 2, 1, m); });
    refuses([](Scores s, WarperMemory& m) { top_p(s, 0.5F, 1, m); });
    refuses([](Scores s, WarperMemory& m) { min_p(s, 0.5F, 1, m); });
    refuses([](Scores s, WarperMemory& m) { typical_p(s, 0.5F, 1, m); });
    refuses([](Scores s, WarperMemory& m) { epsilon_cutoff(s, 0.1F, 1, m); });
    refuses([](Scores s, WarperMemory& m) { eta_cutoff(s, 0.1F, 1, m); });
    TopSelection none;
    none.select(five, 0);
    CHECK(none.empty());
}

}  // namespace
