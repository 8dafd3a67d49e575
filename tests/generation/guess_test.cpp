#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "generation/byte_decoder.hpp"
#include "generation/markov_model.hpp"
#include "support.hpp"
#include "xzoo/generation/guess.hpp"

namespace {

using namespace xzoo;
using namespace xzoo::test;

/// Two models of which the second often chooses as the first does: both look at one token, and
/// texts of few tokens come round again.
const MarkovModel big{{.vocabulary = 12, .order = 2, .seed = 3}};
const MarkovModel other{{.vocabulary = 12, .order = 1, .seed = 4}};

const std::vector<Tokens> prompts{{1, 2, 3}, {4}, {5, 6, 5, 6, 5}, {1, 2, 3, 4, 5, 6, 7, 8}};

void check_same(const GenerationResult& guessed, const GenerationResult& plain) {
    REQUIRE(guessed.sequences.size() == plain.sequences.size());
    for (std::size_t i = 0; i < plain.sequences.size(); ++i) {
        CHECK(guessed.sequences[i].ids == plain.sequences[i].ids);
        CHECK(guessed.sequences[i].finish_reason == plain.sequences[i].finish_reason);
        CHECK(guessed.sequences[i].text == plain.sequences[i].text);
        CHECK(guessed.sequences[i].log_probs == plain.sequences[i].log_probs);
    }
}

std::vector<GenerationConfig> many_settings() {
    std::vector<GenerationConfig> all(5, {.max_new_tokens = 60});
    all[1].eos_token_id = TokenIds{3, 7};
    all[2].repetition_penalty = 1.3F;
    all[2].no_repeat_ngram_size = 3;
    all[3].temperature = 0.7F;
    all[3].seed = 11;
    all[3].num_return_sequences = 2;
    all[4].stop_strings = {"gh", "ba", "kk"};
    return all;
}

const GenerateOptions with_text{
    .text_decoder = byte_decoder({"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"}),
    .log_probs = 0};

TEST_CASE("guesses looked up in the text change nothing but the number of steps", "[generation]") {
    for (const GenerationConfig& settings : many_settings())
        for (const std::size_t count : {1U, 4U, 300U}) {
            GenerationConfig guessing = settings;
            guessing.prompt_lookup_num_tokens = count;
            check_same(generate(big, prompts, guessing, with_text),
                       generate(big, prompts, settings, with_text));
        }
    // A text that goes round in circles takes few steps.
    const MarkovModel circle{{.vocabulary = 4, .order = 1}};
    const Tokens prompt{1};
    const GenerationResult result =
        generate(circle, {&prompt, 1}, {.max_new_tokens = 100, .prompt_lookup_num_tokens = 10});
    CHECK(result.sequences[0].ids == greedy_by_hand(circle, prompt, 100));
    CHECK(result.model_steps < 20);
}

TEST_CASE("guesses of a draft model change nothing but the number of steps", "[generation]") {
    for (const MarkovModel* draft : {&big, &other})
        for (const GenerationConfig& settings : many_settings())
            for (const std::size_t count : {1U, 5U}) {
                GenerationConfig guessing = settings;
                guessing.num_assistant_tokens = count;
                GenerateOptions options = with_text;
                options.draft_model = draft;
                check_same(generate(big, prompts, guessing, options),
                           generate(big, prompts, settings, with_text));
            }
    // The model itself guesses everything right: one step for four tokens.
    const GenerationResult result =
        generate(big, {&prompts[0], 1}, {.max_new_tokens = 41, .num_assistant_tokens = 4},
                 {.draft_model = &big});
    CHECK(result.model_steps == 1 + 40 / 5);
}

TEST_CASE("guessing keeps a caller's cache in step with the text", "[generation]") {
    nn::KvCache cache = big.make_cache({.sequences = 1, .capacity = 30});
    const GenerationResult result =
        generate(big, {&prompts[0], 1}, {.max_new_tokens = 60, .prompt_lookup_num_tokens = 5},
                 {.cache = &cache});
    const Tokens& ids = result.sequences[0].ids;
    CHECK(ids == greedy_by_hand(big, prompts[0], 28));  // until the cache is full
    CHECK(result.sequences[0].finish_reason == FinishReason::context_full);
    CHECK(std::equal(cache.tokens(0).begin(), cache.tokens(0).end(), ids.begin()));
}

TEST_CASE("wrong guesses are forgotten by caches with sliding windows", "[generation]") {
    const MarkovModel windowed{{.vocabulary = 12, .order = 3, .seed = 3, .windowed = true}};
    const MarkovModel whole{{.vocabulary = 12, .order = 3, .seed = 3}};
    const GenerateOptions small_chunks{.new_cache = {.prefill_chunk = 4}};
    GenerateOptions drafted = small_chunks;
    drafted.draft_model = &other;
    for (const GenerationConfig& settings : many_settings()) {
        if (settings.stop_strings)
            continue;
        GenerationConfig guessing = settings;
        guessing.num_assistant_tokens = guessing.prompt_lookup_num_tokens = 10;
        const GenerationResult plain = generate(whole, prompts, settings);
        check_same(generate(windowed, prompts, guessing, small_chunks), plain);
        guessing.prompt_lookup_num_tokens.reset();
        check_same(generate(windowed, prompts, guessing, drafted), plain);
    }
    for (const GenerationConfig& settings :
         {GenerationConfig{.max_new_tokens = 40, .num_beams = 3},
          GenerationConfig{.max_new_tokens = 40, .penalty_alpha = 0.5F, .top_k = 3}})
        check_same(generate(windowed, prompts, settings, small_chunks),
                   generate(whole, prompts, settings));
}

TEST_CASE("what followed last time is looked up", "[generation]") {
    const auto of = [](const Tokens& ids, std::size_t n, std::size_t count) {
        Tokens guess;
        generation::look_up(ids, n, count, guess);
        return guess;
    };
    CHECK(of({1, 2, 3, 4, 1, 2}, 2, 2) == Tokens{3, 4});
    CHECK(of({1, 2, 3, 4, 1, 2}, 2, 9) == Tokens{3, 4, 1, 2});
    CHECK(of({1, 2, 3, 1, 2, 4, 1, 2}, 2, 1) == Tokens{4});
    CHECK(of({1, 2, 3, 1, 2, 4, 1, 2}, 2, 3) == Tokens{4, 1, 2});
    CHECK(of({1, 2, 3, 1, 2, 4, 1, 2}, 2, 6) == Tokens{3, 1, 2, 4, 1, 2});
    CHECK(of({7, 2, 3, 1, 2}, 2, 2) == Tokens{3, 1});  // only the last token was there before
    CHECK(of({1, 2, 3}, 2, 2).empty());
    CHECK(of({1}, 2, 2).empty());
    CHECK(of({5, 5, 5}, 2, 3) == Tokens{5});
}

TEST_CASE("a draft model must speak the same tokens", "[generation]") {
    const MarkovModel small{{.vocabulary = 11}};
    CHECK_THROWS_AS(generate_one(big, {1}, {.max_new_tokens = 4}, {.draft_model = &small}),
                    ArgumentError);
    CHECK_THROWS_AS(
        generate_one(big, {1}, {.max_new_tokens = 4, .num_beams = 2}, {.draft_model = &other}),
        ArgumentError);
}

TEST_CASE("a draft model without finite scores guesses nothing", "[generation]") {
    const MarkovModel broken{{.vocabulary = 12, .spread = std::nanf("")}};
    GenerateOptions options = with_text;
    options.draft_model = &broken;
    check_same(generate(big, prompts, {.max_new_tokens = 20}, options),
               generate(big, prompts, {.max_new_tokens = 20}, with_text));
}

}  // namespace
