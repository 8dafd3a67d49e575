#pragma once

#include <cstddef>
#include <vector>

#include "xzoo/generation/generation_config.hpp"
#include "xzoo/generation/processors.hpp"
#include "xzoo/generation/warpers.hpp"

namespace xzoo::generation {

/// What rules on scores need to know of a text.
struct TextLengths {
    std::size_t prompt = 0;
    std::size_t most = 0;  // max_length

    /// Tokens to make room for at once: a limit may be far away.
    std::size_t expected() const {
        constexpr std::size_t ahead = 4096;
        return most - prompt < ahead ? most : prompt + ahead;
    }
};

/// Changes the scores of the next token as the settings say.
/// Order and conditions are those of transformers 4.46 (GenerationMixin._get_logits_processor), for
/// which guidance comes before this.
/// config: resolved. ids: the text so far. others: what earlier groups of beams took in this step.
inline void process_scores(const GenerationConfig& config, const TextLengths& lengths, Ids ids,
                           Ids others, Scores scores, std::vector<float>& memory) {
    const Ids eos = *config.eos_token_id;
    if (config.sequence_bias)
        for (const SequenceBias& rule : *config.sequence_bias)
            sequence_bias(scores, ids, rule.ids, rule.bias);
    if (!others.empty())
        hamming_diversity(scores, others, *config.diversity_penalty);
    if (*config.repetition_penalty != 1.0F)
        repetition_penalty(scores, ids, *config.repetition_penalty, memory);
    if (*config.no_repeat_ngram_size > 0)
        no_repeat_ngram(scores, ids, *config.no_repeat_ngram_size);
    if (config.bad_words_ids)
        no_bad_words(scores, ids, *config.bad_words_ids, eos);
    min_length(scores, ids.size(), *config.min_length, eos);
    min_length(scores, ids.size() - lengths.prompt, config.min_new_tokens.value_or(0), eos);
    if (config.forced_bos_token_id)
        forced_bos(scores, ids.size(), *config.forced_bos_token_id);
    if (config.forced_eos_token_id)
        forced_eos(scores, ids.size(), lengths.most, *config.forced_eos_token_id);
    if (*config.remove_invalid_values)
        inf_nan_remove(scores);
    if (config.exponential_decay_length_penalty)
        exponential_decay(scores, ids.size() - lengths.prompt,
                          *config.exponential_decay_length_penalty, eos);
    if (config.suppress_tokens)
        suppress_tokens(scores, *config.suppress_tokens);
    // A forced first token is not the first that is chosen.
    const bool forced = lengths.prompt == 1 && config.forced_bos_token_id.has_value();
    if (config.begin_suppress_tokens && ids.size() == lengths.prompt + (forced ? 1U : 0U))
        suppress_tokens(scores, *config.begin_suppress_tokens);
}

/// Narrows the choice for sampling, in the order of transformers 4.46.
/// least: how many tokens must be left.
inline void warp_scores(const GenerationConfig& config, Scores scores, std::size_t least,
                        WarperMemory& memory) {
    if (*config.temperature != 1.0F)
        temperature(scores, *config.temperature);
    if (*config.top_k != 0)
        top_k(scores, *config.top_k, least, memory);
    if (*config.top_p < 1.0F)
        top_p(scores, *config.top_p, least, memory);
    if (config.min_p)
        min_p(scores, *config.min_p, least, memory);
    if (*config.typical_p < 1.0F)
        typical_p(scores, *config.typical_p, least, memory);
    if (*config.epsilon_cutoff > 0.0F)
        epsilon_cutoff(scores, *config.epsilon_cutoff, least, memory);
    if (*config.eta_cutoff > 0.0F)
        eta_cutoff(scores, *config.eta_cutoff, least, memory);
}

}  // namespace xzoo::generation
