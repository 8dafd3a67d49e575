// Time to read the header of a safetensors file, by its number of tensors.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include <benchmark/benchmark.h>

#include "xzoo/io/checkpoint.hpp"

namespace {

std::string file_of(std::size_t tensors) {
    std::string header = "{";
    for (std::size_t i = 0; i < tensors; ++i)
        header += (i == 0 ? "" : ",") + std::string{"\"model.layers."} + std::to_string(i) +
                  R"(.attention.self.query.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[)" +
                  std::to_string(4 * i) + ',' + std::to_string(4 * i + 4) + "]}";
    header += '}';
    const std::uint64_t size = header.size();
    std::string file(sizeof size, '\0');
    std::memcpy(file.data(), &size, sizeof size);
    return file + header + std::string(4 * tensors, '\0');
}

void read_header(benchmark::State& state) {
    const std::string file = file_of(static_cast<std::size_t>(state.range(0)));
    for ([[maybe_unused]] auto iteration : state)
        benchmark::DoNotOptimize(
            xzoo::io::Checkpoint::from_span(std::as_bytes(std::span{file}), "memory"));
    state.SetItemsProcessed(state.range(0) * state.iterations());
}
BENCHMARK(read_header)->Arg(2'000)->Arg(20'000)->Arg(200'000)->Unit(benchmark::kMillisecond);

}  // namespace
