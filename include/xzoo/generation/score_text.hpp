// How probable a model finds a text that is there already.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "xzoo/core/error.hpp"
#include "xzoo/core/workspace.hpp"
#include "xzoo/generation/session.hpp"
#include "xzoo/nn/language_model.hpp"
#include "xzoo/simd/softmax.hpp"

namespace xzoo {

/// A text that is longer than `window` is read in windows that begin `stride` tokens apart. A token
/// is scored in the first window that holds it, so it sees window - stride tokens at least.
struct ScoreOptions {
    std::size_t window = 0;    // tokens; 0: as many as the model has positions for
    std::size_t stride = 0;    // less than window; 0: half of it
    CacheOptions new_cache{};  // dtype and prefill_chunk
    Workspace* workspace = nullptr;
};

struct TextScore {
    /// Of each token but the first, given those before it. Natural logarithms.
    std::vector<float> log_probs{};

    double sum() const {
        double total = 0.0;
        for (const float log_prob : log_probs)
            total += double{log_prob};
        return total;
    }
    /// exp of the mean negative log-probability.
    double perplexity() const { return std::exp(-sum() / static_cast<double>(log_probs.size())); }
};

/// Scores the tokens of a text.
/// Errors  ArgumentError: fewer than two tokens, ids outside of the vocabulary, a window of more
///         tokens than the model has positions for, or a stride that is not less than the window.
inline TextScore score_text(const nn::LanguageModel& model, std::span<const std::uint32_t> ids,
                            const ScoreOptions& options = {}) {
    constexpr std::size_t piece = 64;  // tokens whose scores are held at once
    const std::size_t positions = model.max_positions() == 0
                                      ? std::numeric_limits<std::size_t>::max()
                                      : model.max_positions();
    const std::size_t window =
        std::min(ids.size(), options.window == 0 ? positions : options.window);
    const std::size_t stride = options.stride == 0 ? (window + 1) / 2 : options.stride;
    if (ids.size() < 2)
        throw ArgumentError{"score_text: needs two tokens or more, found " +
                            std::to_string(ids.size())};
    if (window > positions)
        throw ArgumentError{"score_text: window is " + std::to_string(window) +
                            ", and the model has positions for " + std::to_string(positions)};
    if (window < 2 || (window < ids.size() && stride >= window))
        throw ArgumentError{"score_text: window is " + std::to_string(window) + " and stride " +
                            std::to_string(stride) + "; expected 0 < stride < window"};

    Workspace own_workspace;
    Workspace& workspace = options.workspace != nullptr ? *options.workspace : own_workspace;
    generation::CachedModel reader{model, options.new_cache, 1, window, window};
    TextScore score;
    score.log_probs.reserve(ids.size() - 1);
    std::vector<float> memory;
    const auto read = [&](std::size_t begin, std::size_t end, nn::ScoredRows rows) {
        const nn::CacheStep step{0, ids.subspan(begin, end - begin)};
        if (begin < end)
            reader.step({&step, 1}, rows, false, workspace);
    };
    for (std::size_t begin = 0; score.log_probs.size() + 1 < ids.size(); begin += stride) {
        const std::size_t end = std::min(begin + window, ids.size());
        // The scores of a token are those after the one before it.
        std::size_t t = score.log_probs.size();
        reader.cache().clear(0);
        read(begin, t, nn::ScoredRows::none);
        for (; t + 1 < end; t = std::min(t + piece, end - 1)) {
            const std::size_t next = std::min(t + piece, end - 1);
            read(t, next, nn::ScoredRows::all);
            for (std::size_t i = t; i < next; ++i) {
                const std::span<const float> row = reader.row(i - t);
                memory.assign(row.begin(), row.end());
                simd::log_softmax_rows(memory.data(), 1, memory.size(), memory.size());
                if (ids[i + 1] >= memory.size())
                    throw ArgumentError{"score_text: id " + std::to_string(ids[i + 1]) +
                                        " is not in the vocabulary of " +
                                        std::to_string(memory.size()) + " tokens"};
                score.log_probs.push_back(memory[ids[i + 1]]);
            }
        }
    }
    return score;
}

}  // namespace xzoo
