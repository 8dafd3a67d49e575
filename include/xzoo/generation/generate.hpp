// Continues texts with a language model. See generate.
#pragma once

#include <cstddef>
#include <string>

#include "xzoo/core/error.hpp"
#include "xzoo/generation/beam_loop.hpp"
#include "xzoo/generation/contrastive_search.hpp"
#include "xzoo/generation/generate_options.hpp"
#include "xzoo/generation/generation_config.hpp"
#include "xzoo/generation/generation_result.hpp"
#include "xzoo/generation/random_stream.hpp"
#include "xzoo/generation/resolve_config.hpp"
#include "xzoo/generation/session.hpp"
#include "xzoo/generation/token_loop.hpp"

namespace xzoo {

namespace generation::detail {

inline void check_options(const GenerationConfig& config, const GenerateOptions& options) {
    ConfigFaults faults;
    const bool needs_text =
        options.on_text || (config.stop_strings && !config.stop_strings->empty());
    faults.contradict(needs_text && !options.text_decoder,
                      options.on_text ? "on_text" : "stop_strings", "text_decoder",
                      "there is none, and without it there is no text");
    faults.contradict(*config.guidance_scale == 1.0F && !options.negative_prompts.empty(),
                      "negative_prompts", "guidance_scale", "it is 1, so they have no effect");
    if (options.draft_model != nullptr) {
        faults.contradict(*config.prompt_lookup_num_tokens > 0, "draft_model",
                          "prompt_lookup_num_tokens", "guesses come from one of them");
        faults.contradict(*config.num_beams > 1, "draft_model", "num_beams",
                          "guesses are for one text at a time");
        faults.contradict(*config.penalty_alpha > 0.0F, "draft_model", "penalty_alpha",
                          "contrastive search looks at each token");
        faults.contradict(*config.guidance_scale != 1.0F, "draft_model", "guidance_scale",
                          "guided scores need each token in turn");
    }
    faults.contradict(options.log_probs.value_or(0) > 0 && *config.num_beams > 1, "log_probs",
                      "num_beams", "beams have no alternatives: it may be 0");
    faults.raise();
}

}  // namespace generation::detail

namespace generation {

/// Sequences that a cache needs for each prompt. config: resolved.
inline std::size_t cache_width(const GenerationConfig& config) {
    if (*config.num_beams > 1)
        return *config.num_beams;
    return *config.penalty_alpha > 0.0F ? *config.top_k : *config.num_return_sequences;
}

}  // namespace generation

/// Continues each prompt as the settings say.
///
///     generate(model, prompts, {.max_new_tokens = 200, .temperature = 0.8F, .seed = 7})
///
/// num_beams above 1 searches with beams, penalty_alpha above 0 contrastively; else do_sample says
/// whether tokens are sampled or the most probable ones are taken.
/// Prompts may differ in length; each text ends for itself, and costs nothing from then on.
/// Sampling with a seed gives the same text for a prompt whatever the number of threads and
/// whatever else is in the batch. Of equal prompts in a batch each gets a text of its own.
/// Settings win over options.model_config, and that over the defaults.
/// Errors  ArgumentError: settings that make no sense or contradict each other (all of them, with
///         the names of the fields), an empty prompt, ids that are not in the vocabulary, a prompt
///         for which there is no room (CacheFull), or scores of which none is finite.
inline GenerationResult generate(const nn::LanguageModel& model,
                                 std::span<const std::vector<std::uint32_t>> prompts,
                                 const GenerationConfig& settings,
                                 const GenerateOptions& options = {}) {
    const GenerationConfig config =
        generation::resolve_config(settings, options.model_config, model.vocab_size());
    generation::detail::check_options(config, options);
    GenerationResult result;
    if (*config.do_sample)
        result.seed = config.seed ? *config.seed : generation::fresh_seed();
    if (prompts.empty())
        return result;
    generation::Session session{model, prompts, config, options, generation::cache_width(config)};
    if (*config.num_beams > 1)
        generation::run_beams(session, prompts, result);
    else if (*config.penalty_alpha > 0.0F)
        generation::run_contrastive(session, prompts, result);
    else
        generation::TokenLoop{session, prompts}.run(result);
    for (const GeneratedSequence& sequence : result.sequences)
        result.new_tokens += sequence.new_ids().size();
    result.model_steps = session.main->steps();
    result.seconds = session.seconds();
    return result;
}

}  // namespace xzoo
