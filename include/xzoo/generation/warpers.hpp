// What narrows the choice of the next token when sampling, a function each, with the names and the
// meaning that Hugging Face transformers 4.46 gives them: tokens that must not be sampled get the
// score -infinity. scores: (vocabulary). `least` tokens are always left.
// Only the tokens that stay are ever sorted, and memory is used again from call to call.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "xzoo/generation/processors.hpp"
#include "xzoo/generation/top_selection.hpp"
#include "xzoo/simd/select.hpp"
#include "xzoo/simd/softmax.hpp"

namespace xzoo::generation {

/// Memory of the functions here.
struct WarperMemory {
    std::vector<float> probabilities{};  // (vocabulary)
    std::vector<Scored> candidates{};
    TopSelection best{};
};

/// The softmax of scores. Valid until `memory` is used again.
inline std::span<float> softmax(std::span<const float> scores, std::vector<float>& memory) {
    memory.assign(scores.begin(), scores.end());
    simd::softmax_rows(memory.data(), 1, memory.size(), memory.size());
    return memory;
}

/// The logarithm of the sum of exp(scores), given their softmax.
inline double log_sum_exp(std::span<const float> scores, std::span<const float> probabilities) {
    const auto best = std::max_element(scores.begin(), scores.end());
    const float p = probabilities[static_cast<std::size_t>(best - scores.begin())];
    return double{*best} - std::log(double{p});
}

/// Of the softmax of scores, in nats. log_sum: as log_sum_exp gives it.
inline double entropy(std::span<const float> scores, std::span<const float> probabilities,
                      double log_sum) {
    double sum = 0.0;
    for (std::size_t i = 0; i < scores.size(); ++i)
        if (probabilities[i] > 0.0F)
            sum += double{probabilities[i]} * (log_sum - double{scores[i]});
    return sum;
}

namespace detail {

/// Of memory.candidates, keeps those that stand first until their probabilities add up to `mass`,
/// and with `ties` those that stand equal to the last of them. Takes time linear in their number.
inline void keep_mass(Scores scores, double mass, std::size_t least, bool ties,
                      WarperMemory& memory) {
    std::vector<Scored>& all = memory.candidates;
    const auto at = [&](std::size_t i) { return all.begin() + static_cast<std::ptrdiff_t>(i); };
    // Those before `kept` stay, those from `end` on do not; each round settles half of the others.
    std::size_t kept = 0;
    double sum = 0.0;
    for (std::size_t end = all.size(); kept < end;) {
        const std::size_t middle = kept + (end - kept) / 2;
        std::nth_element(at(kept), at(middle), at(end), stands_before);
        double before = sum;
        for (std::size_t i = kept; i < middle; ++i)
            before += double{memory.probabilities[all[i].index]};
        if (before < mass || middle < least) {
            sum = before + double{memory.probabilities[all[middle].index]};
            kept = middle + 1;
        } else {
            end = middle;
        }
    }
    if (ties && kept > 0) {
        const float last = std::max_element(all.begin(), at(kept), stands_before)->score;
        const auto tied = [&](const Scored& token) { return token.score == last; };
        kept = static_cast<std::size_t>(std::partition(at(kept), all.end(), tied) - all.begin());
    }
    for (std::size_t i = 0; i < kept; ++i)
        all[i].score = scores[all[i].index];
    std::fill(scores.begin(), scores.end(), minus_infinity);
    for (std::size_t i = 0; i < kept; ++i)
        scores[all[i].index] = all[i].score;
}

/// Removes tokens that are less probable than `threshold`.
inline void remove_below(Scores scores, float threshold, std::size_t least, WarperMemory& memory) {
    memory.best.select(memory.probabilities, least);
    if (memory.best.empty())
        return;  // all are NaN, as drawing a token finds out
    const float cut = std::min(threshold, memory.best.last().score);
    for (std::size_t i = 0; i < scores.size(); ++i)
        if (memory.probabilities[i] < cut)
            scores[i] = minus_infinity;
}

}  // namespace detail

/// TemperatureLogitsWarper.
inline void temperature(Scores scores, float value) {
    for (float& score : scores)
        score /= value;
}

/// TopKLogitsWarper: the k best tokens and what is as good as the last of them.
inline void top_k(Scores scores, std::size_t k, std::size_t least, WarperMemory& memory) {
    k = std::max(k, least);
    if (k >= scores.size())
        return;
    memory.best.select(scores, k);
    if (memory.best.empty())
        return;
    simd::replace_below(scores.data(), scores.size(), memory.best.last().score, minus_infinity);
}

/// TopPLogitsWarper (Holtzman et al. 2019): the fewest of the most probable tokens that have the
/// probability p together.
inline void top_p(Scores scores, float p, std::size_t least, WarperMemory& memory) {
    softmax(scores, memory.probabilities);
    // A token with at most (1 - p) / vocabulary lies in the tail, whatever the others have.
    const float tail = least > 1 ? 0.0F : (1.0F - p) / static_cast<float>(scores.size());
    memory.candidates.clear();
    for (std::size_t i = 0; i < scores.size(); ++i)
        if (memory.probabilities[i] >= tail)
            memory.candidates.push_back({memory.probabilities[i], i});
    detail::keep_mass(scores, double{p}, least, false, memory);
}

/// MinPLogitsWarper: tokens that have at least min_p of the probability of the best one.
inline void min_p(Scores scores, float share, std::size_t least, WarperMemory& memory) {
    const std::span<const float> p = softmax(scores, memory.probabilities);
    detail::remove_below(scores, share * *std::max_element(p.begin(), p.end()), least, memory);
}

/// TypicalLogitsWarper (Meister et al. 2022): the tokens whose surprise is nearest to the expected
/// one, until they have the probability `mass` together.
inline void typical_p(Scores scores, float mass, std::size_t least, WarperMemory& memory) {
    const std::span<const float> p = softmax(scores, memory.probabilities);
    const double log_sum = log_sum_exp(scores, p);
    const double expected = entropy(scores, p, log_sum);
    memory.candidates.clear();
    for (std::size_t i = 0; i < p.size(); ++i)
        if (p[i] > 0.0F) {
            const double surprise = log_sum - double{scores[i]};
            memory.candidates.push_back({-static_cast<float>(std::abs(surprise - expected)), i});
        }
    detail::keep_mass(scores, double{mass}, least, true, memory);
}

/// EpsilonLogitsWarper (Hewitt et al. 2022): tokens with a probability of at least epsilon.
inline void epsilon_cutoff(Scores scores, float epsilon, std::size_t least, WarperMemory& memory) {
    softmax(scores, memory.probabilities);
    detail::remove_below(scores, epsilon, least, memory);
}

/// EtaLogitsWarper (Hewitt et al. 2022): the same with a bound that sinks where all are improbable.
inline void eta_cutoff(Scores scores, float epsilon, std::size_t least, WarperMemory& memory) {
    const std::span<const float> p = softmax(scores, memory.probabilities);
    const double surprise = entropy(scores, p, log_sum_exp(scores, p));
    const double bound = std::sqrt(double{epsilon}) * std::exp(-surprise);
    detail::remove_below(scores, std::min(epsilon, static_cast<float>(bound)), least, memory);
}

/// LogitNormalization.
inline void log_softmax(Scores scores) {
    simd::log_softmax_rows(scores.data(), 1, scores.size(), scores.size());
}

}  // namespace xzoo::generation
