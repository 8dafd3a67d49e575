// The facts in an entry: its files, tensors and metrics.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "weights_manifest/generator/json_fields.hpp"
#include "weights_manifest/generator/manifest.hpp"

namespace xzoo::generator {

/// The entry's "files": sizes and hashes as stated or, where the entry has a folder, as measured.
std::vector<FileFacts> read_files(const Fields& entry, const std::filesystem::path& folder);

/// The entry's "tensors" or, where the entry has a folder, those of its weight files.
std::vector<TensorFacts> read_tensors(const Fields& entry, const std::vector<FileFacts>& files,
                                      const std::filesystem::path& folder);

/// The entry's "metrics". A value may be a reference into a JSON file of the entry's folder.
std::vector<MetricFacts> read_metrics(const Fields& entry, const std::filesystem::path& folder);

/// Reads a JSON file of a manifest and refuses repeated keys.
boost::json::object read_json(const std::filesystem::path& file);
/// The same for the text of the file that messages call `where`.
boost::json::object parse_json(std::string_view text, const std::string& where);

}  // namespace xzoo::generator
