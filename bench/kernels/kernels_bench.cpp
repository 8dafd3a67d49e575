// Speed of the kernels on one thread, beside the limit of the machine and beside OpenBLAS.
//
// Every iteration runs the kernel, a loop of nothing but multiply-adds and, where the build has
// CBLAS (XZOO_HAVE_CBLAS), the same product by CBLAS, so that all three see the same clock and
// the same neighbours. The counters are medians over the iterations:
//   GFLOP/s   of the kernel            of_peak   its share of the multiply-add loop
//   blas      GFLOP/s of CBLAS         vs_blas   how many times faster the kernel is
// "cold" goes round weights that together exceed the caches, as the layers of a model do.
#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <functional>
#include <vector>

#include "measure.hpp"
#include "xzoo/simd/attention.hpp"
#include "xzoo/simd/gemm.hpp"
#include "xzoo/simd/norms.hpp"
#include "xzoo/simd/packed.hpp"
#include "xzoo/simd/softmax.hpp"
#ifdef XZOO_HAVE_CBLAS
#include <cblas.h>
#endif

namespace {

using namespace xzoo::bench;

constexpr xzoo::Precision f32 = xzoo::Precision::f32;

/// Times `kernel` and `rival` (may be empty) side by side; `work` is what both do, in flops.
void measure(benchmark::State& state, double work, const std::function<void()>& kernel,
             const std::function<void()>& rival = {}) {
    std::vector<double> ours;
    std::vector<double> peaks;
    std::vector<double> theirs;
    for (auto _ : state) {
        peaks.push_back(1.0 / peak<FloatDot>());
        ours.push_back(seconds(kernel));
        if (rival)
            theirs.push_back(seconds(rival));
        state.SetIterationTime(ours.back());
    }
    const double time = median(ours);
    state.counters["GFLOP/s"] = work / time * 1e-9;
    state.counters["of_peak"] = work / time * median(peaks);
    if (rival) {
        state.counters["blas"] = work / median(theirs) * 1e-9;
        state.counters["vs_blas"] = median(theirs) / time;
    }
}

/// y = x W^T; arguments rows, out, in and how many different weights are gone round.
void gemm(benchmark::State& state) {
    const auto rows = static_cast<std::size_t>(state.range(0));
    const auto out = static_cast<std::size_t>(state.range(1));
    const auto in = static_cast<std::size_t>(state.range(2));
    const auto copies = static_cast<std::size_t>(state.range(3));
    const std::vector<float> a = numbers(rows * in);
    const std::vector<float> weight = numbers(out * in);
    std::vector<float> y(rows * out);
    std::vector<std::vector<float>> packed(copies);
    for (auto& p : packed) {
        p.resize(xzoo::simd::packed_bytes<default_arch, f32>(out, in) / sizeof(float));
        xzoo::simd::pack_rows<default_arch, f32>(weight.data(), 0, out, in, in, 1, p.data());
    }
    std::size_t turn = 0;
    const auto ours = [&] {
        xzoo::simd::gemm<default_arch, f32>(a.data(), rows, in, packed[turn++ % copies].data(), out,
                                            in, y.data(), out, {}, nullptr, 1);
    };
    std::function<void()> rival;
#ifdef XZOO_HAVE_CBLAS
    const std::vector<std::vector<float>> weights(copies, weight);
    rival = [&] {
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, static_cast<int>(rows),
                    static_cast<int>(out), static_cast<int>(in), 1.0F, a.data(),
                    static_cast<int>(in), weights[turn % copies].data(), static_cast<int>(in), 0.0F,
                    y.data(), static_cast<int>(out));
    };
#endif
    measure(state, 2.0 * static_cast<double>(rows * out * in), ours, rival);
    state.counters["weights_GB/s"] = state.counters["GFLOP/s"] * 2.0 / static_cast<double>(rows);
}

