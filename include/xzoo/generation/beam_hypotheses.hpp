#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "xzoo/generation/generation_config.hpp"

namespace xzoo::generation {

/// A text that a beam search found.
struct Hypothesis {
    double score = 0.0;                // sum of log-probabilities over length^length_penalty
    std::vector<std::uint32_t> ids{};  // with the prompt, without an end token
    std::vector<float> log_probs{};    // of new tokens, if they are asked for
    bool ended = false;                // by an end token
};

/// The best finished texts of a group of beams.
/// Source  BeamHypotheses of transformers 4.46.
class BeamHypotheses {
public:
    /// most_new_tokens: that a text may have.
    BeamHypotheses(std::size_t beams, const GenerationConfig& config, std::size_t most_new_tokens)
        : beams_{beams},
          length_penalty_{double{*config.length_penalty}},
          early_stopping_{*config.early_stopping},
          most_new_tokens_{most_new_tokens} {}

    /// sum: of log-probabilities. new_tokens: with the end token.
    void add(Hypothesis hypothesis, double sum, std::size_t new_tokens) {
        hypothesis.score = score(sum, new_tokens);
        if (found_.size() >= beams_ && !(hypothesis.score > worst_))
            return;
        worst_ = std::min(hypothesis.score, worst_);
        found_.push_back(std::move(hypothesis));
        if (found_.size() <= beams_)
            return;
        found_.erase(std::min_element(found_.begin(), found_.end(), worse));
        worst_ = std::min_element(found_.begin(), found_.end(), worse)->score;
    }

    /// Whether no open beam is expected to do better; best_sum: the sum of the best one.
    bool is_done(double best_sum, std::size_t new_tokens) const {
        if (found_.size() < beams_)
            return false;
        if (early_stopping_ == EarlyStopping::yes)
            return true;
        // Sums only fall, so with a positive exponent the longest text could score best.
        const bool longest = early_stopping_ == EarlyStopping::never && length_penalty_ > 0.0;
        return worst_ >= score(best_sum, longest ? most_new_tokens_ : new_tokens);
    }

    const std::vector<Hypothesis>& found() const noexcept { return found_; }

private:
    static bool worse(const Hypothesis& a, const Hypothesis& b) { return a.score < b.score; }
    double score(double sum, std::size_t new_tokens) const {
        return sum / std::pow(static_cast<double>(new_tokens), length_penalty_);
    }

    std::size_t beams_;
    double length_penalty_;
    EarlyStopping early_stopping_;
    std::size_t most_new_tokens_;
    std::vector<Hypothesis> found_;
    double worst_ = 1e9;
};

}  // namespace xzoo::generation
