#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "generation/markov_model.hpp"
#include "support.hpp"

namespace {

using namespace xzoo;
using namespace xzoo::test;

double cosine(const std::vector<float>& a, const std::vector<float>& b) {
    const auto dot = [](const std::vector<float>& x, const std::vector<float>& y) {
        return std::inner_product(x.begin(), x.end(), y.begin(), 0.0);
    };
    return dot(a, b) / std::sqrt(dot(a, a) * dot(b, b));
}

/// Contrastive search without a cache.
Tokens by_hand(const MarkovModel& model, Tokens ids, std::size_t k, double alpha,
               std::size_t new_tokens) {
    for (std::size_t step = 0; step < new_tokens; ++step) {
        std::vector<float> p = model.scores_after(ids);
        double sum = 0.0;
        for (float& value : p)
            sum += double{value = std::exp(value)};
        std::vector<std::uint32_t> order(p.size());
        std::iota(order.begin(), order.end(), 0U);
        std::stable_sort(order.begin(), order.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return p[a] > p[b]; });
        double most = -1e9;
        Tokens best;
        for (std::size_t i = 0; i < k; ++i) {
            Tokens text = ids;
            text.push_back(order[i]);
            double likeness = -1.0;
            for (std::size_t t = 1; t <= ids.size(); ++t)
                likeness = std::max(likeness, cosine(model.hidden_after(text),
                                                     model.hidden_after(std::span{ids}.first(t))));
            const double score = (1.0 - alpha) * double{p[order[i]]} / sum - alpha * likeness;
            if (score > most) {
                most = score;
                best = text;
            }
        }
        ids = best;
    }
    return ids;
}

TEST_CASE("contrastive search takes what is probable and unlike the text", "[generation]") {
    const MarkovModel model{{.order = 0, .spread = 2.0F}};
    const Tokens long_prompt(150, 3);
    const std::vector<Tokens> prompts{{1, 2, 3}, {4}, long_prompt};
    const GenerationResult result =
        generate(model, prompts, {.max_new_tokens = 15, .penalty_alpha = 0.6F, .top_k = 4});
    for (std::size_t i = 0; i < prompts.size(); ++i)
        CHECK(result.sequences[i].ids == by_hand(model, prompts[i], 4, 0.6, 15));
    CHECK(result.sequences[0].ids != greedy_by_hand(model, prompts[0], 15));
    const GenerationResult mild =
        generate(model, prompts, {.max_new_tokens = 15, .penalty_alpha = 1e-6F, .top_k = 4});
    CHECK(mild.sequences[0].ids == greedy_by_hand(model, prompts[0], 15));
}

TEST_CASE("contrastive search stops as other searches do", "[generation]") {
    const MarkovModel model{{.positions = 10}};
    const GenerationConfig settings{.max_new_tokens = 50, .penalty_alpha = 0.5F, .top_k = 3};
    const GeneratedSequence full = generate_one(model, {1, 2}, settings);
    CHECK(full.finish_reason == FinishReason::context_full);
    CHECK(full.ids == by_hand(model, {1, 2}, 3, 0.5, 8));
    GenerationConfig ending = settings;
    ending.eos_token_id = full.ids[5];
    const GeneratedSequence ended = generate_one(model, {1, 2}, ending);
    CHECK(ended.finish_reason == FinishReason::end_token);
    CHECK(ended.ids.size() <= 6);
}

TEST_CASE("contrastive search never takes an excluded token", "[generation]") {
    const MarkovModel model{{.vocabulary = 8}};
    GenerationConfig settings{.max_new_tokens = 8, .penalty_alpha = 0.9F, .top_k = 4};
    settings.suppress_tokens = {0, 1, 2, 3, 4, 6, 7};
    CHECK(generate_one(model, {1, 2}, settings).ids == Tokens{1, 2, 5, 5, 5, 5, 5, 5, 5, 5});
    // One of two texts runs out of tokens.
    const std::vector<Tokens> prompts{{0, 1}, {0, 1, 2, 3, 4, 5, 6}};
    settings = {.max_new_tokens = 3, .penalty_alpha = 0.6F, .top_k = 3};
    settings.no_repeat_ngram_size = 1;
    CHECK_THROWS_AS(generate(model, prompts, settings), ArgumentError);
}

TEST_CASE("contrastive search says so where no token has a finite score", "[generation]") {
    const GenerationConfig settings{.max_new_tokens = 3, .penalty_alpha = 0.6F, .top_k = 3};
    GenerationConfig excluding = settings;
    excluding.suppress_tokens = {0, 1, 2, 3};
    CHECK_THROWS_WITH(generate_one(MarkovModel{{.vocabulary = 4}}, {1, 2}, excluding),
                      Catch::Matchers::Contains("no token has a finite score"));
    const MarkovModel broken{{.spread = std::nanf("")}};
    CHECK_THROWS_WITH(generate_one(broken, {1, 2}, settings),
                      Catch::Matchers::Contains("no token has a finite score"));
}

}  // namespace
