// Repositories of the hub: the rules for their names, their addresses, their places in the cache.
// Source  huggingface_hub/utils/_validators.py, file_download.py
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "xzoo/core/error.hpp"
#include "xzoo/hub/environment.hpp"
#include "xzoo/io/quote.hpp"
#include "xzoo/io/safe_path.hpp"

namespace xzoo::hub {

/// True for the name of a repository: "name" or "owner/name" of letters, digits, '_', '-' and '.',
/// at most 96 characters, without "--" or "..", not ending in ".git", and no part beginning or
/// ending with '-' or '.'.
inline bool is_repository_id(std::string_view id) {
    constexpr std::size_t longest = 96;
    if (id.empty() || id.size() > longest || std::count(id.begin(), id.end(), '/') > 1 ||
        id.find("--") != std::string_view::npos || id.find("..") != std::string_view::npos ||
        id.ends_with(".git"))
        return false;
    const auto is_part = [](std::string_view part) {
        const auto allowed = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '_' || c == '-' || c == '.';
        };
        const auto edge = [](char c) { return c == '-' || c == '.'; };
        return !part.empty() && std::all_of(part.begin(), part.end(), allowed) &&
               !edge(part.front()) && !edge(part.back());
    };
    const std::size_t slash = id.find('/');
    return slash == std::string_view::npos
               ? is_part(id)
               : is_part(id.substr(0, slash)) && is_part(id.substr(slash + 1));
}

/// True for 40 hexadecimal digits: a commit, which never changes.
inline bool is_commit(std::string_view revision) {
    return revision.size() == 40 && std::all_of(revision.begin(), revision.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

namespace detail {

inline std::string percent_encoded(std::string_view text, std::string_view safe) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~";
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (plain.find(c) != std::string_view::npos || safe.find(c) != std::string_view::npos) {
            result += c;
        } else {
            result += '%';
            result += digits[byte >> 4U];
            result += digits[byte & 15U];
        }
    }
    return result;
}

/// Throws ArgumentError for names that must not become a path or an address.
inline void check_names(std::string_view repository, std::string_view revision,
                        std::string_view file) {
    if (!is_repository_id(repository))
        throw ArgumentError{
            io::concat({io::quote_name(repository), " is not the name of a repository"})};
    const std::string_view bad_revision = io::unsafe_relative_path(revision);
    if (!bad_revision.empty())
        throw ArgumentError{io::concat({"revision ", io::quote_name(revision), " ", bad_revision})};
    const std::string_view bad_file = io::unsafe_relative_path(file);
    if (!bad_file.empty())
        throw ArgumentError{io::concat({"file name ", io::quote_name(file), " ", bad_file})};
}

}  // namespace detail

/// Where the hub serves a file: ENDPOINT/owner/name/resolve/REVISION/path.
/// Errors  ArgumentError for a name that breaks the hub's rules.
inline std::string file_address(const Environment& environment, std::string_view repository,
                                std::string_view revision, std::string_view file) {
    detail::check_names(repository, revision, file);
    return io::concat({environment.endpoint, "/", repository, "/resolve/",
                       detail::percent_encoded(revision, ""), "/",
                       detail::percent_encoded(file, "/")});
}

/// "models--owner--name", the folder of a repository in a cache.
inline std::string cache_folder_name(std::string_view repository) {
    std::string name = "models--";
    for (const char c : repository)
        name += c == '/' ? std::string{"--"} : std::string(1, c);
    return name;
}

/// The folder of a cache that holds a repository's files at a revision: snapshots/COMMIT, where a
/// branch or tag is looked up in refs. Whether it exists is not asked; nothing where a branch or
/// tag is not known to the cache.
/// Errors  ArgumentError for a name that breaks the hub's rules.
inline std::optional<std::filesystem::path> snapshot_folder(const std::filesystem::path& cache,
                                                            std::string_view repository,
                                                            std::string_view revision) {
    detail::check_names(repository, revision, "file");
    const std::filesystem::path folder = cache / cache_folder_name(repository);
    if (is_commit(revision))
        return folder / "snapshots" / revision;
    std::ifstream reference{folder / "refs" / revision};
    std::string commit;
    if (!(reference >> commit) || !is_commit(commit))
        return std::nullopt;
    return folder / "snapshots" / commit;
}

/// The folder of the first cache that has a repository at a revision; nothing where none has.
/// Errors  ArgumentError for a name that breaks the hub's rules.
inline std::optional<std::filesystem::path> find_repository(const Environment& environment,
                                                            std::string_view repository,
                                                            std::string_view revision = "main") {
    for (const std::filesystem::path& cache : environment.caches) {
        auto folder = snapshot_folder(cache, repository, revision);
        std::error_code error;
        if (folder && std::filesystem::is_directory(*folder, error))
            return folder;
    }
    return std::nullopt;
}

}  // namespace xzoo::hub
