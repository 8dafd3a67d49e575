// What the kernel tests share: the architectures to test, random arrays, arrays with canaries.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "../support.hpp"
#include "xzoo/simd/arch.hpp"

namespace xzoo::test {

/// The architecture that the flags of this translation unit ask for; the lesser ones, too, where
/// the build wants them (they take as long to compile again).
#if defined(XZOO_TEST_AVX_VNNI_EVEX)
using Archs = std::tuple<simd::default_arch, simd::avx_vnni_evex>;
#elif !defined(XZOO_TEST_ALL_ARCHS)
using Archs = std::tuple<simd::default_arch>;
#else
using Archs = std::tuple<
#if XZOO_WITH_AVX512_AMX
    simd::avx512_amx,
#endif
#if XZOO_WITH_AVX512_BF16
    simd::avx512_bf16,
#endif
#if XZOO_WITH_AVX512_VNNI
    simd::avx512_vnni,
#endif
#if XSIMD_WITH_AVX512BW
    xsimd::avx512bw,
#endif
#if XZOO_WITH_AVX_VNNI
    simd::avx_vnni,
#endif
#if XSIMD_WITH_FMA3_AVX2
    xsimd::fma3<xsimd::avx2>,
#endif
#if XSIMD_WITH_AVX2
    xsimd::avx2,
#endif
#if XSIMD_WITH_SSE4_2
    xsimd::sse4_2,
#endif
#if XSIMD_WITH_SSE2
    xsimd::sse2
#else
    xsimd::neon64
#endif
    >;
#endif

/// Whether the tests of Arch can run here; says so where they cannot.
template <class Arch>
bool can_run() {
    if (simd::cpu_supports<Arch>())
        return true;
    WARN("skipped: this processor has no " << simd::arch_name<Arch>());
    return false;
}

/// Random numbers that are the same on every machine.
class Random {
public:
    explicit Random(std::uint32_t seed) : engine_(seed) {}
    /// Uniform in [low, high).
    float uniform(float low = -1.0F, float high = 1.0F) {
        return low + (high - low) * static_cast<float>(engine_() >> 8U) * 0x1p-24F;
    }
    /// Uniform in [low, high], inclusive.
    std::size_t size(std::size_t low, std::size_t high) {
        return low + engine_() % (high - low + 1);
    }
    std::vector<float> vector(std::size_t n, float low = -1.0F, float high = 1.0F) {
        std::vector<float> v(n);
        for (float& x : v)
            x = uniform(low, high);
        return v;
    }

private:
    std::mt19937 engine_;
};

/// An array that ends right before a canary; intact() tells whether nobody wrote behind it. The
/// heap block ends with the canary, so that a sanitizer sees reads beyond it too.
class Guarded {
public:
    explicit Guarded(std::size_t n, float fill = 0.0F) : size_(n), values_(n + guard, fill) {
        for (std::size_t i = 0; i < guard; ++i)
            values_[n + i] = canary;
    }
    float* data() { return values_.data(); }
    std::span<const float> span() const { return {values_.data(), size_}; }
    float& operator[](std::size_t i) { return values_[i]; }
    bool intact() const {
        for (std::size_t i = 0; i < guard; ++i) {
            if (values_[size_ + i] != canary)
                return false;
        }
        return true;
    }

private:
    static constexpr std::size_t guard = 64;
    static constexpr float canary = -12345.5F;
    std::size_t size_;
    std::vector<float> values_;
};

/// Whether two arrays hold the same bits.
inline bool same_bits(std::span<const float> a, std::span<const float> b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](float x, float y) {
               return std::bit_cast<std::uint32_t>(x) == std::bit_cast<std::uint32_t>(y);
           });
}

}  // namespace xzoo::test
