// Contrastive search: of the top_k most probable tokens the one that is probable and unlike what
// the text already holds.
// Source  Su et al. 2022, A Contrastive Framework for Neural Text Generation.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "xzoo/generation/choose_token.hpp"
#include "xzoo/generation/running_text.hpp"
#include "xzoo/generation/session.hpp"
#include "xzoo/simd/elementwise.hpp"

namespace xzoo::generation {

/// The text of one prompt. Its sequences of the cache, one for each candidate, hold the same text
/// but for the candidates, so that all are read in one step and none is ever copied.
class ContrastiveText {
public:
    ContrastiveText(Session& session, Ids prompt, std::size_t number)
        : session_{session},
          first_sequence_{number * session.width},
          text_{session, prompt, number, number, {}},
          unread_(session.width) {
        read_prompt(prompt);
        end_if_full();
    }

    bool finished() const noexcept { return text_.finished(); }
    GeneratedSequence take() { return text_.take(); }

    /// Finds the candidates, tokens that may be chosen, and adds what must be read to compare them;
    /// valid until advance.
    /// Errors  ArgumentError: there is no such token.
    void plan(std::vector<nn::CacheStep>& steps) {
        const std::span<const float> p =
            softmax(text_.process(scores_, {}), session_.memory.probabilities);
        TopSelection& best = session_.memory.best;
        best.select(p, session_.width);
        const std::span<const Scored> found = best.sorted();
        const auto excluded = [](const Scored& token) { return !(token.score > 0.0F); };
        candidates_.assign(found.begin(), std::find_if(found.begin(), found.end(), excluded));
        if (candidates_.empty())
            no_token_left();
        for (std::size_t k = 0; k < candidates_.size(); ++k) {
            const std::size_t sequence = first_sequence_ + k;
            const Ids lacking = text_.ids().subspan(session_.main->cache().length(sequence));
            unread_[k].assign(lacking.begin(), lacking.end());
            unread_[k].push_back(static_cast<std::uint32_t>(candidates_[k].index));
            steps.push_back({sequence, unread_[k]});
        }
    }

    /// Chooses a candidate by the hidden states of the last step, from row `row` on. Returns the
    /// number of rows.
    std::size_t advance(std::size_t row) {
        const float alpha = *session_.config.penalty_alpha;
        std::size_t chosen = 0;
        float most = minus_infinity;
        for (std::size_t k = 0; k < candidates_.size(); ++k) {
            const float score = (1.0F - alpha) * candidates_[k].score -
                                alpha * likeness(session_.main->hidden(row + k));
            if (score > most) {
                most = score;
                chosen = k;
            }
        }
        const auto id = static_cast<std::uint32_t>(candidates_[chosen].index);
        text_.note_log_probs(id, scores_);
        text_.append(id);
        for (std::size_t k = 0; k < candidates_.size(); ++k)
            if (k != chosen)
                session_.main->cache().truncate(first_sequence_ + k, text_.ids().size() - 1);
        remember(session_.main->hidden(row + chosen));
        keep_scores(row + chosen);
        end_if_full();
        if (session_.out_of_time())
            text_.finish(FinishReason::max_time);
        return candidates_.size();
    }

private:
    /// Candidates must be read before one of them is chosen.
    void end_if_full() {
        if (text_.ids().size() >= session_.main->room())
            text_.finish(FinishReason::context_full);
    }
    std::size_t hidden_size() const { return session_.main->model().hidden_size(); }

    /// Reads the prompt for the hidden states of all its tokens, in pieces, as their scores come
    /// with them.
    void read_prompt(Ids prompt) {
        constexpr std::size_t piece = 64;
        nn::KvCache& cache = session_.main->cache();
        cache.clear(first_sequence_);
        context_.reserve(text_.lengths().expected() * hidden_size());
        for (std::size_t t = 0; t < prompt.size(); t += piece) {
            const Ids ids = prompt.subspan(t, std::min(piece, prompt.size() - t));
            const nn::CacheStep step{first_sequence_, ids};
            session_.main->step({&step, 1}, nn::ScoredRows::all, true, session_.workspace);
            for (std::size_t i = 0; i < ids.size(); ++i)
                remember(session_.main->hidden(i));
            keep_scores(ids.size() - 1);
        }
        for (std::size_t k = 1; k < session_.width; ++k)
            cache.copy(first_sequence_, first_sequence_ + k);
    }

    /// Adds the direction of a token's hidden state to those of the text.
    void remember(std::span<const float> hidden) {
        context_.insert(context_.end(), hidden.begin(), hidden.end());
        simd::l2_normalize_rows(context_.data() + context_.size() - hidden.size(), 1, hidden.size(),
                                hidden.size());
    }
    void keep_scores(std::size_t row) {
        const std::span<const float> scores = session_.main->row(row);
        scores_.assign(scores.begin(), scores.end());
    }

    /// The largest cosine between a token's hidden state and those of the text.
    float likeness(std::span<const float> hidden) {
        direction_.assign(hidden.begin(), hidden.end());
        simd::l2_normalize_rows(direction_.data(), 1, hidden.size(), hidden.size());
        float most = -1.0F;
        for (std::size_t t = 0; t < context_.size(); t += hidden.size())
            most = std::max(most, simd::dot(direction_.data(), context_.data() + t, hidden.size()));
        return most;
    }

    Session& session_;
    std::size_t first_sequence_;
    RunningText text_;
    std::vector<std::vector<std::uint32_t>> unread_;  // what each sequence reads next
    std::vector<Scored> candidates_;                  // and their probabilities
    std::vector<float> scores_;                       // of the next token. (vocabulary)
    std::vector<float> context_;                      // directions. (tokens, hidden)
    std::vector<float> direction_;
};

inline void run_contrastive(Session& session, Prompts prompts, GenerationResult& result) {
    std::vector<std::unique_ptr<ContrastiveText>> texts;
    for (std::size_t i = 0; i < prompts.size(); ++i) {
        texts.push_back(std::make_unique<ContrastiveText>(session, prompts[i], i));
        result.prompt_tokens += prompts[i].size();
    }
    std::vector<nn::CacheStep> steps;
    while (true) {
        steps.clear();
        for (const std::unique_ptr<ContrastiveText>& text : texts)
            if (!text->finished())
                text->plan(steps);
        if (steps.empty())
            break;
        session.main->step(steps, nn::ScoredRows::last, true, session.workspace);
        std::size_t row = 0;
        for (const std::unique_ptr<ContrastiveText>& text : texts)
            if (!text->finished())
                row += text->advance(row);
        if (result.seconds_to_first_token == 0.0)
            result.seconds_to_first_token = session.seconds();
    }
    for (const std::unique_ptr<ContrastiveText>& text : texts)
        result.sequences.push_back(text->take());
}

}  // namespace xzoo::generation
