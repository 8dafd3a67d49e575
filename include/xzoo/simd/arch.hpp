#pragma once

#include <type_traits>
#include <xsimd/xsimd.hpp>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif
#endif

/// Kernels are small functions that only pay when they are merged into their loops.
#define XZOO_INLINE __attribute__((always_inline)) inline
/// The same for a lambda: goes between its parameters and its body.
#define XZOO_INLINE_LAMBDA __attribute__((always_inline))

/// Before a loop over the registers of a kernel: unrolls it, so that they are registers. Not under
/// the sanitizers, whose checks make minutes of work for the compiler of such code.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define XZOO_UNROLL
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define XZOO_UNROLL
#endif
#ifndef XZOO_UNROLL
#define XZOO_UNROLL _Pragma("GCC unroll 24")
#endif

// Architectures that xsimd 8 does not know, by the flags of this translation unit.
#if XSIMD_WITH_AVX512BW && defined(__AVX512VL__) && defined(__AVX512VNNI__)
#define XZOO_WITH_AVX512_VNNI 1
#else
#define XZOO_WITH_AVX512_VNNI 0
#endif
#if XZOO_WITH_AVX512_VNNI && defined(__AVX512BF16__)
#define XZOO_WITH_AVX512_BF16 1
#else
#define XZOO_WITH_AVX512_BF16 0
#endif
#if XZOO_WITH_AVX512_BF16 && defined(__AMX_TILE__) && defined(__AMX_INT8__) && \
    defined(__AMX_BF16__) && defined(__linux__)
#define XZOO_WITH_AVX512_AMX 1
#else
#define XZOO_WITH_AVX512_AMX 0
#endif
#if XSIMD_WITH_FMA3_AVX2 && defined(__AVXVNNI__)
#define XZOO_WITH_AVX_VNNI 1
#else
#define XZOO_WITH_AVX_VNNI 0
#endif

namespace xzoo::simd {

/// AVX-512 (F, CD, DQ, BW, VL) with dot products of 8-bit integers.
struct avx512_vnni : xsimd::avx512bw {
    static constexpr bool supported() noexcept { return XZOO_WITH_AVX512_VNNI; }
    static constexpr unsigned version() noexcept { return xsimd::generic::version(3, 5, 0); }
    static constexpr const char* name() noexcept { return "avx512bw+vnni"; }
};

/// The same with dot products of bfloat16.
struct avx512_bf16 : avx512_vnni {
    static constexpr bool supported() noexcept { return XZOO_WITH_AVX512_BF16; }
    static constexpr unsigned version() noexcept { return xsimd::generic::version(3, 6, 0); }
    static constexpr const char* name() noexcept { return "avx512bw+vnni+bf16"; }
};

/// The same with matrix products of both in the tile unit (AMX), where the operating system lets
/// a program use it; bfloat16 dot products are slow on the processors that have it.
struct avx512_amx : avx512_bf16 {
    static constexpr bool supported() noexcept { return XZOO_WITH_AVX512_AMX; }
    static constexpr unsigned version() noexcept { return xsimd::generic::version(3, 7, 0); }
    static constexpr const char* name() noexcept { return "avx512bw+vnni+bf16+amx"; }
};

/// AVX2 and FMA with dot products of 8-bit integers.
struct avx_vnni : xsimd::fma3<xsimd::avx2> {
    static constexpr bool supported() noexcept { return XZOO_WITH_AVX_VNNI; }
    static constexpr unsigned version() noexcept { return xsimd::generic::version(2, 2, 2); }
    static constexpr const char* name() noexcept { return "fma3+avx2+vnni"; }
};

/// The kernels of avx_vnni in the encoding that AVX-512 gives the same instructions. Never the
/// default: with it those kernels are tested on processors that have only AVX-512.
struct avx_vnni_evex : avx_vnni {
    static constexpr bool supported() noexcept { return XZOO_WITH_AVX512_VNNI; }
    static constexpr const char* name() noexcept { return "fma3+avx2+vnni (EVEX)"; }
};

}  // namespace xzoo::simd

// Their registers are those of the architectures that they extend.
namespace xsimd::types {
#if XZOO_WITH_AVX512_VNNI
template <class T>
struct get_bool_simd_register<T, xzoo::simd::avx512_vnni> {
    using type = simd_avx512_bool_register<T>;
};
XSIMD_DECLARE_SIMD_REGISTER_ALIAS(xzoo::simd::avx512_vnni, avx512bw);
XSIMD_DECLARE_SIMD_REGISTER_ALIAS(xzoo::simd::avx_vnni_evex, fma3<avx2>);
#endif
#if XZOO_WITH_AVX512_BF16
template <class T>
struct get_bool_simd_register<T, xzoo::simd::avx512_bf16> {
    using type = simd_avx512_bool_register<T>;
};
XSIMD_DECLARE_SIMD_REGISTER_ALIAS(xzoo::simd::avx512_bf16, avx512bw);
#endif
#if XZOO_WITH_AVX512_AMX
template <class T>
struct get_bool_simd_register<T, xzoo::simd::avx512_amx> {
    using type = simd_avx512_bool_register<T>;
};
XSIMD_DECLARE_SIMD_REGISTER_ALIAS(xzoo::simd::avx512_amx, avx512bw);
#endif
#if XZOO_WITH_AVX_VNNI
XSIMD_DECLARE_SIMD_REGISTER_ALIAS(xzoo::simd::avx_vnni, fma3<avx2>);
#endif
}  // namespace xsimd::types

