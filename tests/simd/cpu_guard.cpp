// Ends a test program before any of its own code runs if this CPU lacks what the program was
// compiled for: static initialisers may already hold instructions that the CPU does not know.
// Compiled without architecture flags itself.
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace {

constexpr int skipped_exit_code = 77;  // as in catch_main.cpp
constexpr int tests_listed = 1;        // Catch2 answers a request for a list with their number

bool cpu_fits() {
    __builtin_cpu_init();
#if defined(XZOO_NEEDS_AVX512)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
#elif defined(XZOO_NEEDS_AVX2)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
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
