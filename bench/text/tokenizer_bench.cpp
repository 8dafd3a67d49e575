// Bytes per second of tokenizers, on one core. The folders or files that they are read from come
// from the environment: XZOO_BENCH_TOKENIZERS="gpt2:llama2/tokenizer.model"; a text from
// XZOO_BENCH_TEXT, or what is said here again and again.
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include <benchmark/benchmark.h>

#include <xzoo/text/stream_decoder.hpp>
#include <xzoo/text/tokenizer.hpp>

namespace {

std::string bench_text() {
    if (const char* path = std::getenv("XZOO_BENCH_TEXT"))
        return xzoo::text::read_whole_file(path);
    std::string text;
    for (int i = 0; text.size() < 1'000'000; ++i)
        text += "Paragraph " + std::to_string(i) +
                ": the river doesn't flow uphill, they'd say;\n\tbut na\xC3\xAFve caf\xC3\xA9s of "
                "1920 said otherwise, \xE6\x9D\xB1\xE4\xBA\xAC included (or so it's told).\n";
    return text;
}

void encode(benchmark::State& state, const xzoo::Tokenizer& tokenizer, const std::string& text) {
    for ([[maybe_unused]] auto iteration : state)
        benchmark::DoNotOptimize(tokenizer.encode(text));
    state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}

void decode(benchmark::State& state, const xzoo::Tokenizer& tokenizer, const std::string& text) {
    const auto ids = tokenizer.encode(text).ids;
    for ([[maybe_unused]] auto iteration : state)
        benchmark::DoNotOptimize(tokenizer.decode(ids));
    state.SetBytesProcessed(static_cast<std::int64_t>(text.size()) * state.iterations());
}

void stream(benchmark::State& state, const xzoo::Tokenizer& tokenizer, const std::string& text) {
    const auto ids = tokenizer.encode(std::string_view{text}.substr(0, 100'000)).ids;
    for ([[maybe_unused]] auto iteration : state) {
        xzoo::StreamDecoder decoder{tokenizer};
        for (const std::uint32_t id : ids)
            benchmark::DoNotOptimize(decoder.push(id));
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(ids.size()) * state.iterations());
}

/// Registers the benchmarks before main() of the library's runs them.
const bool registered = [] {
    const char* list = std::getenv("XZOO_BENCH_TOKENIZERS");
    std::istringstream paths{list == nullptr ? "" : list};
    const std::string text = bench_text();
    for (std::string path; std::getline(paths, path, ':');) {
        const auto tokenizer = xzoo::Tokenizer::from_pretrained(path);
        const auto add = [&](const char* name, auto run) {
            benchmark::RegisterBenchmark(
                (name + (' ' + path)).c_str(),
                [run, tokenizer, text](benchmark::State& state) { run(state, tokenizer, text); });
        };
        add("encode", encode);
        add("decode", decode);
        add("stream", stream);
    }
    return true;
}();

}  // namespace
