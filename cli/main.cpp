// The program xzoo: exit codes and messages.
#include <cstdio>
#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <string_view>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "xzoo/core/error.hpp"

namespace {

/// Prints a message of one or more lines under the program's name.
void report(std::string_view message) {
    std::string text;
    while (!message.empty()) {
        const std::size_t end = message.find('\n');
        text += xzoo::cli::printable(message.substr(0, end)) + '\n';
        message.remove_prefix(end == std::string_view::npos ? message.size() : end + 1);
    }
    std::cerr << "xzoo: " << text;
}

int run(int argc, const char* const* argv) {
    try {
        return xzoo::cli::run_arguments(argc, argv);
    } catch (const xzoo::Error& error) {
        report(error.what());
    } catch (const std::bad_alloc&) {
        report("out of memory");
    } catch (const std::exception& error) {
        report(error.what());
    }
    return xzoo::cli::exit_failed;
}

}  // namespace

int main(int argc, char* argv[]) {
    std::ios::sync_with_stdio(false);
    const int code = run(argc, argv);
    std::cout.flush();
    if (!std::cout) {
        report("standard output cannot be written");
        return xzoo::cli::exit_failed;
    }
    return code;
}
