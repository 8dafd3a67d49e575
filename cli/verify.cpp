// xzoo verify
#include "xzoo/io/verify.hpp"

#include <iostream>
#include <string>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"

namespace xzoo::cli {

namespace {

/// A message of several lines as one.
std::string one_line(const std::string& message) {
    std::string line;
    for (std::size_t i = 0; i < message.size(); ++i) {
        if (message[i] != '\n') {
            line += message[i];
            continue;
        }
        while (i + 1 < message.size() && message[i + 1] == ' ')
            ++i;
        line += line.ends_with(':') ? " " : "; ";
    }
    return printable(line);
}

}  // namespace

int run(const VerifyOptions& options) {
    int code = exit_ok;
    for (const std::filesystem::path& path : options.paths) {
        const io::VerifyResult result = io::verify(path);
        if (!result.sound) {
            std::cerr << "xzoo: " << one_line(result.message) << '\n';
            code = exit_failed;
            continue;
        }
        std::cout << one_line(result.message) << '\n';
        check_output();
    }
    return code;
}

}  // namespace xzoo::cli
