// Speed of the matrix products of every precision on one thread, beside the limits of the machine.
//
// Every iteration runs the kernel and what limits it: the multiplications of that precision with
// nothing else around them and, for few rows, reading memory. The counters are medians over the
// iterations:
//   GOP/s     of the kernel                 of_peak   its share of the multiplications' rate
//   GB/s      of packed weights             of_read   its share of the reading rate
//   error     of the product, relative to the largest result of the same product in double
// The last argument is how many different weights are gone round: so many that together they
// exceed the caches, as the layers of a model do, or one.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "limits.hpp"
#include "xzoo/core/aligned_buffer.hpp"
#include "xzoo/simd/gemm.hpp"
#include "xzoo/simd/packed.hpp"
#include "xzoo/simd/reference.hpp"

namespace {

using namespace xzoo::bench;
using xzoo::AlignedBuffer;
using xzoo::Precision;

template <Precision P>
void packed_gemm(benchmark::State& state) {
    const auto rows = static_cast<std::size_t>(state.range(0));
    const auto out = static_cast<std::size_t>(state.range(1));
    const auto in = static_cast<std::size_t>(state.range(2));
    const auto copies = static_cast<std::size_t>(state.range(3));
    const std::vector<float> a = numbers(rows * in);
    const std::vector<float> weight = numbers(out * in);
    const std::size_t bytes = xzoo::simd::packed_bytes<default_arch, P>(out, in);
    std::vector<AlignedBuffer> packed;
    for (std::size_t i = 0; i < copies; ++i) {
        packed.emplace_back(bytes / sizeof(float));
        xzoo::simd::pack_rows<default_arch, P>(weight.data(), 0, out, in, in, 1, packed[i].data());
    }
    AlignedBuffer y{rows * out};
    AlignedBuffer scratch{xzoo::simd::gemm_scratch<default_arch, P>(rows, in) + 1};
    std::vector<double> times;
    std::vector<double> peaks;
    std::vector<double> reads;
    std::size_t turn = 0;
    for (auto _ : state) {
        peaks.push_back(1.0 / limit<P>(rows));
        if (rows <= 8)
            reads.push_back(1.0 / read_bandwidth());
        times.push_back(seconds([&] {
            xzoo::simd::gemm<default_arch, P>(a.data(), rows, in, packed[turn++ % copies].data(),
                                              out, in, y.data(), out, {}, scratch.data(), 1);
        }));
        state.SetIterationTime(times.back());
    }
    const double time = median(times);
    const double work = 2.0 * static_cast<double>(rows * out * in);
    state.counters["GOP/s"] = work / time * 1e-9;
    state.counters["of_peak"] = work / time * median(peaks);
    if (rows <= 8) {
        state.counters["GB/s"] = static_cast<double>(bytes) / time * 1e-9;
        state.counters["of_read"] = static_cast<double>(bytes) / time * median(reads);
    }
    const std::vector<double> exact =
        xzoo::simd::reference::gemm(a.data(), 1, in, weight.data(), out, in);
    double worst = 0.0;
    double largest = 0.0;
    for (std::size_t o = 0; o < out; ++o) {
        worst = std::max(worst, std::abs(exact[o] - double{y.data()[o]}));
        largest = std::max(largest, std::abs(exact[o]));
    }
    state.counters["error"] = worst / largest;
}

template <Precision P>
void add() {
    auto* all = benchmark::RegisterBenchmark((std::string{"packed_gemm/"} + xzoo::name(P)).c_str(),
                                             &packed_gemm<P>);
    all->ArgNames({"rows", "out", "in", "weights"})->UseManualTime();
    // BERT-base, and a layer of a language model
    all->Args({128, 768, 768, 1})->Args({128, 3072, 768, 1})->Args({128, 768, 3072, 1});
    all->Args({1024, 768, 768, 1})->Args({512, 2048, 2048, 1})->Args({128, 768, 768, 24});
    // decoding: TinyLlama's layers, and the head of SmolLM-135M
    all->Args({1, 2048, 2048, 16})->Args({1, 5632, 2048, 8})->Args({1, 49152, 576, 2});
    for (int rows = 2; rows <= 8; ++rows)
        all->Args({rows, 2048, 2048, 16});
}

}  // namespace

int main(int argc, char** argv) {
    add<Precision::f32>();
    add<Precision::bf16>();
    add<Precision::f16>();
    add<Precision::i8>();
    add<Precision::q8>();
    add<Precision::q4>();
    add<Precision::q4m>();
    add<Precision::f8e4m3>();
    add<Precision::f8e5m2>();
    return run_benchmarks(argc, argv);
}