/// Encoder attention; arguments batch, sequence, heads, head size.
void attention(benchmark::State& state) {
    const auto batch = static_cast<std::size_t>(state.range(0));
    const auto length = static_cast<std::size_t>(state.range(1));
    const auto heads = static_cast<std::size_t>(state.range(2));
    const auto dim = static_cast<std::size_t>(state.range(3));
    const std::size_t stride = 3 * heads * dim;
    const std::vector<float> fused = numbers(batch * length * stride);
    const std::vector<float> mask(batch * length, 0.0F);
    std::vector<float> y(batch * length * heads * dim);
    xzoo::simd::AttentionProblem p{};
    p.batch = batch;
    p.heads = p.kv_heads = heads;
    p.query_length = p.key_length = length;
    p.head_dim = dim;
    p.query = fused.data();
    p.key = p.query + heads * dim;
    p.value = p.key + heads * dim;
    p.output = y.data();
    p.query_token_stride = p.key_token_stride = p.value_token_stride = stride;
    p.output_token_stride = heads * dim;
    p.query_batch_stride = p.key_batch_stride = p.value_batch_stride = length * stride;
    p.output_batch_stride = length * heads * dim;
    p.scale = 0.125F;
    p.mask = mask.data();
    p.mask_batch_stride = length;
    std::vector<float> scratch(xzoo::simd::attention_scratch<>(p, 1));
    measure(state, 4.0 * static_cast<double>(batch * heads * length * length * dim),
            [&] { xzoo::simd::attention<>(p, scratch.data(), 1); });
}

/// An operation on (rows, n) floats; reports elements a nanosecond too.
void rows_of(benchmark::State& state,
             const std::function<void(float*, std::size_t, std::size_t)>& f) {
    const auto rows = static_cast<std::size_t>(state.range(0));
    const auto n = static_cast<std::size_t>(state.range(1));
    std::vector<float> x = numbers(rows * n);
    for (auto _ : state)
        f(x.data(), rows, n);
    state.counters["elements"] = benchmark::Counter(static_cast<double>(rows * n),
                                                    benchmark::Counter::kIsIterationInvariantRate);
}

void layer_norm(benchmark::State& state) {
    rows_of(state, [](float* x, std::size_t rows, std::size_t n) {
        xzoo::simd::layer_norm<>(x, rows, n, n, nullptr, nullptr, 1e-12F, x, n, 1);
    });
}

void softmax(benchmark::State& state) {
    rows_of(state, [](float* x, std::size_t rows, std::size_t n) {
        xzoo::simd::softmax_rows<>(x, rows, n, n);
    });
}

template <xzoo::Activation A>
void activation(benchmark::State& state) {
    rows_of(state, [](float* x, std::size_t rows, std::size_t n) {
        xzoo::simd::activate<>(x, rows * n, A);
    });
}

void gemm_shapes(benchmark::internal::Benchmark* b) {
    b->ArgNames({"rows", "out", "in", "weights"})->UseManualTime();
    for (const auto& [rows, out, in] : std::vector<std::array<int, 3>>{{128, 768, 768},
                                                                       {128, 3072, 768},
                                                                       {128, 768, 3072},
                                                                       {1024, 768, 768},
                                                                       {128, 1536, 384},
                                                                       {36, 36, 36}})
        b->Args({rows, out, in, 1});
    for (const auto& [rows, out, in, copies] : std::vector<std::array<int, 4>>{
             {128, 768, 768, 24}, {128, 3072, 768, 6}, {128, 768, 3072, 6}, {16, 3072, 768, 6}})
        b->Args({rows, out, in, copies});
    for (int rows = 1; rows <= 8; ++rows)
        b->Args({rows, 3072, 768, 6});
}

BENCHMARK(gemm)->Apply(gemm_shapes);
BENCHMARK(attention)
    ->ArgNames({"batch", "length", "heads", "dim"})
    ->UseManualTime()
    ->Args({1, 16, 12, 64})
    ->Args({1, 128, 12, 64})
    ->Args({1, 512, 12, 64})
    ->Args({8, 128, 12, 32});
BENCHMARK(layer_norm)->Args({128, 768});
BENCHMARK(softmax)->Args({128, 128})->Args({8, 30522});
BENCHMARK_TEMPLATE(activation, xzoo::Activation::gelu)->Args({128, 3072});
BENCHMARK_TEMPLATE(activation, xzoo::Activation::gelu_new)->Args({128, 3072});
BENCHMARK_TEMPLATE(activation, xzoo::Activation::silu)->Args({128, 3072});

}  // namespace

int main(int argc, char** argv) {
#if defined(XZOO_HAVE_CBLAS) && defined(OPENBLAS_VERSION)
    openblas_set_num_threads(1);
#endif
    return run_benchmarks(argc, argv);
}
