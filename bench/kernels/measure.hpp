// What the benchmarks of kernels share: times, and the limits of the machine that they stand
// beside.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <vector>

#include "xzoo/simd/amx.hpp"
#include "xzoo/simd/dot.hpp"
#include "xzoo/simd/vec.hpp"

namespace xzoo::bench {

using simd::default_arch;
using simd::Vec;

template <class F>
double seconds(F&& f) {
    const auto start = std::chrono::steady_clock::now();
    f();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

inline double median(std::vector<double> v) {
    std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
    return v[v.size() / 2];
}

/// Deterministic numbers between -1 and 1.
inline std::vector<float> numbers(std::size_t n) {
    std::vector<float> v(n);
    for (std::size_t i = 0; i < n; ++i)
        v[i] = static_cast<float>((i * 2654435761U) % 2001U) / 1000.0F - 1.0F;
    return v;
}

/// Multiply-adds of floats, in the form of the narrower dot products.
struct FloatDot {
    using Sum = Vec<default_arch>;
    static constexpr std::size_t group = 1;
    static Sum load(const std::byte*) { return Sum(0.001F); }
    static Sum broadcast(const std::byte*) { return Sum(0.999F); }
    static Sum add(Sum sum, Sum weights, Sum inputs) {
        return simd::fma<default_arch>(sum, inputs, weights);
    }
};

/// Operations (a multiplication and an addition are two) a second of ten independent chains of D's
/// additions.
template <class D>
double peak() {
    constexpr std::size_t chains = 10;
    constexpr std::size_t steps = 20'000;
    alignas(64) const std::array<std::byte, 64> zeros{};
    typename D::Sum sum[chains];
    for (auto& s : sum)
        s = typename D::Sum{};
    auto weights = D::load(zeros.data());
    auto inputs = D::broadcast(zeros.data());
    benchmark::DoNotOptimize(weights);
    benchmark::DoNotOptimize(inputs);
    const double time = seconds([&] {
        for (std::size_t s = 0; s < steps; ++s) {
#pragma GCC unroll 10
            for (std::size_t i = 0; i < chains; ++i)
                sum[i] = D::add(sum[i], weights, inputs);
        }
    });
    for (auto& s : sum)
        benchmark::DoNotOptimize(s);
    return 2.0 * chains * steps * simd::lanes<default_arch> * D::group / time;
}

#if XZOO_WITH_AVX512_AMX
/// The same of the tile unit: four chains of products of bytes, or of pairs of bfloat16 numbers.
template <bool Bytes>
double tile_peak() {
    constexpr std::size_t steps = 5'000;
    const simd::detail::AmxTiles<Bytes> tiles;
    const double time = seconds([&] {
        for (std::size_t s = 0; s < steps; ++s) {
            if constexpr (Bytes) {
                _tile_dpbsud(0, 4, 6);
                _tile_dpbsud(1, 4, 7);
                _tile_dpbsud(2, 5, 6);
                _tile_dpbsud(3, 5, 7);
            } else {
                _tile_dpbf16ps(0, 4, 6);
                _tile_dpbf16ps(1, 4, 7);
                _tile_dpbf16ps(2, 5, 6);
                _tile_dpbf16ps(3, 5, 7);
            }
        }
    });
    return 2.0 * 4 * steps * 16 * 16 * (Bytes ? 64 : 32) / time;
}
#endif

/// Bytes a second that one core reads from memory, in four streams. Each call reads the next eighth
/// of more memory than the caches hold.
inline double read_bandwidth() {
    static std::size_t turn = 0;
    static const std::vector<float> memory(std::size_t{32} << 20U, 1.0F);  // 128 MiB
    constexpr std::size_t lanes = simd::lanes<default_arch>;
    constexpr std::size_t streams = 4;
    Vec<default_arch> sum[streams];
    for (auto& s : sum)
        s = Vec<default_arch>(0.0F);
    const std::size_t length = memory.size() / 8 / streams;
    const float* begin = memory.data() + turn++ % 8 * streams * length;
    const double time = seconds([&] {
        for (std::size_t i = 0; i < length; i += 16) {
            for (std::size_t s = 0; s < streams; ++s) {
                for (std::size_t k = 0; k < 16; k += lanes)
                    sum[s] = sum[s] + simd::load<default_arch>(begin + s * length + i + k);
            }
        }
    });
    for (auto& s : sum)
        benchmark::DoNotOptimize(s);
    return static_cast<double>(streams * length * sizeof(float)) / time;
}

/// main() of a program with benchmarks: reads the arguments and runs what they choose.
inline int run_benchmarks(int argc, char** argv) {
    benchmark::AddCustomContext("architecture", simd::arch_name<>());
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 1;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}

}  // namespace xzoo::bench
