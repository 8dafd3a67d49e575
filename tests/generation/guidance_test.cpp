#include <algorithm>
#include <cmath>
#include <vector>

#include "generation/markov_model.hpp"
#include "support.hpp"

namespace {

using namespace xzoo;
using namespace xzoo::test;

std::vector<float> log_probs(std::vector<float> scores) {
    double sum = 0.0;
    for (const float s : scores)
        sum += std::exp(double{s});
    for (float& s : scores)
        s = static_cast<float>(double{s} - std::log(sum));
    return scores;
}

/// Greedy decoding under guidance without a cache; `without` is what the other text begins with.
Tokens guided_by_hand(const MarkovModel& model, Tokens ids, Tokens without, float scale,
                      std::size_t new_tokens) {
    for (std::size_t i = 0; i < new_tokens; ++i) {
        const std::vector<float> with = log_probs(model.scores_after(ids));
        const std::vector<float> lacking = log_probs(model.scores_after(without));
        std::vector<float> scores(with.size());
        for (std::size_t k = 0; k < scores.size(); ++k)
            scores[k] = scale * (with[k] - lacking[k]) + lacking[k];
        const auto best = std::max_element(scores.begin(), scores.end()) - scores.begin();
        ids.push_back(static_cast<std::uint32_t>(best));
        without.push_back(ids.back());
    }
    return ids;
}

TEST_CASE("guidance leads away from the text without its prompt", "[generation]") {
    const MarkovModel model{{.order = 0}};
    const std::vector<Tokens> prompts{{1, 2, 3}, {4, 5}};
    const GenerationConfig settings{.max_new_tokens = 20, .guidance_scale = 1.7F};
    const GenerationResult plain = generate(model, prompts, settings);
    CHECK(plain.sequences[0].ids == guided_by_hand(model, {1, 2, 3}, {3}, 1.7F, 20));
    CHECK(plain.sequences[1].ids == guided_by_hand(model, {4, 5}, {5}, 1.7F, 20));

    const std::vector<Tokens> negative{{9}, {8, 8, 1, 2, 3, 4}};
    const GenerationResult led = generate(model, prompts, settings, {.negative_prompts = negative});
    CHECK(led.sequences[0].ids == guided_by_hand(model, {1, 2, 3}, {9}, 1.7F, 20));
    CHECK(led.sequences[1].ids == guided_by_hand(model, {4, 5}, negative[1], 1.7F, 20));
    CHECK(led.sequences[0].ids != plain.sequences[0].ids);

    CHECK_THROWS_AS(generate(model, prompts, settings, {.negative_prompts = {&negative[0], 1}}),
                    ArgumentError);
    CHECK_THROWS_AS(generate(model, prompts, {}, {.negative_prompts = negative}), ArgumentError);
}

TEST_CASE("a guided text ends where its guide has no more room", "[generation]") {
    const MarkovModel model{{.order = 0, .positions = 10}};
    const Tokens negative{8, 8, 1, 2, 3, 4, 5};
    const GeneratedSequence text =
        generate_one(model, {4, 5}, {.max_new_tokens = 30, .guidance_scale = 1.7F},
                     {.negative_prompts = {&negative, 1}});
    CHECK(text.finish_reason == FinishReason::context_full);
    CHECK(text.ids == guided_by_hand(model, {4, 5}, negative, 1.7F, 4));
}

}  // namespace
