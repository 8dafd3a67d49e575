// Files that appear whole or not at all.
#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "xzoo/core/error.hpp"
#include "xzoo/io/mapped_file.hpp"
#include "xzoo/io/quote.hpp"

namespace xzoo::io {

/// Makes the names in a folder durable: after a power cut they are as they were at this call.
/// File systems that cannot do it are left alone.
inline void sync_folder(const std::filesystem::path& folder) noexcept {
    const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0)
        return;
    ::fsync(handle);
    ::close(handle);
}

/// A name beside `path` that no other running process or object of this one uses. It keeps the
/// extension, by which readers tell containers apart; final_name takes it back.
inline std::filesystem::path temporary_name(const std::filesystem::path& path) {
    struct timespec now {};
    ::clock_gettime(CLOCK_REALTIME, &now);
    const auto ticks = static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U +
                       static_cast<std::uint64_t>(now.tv_nsec);
    const std::string unique = std::to_string(::getpid()) + '-' + std::to_string(ticks);
    std::filesystem::path name = path;
    name.replace_filename('.' + path.stem().string() + ".xzoo-tmp-" + unique +
                          path.extension().string());
    return name;
}

/// The name that temporary_name was given; empty for names of another make.
inline std::string final_name(std::string_view temporary) {
    constexpr std::string_view mark = ".xzoo-tmp-";
    const std::size_t at = temporary.rfind(mark);
    if (!temporary.starts_with('.') || at == std::string_view::npos || at == 0)
        return {};
    std::string_view rest = temporary.substr(at + mark.size());
    const auto skip_digits = [&rest] {
        const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
        rest.remove_prefix(digits);
        return digits > 0;
    };
    if (!skip_digits() || !rest.starts_with('-'))
        return {};
    rest.remove_prefix(1);
    if (!skip_digits() || !(rest.empty() || rest.starts_with('.')))
        return {};
    return concat({temporary.substr(1, at - 1), rest});
}

/// A file being written under a temporary name in the folder of its final name. Unless it is
/// renamed, it is removed again when the object dies.
/// Errors  FileError with the system's reason (no space left, file too large, ...).
class OutputFile {
public:
    explicit OutputFile(const std::filesystem::path& final_path)
        : final_path_{final_path}, path_{temporary_name(final_path)} {
        handle_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (handle_ < 0)
            fail("cannot be created: ");
    }
    OutputFile(OutputFile&& other) noexcept
        : final_path_{std::move(other.final_path_)},
          path_{std::exchange(other.path_, {})},
          handle_{std::exchange(other.handle_, -1)} {}
    OutputFile& operator=(OutputFile&&) = delete;
    ~OutputFile() {
        if (handle_ >= 0)
            ::close(handle_);
        if (!path_.empty())
            ::unlink(path_.c_str());
    }

    void write(std::span<const std::byte> bytes) {
        constexpr std::size_t most = std::size_t{1} << 30U;  // of one call, on every kernel
        while (!bytes.empty()) {
            const ssize_t n = ::write(handle_, bytes.data(), std::min(bytes.size(), most));
            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0)
                fail("cannot be written: ");
            bytes = bytes.subspan(static_cast<std::size_t>(n));
        }
    }
    void write(std::string_view text) { write(std::as_bytes(std::span{text})); }

    /// Brings the bytes to the disk and closes the file; to be called before rename.
    void finish() {
        if (::fsync(handle_) != 0 && errno != EINVAL)  // EINVAL: no regular disk
            fail("cannot be written: ");
        if (::close(std::exchange(handle_, -1)) != 0)
            fail("cannot be written: ");
    }

    /// Gives the file its final name; a file that had it is replaced in one step.
    void rename() {
        if (std::rename(path_.c_str(), final_path_.c_str()) != 0)
            fail("cannot be renamed: ");
        path_.clear();
    }

    /// Leaves the file where it is, under its temporary name.
    void keep() noexcept { path_.clear(); }

    const std::filesystem::path& temporary_path() const noexcept { return path_; }
    const std::filesystem::path& final_path() const noexcept { return final_path_; }

private:
    [[noreturn]] void fail(const char* problem) const {
        throw FileError{final_path_.string(), problem + errno_text(errno)};
    }

    std::filesystem::path final_path_;
    std::filesystem::path path_;
    int handle_ = -1;
};

/// Writes a small file: it appears whole, or what was there stays.
/// Errors  FileError.
inline void write_file(const std::filesystem::path& path, std::string_view text) {
    OutputFile file{path};
    file.write(text);
    file.finish();
    file.rename();
    sync_folder(path.parent_path().empty() ? "." : path.parent_path());
}

/// Keeps other savers out of a folder while the object lives; the system lets go when the process
/// dies. No lock file is left. File systems without locks are used without.
/// Errors  FileError if the folder cannot be opened or another process is saving into it.
class FolderLock {
public:
    explicit FolderLock(const std::filesystem::path& folder)
        : handle_{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)} {
        if (handle_ < 0)
            throw FileError{folder.string(), concat({"cannot be opened: ", errno_text(errno)})};
        if (::flock(handle_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
            ::close(handle_);
            throw FileError{folder.string(), "another process is saving into this folder"};
        }
    }
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;
    ~FolderLock() { ::close(handle_); }

private:
    int handle_;
};

}  // namespace xzoo::io
