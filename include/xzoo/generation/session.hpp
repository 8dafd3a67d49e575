// What all ways to generate share: the caches, how long texts may become, the clock.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "xzoo/core/error.hpp"
#include "xzoo/generation/generate_options.hpp"
#include "xzoo/generation/generation_result.hpp"
#include "xzoo/generation/process_scores.hpp"

namespace xzoo::generation {

using Prompts = std::span<const std::vector<std::uint32_t>>;

/// A cache with the outputs of the model's last step. One that was made here grows with the texts;
/// a caller's has the capacity that it has.
class CachedModel {
public:
    /// length: tokens of the longest text so far. most: that it may have.
    CachedModel(const nn::LanguageModel& model, CacheOptions options, std::size_t sequences,
                std::size_t length, std::size_t most)
        : model_{model}, room_{positions(model)} {
        constexpr std::size_t ahead = 1024;
        options.sequences = sequences;
        options.capacity = std::max<std::size_t>(1, std::min({most, length + ahead, room_}));
        owned_.emplace(model.make_cache(options));
        cache_ = &*owned_;
    }
    CachedModel(const nn::LanguageModel& model, nn::KvCache& cache)
        : model_{model}, cache_{&cache}, room_{std::min(positions(model), cache.capacity())} {}
    CachedModel(const CachedModel&) = delete;
    CachedModel& operator=(const CachedModel&) = delete;

    nn::KvCache& cache() noexcept { return *cache_; }
    const nn::LanguageModel& model() const noexcept { return model_; }
    /// Tokens of a sequence that can be read.
    std::size_t room() const noexcept { return room_; }
    std::size_t steps() const noexcept { return steps_; }

    void step(std::span<const nn::CacheStep> steps, nn::ScoredRows rows, bool keep_hidden_states,
              Workspace& workspace) {
        if (owned_)
            grow(steps);
        model_.step(*cache_, steps, rows, keep_hidden_states, workspace, output_);
        ++steps_;
    }
    /// Scores of the last step. (vocabulary)
    std::span<const float> row(std::size_t i) const {
        return std::span{output_.logits}.subspan(i * model_.vocab_size(), model_.vocab_size());
    }
    /// Hidden state of the last step, if it was kept. (hidden)
    std::span<const float> hidden(std::size_t i) const {
        return std::span{output_.hidden_states}.subspan(i * model_.hidden_size(),
                                                        model_.hidden_size());
    }

private:
    static std::size_t positions(const nn::LanguageModel& model) {
        return model.max_positions() == 0 ? std::numeric_limits<std::size_t>::max()
                                          : model.max_positions();
    }
    void grow(std::span<const nn::CacheStep> steps) {
        std::size_t needed = 0;
        for (const nn::CacheStep& step : steps)
            needed = std::max(needed, cache_->length(step.sequence) + step.ids.size());
        if (needed > cache_->capacity() && needed <= room_)
            cache_->reserve(std::min(room_, std::max(needed, 2 * cache_->capacity())));
    }

    const nn::LanguageModel& model_;
    std::optional<nn::KvCache> owned_;
    nn::KvCache* cache_ = nullptr;
    std::size_t room_;
    std::size_t steps_ = 0;
    nn::StepOutput output_;
};

/// One call of generate.
class Session {
    Workspace own_workspace_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();

public:
    /// config: resolved. width: sequences of the cache for each prompt.
    /// Errors  ArgumentError: an empty prompt, one that leaves no room for a token, or a cache with
    ///         too few sequences.
    Session(const nn::LanguageModel& model, Prompts prompts, const GenerationConfig& resolved,
            const GenerateOptions& with, std::size_t sequences_per_prompt)
        : config{resolved},
          options{with},
          width{sequences_per_prompt},
          lengths{check_lengths(prompts, resolved)},
          workspace{with.workspace != nullptr ? *with.workspace : own_workspace_} {
        const std::size_t sequences = prompts.size() * width;
        if (with.cache == nullptr) {
            TextLengths longest{};
            for (const TextLengths& length : lengths)
                longest = {std::max(longest.prompt, length.prompt),
                           std::max(longest.most, length.most)};
            main.emplace(model, with.new_cache, sequences, longest.prompt, longest.most);
        } else {
            if (with.cache->sequences() < sequences)
                throw ArgumentError{"generate: needs a cache with " + std::to_string(sequences) +
                                    " sequences, the one given has " +
                                    std::to_string(with.cache->sequences())};
            main.emplace(model, *with.cache);
        }
        for (const TextLengths& length : lengths) {
            if (length.prompt > main->room())
                throw no_room(length.prompt);
            memory.probabilities.reserve(length.expected());
        }
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Reads the prompts, but for what the cache holds of them, into the first sequence of each,
    /// and scores their next tokens: row i is that of prompt i.
    void read_prompts(Prompts prompts, GenerationResult& result) {
        std::vector<nn::CacheStep> steps;
        for (std::size_t i = 0; i < prompts.size(); ++i) {
            const std::size_t kept = main->cache().keep_prefix(i * width, prompts[i]);
            result.cached_tokens += kept;
            result.prompt_tokens += prompts[i].size();
            steps.push_back({i * width, Ids{prompts[i]}.subspan(kept)});
        }
        main->step(steps, nn::ScoredRows::last, false, workspace);
    }

    /// A random stream for the texts of prompt i: equal prompts of a batch continue in different
    /// ways, as several texts of one prompt do.
    static std::uint32_t first_stream(Prompts prompts, std::size_t i, std::size_t texts) {
        const auto end = prompts.begin() + static_cast<std::ptrdiff_t>(i);
        const auto copies = std::count(prompts.begin(), end, prompts[i]);
        return static_cast<std::uint32_t>(static_cast<std::size_t>(copies) * texts);
    }

    double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }
    bool out_of_time() const { return config.max_time && seconds() >= *config.max_time; }

    const GenerationConfig& config;
    const GenerateOptions& options;
    const std::size_t width;
    const std::vector<TextLengths> lengths;  // of the texts of each prompt
    Workspace& workspace;
    std::optional<CachedModel> main;
    WarperMemory memory;
    std::vector<float> values;

private:
    static std::vector<TextLengths> check_lengths(Prompts prompts, const GenerationConfig& c) {
        std::vector<TextLengths> lengths;
        for (std::size_t i = 0; i < prompts.size(); ++i) {
            const std::size_t length = prompts[i].size();
            const std::string who = "generate: prompt " + std::to_string(i);
            if (length == 0)
                throw ArgumentError{who + " has no tokens"};
            if (!c.max_new_tokens && length >= *c.max_length)
                throw ArgumentError{who + " has " + std::to_string(length) +
                                    " tokens, and max_length (with the prompt) is " +
                                    std::to_string(*c.max_length) + "; set max_new_tokens"};
            const std::size_t most = std::numeric_limits<std::size_t>::max() - length;
            lengths.push_back({length, c.max_new_tokens ? length + std::min(*c.max_new_tokens, most)
                                                        : *c.max_length});
        }
        return lengths;
    }
    CacheFull no_room(std::size_t length) const {
        return CacheFull{"generate: a prompt has " + std::to_string(length) +
                         " tokens, and there is room for " + std::to_string(main->room()) +
                         "; shorten it" +
                         (options.cache == nullptr ? "" : " or reserve() more in the cache")};
    }
};

}  // namespace xzoo::generation
