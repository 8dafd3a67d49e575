// Folders that vanish with the test that made them, and whole files.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>

#include "support.hpp"

namespace xzoo::test {

inline std::string read_file(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    INFO(path.string());
    REQUIRE(file);
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// Writes a file, and the folders that it lies in.
inline void put_file(const std::filesystem::path& path, std::string_view text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream file{path, std::ios::binary};
    file << text;
    INFO(path.string());
    REQUIRE(file.flush());
}

/// A new empty folder that is removed with all it holds.
class TempFolder {
public:
    TempFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "xzoo-test-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
    /// Writes a file into the folder; its path.
    std::filesystem::path write(std::string_view name, std::string_view text) const {
        put_file(path_ / name, text);
        return path_ / name;
    }

private:
    std::filesystem::path path_;
};

}  // namespace xzoo::test
