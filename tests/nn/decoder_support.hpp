// Small decoders with random weights, and what they say of a text read at once.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "nn/random_model.hpp"
#include "zoo/gpt2.hpp"
#include "zoo/llama.hpp"

namespace xzoo::test {

inline constexpr LlamaConfig small_llama{.vocab_size = 97,
                                         .hidden_size = 40,
                                         .intermediate_size = 56,
                                         .num_hidden_layers = 3,
                                         .num_attention_heads = 5,
                                         .num_key_value_heads = 1,
                                         .max_position_embeddings = 256};

/// A decoder whose second layer looks back on 7 tokens only.
struct WindowConfig : LlamaConfig {
    constexpr std::size_t window(std::size_t layer) const { return layer == 1 ? 7 : 0; }
    friend constexpr bool operator==(const WindowConfig&, const WindowConfig&) = default;
};
inline constexpr WindowConfig small_window{small_llama};

struct NoRules {};

template <WindowConfig C>
struct WindowModel : ModelLanguageModel<LlamaBody<C, Precision::f32>>,
                     CausalTask<WindowModel<C>, LlamaCommon<C, NoRules>> {
    static constexpr const char* class_name = "WindowModel";
};

inline constexpr Gpt2Config small_gpt2{
    .vocab_size = 97, .n_positions = 128, .n_embd = 36, .n_layer = 2, .n_head = 3};

/// A model, and its view for generation.
template <class Model>
struct Decoder {
    RandomModel<Model> weights{};
    nn::CausalModel model{(*weights).decoder(), (*weights).head(), Model::max_positions};

    /// Logits (tokens, vocabulary) of a text that is read at once, without a cache.
    std::vector<float> at_once(std::span<const std::uint32_t> ids) const {
        DecoderInputs inputs;
        inputs.input_ids.resize({1, ids.size()});
        std::copy(ids.begin(), ids.end(), inputs.input_ids.begin());
        const auto logits = weights.run(inputs).logits;
        return {logits.begin(), logits.end()};
    }
};

inline std::vector<std::uint32_t> random_text(std::size_t length, unsigned seed,
                                              std::uint32_t vocabulary = 97) {
    std::mt19937 random{seed};
    std::vector<std::uint32_t> ids(length);
    for (std::uint32_t& id : ids)
        id = static_cast<std::uint32_t>(random() % vocabulary);
    return ids;
}

/// Fails where two lists of numbers differ by more than `tolerance` times the largest.
inline void require_near(std::span<const float> found, std::span<const float> expected,
                         double tolerance = 1e-5) {
    REQUIRE(found.size() == expected.size());
    double largest = 0.0;
    double worst = 0.0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        largest = std::max(largest, std::abs(double{expected[i]}));
        const double error = std::abs(double{found[i]} - double{expected[i]});
        worst = std::isnan(error) ? INFINITY : std::max(worst, error);
    }
    INFO("largest error " << worst << " of values up to " << largest);
    REQUIRE(largest > 0.0);
    REQUIRE(worst <= tolerance * (1.0 + largest));
}

}  // namespace xzoo::test
