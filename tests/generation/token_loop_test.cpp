#include <algorithm>
#include <string>
#include <vector>

#include "generation/markov_model.hpp"
#include "support.hpp"

namespace {

using namespace xzoo;
using namespace xzoo::test;

TEST_CASE("greedy decoding takes the most probable token each time", "[generation]") {
    const MarkovModel model;
    for (std::uint32_t first = 0; first < 17; ++first) {
        const Tokens prompt{first, 3, 5};
        const GeneratedSequence text = generate_one(model, prompt, {.max_new_tokens = 40});
        CHECK(text.ids == greedy_by_hand(model, prompt, 40));
        CHECK(text.finish_reason == FinishReason::length);
        CHECK(text.new_ids().size() == 40);
    }
}

TEST_CASE("each text of a batch is what it is alone, and ends for itself", "[generation]") {
    const MarkovModel model{{.order = 0}};
    const Tokens eos{4, 9};
    const std::vector<Tokens> prompts{{1}, {2, 3, 4, 5, 6, 7}, {8, 8}, {9, 1, 2}, {16}};
    const GenerationResult result =
        generate(model, prompts, {.max_new_tokens = 30, .eos_token_id = TokenIds{4, 9}});
    REQUIRE(result.sequences.size() == prompts.size());
    std::size_t read = 0;
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        const GeneratedSequence& text = result.sequences[i];
        CHECK(text.ids == greedy_by_hand(model, prompts[i], 30, eos));
        const bool ended = std::count(eos.begin(), eos.end(), text.ids.back()) > 0;
        CHECK(text.finish_reason == (ended ? FinishReason::end_token : FinishReason::length));
        read += text.ids.size() - 1;
    }
    CHECK(model.tokens_read == read);  // nothing for a text that has ended
    CHECK(result.prompt_tokens == 13);
    CHECK(result.new_tokens == read + prompts.size() - result.prompt_tokens);
}

TEST_CASE("sampling repeats with its seed, alone, in any batch and in several texts",
          "[generation]") {
    const MarkovModel model{{.vocabulary = 50}};
    const GenerationConfig settings{
        .max_new_tokens = 25, .temperature = 0.9F, .top_p = 0.9F, .seed = 7};
    const std::vector<Tokens> prompts{{1, 2}, {30, 4, 5}, {1, 2}};
    const GenerationResult batch = generate(model, prompts, settings);
    CHECK(batch.seed == 7U);
    CHECK_FALSE(generate(model, prompts, {.max_new_tokens = 2}).seed);
    CHECK(batch.sequences[0].ids == generate_one(model, {1, 2}, settings).ids);
    CHECK(batch.sequences[1].ids == generate_one(model, {30, 4, 5}, settings).ids);
    CHECK(batch.sequences[0].ids != batch.sequences[2].ids);

    GenerationConfig several = settings;
    several.num_return_sequences = 2;
    const Tokens prompt{1, 2};
    const GenerationResult two = generate(model, {&prompt, 1}, several);
    REQUIRE(two.sequences.size() == 2);
    CHECK(two.sequences[0].ids == batch.sequences[0].ids);
    CHECK(two.sequences[1].ids == batch.sequences[2].ids);
    CHECK(two.sequences[1].prompt == 0);

    GenerationConfig other = settings;
    other.seed = 8;
    CHECK(generate_one(model, {1, 2}, other).ids != batch.sequences[0].ids);
}

TEST_CASE("tokens are sampled as often as they are probable", "[generation]") {
    const MarkovModel model{{.vocabulary = 5, .order = 1, .spread = 1.0F}};
    std::vector<float> p = model.scores_after(Tokens{3});
    float sum = 0.0F;
    for (float& value : p)
        sum += value = std::exp(value);
    constexpr std::size_t count = 20000;
    const Tokens prompt{3};
    const GenerationResult result =
        generate(model, {&prompt, 1},
                 {.max_new_tokens = 1, .top_k = 0, .seed = 3, .num_return_sequences = count});
    std::vector<std::size_t> seen(5);
    for (const GeneratedSequence& text : result.sequences)
        ++seen[text.ids.back()];
    double chi_squared = 0.0;
    for (std::size_t i = 0; i < 5; ++i) {
        const double expected = double{p[i] / sum} * count;
        chi_squared += std::pow(double(seen[i]) - expected, 2) / expected;
    }
    CHECK(chi_squared < 18.5);  // 4 degrees of freedom: exceeded by 1 of 1000 fair samplers
}

TEST_CASE("a cache goes on with a conversation and reads no token twice", "[generation]") {
    const MarkovModel model{{.order = 0}};
    nn::KvCache cache = model.make_cache({.sequences = 1, .capacity = 100});
    const Tokens first{1, 2, 3, 4};
    const GenerateOptions options{.cache = &cache};
    const GeneratedSequence answer = generate_one(model, first, {.max_new_tokens = 6}, options);
    CHECK(answer.ids == greedy_by_hand(model, first, 6));
    CHECK(model.tokens_read == 9);

    Tokens second = answer.ids;
    second.insert(second.end(), {5, 6});
    const GenerationResult more = generate(model, {&second, 1}, {.max_new_tokens = 5}, options);
    CHECK(more.sequences[0].ids == greedy_by_hand(model, second, 5));
    CHECK(more.cached_tokens == 9);
    CHECK(model.tokens_read == 9 + 3 + 4);

    const Tokens other{1, 2, 9};
    CHECK(generate_one(model, other, {.max_new_tokens = 5}, options).ids ==
          greedy_by_hand(model, other, 5));
}

