#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include "xzoo/core/error.hpp"
#include "xzoo/io/quote.hpp"

namespace xzoo::io {

/// Text of an errno value: "No such file or directory".
inline std::string errno_text(int error) {
    return std::generic_category().message(error);
}

/// A regular file mapped into memory for reading. The mapping lives as long as the object; moving
/// it does not move the bytes.
///
/// The size is that at the time of opening. If another program truncates the file afterwards,
/// touching the bytes that are gone raises SIGBUS, as with every mapping: replace checkpoint files
/// by renaming a new file over them (as xzoo does), never by writing into them.
/// Errors  FileError with the system's reason: not there, no permission, a directory, no regular
///         file.
class MappedFile {
public:
    MappedFile() = default;
    explicit MappedFile(const std::filesystem::path& path) {
        // O_NONBLOCK: opening a pipe by mistake must not wait for its writer.
        const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (file < 0)
            throw FileError{path.string(), concat({"cannot be opened: ", errno_text(errno)})};
        const std::string problem = map(file);
        ::close(file);
        if (!problem.empty())
            throw FileError{path.string(), problem};
    }
    MappedFile(MappedFile&& other) noexcept
        : data_{std::exchange(other.data_, nullptr)}, size_{std::exchange(other.size_, 0)} {}
    MappedFile& operator=(MappedFile&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~MappedFile() {
        if (data_ != nullptr)
            ::munmap(data_, size_);
    }

    /// The whole file; empty for an empty file.
    std::span<const std::byte> bytes() const noexcept {
        return {static_cast<const std::byte*>(data_), size_};
    }

private:
    std::string map(int file) {
        struct stat facts {};
        if (::fstat(file, &facts) != 0)
            return concat({"cannot be examined: ", errno_text(errno)});
        if (S_ISDIR(facts.st_mode))
            return "is a folder, not a file";
        if (!S_ISREG(facts.st_mode))
            return "is not a regular file";
        if (static_cast<std::uint64_t>(facts.st_size) > std::numeric_limits<std::size_t>::max())
            return "is too large for the address space";
        const auto size = static_cast<std::size_t>(facts.st_size);
        if (size == 0)
            return {};  // mmap refuses empty ranges
        void* const data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
        if (data == MAP_FAILED)
            return concat({"cannot be mapped: ", errno_text(errno)});
        data_ = data;
        size_ = size;
        return {};
    }

    void* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace xzoo::io
