// Tokens cost no memory of the heap once a loop is warm: long texts take as many allocations as
// short ones.
#include <string>
#include <vector>

#include "allocations.hpp"
#include "generation/byte_decoder.hpp"
#include "generation/markov_model.hpp"
#include "support.hpp"

namespace {

using namespace xzoo;
using namespace xzoo::test;

std::size_t allocations_for(std::size_t new_tokens, GenerationConfig settings,
                            const GenerateOptions& options) {
    const MarkovModel model{{.vocabulary = 40, .order = 2}};
    nn::KvCache cache = model.make_cache({.sequences = 16, .capacity = 1000});
    const std::vector<Tokens> prompts{{1, 2, 3}, {4, 5}};
    settings.max_new_tokens = new_tokens;
    GenerateOptions with_cache = options;
    with_cache.cache = &cache;
    return count_of([&] { generate(model, prompts, settings, with_cache); });
}

TEST_CASE("a warm loop allocates nothing for a token", "[generation][allocation]") {
    if (!XZOO_COUNTS_ALLOCATIONS) {
        WARN("skipped: a sanitizer or another C library owns the heap");
        return;
    }
    GenerationConfig rules;
    rules.repetition_penalty = 1.2F;
    rules.no_repeat_ngram_size = 4;
    rules.bad_words_ids = {{3, 4}, {5}};
    GenerationConfig sampling = rules;
    sampling.temperature = 0.8F;
    sampling.top_k = 30;
    sampling.top_p = 0.95F;
    sampling.min_p = 0.01F;
    sampling.typical_p = 0.95F;
    sampling.eta_cutoff = 1e-3F;
    sampling.seed = 1;
    const std::vector<std::pair<std::string, GenerationConfig>> modes{
        {"greedy", {}},
        {"rules", rules},
        {"sampling", sampling},
        {"guidance", {.guidance_scale = 1.5F}},
        {"beams", {.num_beams = 4}},
        {"groups", {.num_beams = 4, .num_beam_groups = 2, .diversity_penalty = 0.5F}},
        {"beam sampling", {.num_beams = 3, .seed = 1}},
        {"contrastive", {.penalty_alpha = 0.5F, .top_k = 4}},
        {"guesses", {.prompt_lookup_num_tokens = 6}}};
    for (const auto& [name, settings] : modes) {
        INFO(name);
        GenerateOptions options;
        options.log_probs = settings.num_beams ? 0 : 3;
        CHECK(allocations_for(200, settings, options) == allocations_for(400, settings, options));
    }
    const GenerateOptions text{.text_decoder = byte_decoder(std::vector<std::string>(40, "ab"))};
    CHECK(allocations_for(200, {}, text) == allocations_for(400, {}, text));
}

}  // namespace
