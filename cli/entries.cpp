#include "cli/entries.hpp"

#include <algorithm>

#include "xzoo/hub/locate.hpp"
#include "xzoo/weights.hpp"

namespace xzoo::cli {

namespace {

bool is_weights(const WeightFile& file) {
    return file.path.ends_with(".safetensors") || file.path.ends_with(".bin");
}

/// Weights in the container that a load prefers: a repository may repeat them in others.
std::vector<const WeightFile*> weight_files(const WeightEntry& entry) {
    std::vector<const WeightFile*> preferred;
    std::vector<const WeightFile*> others;
    for (const WeightFile& file : entry.files)
        if (is_weights(file))
            (file.path.ends_with(".safetensors") ? preferred : others).push_back(&file);
    return preferred.empty() ? others : preferred;
}

}  // namespace

std::vector<const WeightEntry*> all_entries() {
    std::vector<const WeightEntry*> entries;
    for (const WeightsFamily& family : weights_families)
        entries.insert(entries.end(), family.entries.begin(), family.entries.end());
    return entries;
}

const WeightEntry& find_entry(const std::string& name) {
    return find_weights(name);
}

std::string full_name(const WeightEntry& entry) {
    return std::string{entry.enumeration} + "::" + std::string{entry.name};
}

std::uint64_t weight_bytes(const WeightEntry& entry) {
    std::uint64_t sum = 0;
    for (const WeightFile* file : weight_files(entry)) {
        if (file->size == 0)
            return 0;
        sum += file->size;
    }
    return sum;
}

bool has_hashes(const WeightEntry& entry) {
    const std::vector<const WeightFile*> files = weight_files(entry);
    return !files.empty() && std::all_of(files.begin(), files.end(), [](const WeightFile* file) {
        return !file->sha256.empty();
    });
}

std::optional<std::filesystem::path> find_file(const WeightEntry& entry, const WeightFile& file,
                                               const std::filesystem::path& directory) {
    std::vector<std::filesystem::path> places;
    if (!directory.empty())
        places.push_back(directory);
    if (!entry.repository.empty())
        for (const std::filesystem::path& cache : hub::read_environment().caches)
            if (auto folder = hub::snapshot_folder(
                    cache, entry.repository, entry.revision.empty() ? "main" : entry.revision))
                places.push_back(*folder);
    std::error_code error;
    for (const std::filesystem::path& place : places)
        if (std::filesystem::is_regular_file(place / file.path, error))
            return place / file.path;
    return std::nullopt;
}

}  // namespace xzoo::cli
