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

/// The members of a struct that describes an entry: config, the model's type under an alias, the
/// arrays of facts, and entry.
std::string entry_body(const Family& family, std::string_view enumeration,
                       std::string_view model_alias, const Entry& entry);

/// Writes a file unless it has that text already, so that what includes it is not compiled anew.
/// Errors  FileError.
void write_file(const std::filesystem::path& path, const std::string& text);

}  // namespace xzoo::generator
