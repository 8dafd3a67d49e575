// Small encoders of every family with weights that matter, and inputs for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "nn/random_weights.hpp"
#include "zoo/albert.hpp"
#include "zoo/bert.hpp"
#include "zoo/distilbert.hpp"
#include "zoo/electra.hpp"
#include "zoo/mpnet.hpp"
#include "zoo/roberta.hpp"

namespace xzoo::test {

/// A config in which no size is a multiple of a vector's. All families take the same inputs.
template <class Config>
constexpr Config small() {
    Config config;
    config.vocab_size = 211;
    config.max_position_embeddings = 90;
    if constexpr (requires { config.dim; }) {
        config.dim = 36;
        config.n_layers = 2;
        config.n_heads = 3;
        config.hidden_dim = 50;
    } else {
        config.hidden_size = 36;
        config.num_hidden_layers = 2;
        config.num_attention_heads = 3;
        config.intermediate_size = 50;
    }
    if constexpr (requires { config.embedding_size; })
        config.embedding_size = 20;
    return config;
}

inline constexpr auto small_bert = small<BertConfig>();
inline constexpr auto small_roberta = small<RobertaConfig>();
inline constexpr auto small_distilbert = small<DistilBertConfig>();
inline constexpr auto small_mpnet = small<MpnetConfig>();
inline constexpr auto small_electra = small<ElectraConfig>();
inline constexpr auto small_albert = small<AlbertConfig>();

using SmallBert = Bert<small_bert>;
using SmallRoberta = Roberta<small_roberta>;
using SmallDistilBert = DistilBert<small_distilbert>;
using SmallMpnet = Mpnet<small_mpnet>;
using SmallElectra = Electra<small_electra>;
using SmallAlbert = Albert<small_albert>;

/// Sentences of 5 to 40 tokens, without the padding ids of any family.
inline std::vector<std::vector<std::uint32_t>> random_sentences(std::size_t count,
                                                                unsigned seed = 7) {
    std::mt19937 random{seed};
    std::vector<std::vector<std::uint32_t>> sentences(count);
    for (auto& sentence : sentences) {
        sentence.resize(5 + random() % 36);
        for (std::uint32_t& id : sentence)
            id = 4 + static_cast<std::uint32_t>(random() % 200);
    }
    return sentences;
}

}  // namespace xzoo::test
