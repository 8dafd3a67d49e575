// Small encoders of every family with weights that matter, and inputs for them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "support.hpp"
#include "xzoo/core/aligned_buffer.hpp"
#include "xzoo/io/param_layout.hpp"
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

/// A model that owns random weights, large enough for attention to differ between tokens.
template <class Model>
class RandomModel {
public:
    explicit RandomModel(unsigned seed = 1) {
        std::mt19937 random{seed};
        std::normal_distribution<float> normal;
        std::vector<const void*> places;
        for (const ParamInfo& param : params<Model>) {
            const bool of_norm = param.shape.rank == 1 && param.name.ends_with("weight");
            const float deviation =
                param.shape.rank == 2 ? 2.0F / std::sqrt(static_cast<float>(param.shape[1])) : 0.2F;
            std::vector<float> values(param.shape.elements());
            for (float& value : values)
                value = (of_norm ? 1.0F : 0.0F) + deviation * normal(random);
            places.push_back(keep(param, values));
            values_[std::string{param.name}] = std::move(values);
        }
        point_params(model_, places);
    }

    const Model& operator*() const { return model_; }

    /// The values of a parameter, row by row.
    const std::vector<float>& values(const std::string& name) const { return values_.at(name); }

    /// One forward pass.
    typename Model::Output run(const typename Model::Inputs& inputs, int threads = 1) const {
        Workspace workspace{threads};
        typename Model::Output output;
        model_.run(nn::view(inputs, Model::limits), workspace, threads, output);
        return output;
    }

private:
    const void* keep(const ParamInfo& param, const std::vector<float>& values) {
        using Arch = simd::default_arch;
        buffers_.emplace_back(io::stored_bytes<Arch>(param) / sizeof(float) + 1);
        io::store_param<Arch>(param, values.data(), buffers_.back().data());
        return buffers_.back().data();
    }

    Model model_;
    std::vector<AlignedBuffer> buffers_;
    std::map<std::string, std::vector<float>> values_;
};

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
