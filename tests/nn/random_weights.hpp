// Models of any family with random weights, which tests know by name.
#pragma once

#include <cmath>
#include <cstddef>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "support.hpp"
#include "xzoo/core/aligned_buffer.hpp"
#include "xzoo/core/params.hpp"
#include "xzoo/core/workspace.hpp"
#include "xzoo/io/param_layout.hpp"
#include "xzoo/nn/decoder_batch.hpp"
#include "xzoo/nn/encoder_batch.hpp"
#include "xzoo/nn/param_formats.hpp"

namespace xzoo::test {

/// A model that owns random weights, large enough for attention to differ between tokens.
template <class Model>
class RandomModel {
public:
    explicit RandomModel(unsigned seed = 1) {
        std::mt19937 random{seed};
        std::normal_distribution<float> normal;
        std::vector<const void*> places;
        for (std::size_t i = 0; i < params<Model>.size(); ++i) {
            const ParamInfo& param = params<Model>[i];
            const bool of_norm = param.shape.rank == 1 && param.name.ends_with("weight");
            const float deviation =
                param.shape.rank == 2 ? 2.0F / std::sqrt(static_cast<float>(param.shape[1])) : 0.2F;
            std::vector<float> values(param.shape.elements());
            for (float& value : values)
                value = (of_norm ? 1.0F : 0.0F) + deviation * normal(random);
            places.push_back(keep({param, nn::param_formats<Model>[i]}, values));
            values_[std::string{param.name}] = std::move(values);
        }
        point_params(model_, places, nn::param_formats<Model>);
    }

    const Model& operator*() const { return model_; }

    /// The values of a parameter, row by row.
    const std::vector<float>& values(const std::string& name) const { return values_.at(name); }

    bool has(const std::string& name) const { return values_.count(name) > 0; }

    /// One forward pass.
    typename Model::Output run(const typename Model::Inputs& inputs, int threads = 1) const {
        Workspace workspace{threads};
        typename Model::Output output;
        // view() is that of the inputs' kind, found by the namespace of the limits.
        model_.run(view(inputs, Model::limits), workspace, threads, output);
        return output;
    }

private:
    const void* keep(const io::StoredParam& param, const std::vector<float>& values) {
        buffers_.emplace_back(param.bytes() / sizeof(float) + 1);
        io::store_param(param, values.data(), buffers_.back().data());
        return buffers_.back().data();
    }

    Model model_;
    std::vector<AlignedBuffer> buffers_;
    std::map<std::string, std::vector<float>> values_;
};

}  // namespace xzoo::test
