// Running xzoo-generate in a folder of its own.
#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>

#include "support.hpp"
#include "temp_folder.hpp"

namespace xzoo::test {

struct RunResult {
    int code = -1;
    std::string output;  // both streams
};

/// Runs the generator. arguments: shell words.
inline RunResult generate(const std::string& arguments) {
    const std::string command = "'" XZOO_GENERATE_PATH "' " + arguments + " 2>&1";
    std::FILE* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    RunResult result;
    std::array<char, 4096> buffer;
    while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe))
        result.output.append(buffer.data(), n);
    const int status = ::pclose(pipe);
    result.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return result;
}

inline std::string quoted(const std::filesystem::path& path) {
    return "'" + path.string() + "'";
}

}  // namespace xzoo::test
