#include <cmath>
#include <limits>
#include <vector>

#include "generation/markov_model.hpp"
#include "support.hpp"
#include "xzoo/generation/process_scores.hpp"
#include "xzoo/generation/resolve_config.hpp"

namespace {

using namespace xzoo;
using namespace xzoo::generation;
using Tokens = std::vector<std::uint32_t>;
using Floats = std::vector<float>;

constexpr float none = minus_infinity;

/// What a processor makes of scores.
Floats after(Floats scores, const auto& processor) {
    processor(Scores{scores});
    return scores;
}

TEST_CASE("repetition penalty divides positive scores and multiplies others, once",
          "[generation]") {
    Floats memory;
    const Tokens ids{0, 1, 0, 3};
    CHECK(after({2.0F, -1.0F, 5.0F, 0.0F}, [&](Scores s) {
              repetition_penalty(s, ids, 2.0F, memory);
          }) == Floats{1.0F, -2.0F, 5.0F, 0.0F});
}

TEST_CASE("no n-gram comes twice", "[generation]") {
    const Floats zeros(4);
    const auto of = [&](const Tokens& ids, std::size_t n) {
        return after(zeros, [&](Scores s) { no_repeat_ngram(s, ids, n); });
    };
    CHECK(of({1, 2, 3, 1}, 2) == Floats{0, 0, none, 0});
    CHECK(of({1, 2, 1, 3, 1}, 2) == Floats{0, 0, none, none});
    CHECK(of({1, 2, 3, 1, 2}, 3) == Floats{0, 0, 0, none});
    CHECK(of({1, 2, 3, 0, 2}, 3) == zeros);
    CHECK(of({1, 2}, 1) == Floats{0, none, none, 0});
    CHECK(of({1}, 2) == zeros);
    CHECK(of({1}, 3) == zeros);
    CHECK(of({1, 1}, 2) == Floats{0, none, 0, 0});
}

TEST_CASE("sequence bias counts where the sequence's beginning ends the text", "[generation]") {
    const auto of = [](const Tokens& ids, const Tokens& sequence) {
        return after(Floats(3), [&](Scores s) { sequence_bias(s, ids, sequence, 1.5F); });
    };
    CHECK(of({0}, {2}) == Floats{0, 0, 1.5F});
    CHECK(of({0, 1}, {1, 2}) == Floats{0, 0, 1.5F});
    CHECK(of({1, 0}, {1, 2}) == Floats{0, 0, 0});
    CHECK(of({0, 2, 1}, {2, 1, 0}) == Floats{1.5F, 0, 0});
    CHECK(of({2, 1}, {2, 1, 0}) == Floats{0, 0, 0});  // the text is shorter than the sequence
}

TEST_CASE("bad words are excluded, but not an end token alone", "[generation]") {
    const std::vector<Tokens> words{{0}, {1, 2}, {3}};
    const Tokens eos{3};
    const auto of = [&](const Tokens& ids) {
        return after(Floats(4), [&](Scores s) { no_bad_words(s, ids, words, eos); });
    };
    CHECK(of({2, 2}) == Floats{none, 0, 0, 0});
    CHECK(of({2, 1}) == Floats{none, 0, none, 0});
}

TEST_CASE("lengths, forced and suppressed tokens", "[generation]") {
    const Tokens eos{1, 9};  // 9 is not in the vocabulary
    CHECK(after(Floats(3), [&](Scores s) { min_length(s, 4, 5, eos); }) == Floats{0, none, 0});
    CHECK(after(Floats(3), [&](Scores s) { min_length(s, 5, 5, eos); }) == Floats(3));
    CHECK(after({5, 6, 7}, [&](Scores s) { forced_bos(s, 1, 2); }) == Floats{none, none, 0});
    CHECK(after({5, 6, 7}, [&](Scores s) { forced_bos(s, 2, 2); }) == Floats{5, 6, 7});
    CHECK(after({5, 6, 7}, [&](Scores s) { forced_eos(s, 9, 10, eos); }) == Floats{none, 0, none});
    CHECK(after({5, 6, 7}, [&](Scores s) { forced_eos(s, 8, 10, eos); }) == Floats{5, 6, 7});
    CHECK(after({5, 6, 7}, [&](Scores s) { suppress_tokens(s, eos); }) == Floats{5, none, 7});
    CHECK(after({5, 6, 7}, [](Scores s) {
              hamming_diversity(s, Tokens{1, 1, 2}, 0.5F);
          }) == Floats{5, 5, 6.5F});
}

TEST_CASE("the end grows more probable with length", "[generation]") {
    const Tokens eos{0, 2};
    const auto of = [&](std::size_t new_tokens) {
        return after({-2.0F, 1.0F, 4.0F}, [&](Scores s) {
            exponential_decay(s, new_tokens, {.start = 5, .factor = 1.5F}, eos);
        });
    };
    CHECK(of(5) == Floats{-2.0F, 1.0F, 4.0F});
    CHECK(of(6) == Floats{-1.0F, 1.0F, 6.0F});  // |score| * (1.5 - 1)
    CHECK(of(7) == Floats{0.5F, 1.0F, 9.0F});   // |score| * (1.5^2 - 1)
}

TEST_CASE("values that are no numbers are removed on request", "[generation]") {
    constexpr float infinite = std::numeric_limits<float>::infinity();
    constexpr float largest = std::numeric_limits<float>::max();
    CHECK(after({std::nanf(""), infinite, -infinite, 3.0F}, [](Scores s) { inf_nan_remove(s); }) ==
          Floats{0.0F, largest, -largest, 3.0F});
}

TEST_CASE("rules apply in the order of transformers", "[generation]") {
    GenerationConfig settings{.max_new_tokens = 5, .min_new_tokens = 1};
    settings.sequence_bias = {{{2}, 3.0F}};
    settings.repetition_penalty = 2.0F;
    settings.begin_suppress_tokens = {0};
    settings.eos_token_id = 3;
    const GenerationConfig config = resolve_config(settings, {}, 4);
    Floats memory;
    const auto of = [&](const Tokens& text) {
        return after({1.0F, 1.0F, 1.0F, 1.0F}, [&](Scores s) {
            process_scores(config, {.prompt = 1, .most = 6}, text, {}, s, memory);
        });
    };
    // The bias comes before the penalty: (1 + 3) / 2.
    CHECK(of({2}) == Floats{none, 1.0F, 2.0F, none});
    CHECK(of({2, 0}) == Floats{0.5F, 1.0F, 2.0F, 1.0F});
}

TEST_CASE("a forced first token moves what is suppressed at the beginning", "[generation]") {
    GenerationConfig settings;
    settings.forced_bos_token_id = 1;
    settings.begin_suppress_tokens = {0};
    const GenerationConfig config = resolve_config(settings, {}, 2);
    Floats memory;
    const auto of = [&](const Tokens& text) {
        return after({1.0F, 1.0F}, [&](Scores s) {
            process_scores(config, {.prompt = 1, .most = 20}, text, {}, s, memory);
        });
    };
    CHECK(of({0}) == Floats{none, 0.0F});
    CHECK(of({0, 1}) == Floats{none, 1.0F});
    CHECK(of({0, 1, 1}) == Floats{1.0F, 1.0F});
}

TEST_CASE("an end that must not come does not come by growing", "[generation]") {
    const auto of = [](float score, float factor, std::size_t new_tokens) {
        return after({score}, [&](Scores s) {
            exponential_decay(s, new_tokens, {.start = 1, .factor = factor}, Tokens{0});
        })[0];
    };
    CHECK(of(none, 1.1F, 5) == none);
    // Grown beyond all floats, it is the largest of them.
    CHECK(of(-3.0F, 10.0F, 400) == std::numeric_limits<float>::max());
    CHECK(of(0.0F, 10.0F, 400) == 0.0F);
    GenerationConfig settings{.max_new_tokens = 6, .min_new_tokens = 5};
    settings.seed = 1;
    settings.exponential_decay_length_penalty = ExponentialDecay{1, 1.5F};
    settings.eos_token_id = 2;
    CHECK(test::generate_one(test::MarkovModel{}, {3}, settings).new_ids().size() >= 5);
}

}  // namespace
