// Guesses of the next tokens. Those that turn out right are read by the model in one step.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "xzoo/core/error.hpp"
#include "xzoo/generation/choose_token.hpp"
#include "xzoo/generation/session.hpp"

namespace xzoo::generation {

/// Appends to `guess` what followed where the text held before what it ends with now: n tokens, or
/// fewer where there is no such place. Of several places the last that `count` tokens follow.
/// Source  Saxena 2023, prompt lookup decoding.
inline void look_up(Ids ids, std::size_t n, std::size_t count, std::vector<std::uint32_t>& guess) {
    for (n = std::min(n, ids.empty() ? 0 : ids.size() - 1); n > 0; --n) {
        const Ids tail = ids.last(n);
        Ids next;
        for (std::size_t begin = ids.size() - n; begin-- > 0 && next.size() < count;)
            if (std::equal(tail.begin(), tail.end(), ids.subspan(begin).begin()))
                next = ids.subspan(begin + n);
        if (next.empty())
            continue;
        next = next.first(std::min(count, next.size()));
        guess.insert(guess.end(), next.begin(), next.end());
        return;
    }
}

/// Guesses by a smaller model, which chooses the most probable tokens.
/// Source  Leviathan et al. 2023, Fast Inference from Transformers via Speculative Decoding.
class DraftModel {
public:
    /// Errors  ArgumentError: the models' vocabularies differ in size.
    DraftModel(Session& session, const nn::LanguageModel& draft, std::size_t sequences)
        : session_{session} {
        const std::size_t vocabulary = session.main->model().vocab_size();
        if (draft.vocab_size() != vocabulary)
            throw ArgumentError{"generate: the draft model has a vocabulary of " +
                                std::to_string(draft.vocab_size()) + " tokens, the model of " +
                                std::to_string(vocabulary)};
        draft_.emplace(draft, session.options.new_cache, sequences, 0, session.main->room());
    }

    /// Appends `count` tokens to `guess`; none where the draft model has no positions for them, and
    /// fewer where it has no finite scores: what it cannot guess, the model chooses.
    void guess(std::size_t sequence, Ids ids, std::size_t count,
               std::vector<std::uint32_t>& guess) {
        if (ids.size() + count > draft_->room())
            return;
        Ids unread = ids.subspan(draft_->cache().keep_prefix(sequence, ids));
        for (std::size_t i = 0; i < count; ++i) {
            const nn::CacheStep step{sequence, unread};
            draft_->step({&step, 1}, nn::ScoredRows::last, false, session_.workspace);
            const std::size_t best = find_best(draft_->row(0));
            if (best == draft_->row(0).size())
                return;
            guess.push_back(static_cast<std::uint32_t>(best));
            unread = {&guess.back(), 1};
        }
    }

private:
    Session& session_;
    std::optional<CachedModel> draft_;
};

}  // namespace xzoo::generation
