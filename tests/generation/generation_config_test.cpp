#include <string>

#include "support.hpp"
#include "temp_folder.hpp"
#include "xzoo/generation/read_generation_config.hpp"
#include "xzoo/generation/resolve_config.hpp"

namespace {

using namespace xzoo;
using namespace xzoo::generation;
using Catch::Matchers::Contains;
using Words = std::vector<std::vector<std::uint32_t>>;
using Biases = std::vector<SequenceBias>;

GenerationConfig resolved(const GenerationConfig& settings, const GenerationConfig& file = {}) {
    return resolve_config(settings, file, 100);
}

GenerationFile read(const std::string& json) {
    return read_generation_config(json, "generation_config.json");
}

TEST_CASE("settings win over the file, and the file over the defaults", "[generation]") {
    const GenerationConfig file{.top_k = 7, .top_p = 0.5F, .eos_token_id = TokenIds{3, 4}};
    const GenerationConfig config = resolved({.top_p = 0.25F}, file);
    CHECK(config.top_p == 0.25F);
    CHECK(config.top_k == 7U);
    CHECK(config.eos_token_id == TokenIds{3, 4});
    CHECK(config.pad_token_id == 3U);
    CHECK(config.max_length == 20U);
    CHECK(config.temperature == 1.0F);
    CHECK_FALSE(config.max_new_tokens);
    CHECK_FALSE(config.min_p);
}

TEST_CASE("setting a field for sampling turns sampling on", "[generation]") {
    CHECK_FALSE(*resolved({}).do_sample);
    CHECK(*resolved({.temperature = 1.0F}).do_sample);
    CHECK(*resolved({.top_k = 5}).do_sample);
    CHECK(*resolved({.min_p = 0.1F}).do_sample);
    CHECK(*resolved({.seed = 1}).do_sample);
    CHECK_FALSE(*resolved({.do_sample = false, .temperature = 0.5F}).do_sample);
    CHECK_FALSE(*resolved({}, {.temperature = 0.5F}).do_sample);  // only the file has it
    CHECK(*resolved({}, {.do_sample = true}).do_sample);
    CHECK(*resolved({.seed = 1}, {.do_sample = false}).do_sample);
    CHECK_FALSE(*resolved({.penalty_alpha = 0.6F, .top_k = 4}, {.do_sample = true}).do_sample);
    CHECK_FALSE(*resolved({.num_beams = 4, .num_beam_groups = 2, .diversity_penalty = 1.0F},
                          {.do_sample = true})
                     .do_sample);
}

TEST_CASE("a limit that was asked for wins over another one in the file", "[generation]") {
    CHECK(resolved({.max_new_tokens = 5}, {.max_length = 50}).max_new_tokens == 5U);
    CHECK_FALSE(resolved({.max_length = 50}, {.max_new_tokens = 5}).max_new_tokens);
}

TEST_CASE("values that make no sense are all named", "[generation]") {
    const auto refused = [](const GenerationConfig& settings, const std::string& text) {
        CHECK_THROWS_WITH(resolved(settings), Contains(text));
    };
    refused({.max_new_tokens = 0}, "max_new_tokens: expected 1 or more");
    refused({.num_beams = 0}, "num_beams: expected a number from 1");
    refused({.num_beams = 1000000}, "num_beams: expected a number from 1 to 1024");
    refused({.do_sample = true, .num_return_sequences = 1000000}, "num_return_sequences");
    refused({.num_beams = 4, .num_beam_groups = 3, .diversity_penalty = 1.0F}, "num_beam_groups");
    refused({.temperature = 0.0F}, "do_sample = false");
    refused({.top_p = 1.5F}, "top_p");
    refused({.min_p = -0.5F}, "min_p");
    refused({.typical_p = 0.0F}, "typical_p");
    refused({.epsilon_cutoff = 1.0F}, "epsilon_cutoff");
    refused({.eta_cutoff = -1.0F}, "eta_cutoff");
    refused({.repetition_penalty = 0.0F}, "repetition_penalty");
    refused({.stop_strings = {{""}}}, "stop_strings");
    refused({.bad_words_ids = Words{{}}}, "bad_words_ids");
    refused({.bad_words_ids = Words{{1, 100}}}, "bad_words_ids: expected ids from 0 to 99");
    refused({.forced_bos_token_id = 100}, "forced_bos_token_id");
    refused({.forced_eos_token_id = TokenIds{100}}, "forced_eos_token_id");
    refused({.sequence_bias = Biases{{{100}, 1.0F}}}, "sequence_bias");
    CHECK_THROWS_WITH(resolved({.temperature = -1.0F, .top_p = 2.0F}),
                      Contains("temperature") && Contains("top_p"));
}

TEST_CASE("contradictions name both fields", "[generation]") {
    const auto refused = [](const GenerationConfig& settings, const std::string& one,
                            const std::string& other) {
        CHECK_THROWS_WITH(resolved(settings), Contains(one + " contradicts " + other));
    };
    refused({.max_length = 5, .max_new_tokens = 5}, "max_length", "max_new_tokens");
    refused({.max_new_tokens = 5, .min_new_tokens = 6}, "min_new_tokens", "max_new_tokens");
    refused({.max_length = 5, .min_length = 6}, "min_length", "max_length");
    refused({.do_sample = true, .num_beams = 2, .num_beam_groups = 2, .diversity_penalty = 1.0F},
            "num_beam_groups", "do_sample");
    refused({.num_beams = 2, .num_beam_groups = 2}, "num_beam_groups", "diversity_penalty");
    refused({.num_beams = 2, .diversity_penalty = 1.0F}, "diversity_penalty", "num_beam_groups");
    refused({.num_beams = 2, .num_return_sequences = 3}, "num_return_sequences", "num_beams");
    refused({.num_return_sequences = 2}, "num_return_sequences", "do_sample");
    refused({.stop_strings = {{"x"}}, .num_beams = 2}, "stop_strings", "num_beams");
    refused({.do_sample = true, .penalty_alpha = 0.5F}, "penalty_alpha", "do_sample");
    refused({.num_beams = 2, .penalty_alpha = 0.5F}, "penalty_alpha", "num_beams");
    refused({.penalty_alpha = 0.5F, .top_k = 1}, "penalty_alpha", "top_k");
    refused({.num_beams = 2, .guidance_scale = 2.0F}, "guidance_scale", "num_beams");
    refused({.num_beams = 2, .prompt_lookup_num_tokens = 2}, "prompt_lookup_num_tokens",
            "num_beams");
}

TEST_CASE("generation_config.json is read field by field", "[generation]") {
    const GenerationFile file = read(R"({
        "max_length": 99, "early_stopping": "never", "do_sample": true, "temperature": 0.6,
        "top_p": 0.9, "stop_strings": ["a", "b"], "eos_token_id": [128001, 128009],
        "bos_token_id": 128000, "pad_token_id": -1, "min_p": null, "max_time": 2,
        "bad_words_ids": [[1], [2, 3]], "sequence_bias": [[[4, 5], -0.5]],
        "exponential_decay_length_penalty": [5, 1.1], "suppress_tokens": [],
        "transformers_version": "4.46.0", "encoder_repetition_penalty": 1,
        "token_healing": false, "force_words_ids": null, "use_cache": true})");
    CHECK(file.notes.empty());
    const GenerationConfig& c = file.config;
    CHECK(c.max_length == 99U);
    CHECK(c.early_stopping == EarlyStopping::never);
    CHECK(c.do_sample == true);
    CHECK(c.temperature == 0.6F);
    CHECK(c.stop_strings == std::vector<std::string>{"a", "b"});
    CHECK(c.eos_token_id == TokenIds{128001, 128009});
    CHECK_FALSE(c.pad_token_id);
    CHECK_FALSE(c.min_p);
    CHECK(c.max_time == 2.0);
    CHECK(c.bad_words_ids->at(1) == std::vector<std::uint32_t>{2, 3});
    CHECK(c.sequence_bias->at(0).ids == std::vector<std::uint32_t>{4, 5});
    CHECK(c.sequence_bias->at(0).bias == -0.5F);
    CHECK(c.exponential_decay_length_penalty->start == 5);
    CHECK(read(R"({"eos_token_id": 2, "early_stopping": true})").config.eos_token_id ==
          TokenIds{2});
}

