// Which file of a folder is the checkpoint: the names and the order of Hugging Face transformers
// (modeling_utils.py, _get_resolved_checkpoint_files).
#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "xzoo/core/error.hpp"
#include "xzoo/io/file_kind.hpp"
#include "xzoo/io/name_order.hpp"
#include "xzoo/io/quote.hpp"

namespace xzoo::io {

/// Inserts a variant before the last extension: ("model.safetensors", "fp16") gives
/// "model.fp16.safetensors"; nothing changes for an empty variant.
inline std::string with_variant(std::string_view name, std::string_view variant) {
    const std::size_t dot = name.rfind('.');
    if (variant.empty() || dot == std::string_view::npos)
        return std::string{name};
    return concat({name.substr(0, dot), ".", variant, name.substr(dot)});
}

inline std::string weights_name(std::string_view variant = {}) {
    return with_variant("model.safetensors", variant);
}
inline std::string index_name(std::string_view variant = {}) {
    return with_variant("model.safetensors.index.json", variant);
}

/// True for "model.safetensors.index.json" and "model.safetensors.index.fp16.json".
inline bool is_index_name(const std::filesystem::path& path) {
    const std::string name = path.filename().string();
    return name.ends_with(".json") && name.find(".index.") != std::string::npos;
}

/// True for "<stem>-00001-of-00002.safetensors" with five digits or more each.
inline bool is_shard_name(std::string_view name, std::string_view stem) {
    constexpr std::string_view ending = ".safetensors";
    constexpr std::string_view middle = "-of-";
    if (!name.starts_with(stem) || !name.ends_with(ending) ||
        name.size() < stem.size() + ending.size())
        return false;
    name.remove_prefix(stem.size());
    name.remove_suffix(ending.size());
    const std::size_t of = name.find(middle);
    if (name.empty() || name[0] != '-' || of == std::string_view::npos)
        return false;
    const auto number = [](std::string_view text) {
        return text.size() >= 5 &&
               std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    return number(name.substr(1, of - 1)) && number(name.substr(of + middle.size()));
}

namespace detail {

/// Names of all in a folder that is no folder itself, links to nothing included, sorted; empty
/// where it cannot be read.
inline std::vector<std::string> file_names(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator at{folder, error}, end; !error && at != end;
         at.increment(error))
        if (!at->is_directory(error))
            names.push_back(at->path().filename().string());
    return sorted_and_unique(std::move(names));
}

/// Says what a folder holds instead of the checkpoint that was asked for.
inline std::string nothing_to_load(const std::filesystem::path& folder, std::string_view variant) {
    std::vector<std::string> others;
    for (const std::string& name : file_names(folder)) {
        const std::string_view container = unsupported_container(name);
        if (!container.empty())
            others.push_back(concat({name, " (", container, ", which cannot be read yet)"}));
        else if (name.ends_with(".safetensors") || is_index_name(name))
            others.push_back(concat({name, " (pass the path of that file, or its variant)"}));
    }
    std::string text =
        concat({"has neither ", weights_name(variant), " nor ", index_name(variant)});
    constexpr std::size_t most = 4;
    for (std::size_t i = 0; i < std::min(most, others.size()); ++i)
        text += concat({i == 0 ? "; it holds " : ", ", others[i]});
    return text + (others.size() > most ? ", ..." : "");
}

}  // namespace detail

/// The file to open for a path given by a user: the path itself if it is a file, else the
/// checkpoint in that folder.
/// Errors  FileError: nothing there, or nothing that can be read; says what is there instead.
inline std::filesystem::path find_checkpoint_file(const std::filesystem::path& path,
                                                  std::string_view variant = {}) {
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status))
        throw FileError{path.string(), error && error != std::errc::no_such_file_or_directory
                                           ? error.message()
                                           : "no such file or folder"};
    if (fs::is_directory(status)) {
        for (const std::string& name : {weights_name(variant), index_name(variant)})
            if (fs::exists(path / name, error))
                return path / name;
        throw FileError{path.string(), detail::nothing_to_load(path, variant)};
    }
    const std::string_view container = unsupported_container(path);
    if (!container.empty())
        throw FileError{path.string(),
                        concat({"is ", container, "; this container cannot be read yet"})};
    return path;
}

}  // namespace xzoo::io
