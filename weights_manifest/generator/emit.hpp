// Writing generated headers.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weights_manifest/generator/manifest.hpp"

namespace xzoo::generator {

/// The text of <xzoo/weights/FAMILY.hpp>.
std::string family_header(const Manifest& manifest);

/// The text of <xzoo/weights.hpp>, which includes all families.
std::string umbrella_header(std::span<const Manifest> manifests);

/// "inline constexpr std::array<TensorRecord, 2> NAME{{...}};", or nothing for an empty list.
std::string tensor_array(std::string_view name, const std::vector<TensorFacts>& tensors,
                         std::string_view indent);

/// Writes a file unless it has that text already, so that what includes it is not compiled anew.
/// Errors  FileError.
void write_file(const std::filesystem::path& path, const std::string& text);

}  // namespace xzoo::generator
