// The subcommands of the program xzoo. Each prints its result to standard output and returns an
// exit code; what goes wrong is thrown as xzoo::Error and reported by main.
#pragma once

#include "cli/options.hpp"
#include "xzoo/core/error.hpp"

namespace xzoo::cli {

/// What was asked for makes no sense, whatever the files hold: main ends with exit_usage.
class UsageError : public ArgumentError {
public:
    using ArgumentError::ArgumentError;
};

/// Exit codes, as --help states them.
inline constexpr int exit_ok = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_usage = 2;

int run(const ListOptions& options);
int run(const InfoOptions& options);
int run(const VerifyOptions& options);
int run(const EmbedOptions& options);
int run(const ClassifyOptions& options);
int run(const FillMaskOptions& options);
int run(const GenerateCommand& options);
int run(const ChatCommand& options);
int run(const TokenizeOptions& options);
int run(const DetokenizeOptions& options);
int run(const PerplexityOptions& options);
int run(const PackOptions& options);
int run(const ManifestAddOptions& options);
int run(const BenchOptions& options);

}  // namespace xzoo::cli
