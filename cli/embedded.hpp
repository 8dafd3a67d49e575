// The models that the program carries.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace xzoo::cli {

/// The entry of the model that answers where a user names none.
inline constexpr std::string_view default_model_name = "language_id";

/// The files of an entry: model.safetensors, and the texts of the others.
struct EmbeddedModel {
    std::string_view entry;
    std::span<const std::byte> weights;
    std::string_view config;
    std::string_view tokenizer;
    std::string_view generation_config;  // empty: there is none
};

/// The model of an entry; null where the program carries none of it.
const EmbeddedModel* find_embedded(std::string_view entry);

/// Whether the program carries a file of an entry.
bool is_embedded(std::string_view entry, std::string_view file);

}  // namespace xzoo::cli
