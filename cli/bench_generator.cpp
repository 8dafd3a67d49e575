#include "cli/bench_generator.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/json_line.hpp"
#include "cli/terminal.hpp"
#include "xzoo/core/workspace.hpp"
#include "xzoo/simd/threads.hpp"

namespace xzoo::cli {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double median(std::vector<double>& times) {
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

/// Seconds of the median run.
struct Speed {
    std::size_t runs = 0;
    double prefill = 0.0;  // to read all prompts
    double decode = 0.0;   // to add one token to each
};

/// Reads prompts and adds tokens, again and again.
class Runner {
public:
    Runner(const nn::LanguageModel& model, const BenchOptions& options, int threads)
        : model_{model},
          new_tokens_{options.new_tokens},
          cache_{model.make_cache(
              {.sequences = options.batch, .capacity = options.length + options.new_tokens})},
          workspace_{threads},
          prompt_(options.length) {
        for (std::size_t i = 0; i < prompt_.size(); ++i)
            prompt_[i] = static_cast<std::uint32_t>(i * 7919 % model.vocab_size());
    }

    Speed measure(double seconds) {
        run();  // warms the workspace
        prefill_.clear();
        decode_.clear();
        ProgressBar bar{"measuring"};
        const Clock::time_point start = Clock::now();
        do {
            run();
            bar.update(static_cast<std::uint64_t>(seconds_since(start) * 1000),
                       static_cast<std::uint64_t>(seconds * 1000));
        } while (seconds_since(start) < seconds);
        return {prefill_.size(), median(prefill_), median(decode_)};
    }

private:
    void run() {
        cache_.clear();
        prefill_.push_back(step(prompt_));
        for (std::size_t i = 0; i < new_tokens_; ++i)
            decode_.push_back(step(std::span{prompt_}.first(1)));
    }

    /// Appends ids to all sequences. Result: seconds.
    double step(std::span<const std::uint32_t> ids) {
        steps_.clear();
        for (std::size_t s = 0; s < cache_.sequences(); ++s)
            steps_.push_back({s, ids});
        const Clock::time_point start = Clock::now();
        model_.step(cache_, steps_, nn::ScoredRows::last, false, workspace_, output_);
        return seconds_since(start);
    }

    const nn::LanguageModel& model_;
    std::size_t new_tokens_;
    nn::KvCache cache_;
    Workspace workspace_;
    std::vector<std::uint32_t> prompt_;
    std::vector<nn::CacheStep> steps_;
    nn::StepOutput output_;
    std::vector<double> prefill_;
    std::vector<double> decode_;
};

void print_text(const BenchOptions& options, const GeneratorKind& kind, int threads,
                const Speed& speed) {
    const auto batch = static_cast<double>(options.batch);
    const auto length = static_cast<double>(options.length);
    std::array<char, 256> line{};
    std::cout << options.name << ": " << kind.description.class_name << ", "
              << grouped(kind.num_parameters) << " parameters in " << name(kind.precision) << " ("
              << bytes_text(kind.bytes) << "), batch " << options.batch << ", " << threads
              << (threads == 1 ? " thread\n" : " threads\n");
    std::snprintf(line.data(), line.size(), "prefill: %.0f tokens/s (prompts of %zu tokens)\n",
                  batch * length / speed.prefill, options.length);
    std::cout << line.data();
    std::snprintf(line.data(), line.size(),
                  "decode:  %.1f tokens/s (%.2f ms a step, %.1f GB/s of weights)\n",
                  batch / speed.decode, 1e3 * speed.decode,
                  1e-9 * static_cast<double>(kind.bytes) / speed.decode);
    std::cout << line.data();
}

void print_json(const BenchOptions& options, const GeneratorKind& kind, int threads,
                const Speed& speed) {
    const auto batch = static_cast<double>(options.batch);
    const auto length = static_cast<double>(options.length);
    std::cout << JsonObject{}
                     .add("config", options.name)
                     .add("class", kind.description.class_name)
                     .add("num_parameters", kind.num_parameters)
                     .add("precision", name(kind.precision))
                     .add("bytes", kind.bytes)
                     .add("batch", options.batch)
                     .add("length", options.length)
                     .add("new_tokens", options.new_tokens)
                     .add("threads", threads)
                     .add("runs", speed.runs)
                     .add("prefill_seconds_median", speed.prefill)
                     .add("decode_seconds_median", speed.decode)
                     .add("prefill_tokens_per_second", batch * length / speed.prefill)
                     .add("decode_tokens_per_second", batch / speed.decode)
                     .text()
              << '\n';
}

}  // namespace

int bench_generator(const GeneratorKind& kind, const BenchOptions& options) {
    if (kind.max_positions != 0 && options.length + options.new_tokens > kind.max_positions)
        throw UsageError{"--length " + std::to_string(options.length) + " and --new-tokens " +
                         std::to_string(options.new_tokens) + ": " + options.name +
                         " has positions for " + std::to_string(kind.max_positions) + " tokens"};
    const int threads = simd::resolve_threads(options.threads);
    const std::unique_ptr<AnyGenerator> generator = kind.make();
    generator->random_init(0);
    const std::unique_ptr<nn::LanguageModel> model = generator->language_model();
    const Speed speed = Runner{*model, options, threads}.measure(options.seconds);
    if (options.json)
        print_json(options, kind, threads, speed);
    else
        print_text(options, kind, threads, speed);
    return exit_ok;
}

}  // namespace xzoo::cli
