#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "xzoo/generation/choose_token.hpp"
#include "xzoo/generation/random_stream.hpp"
#include "xzoo/generation/session.hpp"
#include "xzoo/generation/text_stream.hpp"

namespace xzoo::generation {

/// A text while it grows.
class RunningText {
public:
    /// prompt_number: among the prompts. number: in GenerationResult::sequences.
    RunningText(Session& session, Ids prompt, std::size_t prompt_number, std::size_t number,
                RandomStream random)
        : session_{session},
          lengths_{session.lengths[prompt_number]},
          number_{number},
          random_{random} {
        const std::size_t expected = lengths_.expected();
        result_.prompt = prompt_number;
        result_.prompt_length = prompt.size();
        result_.ids.reserve(expected);
        result_.ids.assign(prompt.begin(), prompt.end());
        if (session.options.log_probs) {
            result_.log_probs.reserve(expected - prompt.size());
            result_.top_log_probs.reserve((expected - prompt.size()) *
                                          std::min<std::size_t>(*session.options.log_probs, 32));
        }
        if (!session.options.text_decoder)
            return;
        TakeText take;
        if (session.options.on_text)
            take = [&session, number](std::string_view piece) {
                return session.options.on_text(number, piece);
            };
        stream_.emplace(session.options.text_decoder(), stop_strings(session.config),
                        std::move(take));
        stream_->reserve(8 * (expected - prompt.size()));
    }

    Ids ids() const noexcept { return result_.ids; }
    const TextLengths& lengths() const noexcept { return lengths_; }
    std::size_t new_tokens() const noexcept { return result_.ids.size() - lengths_.prompt; }
    bool finished() const noexcept { return finished_; }

    /// The scores of the next token as the settings change those that the model gave. guide: those
    /// without the prompt, or empty. Valid until the next call for any text of the session.
    std::span<const float> process(std::span<const float> raw, std::span<const float> guide) {
        const GenerationConfig& config = session_.config;
        std::vector<float>& scores = session_.values;
        scores.assign(raw.begin(), raw.end());
        if (!guide.empty())
            lead_away(scores, guide);
        process_scores(config, lengths_, ids(), {}, scores, session_.memory.probabilities);
        if (*config.do_sample)
            warp_scores(config, scores, 1, session_.memory);
        if (*config.renormalize_logits)
            log_softmax(scores);
        return scores;
    }

    /// The next token by the same scores.
    std::uint32_t choose(std::span<const float> raw, std::span<const float> guide) {
        const std::span<const float> scores = process(raw, guide);
        if (!*session_.config.do_sample)
            return best_token(scores);
        return sample_token(scores, random_.uniform(new_tokens()), session_.memory.probabilities);
    }

    /// Notes what the model thinks of a token, if that was asked for.
    void note_log_probs(std::uint32_t id, std::span<const float> raw) {
        if (!session_.options.log_probs)
            return;
        std::vector<float>& scores = session_.values;
        scores.assign(raw.begin(), raw.end());
        log_softmax(scores);
        result_.log_probs.push_back(scores[id]);
        const std::size_t alternatives = std::min(*session_.options.log_probs, scores.size());
        if (alternatives == 0)
            return;
        session_.memory.best.select(scores, alternatives);
        for (const Scored& token : session_.memory.best.sorted())
            result_.top_log_probs.push_back({static_cast<std::uint32_t>(token.index), token.score});
    }

    /// Adds a token and sees whether the text ends with it.
    void append(std::uint32_t id) {
        result_.ids.push_back(id);
        const TokenIds& eos = *session_.config.eos_token_id;
        const bool ends = std::find(eos.begin(), eos.end(), id) != eos.end();
        if (ends)
            finish(FinishReason::end_token);
        else if (stream_)
            heed(stream_->put(id));
        if (session_.options.on_token && !session_.options.on_token(number_, id))
            finish(FinishReason::stopped);
        if (result_.ids.size() >= lengths_.most)
            finish(FinishReason::length);
        else if (result_.ids.size() > session_.main->room())
            finish(FinishReason::context_full);
    }

    /// Ends the text, unless it has ended.
    void finish(FinishReason reason) {
        if (finished_)
            return;
        finished_ = true;
        result_.finish_reason = reason;
        // The last bytes may complete a stop string; a taker who has enough changes nothing now.
        if (stream_ && stream_->finish() == TextStream::State::stop_string)
            result_.finish_reason = FinishReason::stop_string;
    }

    /// The text as the caller gets it.
    GeneratedSequence take() {
        if (stream_)
            result_.text = std::move(stream_->text());
        return std::move(result_);
    }

private:
    static std::span<const std::string> stop_strings(const GenerationConfig& config) {
        return config.stop_strings ? std::span<const std::string>{*config.stop_strings}
                                   : std::span<const std::string>{};
    }

    /// UnbatchedClassifierFreeGuidanceLogitsProcessor.
    void lead_away(std::vector<float>& scores, std::span<const float> guide) {
        std::vector<float>& without = session_.memory.probabilities;
        without.assign(guide.begin(), guide.end());
        log_softmax(scores);
        log_softmax(without);
        for (std::size_t i = 0; i < scores.size(); ++i)
            scores[i] = *session_.config.guidance_scale * (scores[i] - without[i]) + without[i];
    }

    void heed(TextStream::State state) {
        if (state == TextStream::State::open)
            return;
        finished_ = true;
        result_.finish_reason = state == TextStream::State::stop_string ? FinishReason::stop_string
                                                                        : FinishReason::stopped;
    }

    Session& session_;
    TextLengths lengths_;
    std::size_t number_;
    RandomStream random_;
    GeneratedSequence result_;
    std::optional<TextStream> stream_;
    bool finished_ = false;
};

}  // namespace xzoo::generation
