// From what was asked for, what the model's files say and the defaults to one config without gaps.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "xzoo/core/error.hpp"
#include "xzoo/generation/generation_config.hpp"

namespace xzoo::generation {

/// Sets what is unset in `config` to what `other` has. max_length and max_new_tokens are two ways
/// to say one thing, so the one that is set wins over the other one's.
inline void fill_gaps(GenerationConfig& config, const GenerationConfig& other) {
    const bool has_limit = config.max_length && !config.max_new_tokens;
    visit_generation_fields(
        [](const char*, auto& field, const auto& value) {
            if (!field)
                field = value;
        },
        config, other);
    if (has_limit)
        config.max_new_tokens.reset();
}

/// The defaults of transformers 4.46, and ours where it has none.
inline GenerationConfig default_generation_config() {
    return {.max_length = 20,
            .min_length = 0,
            .early_stopping = EarlyStopping::no,
            .do_sample = false,
            .num_beams = 1,
            .num_beam_groups = 1,
            .penalty_alpha = 0.0F,
            .temperature = 1.0F,
            .top_k = 50,
            .top_p = 1.0F,
            .typical_p = 1.0F,
            .epsilon_cutoff = 0.0F,
            .eta_cutoff = 0.0F,
            .num_return_sequences = 1,
            .guidance_scale = 1.0F,
            .diversity_penalty = 0.0F,
            .repetition_penalty = 1.0F,
            .length_penalty = 1.0F,
            .no_repeat_ngram_size = 0,
            .renormalize_logits = false,
            .remove_invalid_values = false,
            .prompt_lookup_num_tokens = 0,
            .max_matching_ngram_size = 2,
            .num_assistant_tokens = 5,
            .eos_token_id = TokenIds{}};
}

/// Whether one of the fields is set that make sense only when sampling. top_k is not one of them
/// where it is the width of a contrastive search.
inline bool asks_for_sampling(const GenerationConfig& c) {
    const bool contrastive = c.penalty_alpha.value_or(0.0F) > 0.0F;
    return c.temperature || (c.top_k && !contrastive) || c.top_p || c.min_p || c.typical_p ||
           c.epsilon_cutoff || c.eta_cutoff || c.seed;
}

/// Beams, or candidates of a contrastive search, for a prompt, and texts.
inline constexpr std::size_t most_beams = 1024;
inline constexpr std::size_t most_texts = 65536;

namespace detail {

/// Collects what is wrong with a config.
class ConfigFaults {
public:
    void expect(bool holds, std::string_view field, std::string_view expected) {
        if (!holds)
            text_ += "\n  " + std::string{field} + ": expected " + std::string{expected};
    }
    void contradict(bool both, std::string_view field, std::string_view other,
                    std::string_view why) {
        if (both)
            text_ += "\n  " + std::string{field} + " contradicts " + std::string{other} + ": " +
                     std::string{why};
    }
    void raise() const {
        if (!text_.empty())
            throw ArgumentError{"generation config:" + text_};
    }

private:
    std::string text_;
};

/// Takes from a file what belongs to another way to choose tokens than the one that was asked for.
inline void drop_other_modes(GenerationConfig& file, const GenerationConfig& asked) {
    const bool contrastive = asked.penalty_alpha.value_or(0.0F) > 0.0F;
    const bool beams = asked.num_beams.value_or(1) > 1 || asked.num_beam_groups.value_or(1) > 1;
    const bool samples = asked.do_sample.value_or(false);
    if (samples || beams)
        file.penalty_alpha.reset();
    if (contrastive)
        file.num_beams.reset();
    if (contrastive || samples || asked.num_beams == 1U || asked.num_beam_groups == 1U) {
        file.num_beam_groups.reset();
        file.diversity_penalty.reset();
    }
}

inline bool ids_below(const std::vector<std::uint32_t>& ids, std::size_t vocabulary) {
    for (const std::uint32_t id : ids)
        if (id >= vocabulary)
            return false;
    return !ids.empty();
}

/// Rules for single fields.
inline void check_values(const GenerationConfig& c, std::size_t vocabulary, ConfigFaults& faults) {
    const auto share = [](float value) { return value >= 0.0F && value <= 1.0F; };
    const auto positive = [](float value) { return value > 0.0F && std::isfinite(value); };
    faults.expect(*c.max_length > 0, "max_length", "1 or more");
    faults.expect(c.max_new_tokens != 0U, "max_new_tokens", "1 or more");
    faults.expect(!c.max_time || *c.max_time > 0.0, "max_time", "a positive number of seconds");
    // A file must not make memory grow by what it claims.
    faults.expect(*c.num_beams > 0 && *c.num_beams <= most_beams, "num_beams",
                  "a number from 1 to " + std::to_string(most_beams));
    faults.expect(*c.num_beam_groups > 0 && *c.num_beams % *c.num_beam_groups == 0,
                  "num_beam_groups", "a divisor of num_beams");
    faults.expect(*c.num_return_sequences > 0 && *c.num_return_sequences <= most_texts,
                  "num_return_sequences", "a number from 1 to " + std::to_string(most_texts));
    faults.expect(share(*c.penalty_alpha), "penalty_alpha", "a number from 0 to 1");
    faults.expect(positive(*c.temperature), "temperature",
                  "a positive number (do_sample = false takes the most probable token)");
    faults.expect(share(*c.top_p), "top_p", "a number from 0 to 1");
    faults.expect(!c.min_p || share(*c.min_p), "min_p", "a number from 0 to 1");
    faults.expect(share(*c.typical_p) && *c.typical_p > 0.0F, "typical_p",
                  "a number above 0, at most 1");
    faults.expect(share(*c.epsilon_cutoff) && *c.epsilon_cutoff < 1.0F, "epsilon_cutoff",
                  "a number from 0 to below 1");
    faults.expect(share(*c.eta_cutoff) && *c.eta_cutoff < 1.0F, "eta_cutoff",
                  "a number from 0 to below 1");
    faults.expect(std::isfinite(*c.guidance_scale), "guidance_scale", "a finite number");
    faults.expect(*c.diversity_penalty >= 0.0F && std::isfinite(*c.diversity_penalty),
                  "diversity_penalty", "0 or a positive number");
    faults.expect(positive(*c.repetition_penalty), "repetition_penalty", "a positive number");
    faults.expect(std::isfinite(*c.length_penalty), "length_penalty", "a finite number");
    faults.expect(*c.max_matching_ngram_size > 0, "max_matching_ngram_size", "1 or more");
    faults.expect(*c.num_assistant_tokens > 0, "num_assistant_tokens", "1 or more");
    for (const std::string& text : c.stop_strings.value_or(std::vector<std::string>{}))
        faults.expect(!text.empty(), "stop_strings", "no empty strings");
    const std::string in_vocabulary =
        "ids from 0 to " + std::to_string(vocabulary - 1) + ", one or more";
    if (c.sequence_bias)
        for (const SequenceBias& rule : *c.sequence_bias)
            faults.expect(ids_below(rule.ids, vocabulary), "sequence_bias", in_vocabulary);
    if (c.bad_words_ids)
        for (const std::vector<std::uint32_t>& word : *c.bad_words_ids)
            faults.expect(ids_below(word, vocabulary), "bad_words_ids", in_vocabulary);
    if (c.forced_bos_token_id)
        faults.expect(*c.forced_bos_token_id < vocabulary, "forced_bos_token_id", in_vocabulary);
    if (c.forced_eos_token_id)
        faults.expect(ids_below(*c.forced_eos_token_id, vocabulary), "forced_eos_token_id",
                      in_vocabulary);
}

/// Rules for two fields.
inline void check_pairs(const GenerationConfig& c, std::size_t vocabulary, ConfigFaults& faults) {
    const bool beams = *c.num_beams > 1;
    const bool groups = *c.num_beam_groups > 1;
    const bool contrastive = *c.penalty_alpha > 0.0F;
    const bool guided = *c.guidance_scale != 1.0F;
    const bool guesses = *c.prompt_lookup_num_tokens > 0;
    const auto limits = [&](const std::optional<std::size_t>& least, const char* name,
                            const std::optional<std::size_t>& most, const char* other) {
        faults.contradict(least && most && *least > *most, name, other, "it is the larger one");
    };
    limits(c.min_new_tokens, "min_new_tokens", c.max_new_tokens, "max_new_tokens");
    if (!c.max_new_tokens) {
        limits(c.min_length, "min_length", c.max_length, "max_length");
        limits(c.min_new_tokens, "min_new_tokens", c.max_length, "max_length");
    }
    faults.contradict(groups && *c.do_sample, "num_beam_groups", "do_sample",
                      "groups of beams are not sampled");
    faults.contradict(groups && *c.diversity_penalty == 0.0F, "num_beam_groups",
                      "diversity_penalty", "groups need a penalty above 0, or all are the same");
    faults.contradict(!groups && *c.diversity_penalty > 0.0F, "diversity_penalty",
                      "num_beam_groups", "it works between groups, and there is one");
    faults.contradict(beams && *c.num_return_sequences > *c.num_beams, "num_return_sequences",
                      "num_beams", "there are not so many beams");
    faults.contradict(!beams && !*c.do_sample && *c.num_return_sequences > 1,
                      "num_return_sequences", "do_sample", "without sampling all are the same");
    faults.contradict(beams && c.stop_strings && !c.stop_strings->empty(), "stop_strings",
                      "num_beams", "the text of beams is not known before the end");
    faults.contradict(contrastive && *c.do_sample, "penalty_alpha", "do_sample",
                      "contrastive search does not sample");
    faults.contradict(contrastive && beams, "penalty_alpha", "num_beams",
                      "contrastive search has no beams");
    const std::size_t most_candidates = std::min(vocabulary, most_beams);
    faults.contradict(
        contrastive && (*c.top_k < 2 || *c.top_k > most_candidates), "penalty_alpha", "top_k",
        "contrastive search chooses among 2 to " + std::to_string(most_candidates) + " tokens");
    faults.contradict(guided && beams, "guidance_scale", "num_beams", "beams are not guided");
    faults.contradict(guided && contrastive, "guidance_scale", "penalty_alpha",
                      "contrastive search is not guided");
    faults.contradict(guesses && beams, "prompt_lookup_num_tokens", "num_beams",
                      "guesses are for one text at a time");
    faults.contradict(guesses && contrastive, "prompt_lookup_num_tokens", "penalty_alpha",
                      "contrastive search looks at each token");
    faults.contradict(guesses && guided, "prompt_lookup_num_tokens", "guidance_scale",
                      "guided scores need each token in turn");
    faults.contradict(beams && std::max<std::size_t>(2, 1 + c.eos_token_id->size()) > vocabulary,
                      "num_beams", "eos_token_id",
                      "the vocabulary has no tokens beside the end tokens");
}

}  // namespace detail

/// settings: what was asked for; a way to choose tokens that is asked for wins over another one in
/// the file. file: what the model's files say.
/// Result: every field that has a default is set; a field that is not has no effect.
/// Errors  ArgumentError: all values that make no sense, and all pairs that contradict each other.
inline GenerationConfig resolve_config(const GenerationConfig& settings,
                                       const GenerationConfig& file, std::size_t vocabulary) {
    detail::ConfigFaults faults;
    faults.contradict(settings.max_length && settings.max_new_tokens, "max_length",
                      "max_new_tokens", "both say when to stop");
    GenerationConfig config = settings;
    if (!config.do_sample && asks_for_sampling(settings))
        config.do_sample = true;
    // A mode that was asked for and does not sample wins over a file that does.
    if (!config.do_sample &&
        (settings.penalty_alpha.value_or(0.0F) > 0.0F || settings.num_beam_groups.value_or(1) > 1))
        config.do_sample = false;
    GenerationConfig rest = file;
    detail::drop_other_modes(rest, config);
    fill_gaps(config, rest);
    fill_gaps(config, default_generation_config());
    if (!config.pad_token_id && !config.eos_token_id->empty())
        config.pad_token_id = config.eos_token_id->front();
    detail::check_values(config, vocabulary, faults);
    if (*config.num_beams > 0 && *config.num_beam_groups > 0)
        detail::check_pairs(config, vocabulary, faults);
    faults.raise();
    return config;
}

}  // namespace xzoo::generation