TEST_CASE("fields without effect are noted, with the name that was meant", "[generation]") {
    const GenerationFile file =
        read(R"({"temprature": 0.5, "max_length": 4, "max_new_tokens": 3})");
    REQUIRE(file.notes.size() == 2);
    CHECK_THAT(file.notes[0], Contains("temprature") && Contains("'temperature'"));
    CHECK_THAT(file.notes[1], Contains("max_new_tokens"));
    CHECK(read(R"({"temperature": 0.5})").notes.size() == 1);  // but no sampling
}

TEST_CASE("a generation_config.json that cannot be followed is refused", "[generation]") {
    CHECK_THROWS_AS(read("{"), FileError);
    CHECK_THROWS_AS(read("[]"), FileError);
    CHECK_THROWS_WITH(read(R"({"top_k": -1, "do_sample": 1})"),
                      Contains("top_k: expected a whole number") && Contains("found -1") &&
                          Contains("do_sample: expected true or false"));
    CHECK_THROWS_WITH(read(R"({"force_words_ids": [[1]]})"),
                      Contains("force_words_ids: is not supported"));
    CHECK_THROWS_WITH(read(R"({"token_healing": true})"), Contains("token_healing"));
    CHECK_THROWS_WITH(read(R"({"encoder_repetition_penalty": 1.5})"), Contains("1.5"));
    CHECK_THROWS_WITH(read(R"({"temperature": 1e300})"), Contains("float"));
    CHECK_THROWS_WITH(read(R"({"eos_token_id": [1, "x"]})"), Contains("each element a token id"));
    CHECK_THROWS_WITH(read(R"({"sequence_bias": [[1, 2]]})"), Contains("sequence_bias"));
}