namespace xzoo::simd {

/// Not one architecture but the best one that the CPU has, found when the program runs: that of
/// programs that link xzoo::dispatch (see dispatch.hpp).
struct dispatched {
    static const char* name() noexcept;
};

/// The best architecture of the flags this translation unit is compiled with. It is always passed
/// on as a template argument, so that units with other flags get other symbols.
#if defined(XZOO_DISPATCH)
using default_arch = dispatched;
#elif XZOO_WITH_AVX512_AMX
using default_arch = avx512_amx;
#elif XZOO_WITH_AVX512_BF16
using default_arch = avx512_bf16;
#elif XZOO_WITH_AVX512_VNNI
using default_arch = avx512_vnni;
#elif XSIMD_WITH_AVX512BW
using default_arch = xsimd::avx512bw;
#elif XZOO_WITH_AVX_VNNI
using default_arch = avx_vnni;
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
inline constexpr bool has_fma =
    is_avx512<Arch> || std::is_base_of_v<xsimd::fma3<xsimd::avx2>, Arch> ||
    std::is_same_v<Arch, xsimd::neon64>;

/// True where four products of unsigned and signed bytes are added to a 32-bit sum at once.
template <class Arch>
inline constexpr bool has_vnni =
    std::is_base_of_v<avx512_vnni, Arch> || std::is_base_of_v<avx_vnni, Arch>;

/// True where two products of bfloat16 numbers are added to a float at once.
template <class Arch>
inline constexpr bool has_bf16 = std::is_base_of_v<avx512_bf16, Arch>;

/// True where matrix products are made by the tile unit.
template <class Arch>
inline constexpr bool has_amx = std::is_base_of_v<avx512_amx, Arch>;

/// Name of an architecture for logs and benchmarks, e.g. "fma3+avx2".
template <class Arch = default_arch>
constexpr const char* arch_name() noexcept {
    return Arch::name();
}

namespace detail {
#if defined(__x86_64__) || defined(__i386__)
/// Leaf 7, subleaf 1, EAX bit 4: Clang 14's __builtin_cpu_supports has no name for AVX-VNNI.
inline bool cpu_has_avx_vnni() noexcept {
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;
    return __get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx) != 0 && (eax >> 4U & 1U) != 0;
}
#endif

/// Whether this process may use the tile unit: Linux gives its registers to those that ask.
template <class Arch>
bool amx_is_granted() noexcept {
#if defined(__x86_64__) && defined(__linux__)
    static const bool granted = [] {
        constexpr long request_permission = 0x1023;                     // ARCH_REQ_XCOMP_PERM
        constexpr long tile_data = 18;                                  // XFEATURE_XTILEDATA
        constexpr unsigned needed = 1U << 22U | 1U << 24U | 1U << 25U;  // BF16, TILE, INT8
        unsigned eax = 0;
        unsigned ebx = 0;
        unsigned ecx = 0;
        unsigned edx = 0;
        return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (edx & needed) == needed &&
               ::syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
    }();
    return granted;
#else
    return false;
#endif
}
}  // namespace detail

/// Whether this machine (processor and operating system) can run code for Arch. The operating
/// system has to save the wide registers: libgcc and compiler-rt report AVX and AVX-512 features
/// only where XCR0 says that it does.
template <class Arch = default_arch>
bool cpu_supports() noexcept {
    if constexpr (std::is_same_v<Arch, dispatched>)
        return true;  // it is what this machine has
#if defined(__x86_64__) || defined(__i386__)
    if constexpr (std::is_same_v<Arch, avx512_amx>)
        return cpu_supports<avx512_bf16>() && detail::amx_is_granted<Arch>();
    else if constexpr (std::is_same_v<Arch, avx512_bf16>)
        return cpu_supports<avx512_vnni>() && __builtin_cpu_supports("avx512bf16");
    else if constexpr (std::is_same_v<Arch, avx512_vnni>)
        return cpu_supports<xsimd::avx512bw>() && __builtin_cpu_supports("avx512vnni");
    else if constexpr (is_avx512<Arch>)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    else if constexpr (std::is_same_v<Arch, avx_vnni_evex>)
        return cpu_supports<avx512_vnni>();
    else if constexpr (std::is_same_v<Arch, avx_vnni>)
        return cpu_supports<xsimd::fma3<xsimd::avx2>>() && detail::cpu_has_avx_vnni();
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

#if defined(XZOO_DISPATCH)
#include "xzoo/simd/dispatch.hpp"
/// Behind the template of a kernel: with xzoo::dispatch, the kernel of the architecture that was
/// chosen when the program began.
#define XZOO_DISPATCHED_KERNEL(Result, name, parameters, arguments) \
    template <>                                                     \
    inline Result name<dispatched> parameters noexcept {            \
        return kernel_table().name arguments;                       \
    }
#else
#define XZOO_DISPATCHED_KERNEL(Result, name, parameters, arguments)
namespace xzoo::simd {
/// Nothing to check: programs without xzoo::dispatch are compiled for one architecture.
inline void require_architecture() noexcept {}
}  // namespace xzoo::simd
#endif
