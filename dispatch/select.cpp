// Chooses the kernels that a program runs with.
#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

#include "xzoo/core/error.hpp"
#include "xzoo/simd/arch.hpp"

#ifndef XZOO_DISPATCH
#error "compiled like the programs that link it"
#endif

namespace {

using xzoo::simd::KernelTable;

/// An architecture of this build.
struct Candidate {
    std::string_view name;  // as XZOO_ARCH has it
    const KernelTable* kernels;
    bool (*is_there)() noexcept;
};

}  // namespace

extern "C" {
#if defined(__x86_64__)
extern const KernelTable xzoo_kernels_sse2;
extern const KernelTable xzoo_kernels_avx2;
extern const KernelTable xzoo_kernels_avx_vnni;
extern const KernelTable xzoo_kernels_avx512;
extern const KernelTable xzoo_kernels_avx512_vnni;
extern const KernelTable xzoo_kernels_avx512_bf16;
extern const KernelTable xzoo_kernels_avx512_amx;
#else
extern const KernelTable xzoo_kernels_neon;
#endif
}

namespace {

using namespace xzoo::simd;

/// The best first.
const std::array candidates {
#if defined(__x86_64__)
    Candidate{"avx512_amx", &xzoo_kernels_avx512_amx, &cpu_supports<avx512_amx>},
        Candidate{"avx512_bf16", &xzoo_kernels_avx512_bf16, &cpu_supports<avx512_bf16>},
        Candidate{"avx512_vnni", &xzoo_kernels_avx512_vnni, &cpu_supports<avx512_vnni>},
        Candidate{"avx512", &xzoo_kernels_avx512, &cpu_supports<xsimd::avx512bw>},
        Candidate{"avx_vnni", &xzoo_kernels_avx_vnni, &cpu_supports<avx_vnni>},
        Candidate{"avx2", &xzoo_kernels_avx2, &cpu_supports<xsimd::fma3<xsimd::avx2>>},
        Candidate{"sse2", &xzoo_kernels_sse2, &cpu_supports<xsimd::sse2>},
#else
    Candidate{"neon", &xzoo_kernels_neon, &cpu_supports<xsimd::neon64>},
#endif
};

/// What XZOO_ARCH says; empty where it is not set.
std::string_view wanted() noexcept {
    const char* value = std::getenv("XZOO_ARCH");
    return value == nullptr ? std::string_view{} : value;
}

const KernelTable& choose() noexcept {
    const std::string_view name = wanted();
    for (const Candidate& candidate : candidates)
        if (candidate.name == name && candidate.is_there())
            return *candidate.kernels;
    for (const Candidate& candidate : candidates)
        if (candidate.is_there())
            return *candidate.kernels;
    return *candidates.back().kernels;
}

}  // namespace

namespace xzoo::simd {

const KernelTable& kernel_table() noexcept {
    static const KernelTable& chosen = choose();
    return chosen;
}

void require_architecture() {
    const std::string_view name = wanted();
    if (name.empty())
        return;
    std::string known;
    for (const Candidate& candidate : candidates) {
        if (!candidate.is_there())
            continue;
        if (candidate.name == name)
            return;
        known += (known.empty() ? "" : ", ") + std::string{candidate.name};
    }
    throw ArgumentError{"XZOO_ARCH is '" + std::string{name} + "', expected one of what this " +
                        "machine has: " + known};
}

const char* dispatched::name() noexcept {
    return kernel_table().name;
}

}  // namespace xzoo::simd
