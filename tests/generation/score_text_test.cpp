#include <cmath>
#include <vector>

#include "generation/markov_model.hpp"
#include "support.hpp"
#include "xzoo/generation/score_text.hpp"

namespace {

using namespace xzoo;
using namespace xzoo::test;

/// What the model thinks of ids[t] after the tokens from `begin` on.
double log_prob(const MarkovModel& model, const Tokens& ids, std::size_t begin, std::size_t t) {
    const std::vector<float> scores = model.scores_after(std::span{ids}.subspan(begin, t - begin));
    double sum = 0.0;
    for (const float s : scores)
        sum += std::exp(double{s});
    return double{scores[ids[t]]} - std::log(sum);
}

Tokens some_text(std::size_t length) {
    Tokens ids;
    for (std::uint32_t i = 0; i < length; ++i)
        ids.push_back(i * i % 17);
    return ids;
}

TEST_CASE("every token of a text but the first is scored after those before it", "[generation]") {
    const MarkovModel model{{.order = 0}};
    const Tokens ids = some_text(200);
    const TextScore score = score_text(model, ids);
    REQUIRE(score.log_probs.size() == 199);
    double sum = 0.0;
    for (std::size_t t = 1; t < ids.size(); ++t) {
        CHECK(score.log_probs[t - 1] == Approx(log_prob(model, ids, 0, t)).margin(1e-5));
        sum += log_prob(model, ids, 0, t);
    }
    CHECK(score.sum() == Approx(sum));
    CHECK(score.perplexity() == Approx(std::exp(-sum / 199)));
    CHECK(model.tokens_read == 199);
}

TEST_CASE("a long text is read in windows", "[generation]") {
    const Tokens ids = some_text(50);
    const auto check = [&](std::size_t window, std::size_t stride, const ScoreOptions& options,
                           std::size_t positions) {
        const MarkovModel model{{.order = 0, .positions = positions}};
        const TextScore score = score_text(model, ids, options);
        REQUIRE(score.log_probs.size() == 49);
        std::size_t begin = 0;
        for (std::size_t t = 1; t < ids.size(); ++t) {
            while (t >= begin + window)
                begin += stride;
            INFO("token " << t << " from " << begin);
            CHECK(score.log_probs[t - 1] == Approx(log_prob(model, ids, begin, t)).margin(1e-5));
        }
    };
    check(10, 4, {.window = 10, .stride = 4}, 0);
    check(10, 9, {.window = 10, .stride = 9}, 0);
    check(12, 6, {}, 12);
    check(2, 1, {.window = 2}, 0);
    check(50, 1, {.window = 60}, 80);
}

TEST_CASE("texts that cannot be scored are refused", "[generation]") {
    const MarkovModel model{{.positions = 20}};
    const Tokens ids = some_text(30);
    CHECK_THROWS_AS(score_text(model, std::span{ids}.first(1)), ArgumentError);
    CHECK_THROWS_AS(score_text(model, Tokens{1, 17}), ArgumentError);
    CHECK_THROWS_AS(score_text(model, ids, {.window = 21}), ArgumentError);
    CHECK_THROWS_AS(score_text(model, ids, {.window = 10, .stride = 10}), ArgumentError);
    CHECK_THROWS_AS(score_text(model, ids, {.window = 1}), ArgumentError);
}

}  // namespace
