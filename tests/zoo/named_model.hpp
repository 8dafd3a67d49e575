// Models whose parameters have random values that depend on their names alone, so that models of
// different types can be given the same weights.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "support.hpp"
#include "xzoo/core/aligned_buffer.hpp"
#include "xzoo/core/params.hpp"
#include "xzoo/core/workspace.hpp"
#include "xzoo/io/param_layout.hpp"
#include "xzoo/nn/decoder_batch.hpp"
#include "xzoo/nn/param_formats.hpp"

namespace xzoo::test {

/// The values that belong to a name, for a parameter of that shape.
inline std::vector<float> named_values(std::string_view name, const Shape& shape) {
    std::uint32_t seed = 1;
    for (const char c : name)
        seed = seed * 31U + static_cast<unsigned char>(c);
    std::mt19937 random{seed};
    std::normal_distribution<float> normal;
    const bool of_norm = shape.rank == 1 && name.ends_with("weight");
    const float deviation = shape.rank == 2 ? 1.5F / std::sqrt(static_cast<float>(shape[1])) : 0.2F;
    std::vector<float> values(shape.elements());
    for (float& value : values)
        value = (of_norm ? 1.0F : 0.0F) + deviation * normal(random);
    return values;
}

/// A model that owns such values.
template <class Model>
class NamedModel {
public:
    NamedModel()
        : NamedModel([](const ParamInfo& param) { return named_values(param.name, param.shape); }) {
    }
    /// values(param) gives the numbers of a parameter, row by row.
    template <class Values>
    explicit NamedModel(const Values& values) {
        std::vector<const void*> places;
        for (std::size_t i = 0; i < params<Model>.size(); ++i) {
            const io::StoredParam stored{params<Model>[i], nn::param_formats<Model>[i]};
            buffers_.emplace_back(stored.bytes() / sizeof(float) + 1);
            io::store_param(stored, values(stored.param).data(), buffers_.back().data());
            places.push_back(buffers_.back().data());
        }
        point_params(model_, places, nn::param_formats<Model>);
    }

    const Model& operator*() const { return model_; }

    /// One forward pass: last_hidden_state (1, ids, hidden), or the logits (1, ids, vocabulary) of
    /// a language model. positions: 0, 1, 2, ... if empty.
    std::vector<float> run(const std::vector<std::uint32_t>& ids,
                           const std::vector<std::uint32_t>& positions = {}) const {
        DecoderInputs inputs;
        inputs.input_ids.resize({1, ids.size()});
        std::copy(ids.begin(), ids.end(), inputs.input_ids.begin());
        if (!positions.empty()) {
            inputs.position_ids.resize({1, ids.size()});
            std::copy(positions.begin(), positions.end(), inputs.position_ids.begin());
        }
        Workspace workspace{1};
        typename Model::Output output;
        model_.run(nn::view(inputs, Model::limits), workspace, 1, output);
        if constexpr (requires { output.logits; })
            return {output.logits.begin(), output.logits.end()};
        else
            return {output.last_hidden_state.begin(), output.last_hidden_state.end()};
    }

private:
    Model model_;
    std::vector<AlignedBuffer> buffers_;
};

}  // namespace xzoo::test
