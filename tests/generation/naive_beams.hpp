// Beam search as one would write it down: no cache, everything sorted, every text copied.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "generation/markov_model.hpp"

namespace xzoo::test {

struct NaiveBeams {
    std::size_t beams = 4;
    std::size_t groups = 1;
    std::size_t new_tokens = 8;
    double length_penalty = 1.0;
    EarlyStopping early_stopping = EarlyStopping::no;
    float diversity_penalty = 0.0F;
    Tokens eos{};

    struct Text {
        double score = 0.0;
        Tokens ids{};
    };

    /// All texts that are found, best first.
    std::vector<Text> search(const MarkovModel& model, const Tokens& prompt) const {
        struct Beam {
            float sum;
            Tokens ids;
        };
        const std::size_t size = beams / groups;
        std::vector<std::vector<Beam>> open(groups);
        std::vector<std::vector<Text>> found(groups);
        std::vector<bool> done(groups);
        for (std::vector<Beam>& group : open)
            for (std::size_t b = 0; b < size; ++b)
                group.push_back({b == 0 ? 0.0F : -1e9F, prompt});
        const auto score = [&](double sum, std::size_t length) {
            return sum / std::pow(double(length), length_penalty);
        };
        const auto add = [&](std::vector<Text>& texts, Text text) {
            const auto worse = [](const Text& a, const Text& b) { return a.score < b.score; };
            if (texts.size() == size &&
                text.score <= std::min_element(texts.begin(), texts.end(), worse)->score)
                return;
            if (texts.size() == size)
                texts.erase(std::min_element(texts.begin(), texts.end(), worse));
            texts.push_back(std::move(text));
        };
        for (std::size_t step = 1; step <= new_tokens; ++step) {
            std::vector<std::size_t> taken(model.vocab_size());
            for (std::size_t g = 0; g < groups; ++g) {
                if (done[g]) {
                    taken[eos[0]] += size;  // padding
                    continue;
                }
                struct Candidate {
                    float sum;
                    std::size_t beam;
                    std::uint32_t id;
                };
                std::vector<Candidate> candidates;
                for (std::size_t b = 0; b < size; ++b) {
                    std::vector<float> scores = model.scores_after(open[g][b].ids);
                    double sum = 0.0;
                    for (const float s : scores)
                        sum += std::exp(double{s});
                    for (std::uint32_t id = 0; id < scores.size(); ++id) {
                        const double penalty = double{diversity_penalty} * double(taken[id]);
                        const double log_p = double{scores[id]} - std::log(sum) - penalty;
                        candidates.push_back({static_cast<float>(log_p) + open[g][b].sum, b, id});
                    }
                }
                std::stable_sort(
                    candidates.begin(), candidates.end(),
                    [](const Candidate& a, const Candidate& b) { return a.sum > b.sum; });
                std::vector<Beam> next;
                const std::size_t most = std::max<std::size_t>(2, 1 + eos.size()) * size;
                for (std::size_t rank = 0; rank < most && next.size() < size; ++rank) {
                    const Candidate& c = candidates[rank];
                    Tokens ids = open[g][c.beam].ids;
                    if (std::count(eos.begin(), eos.end(), c.id) == 0) {
                        ids.push_back(c.id);
                        next.push_back({c.sum, ids});
                    } else if (rank < size) {
                        ids.push_back(eos[0]);
                        add(found[g], {score(double{c.sum}, step), ids});
                    }
                }
                for (const Beam& beam : next)
                    taken[beam.ids.back()] += 1;
                open[g] = next;
                if (found[g].size() < size)
                    continue;
                double worst = 1e9;
                for (const Text& text : found[g])
                    worst = std::min(worst, text.score);
                const bool never = early_stopping == EarlyStopping::never && length_penalty > 0.0;
                done[g] = early_stopping == EarlyStopping::yes ||
                          worst >= score(double{candidates[0].sum}, never ? new_tokens : step);
            }
        }
        std::vector<Text> all;
        for (std::size_t g = 0; g < groups; ++g) {
            if (!done[g])
                for (const Beam& beam : open[g])
                    add(found[g], {score(double{beam.sum}, new_tokens), beam.ids});
            all.insert(all.end(), found[g].begin(), found[g].end());
        }
        std::stable_sort(all.begin(), all.end(),
                         [](const Text& a, const Text& b) { return a.score > b.score; });
        return all;
    }
};

}  // namespace xzoo::test
