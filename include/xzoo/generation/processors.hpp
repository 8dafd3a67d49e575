// What changes the scores of the next token before one is chosen, a function each, with the names
// and the meaning that Hugging Face transformers 4.46 gives them. scores: (vocabulary); ids: the
// text so far, prompt included. Scores that must not be chosen become -infinity.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "xzoo/generation/generation_config.hpp"

namespace xzoo::generation {

using Ids = std::span<const std::uint32_t>;
using Scores = std::span<float>;

inline constexpr float minus_infinity = -std::numeric_limits<float>::infinity();

/// Sets the scores of the ids; ids outside of the vocabulary have none.
inline void set_scores(Scores scores, Ids ids, float value) {
    for (const std::uint32_t id : ids)
        if (id < scores.size())
            scores[id] = value;
}

inline bool ends_with(Ids ids, Ids tail) {
    return ids.size() >= tail.size() &&
           std::equal(tail.begin(), tail.end(),
                      ids.end() - static_cast<std::ptrdiff_t>(tail.size()));
}

/// SequenceBiasLogitsProcessor. As there, a sequence of several ids is left out while the text is
/// shorter than it.
inline void sequence_bias(Scores scores, Ids ids, Ids sequence, float bias) {
    if (sequence.size() > 1 &&
        (sequence.size() > ids.size() || !ends_with(ids, sequence.first(sequence.size() - 1))))
        return;
    scores[sequence.back()] += bias;
}

/// HammingDiversityLogitsProcessor: chosen are the tokens that beams of earlier groups took in this
/// step.
inline void hamming_diversity(Scores scores, Ids chosen, float penalty) {
    for (const std::uint32_t id : chosen)
        if (id < scores.size())
            scores[id] -= penalty;
}

/// RepetitionPenaltyLogitsProcessor (Keskar et al. 2019): every id of the text once. `values` is
/// memory for as many floats as there are ids.
inline void repetition_penalty(Scores scores, Ids ids, float penalty, std::vector<float>& values) {
    values.clear();
    for (const std::uint32_t id : ids)
        values.push_back(scores[id] < 0.0F ? scores[id] * penalty : scores[id] / penalty);
    for (std::size_t i = 0; i < ids.size(); ++i)
        scores[ids[i]] = values[i];
}

/// NoRepeatNGramLogitsProcessor: no n tokens in a row occur twice.
inline void no_repeat_ngram(Scores scores, Ids ids, std::size_t n) {
    if (ids.size() + 1 < n)
        return;
    const Ids tail = ids.last(n - 1);
    for (std::size_t i = 0; i + n <= ids.size(); ++i)
        if (std::equal(tail.begin(), tail.end(), ids.begin() + static_cast<std::ptrdiff_t>(i)))
            scores[ids[i + n - 1]] = minus_infinity;
}

/// NoBadWordsLogitsProcessor: bad words that are one end token do not count.
inline void no_bad_words(Scores scores, Ids ids,
                         std::span<const std::vector<std::uint32_t>> bad_words, Ids eos) {
    for (const std::vector<std::uint32_t>& word : bad_words)
        if (word.size() > 1 || std::find(eos.begin(), eos.end(), word.front()) == eos.end())
            sequence_bias(scores, ids, word, minus_infinity);
}

/// MinLengthLogitsProcessor, and with lengths that count from the end of the prompt
/// MinNewTokensLengthLogitsProcessor.
inline void min_length(Scores scores, std::size_t length, std::size_t least, Ids eos) {
    if (length < least)
        set_scores(scores, eos, minus_infinity);
}

/// All scores but those of the ids, which become 0.
inline void force(Scores scores, Ids ids) {
    std::fill(scores.begin(), scores.end(), minus_infinity);
    set_scores(scores, ids, 0.0F);
}

/// ForcedBOSTokenLogitsProcessor.
inline void forced_bos(Scores scores, std::size_t length, std::uint32_t bos) {
    if (length == 1)
        force(scores, {&bos, 1});
}

/// ForcedEOSTokenLogitsProcessor.
inline void forced_eos(Scores scores, std::size_t length, std::size_t max_length, Ids eos) {
    if (length + 1 == max_length)
        force(scores, eos);
}

/// InfNanRemoveLogitsProcessor.
inline void inf_nan_remove(Scores scores) {
    constexpr float largest = std::numeric_limits<float>::max();
    for (float& score : scores)
        score = std::isnan(score) ? 0.0F : std::clamp(score, -largest, largest);
}

/// ExponentialDecayLengthPenalty. new_tokens: length of the text without the prompt. What must not
/// be chosen stays so, and scores stay finite.
inline void exponential_decay(Scores scores, std::size_t new_tokens, const ExponentialDecay& decay,
                              Ids eos) {
    if (new_tokens <= decay.start)
        return;
    constexpr float largest = std::numeric_limits<float>::max();
    const double growth = std::pow(double{decay.factor}, double(new_tokens - decay.start)) - 1.0;
    for (const std::uint32_t id : eos)
        if (id < scores.size() && std::isfinite(scores[id])) {
            const auto rate = static_cast<float>(std::min(growth, double{largest}));
            scores[id] = std::clamp(scores[id] + std::abs(scores[id]) * rate, -largest, largest);
        }
}

/// SuppressTokensLogitsProcessor; SuppressTokensAtBeginLogitsProcessor is the same for the first
/// new token.
inline void suppress_tokens(Scores scores, Ids ids) {
    set_scores(scores, ids, minus_infinity);
}

}  // namespace xzoo::generation
