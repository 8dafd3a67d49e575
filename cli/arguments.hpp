// The command line of the program xzoo.
#pragma once

namespace xzoo::cli {

/// Reads the arguments and carries out the subcommand that they name.
/// Result  an exit code; faults of the arguments themselves are reported here.
/// Errors  what the subcommand throws.
int run_arguments(int argc, const char* const* argv);

}  // namespace xzoo::cli
