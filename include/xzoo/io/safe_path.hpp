#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace xzoo::io {

/// What makes a file name out of an index, a manifest or a hub answer unsafe to join to a folder,
/// as the predicate of a sentence; empty for a safe one. The rules of all systems hold on each:
/// neither separator may lead out of the folder, no absolute path, drive or network share.
inline std::string_view unsafe_relative_path(std::string_view path) {
    if (path.empty())
        return "is empty";
    if (path.find('\0') != std::string_view::npos)
        return "contains a NUL character";
    if (path.find('\\') != std::string_view::npos)
        return "contains a backslash";
    if (path.front() == '/')
        return "is absolute";
    if (path.size() > 1 && path[1] == ':')
        return "names a drive";
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        const std::string_view part = path.substr(begin, end - begin);
        if (part == "..")
            return "leads out of the folder";
        if (part.empty())
            return "has an empty component";
        begin = end + 1;
    }
    return {};
}

/// The folder that a checkpoint's files may live in: the folder itself or, in the cache of the hub
/// (models--org--name/snapshots/commit, whose files are links to ../../blobs), the repository's.
inline std::filesystem::path containing_root(const std::filesystem::path& folder) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    fs::path canonical = fs::weakly_canonical(folder, ignored);
    for (fs::path at = canonical; at.has_relative_path(); at = at.parent_path())
        if (at.filename() == "snapshots" &&
            at.parent_path().filename().string().starts_with("models--"))
            return at.parent_path();
    return canonical;
}

/// True where `path`, links resolved, lies below `root` (canonical).
inline bool lies_below(const std::filesystem::path& path, const std::filesystem::path& root) {
    std::error_code error;
    const std::filesystem::path canonical = std::filesystem::canonical(path, error);
    if (error)
        return false;
    const std::filesystem::path relative = canonical.lexically_relative(root);
    return !relative.empty() && *relative.begin() != "..";
}

}  // namespace xzoo::io
