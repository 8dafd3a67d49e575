#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "xzoo/core/workspace.hpp"
#include "xzoo/generation/generation_config.hpp"
#include "xzoo/nn/kv_cache.hpp"
#include "xzoo/nn/language_model.hpp"
#include "xzoo/text/text_decoder.hpp"

namespace xzoo {

/// With what to generate: none of this changes which tokens are chosen, but for model_config and
/// negative_prompts. Callbacks learn the number of a sequence in GenerationResult::sequences, and
/// return false to end it.
struct GenerateOptions {
    /// What the model's files say: see read_generation_config.
    GenerationConfig model_config{};
    /// Continues what it holds: what a prompt has in common with its sequence is not read again,
    /// but by contrastive search, which needs the hidden states of the whole prompt. One sequence
    /// for each one that is generated, for each beam, or for each of top_k candidates; it does not
    /// grow. Unset: a new cache, which grows.
    nn::KvCache* cache = nullptr;
    CacheOptions new_cache{};  // dtype and prefill_chunk of caches that are made
    Workspace* workspace = nullptr;

    MakeTextDecoder text_decoder{};
    /// Needs text_decoder. Whole characters; what may become a stop string is held back.
    std::function<bool(std::size_t sequence, std::string_view piece)> on_text{};
    std::function<bool(std::size_t sequence, std::uint32_t id)> on_token{};

    /// Set: also the log-probabilities of new tokens and of so many alternatives.
    std::optional<std::size_t> log_probs{};
    /// What guidance_scale leads away from, one for each prompt. Unset: a text that begins with the
    /// prompt's last token.
    std::span<const std::vector<std::uint32_t>> negative_prompts{};
    /// A smaller model with the same vocabulary, which guesses num_assistant_tokens at a time.
    const nn::LanguageModel* draft_model = nullptr;
};

}  // namespace xzoo
