// xzoo perplexity
#include <array>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/json_line.hpp"
#include "cli/loaded_generator.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "xzoo/core/error.hpp"
#include "xzoo/generation/score_text.hpp"

namespace xzoo::cli {

namespace {

/// What is scored: files by their names, texts, standard input where there is neither.
std::vector<InputSource> sources_of(InputOptions input) {
    input.files = std::move(input.arguments);
    input.arguments.clear();
    return input_sources(input);
}

std::string name_of(const InputSource& source) {
    return source.kind == InputSource::Kind::file   ? source.value
           : source.kind == InputSource::Kind::text ? "text"
                                                    : "-";
}

std::string json_of(const std::string& name, const TextScore& score, std::size_t bytes) {
    return JsonObject{}
        .add("file", name)
        .add("tokens", score.log_probs.size())
        .add("log_prob", score.sum())
        .add("perplexity", score.perplexity())
        .add("bits_per_byte", -score.sum() / std::numbers::ln2 / static_cast<double>(bytes))
        .text();
}

std::string line_of(const std::string& name, const TextScore& score) {
    std::array<char, 64> numbers{};
    std::snprintf(numbers.data(), numbers.size(), "%.4f\t%zu\t", score.perplexity(),
                  score.log_probs.size());
    return numbers.data() + printable(name);
}

/// positions: of the model; 0: no limit.
/// Errors  UsageError.
void check_windows(const PerplexityOptions& options, std::size_t positions) {
    const std::size_t window = options.window == 0 ? positions : options.window;
    if (window == 1)
        throw UsageError{"--window: expected 2 or more tokens, found 1"};
    if (positions != 0 && window > positions)
        throw UsageError{"--window: the model has positions for " + std::to_string(positions) +
                         " tokens, found " + std::to_string(window)};
    if (window != 0 && options.stride >= window)
        throw UsageError{"--stride: expected less than the window of " + std::to_string(window) +
                         " tokens, found " + std::to_string(options.stride)};
}

}  // namespace

int run(const PerplexityOptions& options) {
    using Clock = std::chrono::steady_clock;
    const std::vector<InputSource> sources = sources_of(options.input);
    LoadedGenerator loaded = load_generator(options.model);
    check_windows(options, loaded.model->max_positions());
    const ScoreOptions how{.window = options.window,
                           .stride = options.stride,
                           .new_cache = loaded.cache,
                           .workspace = &loaded.workspace};
    std::size_t tokens = 0;
    double seconds = 0.0;
    for (const InputSource& source : sources) {
        const std::string text = read_whole(source);
        const std::vector<std::uint32_t> ids = loaded.prompt(text);
        if (ids.size() < 2)
            throw ArgumentError{name_of(source) + ": a text needs two tokens or more, found " +
                                std::to_string(ids.size())};
        const Clock::time_point start = Clock::now();
        const TextScore score = score_text(*loaded.model, ids, how);
        seconds += std::chrono::duration<double>(Clock::now() - start).count();
        tokens += score.log_probs.size();
        std::cout << (options.json ? json_of(name_of(source), score, text.size())
                                   : line_of(name_of(source), score))
                  << std::endl;
        check_output();
    }
    if (!options.quiet)
        std::fprintf(stderr, "%zu tokens at %.1f tokens/s\n", tokens,
                     static_cast<double>(tokens) / seconds);
    return exit_ok;
}

}  // namespace xzoo::cli
