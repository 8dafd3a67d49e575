#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "generation/byte_decoder.hpp"
#include "generation/markov_model.hpp"
#include "generation/naive_beams.hpp"
#include "support.hpp"

namespace {

using namespace xzoo;
using namespace xzoo::test;
using generation::BeamHypotheses;

GenerationConfig settings_of(const NaiveBeams& naive) {
    GenerationConfig settings;
    settings.max_new_tokens = naive.new_tokens;
    settings.num_beams = naive.beams;
    settings.num_return_sequences = naive.beams;
    settings.length_penalty = static_cast<float>(naive.length_penalty);
    settings.early_stopping = naive.early_stopping;
    if (naive.groups > 1) {
        settings.num_beam_groups = naive.groups;
        settings.diversity_penalty = naive.diversity_penalty;
    }
    settings.eos_token_id = TokenIds{naive.eos};
    return settings;
}

void check(const MarkovModel& model, const NaiveBeams& naive, const std::vector<Tokens>& prompts) {
    const GenerationResult result = generate(model, prompts, settings_of(naive));
    REQUIRE(result.sequences.size() == prompts.size() * naive.beams);
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        const std::vector<NaiveBeams::Text> expected = naive.search(model, prompts[i]);
        for (std::size_t j = 0; j < naive.beams; ++j) {
            const GeneratedSequence& text = result.sequences[i * naive.beams + j];
            INFO("prompt " << i << ", text " << j);
            CHECK(text.prompt == i);
            CHECK(text.ids == expected[j].ids);
            CHECK(*text.beam_score == Approx(expected[j].score).margin(1e-5));
        }
    }
}

const std::vector<Tokens> some_prompts{{1, 2, 3}, {4}, {5, 6, 7, 8, 9, 10}};

TEST_CASE("beam search finds what a search without cache and selection finds", "[generation]") {
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U})
        for (const EarlyStopping early :
             {EarlyStopping::no, EarlyStopping::yes, EarlyStopping::never})
            for (const double penalty : {1.0, 2.0, 0.0, -0.5}) {
                INFO("seed " << seed << ", early stopping " << int(early) << ", length penalty "
                             << penalty);
                const MarkovModel model{
                    {.vocabulary = 13, .order = 0, .seed = seed, .spread = 2.0F}};
                check(model,
                      {.beams = 4,
                       .new_tokens = 12,
                       .length_penalty = penalty,
                       .early_stopping = early,
                       .eos = {2, 11, 5}},
                      some_prompts);
                check(model,
                      {.beams = 3,
                       .new_tokens = 6,
                       .length_penalty = penalty,
                       .early_stopping = early},
                      some_prompts);
            }
}

TEST_CASE("groups of beams are searched one after the other", "[generation]") {
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U, 6U})
        for (const EarlyStopping early : {EarlyStopping::no, EarlyStopping::yes}) {
            INFO("seed " << seed);
            const MarkovModel model{{.vocabulary = 11, .order = 0, .seed = seed, .spread = 2.0F}};
            check(model,
                  {.beams = 6,
                   .groups = 3,
                   .new_tokens = 10,
                   .early_stopping = early,
                   .diversity_penalty = 0.8F,
                   .eos = {2, 5}},
                  some_prompts);
        }
}

TEST_CASE("enough beams find the most probable text of all", "[generation]") {
    const MarkovModel model{{.vocabulary = 5, .order = 0, .seed = 9, .spread = 2.0F}};
    const Tokens prompt{1};
    double best = -1e9;
    Tokens best_ids;
    for (std::uint32_t code = 0; code < 125; ++code) {
        Tokens ids = prompt;
        double sum = 0.0;
        for (const std::uint32_t id : {code / 25, code / 5 % 5, code % 5}) {
            double total = 0.0;
            const std::vector<float> scores = model.scores_after(ids);
            for (const float s : scores)
                total += std::exp(double{s});
            sum += double{scores[id]} - std::log(total);
            ids.push_back(id);
        }
        if (sum > best) {
            best = sum;
            best_ids = ids;
        }
    }
    const GeneratedSequence text =
        generate_one(model, prompt, {.max_new_tokens = 3, .num_beams = 25}, {.log_probs = 0});
    CHECK(text.ids == best_ids);
    CHECK(*text.beam_score == Approx(best / 3).margin(1e-5));
    REQUIRE(text.log_probs.size() == 3);
    CHECK(text.log_probs[0] + text.log_probs[1] + text.log_probs[2] == Approx(best).margin(1e-5));
}

TEST_CASE("the scorer keeps the best texts and knows when to stop", "[generation]") {
    const auto scorer = [](EarlyStopping early, float penalty) {
        GenerationConfig config;
        config.length_penalty = penalty;
        config.early_stopping = early;
        return BeamHypotheses{2, config, 10};
    };
    BeamHypotheses found = scorer(EarlyStopping::no, 1.0F);
    found.add({0.0, {1}, {}, true}, -4.0, 2);
    CHECK_FALSE(found.is_done(-1.0, 2));
    found.add({0.0, {2}, {}, true}, -3.0, 3);
    found.add({0.0, {3}, {}, true}, -9.0, 3);  // -3 is worse than -2 and -1
    REQUIRE(found.found().size() == 2);
    CHECK(found.found()[0].score == -2.0);
    CHECK(found.found()[1].score == -1.0);
    found.add({0.0, {4}, {}, true}, -6.0, 4);  // -1.5
    CHECK(found.found()[0].score == -1.0);
    CHECK(found.found()[1].score == -1.5);
    CHECK_FALSE(found.is_done(-5.0, 4));  // -1.25 would be better
    CHECK(found.is_done(-6.0, 4));

    BeamHypotheses never = scorer(EarlyStopping::never, 1.0F);
    BeamHypotheses at_once = scorer(EarlyStopping::yes, 1.0F);
    for (BeamHypotheses* each : {&never, &at_once}) {
        each->add({}, -4.0, 2);
        each->add({}, -4.0, 2);
    }
    CHECK(at_once.is_done(-1.0, 2));
    CHECK_FALSE(never.is_done(-19.0, 4));  // -1.9 after 10 tokens
    CHECK(never.is_done(-20.0, 4));
}

