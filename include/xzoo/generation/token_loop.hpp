// Token by token: greedy decoding and sampling, guided or not, with guesses or without.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "xzoo/core/error.hpp"
#include "xzoo/generation/guess.hpp"
#include "xzoo/generation/running_text.hpp"
#include "xzoo/generation/session.hpp"

namespace xzoo::generation {

/// Writes session.width texts for each prompt.
///
/// A guess is only ever compared with the token that would have been chosen without it (for
/// sampling: with the same random number), so guesses change the time and nothing else.
class TokenLoop {
public:
    TokenLoop(Session& session, Prompts prompts) : session_{session}, prompts_{prompts} {
        if (*session.config.guidance_scale != 1.0F)
            start_guide();
        if (session.options.draft_model != nullptr)
            draft_.emplace(session, *session.options.draft_model, prompts.size() * session.width);
    }

    void run(GenerationResult& result) {
        session_.read_prompts(prompts_, result);
        read_guide_prompts();
        start_texts(result);
        while (plan_step()) {
            const bool guessed = guesses_ > 0;
            session_.main->step(steps_, guessed ? nn::ScoredRows::all : nn::ScoredRows::last, false,
                                session_.workspace);
            if (guide_)
                guide_->step(guide_steps_, nn::ScoredRows::last, false, session_.workspace);
            std::size_t row = 0;
            for (std::size_t i = 0; i < steps_.size(); ++i) {
                accept(*texts_[steps_[i].sequence], steps_[i], row, i);
                row += guessed ? steps_[i].ids.size() : 1;
            }
        }
        for (const std::unique_ptr<RunningText>& text : texts_)
            result.sequences.push_back(text->take());
    }

private:
    void start_guide() {
        const Prompts negative = session_.options.negative_prompts;
        if (!negative.empty() && negative.size() != prompts_.size())
            throw ArgumentError{"generate: " + std::to_string(negative.size()) +
                                " negative prompts for " + std::to_string(prompts_.size()) +
                                " prompts"};
        std::size_t longest = 1;
        for (std::size_t i = 0; i < negative.size(); ++i) {
            if (negative[i].empty())
                throw ArgumentError{"generate: negative prompt " + std::to_string(i) +
                                    " has no tokens"};
            longest = std::max(longest, negative[i].size());
        }
        guide_.emplace(session_.main->model(), session_.options.new_cache,
                       prompts_.size() * session_.width, longest, session_.main->room());
    }

    void read_guide_prompts() {
        if (!guide_)
            return;
        const Prompts negative = session_.options.negative_prompts;
        for (std::size_t i = 0; i < prompts_.size(); ++i)
            guide_steps_.push_back({i * session_.width, negative.empty() ? Ids{prompts_[i]}.last(1)
                                                                         : Ids{negative[i]}});
        guide_->step(guide_steps_, nn::ScoredRows::last, false, session_.workspace);
    }

    /// Chooses the first token of every text.
    void start_texts(GenerationResult& result) {
        const std::size_t width = session_.width;
        guessed_.resize(prompts_.size() * width);
        for (std::size_t i = 0; i < prompts_.size(); ++i) {
            const std::uint32_t stream = Session::first_stream(prompts_, i, width);
            for (std::size_t j = 0; j < width; ++j) {
                const std::size_t number = i * width + j;
                session_.main->cache().copy(i * width, number);
                if (guide_)
                    guide_->cache().copy(i * width, number);
                texts_.push_back(std::make_unique<RunningText>(
                    session_, prompts_[i], i, number,
                    RandomStream{result.seed.value_or(0), stream + static_cast<std::uint32_t>(j)}));
                add_token(*texts_.back(), i, i);
            }
        }
        result.seconds_to_first_token = session_.seconds();
        steps_.reserve(texts_.size());
        guide_steps_.reserve(texts_.size());
    }

    std::uint32_t add_token(RunningText& text, std::size_t row, std::size_t guide_row) {
        const std::span<const float> scores = session_.main->row(row);
        const std::uint32_t id =
            text.choose(scores, guide_ ? guide_->row(guide_row) : std::span<const float>{});
        text.note_log_probs(id, scores);
        text.append(id);
        if (session_.out_of_time())
            text.finish(FinishReason::max_time);
        return id;
    }

    /// What to read next: the last token of every text that goes on, and guesses. False: all have
    /// ended.
    bool plan_step() {
        steps_.clear();
        guide_steps_.clear();
        guesses_ = 0;
        for (std::size_t i = 0; i < texts_.size(); ++i) {
            if (guide_ && guide_->cache().length(i) >= guide_->room())
                texts_[i]->finish(FinishReason::context_full);
            if (texts_[i]->finished())
                continue;
            std::vector<std::uint32_t>& read = guessed_[i];
            read.assign(1, texts_[i]->ids().back());
            guess(i, read);
            guesses_ += read.size() - 1;
            steps_.push_back({i, read});
            if (guide_)
                guide_steps_.push_back({i, Ids{read}.first(1)});
        }
        return !steps_.empty();
    }

    void guess(std::size_t i, std::vector<std::uint32_t>& read) {
        const GenerationConfig& config = session_.config;
        const Ids ids = texts_[i]->ids();
        std::size_t count =
            draft_ ? *config.num_assistant_tokens : *config.prompt_lookup_num_tokens;
        // The last token of a text is chosen, not guessed; a sliding window can go back over a
        // chunk at most; and a guess must be read as it would be if it had been chosen.
        const std::size_t most = std::min(texts_[i]->lengths().most - 1, session_.main->room());
        count = std::min({count, most - std::min(most, ids.size()),
                          session_.main->cache().options().prefill_chunk - 1,
                          session_.main->model().tokens_at_once(ids.size() - 1) - 1});
        if (draft_)
            draft_->guess(i, ids, count, read);
        else if (count > 0)
            look_up(ids, *config.max_matching_ngram_size, count, read);
    }

    /// Chooses tokens as long as they were guessed, and one more.
    void accept(RunningText& text, const nn::CacheStep& step, std::size_t row,
                std::size_t guide_row) {
        for (std::size_t j = 0; j < step.ids.size(); ++j) {
            const std::uint32_t id = add_token(text, row + j, guide_row);
            if (text.finished() || (j + 1 < step.ids.size() && id != step.ids[j + 1]))
                break;
        }
        session_.main->cache().truncate(step.sequence, text.ids().size() - 1);
    }

    Session& session_;
    Prompts prompts_;
    std::optional<CachedModel> guide_;
    std::optional<DraftModel> draft_;
    std::vector<std::unique_ptr<RunningText>> texts_;
    std::vector<std::vector<std::uint32_t>> guessed_;  // what each text reads next
    std::vector<nn::CacheStep> steps_, guide_steps_;
    std::size_t guesses_ = 0;
};

}  // namespace xzoo::generation
