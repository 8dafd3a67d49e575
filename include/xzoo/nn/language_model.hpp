// What generation needs of a model, behind one interface: decoding loops, beams and samplers are
// compiled once, whatever the model's type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "xzoo/core/workspace.hpp"
#include "xzoo/nn/kv_cache.hpp"

namespace xzoo::nn {

/// New tokens of one sequence of a cache.
struct CacheStep {
    std::size_t sequence = 0;              // of the cache
    std::span<const std::uint32_t> ids{};  // appended to what the sequence holds; at least one
};

/// Which of the new tokens a step scores.
enum class ScoredRows : std::uint8_t {
    none,
    last,  // the last token of each CacheStep
    all,
};

/// What a step computed, in the order of its CacheSteps and their tokens. Used again from step to
/// step, so that a warm loop does not allocate.
struct StepOutput {
    std::vector<float> logits{};         // (scored rows, vocabulary)
    std::vector<float> hidden_states{};  // (scored rows, hidden): the head's input, if wanted
};

/// A causal language model that remembers what it has read in a cache.
class LanguageModel {
public:
    LanguageModel() = default;
    LanguageModel(const LanguageModel&) = delete;
    LanguageModel& operator=(const LanguageModel&) = delete;
    virtual ~LanguageModel() = default;

    virtual std::size_t vocab_size() const noexcept = 0;
    virtual std::size_t hidden_size() const noexcept = 0;
    /// Tokens for which the model has positions; 0: it has no such limit.
    virtual std::size_t max_positions() const noexcept = 0;

    /// How many tokens a text of `length` tokens may get in one step if each is to be read as in a
    /// step of its own: where rotary angles depend on the length of the text, all tokens of a step
    /// have those of its end.
    virtual std::size_t tokens_at_once(std::size_t /*length*/) const noexcept {
        return std::numeric_limits<std::size_t>::max();
    }

    /// A cache for this model. options.capacity 0: max_positions(), or 2048 where there is no
    /// limit.
    virtual KvCache make_cache(const CacheOptions& options) const = 0;

    /// Appends tokens to sequences of the cache and scores them. Long inputs are taken in chunks of
    /// options.prefill_chunk tokens a sequence.
    /// Steps name different sequences.
    /// Errors  as check_steps; the cache is then as it was.
    virtual void step(KvCache& cache, std::span<const CacheStep> steps, ScoredRows rows,
                      bool keep_hidden_states, Workspace& workspace, StepOutput& output) const = 0;
};

}  // namespace xzoo::nn
