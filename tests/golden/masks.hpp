// Compares forward passes under masks with the oracle: golden.safetensors has masks and, for each
// mask NAME that was used in a pass, last_hidden_state_NAME.
#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "runner.hpp"

namespace xzoo::golden {

/// Within 2e-5 * (1 + largest absolute expected value), at tokens whose weight is not 0.
inline void compare_tokens(std::span<const float> found, const xt::xarray<double>& expected,
                           const xt::xarray<double>& weights) {
    const std::vector<float> values(expected.begin(), expected.end());
    REQUIRE(found.size() == values.size());
    float largest = 0.0F;
    for (const float value : values)
        largest = std::max(largest, std::abs(value));
    const std::size_t size = expected.shape().back();
    for (std::size_t token = 0; token < weights.size(); ++token) {
        if (weights.data()[token] == 0.0)
            continue;
        INFO("token " << token);
        test::require_close(found.subspan(token * size, size),
                            std::span{values}.subspan(token * size, size),
                            2e-5 * (1.0 + double{largest}));
    }
}

/// Runs the model once for each last_hidden_state_NAME: under a mask of heads beside the
/// attention_mask of the file, or under any other mask in its place.
template <class Model>
void run_masks(const std::filesystem::path& folder) {
    const std::string output = "last_hidden_state_";
    const Case golden{folder};
    const Model model = Model{}.from_pretrained(folder);
    const std::vector<std::string> passes = golden.names(output);
    REQUIRE_FALSE(passes.empty());
    for (const std::string& pass : passes) {
        INFO(pass);
        const std::string mask = pass.substr(output.size());
        const bool is_of_heads = mask.rfind("head_mask", 0) == 0;
        xt::xarray<double> tokens = golden.at("attention_mask");
        EncoderInputs inputs{.input_ids = ids<2>(golden, "input_ids")};
        if (is_of_heads) {
            inputs.head_mask = xt::cast<float>(golden.at(mask));
            inputs.attention_mask = xt::cast<float>(tokens);
        } else {
            inputs.attention_mask = xt::cast<float>(golden.at(mask));
            tokens.fill(1.0);
        }
        const xt::xtensor<float, 3> hidden = model(inputs).last_hidden_state;
        compare_tokens({hidden.data(), hidden.size()}, golden.at(pass), tokens);
    }
}

}  // namespace xzoo::golden

/// Defines the test of one folder: its name, its path, its model type.
#define XZOO_MASKS_CASE(name, folder, model)                                  \
    TEST_CASE("golden: " #name " equals the oracle", "[golden][" #name "]") { \
        xzoo::golden::run_masks<model>(folder);                               \
    }
