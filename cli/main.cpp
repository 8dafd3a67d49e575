// The program xzoo: exit codes and messages.
#include <exception>
#include <iostream>
#include <new>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "xzoo/core/error.hpp"

namespace {

int run(int argc, const char* const* argv) {
    using xzoo::cli::report;
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
    if (!std::cout && code == xzoo::cli::exit_ok) {
        xzoo::cli::report("standard output: cannot be written");
        return xzoo::cli::exit_failed;
    }
    return code;
}
