#pragma once

#include <type_traits>
#include <xsimd/xsimd.hpp>

/// Kernels are small functions that only pay when they are merged into their loops.
#define XZOO_INLINE __attribute__((always_inline)) inline
/// The same for a lambda: goes between its parameters and its body.
#define XZOO_INLINE_LAMBDA __attribute__((always_inline))

namespace xzoo::simd {

/// The best architecture of the flags this translation unit is compiled with. It is always passed
/// on as a template argument, so that units with other flags get other symbols.
#if XSIMD_WITH_AVX512BW
using default_arch = xsimd::avx512bw;
#elif XSIMD_WITH_FMA3_AVX2
using default_arch = xsimd::fma3<xsimd::avx2>;
#elif XSIMD_WITH_AVX2
using default_arch = xsimd::avx2;
#elif XSIMD_WITH_SSE4_2
using default_arch = xsimd::sse4_2;
#elif XSIMD_WITH_SSE2
using default_arch = xsimd::sse2;
#elif XSIMD_WITH_NEON64
using default_arch = xsimd::neon64;
#else
#error "xzoo::simd: needs SSE2 (x86-64) or NEON (aarch64)"
#endif

/// True for architectures with 512-bit registers, which xsimd 8 gives no fused multiply-add.
template <class Arch>
inline constexpr bool is_avx512 = std::is_base_of_v<xsimd::avx512f, Arch>;

/// True where registers hold 256 bits.
template <class Arch>
inline constexpr bool is_avx = std::is_base_of_v<xsimd::avx, Arch> && !is_avx512<Arch>;

/// True where a * b + c is one instruction with one rounding.
template <class Arch>
inline constexpr bool has_fma = is_avx512<Arch> || std::is_same_v<Arch, xsimd::fma3<xsimd::avx2>> ||
                                std::is_same_v<Arch, xsimd::neon64>;

/// Name of an architecture for logs and benchmarks, e.g. "fma3+avx2".
template <class Arch = default_arch>
constexpr const char* arch_name() noexcept {
    return Arch::name();
}

/// Whether this machine (processor and operating system) can run code for Arch.
template <class Arch = default_arch>
bool cpu_supports() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    if constexpr (is_avx512<Arch>)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    else if constexpr (std::is_same_v<Arch, xsimd::fma3<xsimd::avx2>>)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    else if constexpr (std::is_same_v<Arch, xsimd::avx2>)
        return __builtin_cpu_supports("avx2");
    else if constexpr (std::is_same_v<Arch, xsimd::sse4_2>)
        return __builtin_cpu_supports("sse4.2");
    else
        return std::is_same_v<Arch, xsimd::sse2> && __builtin_cpu_supports("sse2");
#else
    return std::is_same_v<Arch, xsimd::neon64>;
#endif
}

}  // namespace xzoo::simd
