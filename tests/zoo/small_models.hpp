// Configs of small models with odd sizes, and what they say to a fixed input.
#pragma once

#include <cstdint>
#include <vector>

#include "zoo/bert.hpp"
#include "zoo/llama.hpp"

namespace xzoo::test {

inline constexpr LlamaConfig small_llama{.vocab_size = 211,
                                         .hidden_size = 40,
                                         .intermediate_size = 56,
                                         .num_hidden_layers = 2,
                                         .num_attention_heads = 5,
                                         .num_key_value_heads = 1,
                                         .tie_word_embeddings = true};
inline constexpr BertConfig small_bert{.vocab_size = 211,
                                       .hidden_size = 36,
                                       .num_hidden_layers = 2,
                                       .num_attention_heads = 3,
                                       .intermediate_size = 50,
                                       .max_position_embeddings = 40,
                                       .num_labels = 3};

/// All logits of two texts of seven tokens.
template <class Model>
std::vector<float> logits(const Model& model) {
    typename Model::Inputs inputs;
    inputs.input_ids.resize({2, 7});
    std::uint32_t id = 1;
    for (auto& value : inputs.input_ids)
        value = id++;
    const auto scores = model(inputs).logits;
    return {scores.begin(), scores.end()};
}

}  // namespace xzoo::test
