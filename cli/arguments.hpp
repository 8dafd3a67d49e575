// The command line of the program xzoo.
#pragma once

namespace CLI {
class App;
}

namespace xzoo::cli {

/// Reads the arguments and carries out the subcommand that they name.
/// Result  an exit code; faults of the arguments themselves are reported here.
/// Errors  what the subcommand throws.
int run_arguments(int argc, const char* const* argv);

/// Adds the subcommands on what the zoo knows and on encoders; a command that runs sets the code.
void add_model_commands(CLI::App& app, int& exit_code);
/// Adds the subcommands on language models and tokenizers.
void add_text_commands(CLI::App& app, int& exit_code);

}  // namespace xzoo::cli
