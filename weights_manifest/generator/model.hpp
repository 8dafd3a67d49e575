// A user's own model: from its config.json and, if it has one, its weights file to a C++ header.
#pragma once

#include <filesystem>
#include <string>

namespace xzoo::generator {

struct ModelRequest {
    std::string name;               // of the header's struct
    std::filesystem::path config;   // config.json
    std::filesystem::path weights;  // a safetensors file; empty: none
    std::string class_name;         // as Hugging Face or the zoo calls it; empty: architectures[0]
};

/// The text of NAME.hpp: struct NAME with config, Model, entry; where there are weights, compiling
/// it checks that they fit the model.
/// Errors  ManifestError, ConfigError, FileError, WeightsError: names the file and what is wrong.
std::string model_header(const ModelRequest& request);

}  // namespace xzoo::generator
