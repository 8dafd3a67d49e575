// A language model for tests: its scores are a function of the last tokens, drawn by a hash.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "xzoo/core/error.hpp"
#include "xzoo/generation/generate.hpp"
#include "xzoo/nn/language_model.hpp"

namespace xzoo::test {

/// Its context are the ids that it wrote as keys and values into the rows of the cache, so a cache
/// that copies, forgets or keeps the wrong ones shows in the scores.
class MarkovModel final : public nn::LanguageModel {
public:
    struct Options {
        std::size_t vocabulary = 17;
        std::size_t order = 2;  // tokens that the scores depend on; 0: all
        std::uint64_t seed = 1;
        std::size_t positions = 0;
        float spread = 4.0F;    // scores are between minus this and this
        bool windowed = false;  // the cache keeps a ring; for an order from 1 to 4
    };

    explicit MarkovModel(const Options& options) : options_{options} {}
    MarkovModel() : MarkovModel{Options{}} {}

    std::size_t vocab_size() const noexcept override { return options_.vocabulary; }
    std::size_t hidden_size() const noexcept override { return 5; }
    std::size_t max_positions() const noexcept override { return options_.positions; }

    nn::KvCache make_cache(const CacheOptions& options) const override {
        CacheOptions given = options;
        if (given.capacity == 0)
            given.capacity = options_.positions == 0 ? 2048 : options_.positions;
        const auto window = [](std::size_t) -> std::size_t { return 5; };
        return {{.layers = 1,
                 .kv_heads = 1,
                 .head_dim = 1,
                 .window = options_.windowed ? +window : nullptr},
                given};
    }

    void step(nn::KvCache& cache, std::span<const nn::CacheStep> steps, nn::ScoredRows rows,
              bool keep_hidden_states, Workspace& /*workspace*/,
              nn::StepOutput& output) const override {
        for (const nn::CacheStep& step : steps) {
            if (step.ids.empty())
                throw ArgumentError{"MarkovModel: a step without tokens"};
            for (const std::uint32_t id : step.ids)
                if (id >= options_.vocabulary)
                    throw ArgumentError{"MarkovModel: id " + std::to_string(id)};
            if (cache.length(step.sequence) + step.ids.size() > cache.capacity())
                throw CacheFull{"MarkovModel: the cache is full"};
        }
        output.logits.clear();
        output.hidden_states.clear();
        ++steps_taken;
        for (const nn::CacheStep& step : steps)
            read(cache, step, rows, keep_hidden_states, output);
    }

    /// The scores after a text, worked out without a cache.
    std::vector<float> scores_after(std::span<const std::uint32_t> ids) const {
        std::vector<float> scores;
        append_scores(context(ids), scores);
        return scores;
    }
    std::vector<float> hidden_after(std::span<const std::uint32_t> ids) const {
        std::vector<float> hidden;
        append_values(context(ids) + 1, hidden_size(), 1.0F, hidden);
        return hidden;
    }

    mutable std::size_t tokens_read = 0;
    mutable std::size_t steps_taken = 0;

private:
    static std::uint64_t mix(std::uint64_t x) {
        x += 0x9E3779B97F4A7C15ULL;
        x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
        return x ^ (x >> 31U);
    }
    std::uint64_t context(std::span<const std::uint32_t> ids) const {
        const std::size_t seen =
            options_.order == 0 ? ids.size() : std::min(options_.order, ids.size());
        std::uint64_t hash = options_.seed;
        for (const std::uint32_t id : ids.last(seen))
            hash = mix(hash ^ id);
        return hash;
    }
    static void append_values(std::uint64_t hash, std::size_t count, float spread,
                              std::vector<float>& values) {
        for (std::size_t i = 0; i < count; ++i) {
            const auto bits = static_cast<float>(mix(hash + i * 0x9E37ULL) >> 40U);
            values.push_back(spread * (bits * 0x1p-23F - 1.0F));
        }
    }
    void append_scores(std::uint64_t hash, std::vector<float>& scores) const {
        append_values(hash, options_.vocabulary, options_.spread, scores);
    }

    void read(nn::KvCache& cache, const nn::CacheStep& step, nn::ScoredRows rows,
              bool keep_hidden_states, nn::StepOutput& output) const {
        const simd::CacheRows& keys = cache.keys(0);
        const simd::CacheRows& values = cache.values(0);
        const auto stored = [&](const simd::CacheRows& where, std::size_t t) -> float& {
            return reinterpret_cast<float*>(where.data)[where.row(step.sequence, 0, t)];
        };
        std::vector<std::uint32_t>& seen = seen_;
        seen.clear();
        seen.reserve(cache.capacity());
        const std::size_t length = cache.length(step.sequence);
        for (std::size_t t = options_.windowed ? length - std::min<std::size_t>(length, 4) : 0;
             t < length; ++t) {
            if (stored(keys, t) != stored(values, t))
                throw Error{"MarkovModel: keys and values differ"};
            seen.push_back(static_cast<std::uint32_t>(stored(keys, t)));
        }
        for (std::size_t i = 0; i < step.ids.size(); ++i) {
            stored(keys, length + i) = stored(values, length + i) = static_cast<float>(step.ids[i]);
            seen.push_back(step.ids[i]);
            ++tokens_read;
            if (rows == nn::ScoredRows::none ||
                (rows == nn::ScoredRows::last && i + 1 < step.ids.size()))
                continue;
            append_scores(context(seen), output.logits);
            if (keep_hidden_states)
                append_values(context(seen) + 1, hidden_size(), 1.0F, output.hidden_states);
        }
        cache.append(step.sequence, step.ids);
    }

    Options options_;
    mutable std::vector<std::uint32_t> seen_;
};

using Tokens = std::vector<std::uint32_t>;

/// One prompt, one text.
inline GeneratedSequence generate_one(const nn::LanguageModel& model, const Tokens& prompt,
                                      const GenerationConfig& settings,
                                      const GenerateOptions& options = {}) {
    return std::move(generate(model, {&prompt, 1}, settings, options).sequences.at(0));
}

/// Greedy decoding as one would write it down, without a cache.
inline Tokens greedy_by_hand(const MarkovModel& model, Tokens ids, std::size_t new_tokens,
                             const Tokens& eos = {}) {
    for (std::size_t i = 0; i < new_tokens; ++i) {
        const std::vector<float> scores = model.scores_after(ids);
        const auto best = std::max_element(scores.begin(), scores.end()) - scores.begin();
        ids.push_back(static_cast<std::uint32_t>(best));
        if (std::find(eos.begin(), eos.end(), ids.back()) != eos.end())
            break;
    }
    return ids;
}

}  // namespace xzoo::test
