// Runs the program xzoo and looks at what it says.
#pragma once

#include <sys/wait.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "no_hub_cache.hpp"
#include "support.hpp"
#include "temp_folder.hpp"

namespace xzoo::test {

namespace fs = std::filesystem;

inline std::string shell_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text)
        out += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
    return out + '\'';
}

struct Result {
    int code = -1;  // -1: killed by a signal
    std::string out;
    std::string err;

    std::vector<std::string> lines() const {
        std::vector<std::string> all;
        std::istringstream stream{out};
        for (std::string line; std::getline(stream, line);)
            all.push_back(line);
        return all;
    }
    /// Each line as a JSON object.
    std::vector<boost::json::object> objects() const {
        std::vector<boost::json::object> all;
        for (const std::string& line : lines())
            all.push_back(boost::json::parse(line).as_object());
        return all;
    }
};

/// Runs a program with arguments and standard input; a minute is more than any test needs.
/// directory: where it runs; empty: here.
inline Result run_program(const std::string& program, const std::vector<std::string>& arguments,
                          std::string_view input = {}, const fs::path& directory = {}) {
    const TempFolder folder;
    const NoHubCache no_cache;
    std::string command =
        directory.empty() ? "" : "cd " + shell_quoted(directory.string()) + " && ";
    command += "timeout 60 " + shell_quoted(program);
    for (const std::string& argument : arguments)
        command += ' ' + shell_quoted(argument);
    command += " < " + shell_quoted(folder.write("in", input).string()) + " > " +
               shell_quoted((folder.path() / "out").string()) + " 2> " +
               shell_quoted((folder.path() / "err").string());
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(folder.path() / "out"),
            read_file(folder.path() / "err")};
}

inline Result run_xzoo(const std::vector<std::string>& arguments, std::string_view input = {},
                       const fs::path& directory = {}) {
    INFO("xzoo, arguments from " << (arguments.empty() ? "none" : arguments.front()));
    return run_program(XZOO_CLI_PATH, arguments, input, directory);
}

/// A result whose command must have done what was asked: what it printed means nothing else.
inline Result succeeded(Result result) {
    INFO(result.err);
    REQUIRE(result.code == 0);
    return result;
}

inline fs::path project_dir() {
    return data_dir().parent_path().parent_path();
}
inline fs::path language_model_dir() {
    return project_dir() / "weights_manifest" / "embedded" / "language_id";
}

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

inline double number(const boost::json::value& value) {
    return value.to_number<double>();
}
inline std::string string_of(const boost::json::value& value) {
    return std::string{value.as_string()};
}

}  // namespace xzoo::test