TEST_CASE("beams are sampled without replacement, and repeat with the seed", "[generation]") {
    const MarkovModel model{{.vocabulary = 30}};
    GenerationConfig settings{.max_new_tokens = 12,
                              .num_beams = 3,
                              .temperature = 2.0F,
                              .seed = 5,
                              .num_return_sequences = 3};
    const std::vector<Tokens> prompts{{7}, {1, 2}};
    const GenerationResult batch = generate(model, prompts, settings);
    const GenerationResult alone = generate(model, {&prompts[1], 1}, settings);
    std::set<Tokens> different;
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(batch.sequences[3 + i].ids == alone.sequences[i].ids);
        different.insert(alone.sequences[i].ids);
    }
    CHECK(different.size() == 3);
    settings.seed = 6;
    CHECK(generate(model, {&prompts[1], 1}, settings).sequences[0].ids != alone.sequences[0].ids);
    // Fewer tokens to draw from than are drawn.
    settings.top_k = 2;
    CHECK(generate(model, {&prompts[1], 1}, settings).sequences[0].new_ids().size() == 12);
}

TEST_CASE("rules apply to beams, and callbacks see the best text", "[generation]") {
    const MarkovModel model{{.vocabulary = 6, .order = 1}};
    GenerationConfig settings{.max_new_tokens = 8, .num_beams = 3};
    settings.no_repeat_ngram_size = 2;
    std::string streamed;
    const GeneratedSequence text =
        generate_one(model, {1}, settings,
                     {.text_decoder = byte_decoder({"a", "b", "c", "d", "e", "f"}),
                      .on_text = [&](std::size_t, std::string_view piece) {
                          streamed += piece;
                          return true;
                      }});
    std::set<Tokens> pairs;
    for (std::size_t i = 0; i + 1 < text.ids.size(); ++i)
        CHECK(pairs.insert({text.ids[i], text.ids[i + 1]}).second);
    CHECK(streamed.size() == 8);
    CHECK(streamed == text.text);
}

TEST_CASE("a search that has ended costs nothing more", "[generation]") {
    // Whatever the text, the end is by far the most probable token.
    const MarkovModel model{{.vocabulary = 8, .order = 0}};
    GenerationConfig settings{
        .max_new_tokens = 50, .early_stopping = EarlyStopping::yes, .num_beams = 2};
    settings.sequence_bias = {{{3}, 50.0F}};
    settings.eos_token_id = 3;
    const GeneratedSequence text = generate_one(model, {1, 2}, settings);
    CHECK(text.ids == Tokens{1, 2, 3});
    CHECK(text.finish_reason == FinishReason::end_token);
    CHECK(model.tokens_read < 2 + 2 * 3);
}

TEST_CASE("beams end where there is no more room", "[generation]") {
    const MarkovModel model{{.positions = 9}};
    const GeneratedSequence text =
        generate_one(model, {1, 2}, {.max_new_tokens = 50, .num_beams = 3});
    CHECK(text.finish_reason == FinishReason::context_full);
    CHECK(text.ids.size() == 10);
}

TEST_CASE("beams never take an excluded token", "[generation]") {
    const MarkovModel model{{.vocabulary = 4, .order = 0}};
    for (const bool sampled : {false, true}) {
        GenerationConfig settings{.max_new_tokens = 5, .do_sample = sampled, .num_beams = 3};
        settings.suppress_tokens = {0, 1, 2, 3};
        CHECK_THROWS_WITH(generate_one(model, {1, 2}, settings),
                          Catch::Matchers::Contains("no token has a finite score"));
        // Each token once: after two of them nothing is left but the end, and then nothing.
        settings.suppress_tokens.reset();
        settings.no_repeat_ngram_size = 1;
        settings.min_new_tokens = 2;
        settings.eos_token_id = 3;
        const GeneratedSequence text = generate_one(model, {1}, settings);
        CHECK(text.finish_reason == FinishReason::end_token);
        CHECK(std::set<std::uint32_t>(text.ids.begin(), text.ids.end()).size() == 4);
        CHECK(std::isfinite(*text.beam_score));
        // Nothing may follow a token but the end: the text that has ended is the only one.
        settings = {.max_new_tokens = 5, .do_sample = sampled, .num_beams = 3};
        settings.eos_token_id = 3;
        settings.sequence_bias = {{{3}, 50.0F}};
        settings.bad_words_ids.emplace();
        for (std::uint32_t pair = 0; pair < 12; ++pair)
            settings.bad_words_ids->push_back({pair / 4, pair % 4});
        CHECK(generate_one(model, {3}, settings).ids == Tokens{3, 3});
        settings.num_return_sequences = 3;
        CHECK_THROWS_AS(generate_one(model, {3}, settings), ArgumentError);
    }
}

TEST_CASE("a callback that ends the text of beams ends its log-probabilities", "[generation]") {
    const MarkovModel model;
    const GenerateOptions options{.on_token = [](std::size_t, std::uint32_t) { return false; },
                                  .log_probs = 0};
    const GeneratedSequence text =
        generate_one(model, {1, 2}, {.max_new_tokens = 5, .num_beams = 3}, options);
    CHECK(text.new_ids().size() == 1);
    CHECK(text.log_probs.size() == 1);
}

}  // namespace
