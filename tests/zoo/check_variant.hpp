// How a variant of a decoder is checked against the same model in plain double precision.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "xzoo/nn/causal_model.hpp"
#include "xzoo/nn/decoder_batch.hpp"
#include "zoo/plain_decoder.hpp"

namespace xzoo::test {

inline constexpr std::size_t vocabulary = 97;
using Ids = std::vector<std::uint32_t>;

inline Ids random_ids(std::size_t count) {
    std::mt19937 random{11};
    Ids ids(count);
    for (std::uint32_t& id : ids)
        id = static_cast<std::uint32_t>(random() % vocabulary);
    return ids;
}

/// Checks the logits of a sequence, with and without padding on its left, and step by step, against
/// plain(model, ids), which the test defines.
template <class Model>
void check_variant() {
    const RandomModel<Model> model;
    const Ids ids = random_ids(41);
    const Rows wanted = plain(model, ids);
    double largest = 1.0;
    for (const double value : wanted)
        largest = std::max(largest, std::abs(value));
    const auto check = [&](const float* found, std::size_t first, std::size_t count) {
        double error = 0.0;
        for (std::size_t i = 0; i < count * vocabulary; ++i)
            error = std::max(error, std::abs(double{found[i]} - wanted[first * vocabulary + i]));
        CHECK(error <= 2e-5 * (1.0 + largest));
    };

    constexpr std::size_t padding = 3;
    DecoderInputs inputs{
        .input_ids = xt::zeros<std::uint32_t>({std::size_t{2}, ids.size() + padding}),
        .attention_mask = xt::ones<float>({std::size_t{2}, ids.size() + padding})};
    for (std::size_t t = 0; t < padding; ++t)
        inputs.attention_mask(1, t) = 0.0F;
    std::copy(ids.begin(), ids.end(), &inputs.input_ids(0, 0));
    std::copy(ids.begin(), ids.end(), &inputs.input_ids(1, padding));
    const auto logits = model.run(inputs, 2).logits;
    check(&logits(0, 0, 0), 0, ids.size());
    check(&logits(1, padding, 0), 0, ids.size());

    const nn::CausalModel causal{(*model).decoder(), (*model).head(), Model::max_positions};
    nn::KvCache cache = causal.make_cache({.capacity = 64, .prefill_chunk = 7});
    Workspace workspace{1};
    nn::StepOutput output;
    for (std::size_t begin = 0, count = 19; begin < ids.size(); begin += count, count = 1) {
        const nn::CacheStep step{0, std::span{ids}.subspan(begin, count)};
        causal.step(cache, {&step, 1}, nn::ScoredRows::all, false, workspace, output);
        check(output.logits.data(), begin, count);
    }
}

template <class Config, class Change>
constexpr Config changed(Config config, Change change) {
    change(config);
    return config;
}

}  // namespace xzoo::test
