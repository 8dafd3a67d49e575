// Entries of the weights manifest, as list and info show them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "xzoo/core/weight_entry.hpp"

namespace xzoo::cli {

/// All entries, family by family.
std::vector<const WeightEntry*> all_entries();

/// The entry of a name. Errors: ArgumentError that suggests others.
const WeightEntry& find_entry(const std::string& name);

/// "BertWeights::base_uncased"
std::string full_name(const WeightEntry& entry);

/// Bytes of the weight files; 0 where one is not known.
std::uint64_t weight_bytes(const WeightEntry& entry);

/// Whether every weight file can be compared with a hash.
bool has_hashes(const WeightEntry& entry);

/// Where a file of an entry lies on this machine: in `directory`, else in the hub's cache.
std::optional<std::filesystem::path> find_file(const WeightEntry& entry, const WeightFile& file,
                                               const std::filesystem::path& directory);

}  // namespace xzoo::cli
