// The language identification model that the program carries.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace xzoo::cli {

inline constexpr std::string_view embedded_model_name = "language_id";

/// Whether the program carries a file of an entry.
constexpr bool is_embedded(std::string_view entry, std::string_view file) {
    return entry == embedded_model_name &&
           (file == "model.safetensors" || file == "config.json" || file == "tokenizer.json");
}

/// Bytes of its safetensors file, and texts of its other files.
std::span<const std::byte> embedded_weights();
std::string_view embedded_config();
std::string_view embedded_tokenizer();

}  // namespace xzoo::cli
