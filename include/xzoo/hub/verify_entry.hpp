// Are these the bytes that the manifest speaks of?
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include "xzoo/core/load_report.hpp"
#include "xzoo/core/weight_entry.hpp"
#include "xzoo/hub/environment.hpp"
#include "xzoo/hub/locate.hpp"
#include "xzoo/io/mapped_file.hpp"
#include "xzoo/io/quote.hpp"
#include "xzoo/io/sha256.hpp"

namespace xzoo::hub {

namespace detail {

/// Remembers which files were found to be right, so that gigabytes are not hashed again at every
/// start: an empty file in the cache of xzoo, named after the file's path, identity, size, times
/// and hash. A file that was changed or replaced has other times (the change time cannot be set by
/// a program), so its verdict is not found. Where nothing can be written, nothing is remembered.
class VerdictCache {
public:
    VerdictCache(const std::filesystem::path& own_cache, const std::filesystem::path& file,
                 std::string_view sha256) {
        struct stat facts {};
        std::error_code error;
        const std::filesystem::path canonical = std::filesystem::canonical(file, error);
        if (error || ::stat(file.c_str(), &facts) != 0)
            return;
        std::string key = canonical.string() + '\n' + std::string{sha256};
        const auto add = [&key](auto number) { key += '\n' + std::to_string(number); };
        add(facts.st_dev);
        add(facts.st_ino);
        add(facts.st_size);
        add(facts.st_mtim.tv_sec);
        add(facts.st_mtim.tv_nsec);
        add(facts.st_ctim.tv_sec);
        add(facts.st_ctim.tv_nsec);
        stamp_ = own_cache / "verified" / io::sha256_hex(std::as_bytes(std::span{key}));
    }

    bool knows() const {
        std::error_code error;
        return !stamp_.empty() && std::filesystem::exists(stamp_, error);
    }
    void remember() const {
        std::error_code error;
        if (stamp_.empty())
            return;
        std::filesystem::create_directories(stamp_.parent_path(), error);
        std::ofstream{stamp_};
    }

private:
    std::filesystem::path stamp_;
};

}  // namespace detail

/// Compares a file with what is known of it: its size, then its SHA-256. Facts that are not known
/// are not compared. own_cache: where verdicts are remembered; empty: nowhere.
/// Errors  WeightsError with what was expected and found; FileError.
inline void verify_file(const WeightFile& facts, const std::filesystem::path& path,
                        const std::filesystem::path& own_cache) {
    const io::MappedFile file{path};
    const std::size_t size = file.bytes().size();
    if (facts.size > 0 && size != facts.size)
        throw WeightsError{
            io::concat({path.string(), ": has ", std::to_string(size),
                        " bytes; the manifest expects ", std::to_string(facts.size),
                        (size < facts.size ? " (cut off? download it again)" : "")})};
    if (facts.sha256.empty())
        return;
    const bool remember = !own_cache.empty();
    const detail::VerdictCache verdict{own_cache, path, facts.sha256};
    if (remember && verdict.knows())
        return;
    const std::string found = io::sha256_hex(file.bytes());
    if (found != facts.sha256)
        throw WeightsError{io::concat(
            {path.string(), ": has the SHA-256 ", found, "; the manifest expects ", facts.sha256})};
    if (remember)
        verdict.remember();
}

/// Verifies every file that locate found. A verdict is remembered in the user's cache folder (never
/// beside the files) as long as a file does not change.
/// Errors  WeightsError with what was expected and found; FileError.
inline void verify_entry(const LocatedFiles& located,
                         const Environment& environment = read_environment()) {
    for (const LocatedFiles::File& file : located.files)
        verify_file(*file.facts, file.path, environment.own_cache);
}

}  // namespace xzoo::hub