TEST_CASE("config.json gives the special tokens that are missing", "[generation]") {
    GenerationConfig config{.eos_token_id = 5};
    add_special_tokens(config, R"({"eos_token_id": 2, "bos_token_id": 1, "pad_token_id": null})",
                       "config.json");
    CHECK(config.eos_token_id == TokenIds{5});
    CHECK(config.bos_token_id == 1U);
    CHECK_FALSE(config.pad_token_id);
}

TEST_CASE("a way to choose that was asked for wins over another one in the file", "[generation]") {
    const GenerationConfig contrastive{.penalty_alpha = 0.6F, .top_k = 4};
    const GenerationConfig groups{.num_beams = 4, .num_beam_groups = 2, .diversity_penalty = 1.0F};
    for (const GenerationConfig& sampling :
         {GenerationConfig{.do_sample = true}, GenerationConfig{.temperature = 0.8F}}) {
        const GenerationConfig config = resolved(sampling, contrastive);
        CHECK(*config.do_sample);
        CHECK(config.penalty_alpha == 0.0F);
        CHECK(config.top_k == 4U);
        const GenerationConfig beams = resolved(sampling, groups);
        CHECK(*beams.do_sample);
        CHECK(beams.num_beams == 4U);
        CHECK(beams.num_beam_groups == 1U);
        CHECK(beams.diversity_penalty == 0.0F);
    }
    CHECK(resolved({.num_beams = 3}, contrastive).penalty_alpha == 0.0F);
    CHECK(resolved({.num_beams = 1}, groups).num_beam_groups == 1U);
    const GenerationConfig asked = resolved({.penalty_alpha = 0.5F}, groups);
    CHECK(asked.penalty_alpha == 0.5F);
    CHECK(asked.num_beams == 1U);
    // What was not asked for stays as the file has it.
    CHECK(resolved({}, contrastive).penalty_alpha == 0.6F);
    CHECK(resolved({.num_beams = 8}, groups).num_beam_groups == 2U);
    CHECK_THROWS_AS(resolved({.do_sample = true, .penalty_alpha = 0.5F}), ArgumentError);
}

TEST_CASE("filling gaps does not bring back the other limit", "[generation]") {
    GenerationConfig asked{.max_length = 50};
    fill_gaps(asked, {.max_length = 20, .max_new_tokens = 5});
    CHECK(asked.max_length == 50U);
    CHECK_FALSE(asked.max_new_tokens);
    GenerationConfig unset;
    fill_gaps(unset, {.max_length = 20, .max_new_tokens = 5});
    CHECK(unset.max_new_tokens == 5U);
}

}  // namespace
