// Ends a test program before any of its own code runs if this CPU lacks what the program was
// compiled for: static initialisers may already hold instructions that the CPU does not know.
// Compiled without architecture flags itself.
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace {

constexpr int skipped_exit_code = 77;  // as in catch_main.cpp
constexpr int tests_listed = 1;        // Catch2 answers a request for a list with their number

[[maybe_unused]] bool has_avx2() {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

[[maybe_unused]] bool has_avx512() {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
}

// Leaf 7, subleaf 1, EAX bit 4; Clang 14 has no name for it.
[[maybe_unused]] bool has_avx_vnni() {
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;
    return __get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx) != 0 && (eax >> 4U & 1U) != 0;
}

[[maybe_unused]] bool has_avx512_bf16() {
    return has_avx512() && __builtin_cpu_supports("avx512vnni") &&
           __builtin_cpu_supports("avx512bf16");
}

// Leaf 7, EDX: BF16, TILE, INT8. Linux has to be asked for the registers of the tile unit.
[[maybe_unused]] bool has_amx() {
    constexpr unsigned needed = 1U << 22U | 1U << 24U | 1U << 25U;
    unsigned eax = 0;
    unsigned ebx = 0;
    unsigned ecx = 0;
    unsigned edx = 0;
    return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (edx & needed) == needed &&
           syscall(SYS_arch_prctl, 0x1023, 18) == 0;
}

bool cpu_fits() {
    __builtin_cpu_init();
#if defined(XZOO_NEEDS_AVX512_AMX)
    return has_avx512_bf16() && has_amx();
#elif defined(XZOO_NEEDS_AVX512_BF16)
    return has_avx512_bf16();
#elif defined(XZOO_NEEDS_AVX512_VNNI)
    return has_avx512() && __builtin_cpu_supports("avx512vnni");
#elif defined(XZOO_NEEDS_AVX512)
    return has_avx512();
#elif defined(XZOO_NEEDS_AVX_VNNI)
    return has_avx2() && has_avx_vnni();
#elif defined(XZOO_NEEDS_AVX2)
    return has_avx2();
#else
    return true;
#endif
}

void say(std::string_view text) {
    if (write(STDOUT_FILENO, text.data(), text.size()) < 0)
        std::_Exit(EXIT_FAILURE);
}

// Priority 101 is the first one that programs may have: before all other static objects.
__attribute__((constructor(101))) void guard(int argc, char** argv) {
    if (cpu_fits())
        return;
    const std::string_view last = argc > 1 ? argv[argc - 1] : "";
    if (last.substr(0, 6) == "--list") {
        say("this CPU can run the " XZOO_ARCHITECTURE " kernels\n");
        std::_Exit(tests_listed);
    }
    say("skipped: this CPU cannot run the " XZOO_ARCHITECTURE " kernels\n");
    std::_Exit(skipped_exit_code);
}

}  // namespace
