// Finds the files of a weights entry on this machine. Nothing is downloaded.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "xzoo/core/error.hpp"
#include "xzoo/core/weight_entry.hpp"
#include "xzoo/hub/environment.hpp"
#include "xzoo/hub/repository.hpp"
#include "xzoo/io/checkpoint_files.hpp"
#include "xzoo/io/quote.hpp"
#include "xzoo/io/safe_path.hpp"

namespace xzoo::hub {

/// The files of an entry that a load reads, and where they are.
struct LocatedFiles {
    struct File {
        const WeightFile* facts;  // in the entry
        std::filesystem::path path;
    };
    std::filesystem::path weights;  // for io::Checkpoint::open: the file, or the index of shards
    std::filesystem::path config;   // config.json; empty where there is none beside the weights
    std::vector<File> files;        // all of them
};

namespace detail {

/// "BertWeights::base_uncased".
inline std::string entry_name(const WeightEntry& entry) {
    return io::concat({entry.enumeration, entry.enumeration.empty() ? "" : "::", entry.name});
}

inline std::string_view revision_of(const WeightEntry& entry) {
    return entry.revision.empty() ? "main" : entry.revision;
}

/// The weight files that a load needs, the one to open first: model.safetensors, or the index and
/// its shards, or the only safetensors file whatever its name.
/// Errors  ArgumentError: the entry names no such file, or an unsafe path.
inline std::vector<const WeightFile*> needed_weights(const WeightEntry& entry,
                                                     std::string_view variant) {
    const std::string single = io::weights_name(variant);
    const std::string index = io::index_name(variant);
    const std::string stem = std::filesystem::path{single}.stem().string();
    std::vector<const WeightFile*> only, indices, shards, others;
    for (const WeightFile& file : entry.files) {
        const std::string_view problem = io::unsafe_relative_path(file.path);
        if (!problem.empty())
            throw ArgumentError{io::concat(
                {entry_name(entry), ": file name ", io::quote_name(file.path), " ", problem})};
        if (file.path == single)
            only.push_back(&file);
        else if (file.path == index)
            indices.push_back(&file);
        else if (io::is_shard_name(file.path, stem))
            shards.push_back(&file);
        else if (file.path.ends_with(".safetensors"))
            others.push_back(&file);
    }
    if (!only.empty())
        return only;
    if (!indices.empty()) {
        indices.insert(indices.end(), shards.begin(), shards.end());
        return indices;
    }
    if (others.size() == 1 && variant.empty())
        return others;
    throw ArgumentError{io::concat({entry_name(entry), ": the entry has neither ", single, " nor ",
                                    index, ", and other containers cannot be read yet"})};
}

inline bool is_file(const std::filesystem::path& path) {
    std::error_code error;
    return std::filesystem::is_regular_file(path, error);
}

/// The folders that may hold the files of an entry, in the order to look in.
inline std::vector<std::filesystem::path> places_of(const WeightEntry& entry,
                                                    const std::filesystem::path& directory,
                                                    const Environment& environment) {
    std::vector<std::filesystem::path> places;
    if (!directory.empty())
        places.push_back(directory);
    if (entry.repository.empty())
        return places;
    for (const std::filesystem::path& cache : environment.caches)
        if (auto folder = snapshot_folder(cache, entry.repository, revision_of(entry)))
            places.push_back(std::move(*folder));
        else
            places.push_back(cache / cache_folder_name(entry.repository) / "snapshots");
    return places;
}

[[noreturn]] inline void refuse_absent(const WeightEntry& entry,
                                       const std::vector<const WeightFile*>& needed,
                                       const std::vector<std::filesystem::path>& places,
                                       const Environment& environment) {
    std::string text = "not all files of the entry are on this machine:";
    for (const WeightFile* file : needed) {
        text += io::concat({"\n  ", file->path});
        if (file->size > 0)
            text += io::concat({" (", std::to_string(file->size), " bytes)"});
        for (const std::filesystem::path& place : places) {
            const std::filesystem::path path = place / file->path;
            text +=
                io::concat({is_file(path) ? "\n    found: " : "\n    not there: ", path.string()});
        }
        if (places.empty())
            text += "\n    no place to look in: pass a directory";
        if (!entry.repository.empty())
            text += io::concat({"\n    address: ", file_address(environment, entry.repository,
                                                                revision_of(entry), file->path)});
    }
    throw FileError{entry_name(entry), text};
}

}  // namespace detail

/// Looks for the files of an entry in `directory` (unless that is empty), then in the caches of the
/// hub at the entry's revision. The first place that has all weight files is taken, so that files
/// of different origin are never mixed. config.json is optional: the entry states its config.
/// Errors  FileError that names every file, each place where it was looked for, and its address;
///         ArgumentError: an entry without a container that can be read.
inline LocatedFiles locate(const WeightEntry& entry, const std::filesystem::path& directory = {},
                           std::string_view variant = {},
                           const Environment& environment = read_environment()) {
    const std::vector<const WeightFile*> needed = detail::needed_weights(entry, variant);
    const auto places = detail::places_of(entry, directory, environment);
    const auto place = std::find_if(places.begin(), places.end(), [&](const auto& folder) {
        return std::all_of(needed.begin(), needed.end(), [&](const WeightFile* file) {
            return detail::is_file(folder / file->path);
        });
    });
    if (place == places.end())
        detail::refuse_absent(entry, needed, places, environment);
    LocatedFiles located;
    located.weights = *place / needed.front()->path;
    for (const WeightFile* file : needed)
        located.files.push_back({file, *place / file->path});
    const std::filesystem::path config = *place / "config.json";
    if (!detail::is_file(config))
        return located;
    located.config = config;
    for (const WeightFile& file : entry.files)
        if (file.path == "config.json")
            located.files.push_back({&file, config});
    return located;
}

}  // namespace xzoo::hub
