#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace xzoo {

/// Why a text ends.
enum class FinishReason : std::uint8_t {
    length,       // max_length or max_new_tokens
    end_token,    // an eos_token_id, which is the last of the ids
    stop_string,  // whose tokens are the last of the ids; the text ends before it
    max_time,
    stopped,       // a callback returned false
    context_full,  // the model has no more positions, or the caller's cache no more room
};

/// A token and the logarithm (base e) of the probability that the model gave it.
struct TokenLogProb {
    std::uint32_t id = 0;
    float log_prob = 0.0F;
};

/// One text that was written.
struct GeneratedSequence {
    std::size_t prompt = 0;            // number of the prompt that it continues
    std::vector<std::uint32_t> ids{};  // prompt and continuation
    std::size_t prompt_length = 0;     // tokens of the prompt
    FinishReason finish_reason = FinishReason::length;
    std::string text{};  // of the continuation, where there was a text decoder
    /// Of the new tokens, by the model's own scores, before settings changed them; if asked for.
    std::vector<float> log_probs{};
    /// (new tokens, alternatives): the most probable ones, best first; if asked for.
    std::vector<TokenLogProb> top_log_probs{};
    /// Of beams: the sum of the processed log-probabilities over length^length_penalty.
    std::optional<float> beam_score{};

    std::span<const std::uint32_t> new_ids() const {
        return std::span<const std::uint32_t>{ids}.subspan(prompt_length);
    }
};

struct GenerationResult {
    /// num_return_sequences for each prompt, in the order of prompts; of beams the best first.
    std::vector<GeneratedSequence> sequences{};
    std::size_t prompt_tokens = 0;
    std::size_t cached_tokens = 0;  // of them, not read because the cache held them
    std::size_t new_tokens = 0;     // of all sequences
    std::size_t model_steps = 0;    // forward passes
    double seconds_to_first_token = 0.0;
    double seconds = 0.0;
    std::optional<std::uint64_t> seed{};  // that makes sampling repeat; none: nothing was sampled
};

}  // namespace xzoo
