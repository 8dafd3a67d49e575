// The part of xzoo bench that measures language models.
#pragma once

#include "cli/generators.hpp"
#include "cli/options.hpp"

namespace xzoo::cli {

/// Measures how fast a model of random weights reads prompts (prefill) and adds tokens to them
/// (decode), and prints it. Result: an exit code.
/// Errors  ArgumentError: more tokens than the model has positions for.
int bench_generator(const GeneratorKind& kind, const BenchOptions& options);

}  // namespace xzoo::cli
