// xzoo bench
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/bench_generator.hpp"
#include "cli/commands.hpp"
#include "cli/json_line.hpp"
#include "cli/models.hpp"
#include "cli/terminal.hpp"
#include "xzoo/io/nearest_name.hpp"
#include "xzoo/simd/threads.hpp"

namespace xzoo::cli {

namespace {

/// Errors  UsageError: no config is called so; it names all, and the nearest.
[[noreturn]] void throw_unknown(const std::string& name,
                                const std::vector<std::string_view>& names) {
    std::string list;
    for (const std::string_view known : names)
        list += (list.empty() ? "" : ", ") + std::string{known};
    const std::string_view near = io::nearest_name(name, names);
    throw UsageError{"there is no config called '" + name + '\'' +
                     (near.empty() ? "." : "; did you mean '" + std::string{near} + "'?") +
                     " The configs are: " + list};
}

TokenBatch random_tokens(const ModelKind& kind, const BenchOptions& options) {
    TokenBatch tokens{.batch = options.batch, .length = options.length};
    const std::size_t count = options.batch * options.length;
    std::uint64_t state = 1;
    for (std::size_t i = 0; i < count; ++i) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;  // Knuth's MMIX
        // From 3 on: lower ids are padding in some families.
        tokens.ids.push_back(
            static_cast<std::uint32_t>(3 + (state >> 33U) % (kind.vocab_size - 3)));
    }
    tokens.types.assign(count, 0);
    tokens.mask.assign(count, 1.0F);
    return tokens;
}

struct Measurement {
    std::size_t runs = 0;
    double fastest = 0.0;  // seconds of a run
    double median = 0.0;
};

Measurement measure(AnyModel& model, const TokenBatch& tokens, double seconds) {
    using Clock = std::chrono::steady_clock;
    model.run(tokens);  // warms the workspace
    std::vector<double> times;
    double sum = 0.0;
    ProgressBar bar{"measuring"};
    while (times.empty() || sum < seconds) {
        const Clock::time_point start = Clock::now();
        model.run(tokens);
        times.push_back(std::chrono::duration<double>(Clock::now() - start).count());
        sum += times.back();
        bar.update(static_cast<std::uint64_t>(sum * 1000),
                   static_cast<std::uint64_t>(seconds * 1000));
    }
    std::sort(times.begin(), times.end());
    return {times.size(), times.front(), times[times.size() / 2]};
}

void print_text(const BenchOptions& options, const ModelKind& kind, int threads,
                const Measurement& found) {
    const auto tokens = static_cast<double>(options.batch * options.length);
    std::array<char, 256> line{};
    std::snprintf(line.data(), line.size(),
                  "%.0f tokens/s (median of %zu runs; %.2f ms a run, fastest %.2f ms)",
                  tokens / found.median, found.runs, found.median * 1e3, found.fastest * 1e3);
    std::cout << options.name << ": " << kind.description.class_name << ", "
              << grouped(kind.num_parameters) << " parameters, batch " << options.batch << " x "
              << options.length << " tokens, " << threads
              << (threads == 1 ? " thread\n" : " threads\n") << line.data() << '\n';
}

int bench_encoder(const ModelKind& kind, const BenchOptions& options) {
    if (options.length > kind.max_tokens)
        throw UsageError{"--length " + std::to_string(options.length) + ": " + options.name +
                         " has positions for " + std::to_string(kind.max_tokens) + " tokens"};
    const int threads = simd::resolve_threads(options.threads);
    const std::unique_ptr<AnyModel> model = kind.make(threads);
    model->random_init(0);
    const TokenBatch tokens = random_tokens(kind, options);
    const Measurement found = measure(*model, tokens, options.seconds);
    if (!options.json) {
        print_text(options, kind, threads, found);
        return exit_ok;
    }
    const auto count = static_cast<double>(options.batch * options.length);
    std::cout << JsonObject{}
                     .add("config", options.name)
                     .add("class", kind.description.class_name)
                     .add("num_parameters", kind.num_parameters)
                     .add("batch", options.batch)
                     .add("length", options.length)
                     .add("threads", threads)
                     .add("runs", found.runs)
                     .add("seconds_median", found.median)
                     .add("seconds_fastest", found.fastest)
                     .add("tokens_per_second", count / found.median)
                     .text()
              << '\n';
    return exit_ok;
}

}  // namespace

int run(const BenchOptions& options) {
    std::vector<std::string_view> names;
    bool is_encoder = false;
    for (const ModelKind& kind : all_kinds()) {
        if (kind.task != Task::embed || kind.name.empty())
            continue;
        if (kind.name == options.name) {
            is_encoder = true;
            if (name(kind.precision) == options.precision)
                return bench_encoder(kind, options);
        }
        if (kind.precision == Precision::f32)
            names.push_back(kind.name);
    }
    if (is_encoder)
        throw UsageError{"--precision " + options.precision + ": " + options.name +
                         " is an encoder, and encoders are compiled for f32, bf16 and i8 only"};
    for (const GeneratorKind& kind : all_generators()) {
        if (name(kind.precision) != options.precision || kind.name.empty())
            continue;
        if (kind.name == options.name)
            return bench_generator(kind, options);
        names.push_back(kind.name);
    }
    throw_unknown(options.name, names);
}

}  // namespace xzoo::cli
