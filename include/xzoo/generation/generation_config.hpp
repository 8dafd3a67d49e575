// How to continue a text: the fields of generation_config.json.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace xzoo {

/// One token id, or several of which each will do.
struct TokenIds : std::vector<std::uint32_t> {
    TokenIds() = default;
    TokenIds(std::uint32_t id) : vector{id} {}
    TokenIds(std::initializer_list<std::uint32_t> ids) : vector{ids} {}
    explicit TokenIds(std::vector<std::uint32_t> ids) : vector{std::move(ids)} {}
};

/// When a beam search that has num_beams finished texts stops.
enum class EarlyStopping : std::uint8_t {
    no,     // when the best open beam would not be better if it ended now
    yes,    // at once
    never,  // when no open beam can become better
};

/// What is added to the score of the last id where the others precede it.
struct SequenceBias {
    std::vector<std::uint32_t> ids{};
    float bias = 0.0F;
};

/// From `start` new tokens on, the score of the end grows by |score| * (factor^n - 1) after n more.
struct ExponentialDecay {
    std::size_t start = 0;
    float factor = 1.0F;
};

/// What is unset is taken from generation_config.json, then from config.json (the special tokens),
/// then from the defaults, which are those of Hugging Face transformers. Setting one of the fields
/// from temperature to seed turns sampling on, unless do_sample says otherwise.
///
///     {.max_new_tokens = 200, .temperature = 0.8F, .top_p = 0.95F, .seed = 7}
///
/// Names and meanings are those of transformers 4.46, and so is the order in which scores are
/// changed: see processors.hpp.
struct GenerationConfig {
    // When to stop.
    std::optional<std::size_t> max_length{};      // tokens with the prompt; 20
    std::optional<std::size_t> max_new_tokens{};  // instead of max_length
    std::optional<std::size_t> min_length{};      // 0
    std::optional<std::size_t> min_new_tokens{};
    std::optional<double> max_time{};  // seconds
    std::optional<std::vector<std::string>> stop_strings{};
    std::optional<EarlyStopping> early_stopping{};  // of beams; no

    // How to choose.
    std::optional<bool> do_sample{};               // false: the most probable token
    std::optional<std::size_t> num_beams{};        // 1
    std::optional<std::size_t> num_beam_groups{};  // 1
    std::optional<float> penalty_alpha{};          // above 0: contrastive search over top_k tokens
    std::optional<float> temperature{};            // 1
    std::optional<std::size_t> top_k{};            // 50; 0: all
    std::optional<float> top_p{};                  // 1
    std::optional<float> min_p{};                  // of the most probable token
    std::optional<float> typical_p{};              // 1
    std::optional<float> epsilon_cutoff{};         // 0
    std::optional<float> eta_cutoff{};             // 0
    std::optional<std::uint64_t> seed{};           // unset: another one each time
    std::optional<std::size_t> num_return_sequences{};  // texts a prompt; 1

    // What changes scores.
    std::optional<float> guidance_scale{};
    std::optional<std::vector<SequenceBias>> sequence_bias{};
    std::optional<float> diversity_penalty{};           // between groups of beams; 0
    std::optional<float> repetition_penalty{};          // 1
    std::optional<float> length_penalty{};              // of beams: exponent of the length; 1
    std::optional<std::size_t> no_repeat_ngram_size{};  // 0
    std::optional<std::vector<std::vector<std::uint32_t>>> bad_words_ids{};
    std::optional<bool> renormalize_logits{};  // false
    std::optional<std::uint32_t> forced_bos_token_id{};
    std::optional<TokenIds> forced_eos_token_id{};
    std::optional<bool> remove_invalid_values{};  // false
    std::optional<ExponentialDecay> exponential_decay_length_penalty{};
    std::optional<std::vector<std::uint32_t>> suppress_tokens{};
    std::optional<std::vector<std::uint32_t>> begin_suppress_tokens{};

    // Tokens read at once, where a guess of them can be checked; the text is the same.
    std::optional<std::size_t> prompt_lookup_num_tokens{};  // guessed from earlier in the text
    std::optional<std::size_t> max_matching_ngram_size{};   // 2
    std::optional<std::size_t> num_assistant_tokens{};      // guessed by a draft model; 5

    // Special tokens.
    std::optional<std::uint32_t> pad_token_id{};
    std::optional<std::uint32_t> bos_token_id{};
    std::optional<TokenIds> eos_token_id{};
};

/// Calls visit(name, field) for every field of a GenerationConfig, const or not, or
/// visit(name, field, other field) for two of them.
template <class Visit, class... Configs>
requires(std::is_same_v<std::remove_const_t<Configs>,
                        GenerationConfig>&&...) void visit_generation_fields(Visit&& visit,
                                                                             Configs&... configs) {
#define XZOO_VISIT(field) visit(#field, configs.field...);
    XZOO_VISIT(max_length)
    XZOO_VISIT(max_new_tokens)
    XZOO_VISIT(min_length)
    XZOO_VISIT(min_new_tokens)
    XZOO_VISIT(max_time)
    XZOO_VISIT(stop_strings)
    XZOO_VISIT(early_stopping)
    XZOO_VISIT(do_sample)
    XZOO_VISIT(num_beams)
    XZOO_VISIT(num_beam_groups)
    XZOO_VISIT(penalty_alpha)
    XZOO_VISIT(temperature)
    XZOO_VISIT(top_k)
    XZOO_VISIT(top_p)
    XZOO_VISIT(min_p)
    XZOO_VISIT(typical_p)
    XZOO_VISIT(epsilon_cutoff)
    XZOO_VISIT(eta_cutoff)
    XZOO_VISIT(seed)
    XZOO_VISIT(num_return_sequences)
    XZOO_VISIT(guidance_scale)
    XZOO_VISIT(sequence_bias)
    XZOO_VISIT(diversity_penalty)
    XZOO_VISIT(repetition_penalty)
    XZOO_VISIT(length_penalty)
    XZOO_VISIT(no_repeat_ngram_size)
    XZOO_VISIT(bad_words_ids)
    XZOO_VISIT(renormalize_logits)
    XZOO_VISIT(forced_bos_token_id)
    XZOO_VISIT(forced_eos_token_id)
    XZOO_VISIT(remove_invalid_values)
    XZOO_VISIT(exponential_decay_length_penalty)
    XZOO_VISIT(suppress_tokens)
    XZOO_VISIT(begin_suppress_tokens)
    XZOO_VISIT(prompt_lookup_num_tokens)
    XZOO_VISIT(max_matching_ngram_size)
    XZOO_VISIT(num_assistant_tokens)
    XZOO_VISIT(pad_token_id)
    XZOO_VISIT(bos_token_id)
    XZOO_VISIT(eos_token_id)
#undef XZOO_VISIT
}

}  // namespace xzoo