TEST_CASE("texts end where the cache or the model has no more room", "[generation]") {
    const MarkovModel model{{.positions = 12}};
    const GeneratedSequence text = generate_one(model, {1, 2}, {.max_new_tokens = 40});
    CHECK(text.finish_reason == FinishReason::context_full);
    CHECK(text.ids == greedy_by_hand(model, {1, 2}, 11));  // the last one need not be read

    nn::KvCache cache = model.make_cache({.capacity = 5});
    const GeneratedSequence shorter =
        generate_one(model, {1, 2}, {.max_new_tokens = 40}, {.cache = &cache});
    CHECK(shorter.finish_reason == FinishReason::context_full);
    CHECK(shorter.ids.size() == 6);
    CHECK_THROWS_AS(
        generate_one(model, {1, 2, 3, 4, 5, 6}, {.max_new_tokens = 1}, {.cache = &cache}),
        CacheFull);
    CHECK_THROWS_AS(
        generate(model, std::vector<Tokens>{{1}, {2}}, {.max_new_tokens = 1}, {.cache = &cache}),
        ArgumentError);
}

TEST_CASE("a cache that generate made grows with the text", "[generation]") {
    const MarkovModel model;
    const GeneratedSequence text = generate_one(model, {1, 2}, {.max_new_tokens = 3000});
    CHECK(text.ids == greedy_by_hand(model, {1, 2}, 3000));
}

TEST_CASE("callbacks see each token and end a text, and only that", "[generation]") {
    const MarkovModel model;
    const std::vector<Tokens> prompts{{1, 2}, {3, 4}};
    std::vector<Tokens> seen(2);
    const GenerationResult result =
        generate(model, prompts, {.max_new_tokens = 9},
                 {.on_token = [&](std::size_t sequence, std::uint32_t id) {
                     seen[sequence].push_back(id);
                     return sequence == 1 || seen[0].size() < 4;
                 }});
    CHECK(result.sequences[0].finish_reason == FinishReason::stopped);
    CHECK(result.sequences[0].new_ids().size() == 4);
    CHECK(result.sequences[1].finish_reason == FinishReason::length);
    for (std::size_t i = 0; i < 2; ++i)
        CHECK(std::equal(seen[i].begin(), seen[i].end(), result.sequences[i].new_ids().begin(),
                         result.sequences[i].new_ids().end()));
    CHECK(generate_one(model, {1}, {.max_new_tokens = 1000, .max_time = 1e-9}).finish_reason ==
          FinishReason::max_time);
}

TEST_CASE("log-probabilities are the model's own, with the most probable alternatives",
          "[generation]") {
    const MarkovModel model;
    const GeneratedSequence text = generate_one(
        model, {1, 2}, {.max_new_tokens = 6, .temperature = 5.0F, .seed = 1}, {.log_probs = 3});
    REQUIRE(text.log_probs.size() == 6);
    REQUIRE(text.top_log_probs.size() == 18);
    for (std::size_t i = 0; i < 6; ++i) {
        const std::vector<float> scores =
            model.scores_after(std::span{text.ids}.first(text.prompt_length + i));
        double sum = 0.0;
        for (const float score : scores)
            sum += std::exp(double{score});
        const auto log_prob = [&](std::uint32_t id) { return double{scores[id]} - std::log(sum); };
        CHECK(text.log_probs[i] == Approx(log_prob(text.new_ids()[i])).margin(1e-5));
        for (std::size_t j = 0; j < 3; ++j) {
            const TokenLogProb& token = text.top_log_probs[3 * i + j];
            CHECK(token.log_prob == Approx(log_prob(token.id)).margin(1e-5));
            CHECK(std::count_if(scores.begin(), scores.end(), [&](float s) {
                      return s > scores[token.id];
                  }) == static_cast<std::ptrdiff_t>(j));
        }
    }
}

TEST_CASE("prompts that cannot be continued are refused", "[generation]") {
    const MarkovModel model;
    CHECK_THROWS_AS(generate_one(model, {}, {.max_new_tokens = 1}), ArgumentError);
    CHECK_THROWS_AS(generate_one(model, {99}, {.max_new_tokens = 1}), ArgumentError);
    CHECK_THROWS_AS(generate_one(model, Tokens(20, 1), {}), ArgumentError);  // max_length is 20
    CHECK(generate_one(model, Tokens(19, 1), {}).new_ids().size() == 1);
    CHECK(generate(model, {}, {}).sequences.empty());
    CHECK_THROWS_AS(generate_one(model, {1}, {.stop_strings = {{"x"}}}), ArgumentError);
}

}  // namespace
