# What can be chosen, and the flags of the project's own programs and tests (never a user's: those
# come from the including project alone).

option(XZOO_OPENMP "Use threads through OpenMP where the compiler has it" ON)
option(XZOO_BUILD_CLI "Build the program xzoo" ${PROJECT_IS_TOP_LEVEL})
option(XZOO_BUILD_EXAMPLES "Build the example programs" ${PROJECT_IS_TOP_LEVEL})
option(XZOO_BUILD_DISPATCH
    "Build xzoo::dispatch, kernels for every CPU of this kind in one library" ${PROJECT_IS_TOP_LEVEL})
option(XZOO_BUILD_BENCH "Build the benchmarks" ${PROJECT_IS_TOP_LEVEL})
option(XZOO_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(XZOO_BUILD_FUZZERS "Build the fuzzers (needs Clang)" OFF)
option(XZOO_INSTALL "Make install rules" ${PROJECT_IS_TOP_LEVEL})
option(XZOO_NATIVE "Compile the project's own programs for this machine's CPU" OFF)
set(XZOO_SANITIZE "" CACHE STRING "Sanitizers of the project's own programs, e.g. address;undefined")

if(PROJECT_IS_TOP_LEVEL)
    if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
        set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
    endif()
    set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
    set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
    set(CMAKE_CXX_EXTENSIONS OFF)
    find_program(XZOO_CCACHE ccache)
    mark_as_advanced(XZOO_CCACHE)
    if(XZOO_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
        set(CMAKE_CXX_COMPILER_LAUNCHER "${XZOO_CCACHE}")
    endif()
endif()

# xzoo_project: how the project compiles its own sources, for any architecture.
# Kernels say where a multiplication and an addition become one (simd/vec.hpp), so the compiler
# must not choose for them: results would differ between GCC and Clang.
add_library(xzoo_project INTERFACE)
target_compile_features(xzoo_project INTERFACE cxx_std_20)
target_compile_options(xzoo_project INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 warns of what cannot happen in std::string::insert (GCC bug 105651).
    target_compile_options(xzoo_project INTERFACE -Wno-restrict)
endif()
if(XZOO_SANITIZE)
    list(JOIN XZOO_SANITIZE "," sanitizers)
    target_compile_options(xzoo_project INTERFACE
        -fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(xzoo_project INTERFACE -fsanitize=${sanitizers})
    unset(sanitizers)
endif()

# xzoo_project_native: the same for programs that run on the machine that builds them.
add_library(xzoo_project_native INTERFACE)
target_link_libraries(xzoo_project_native INTERFACE xzoo_project)
if(XZOO_NATIVE)
    target_compile_options(xzoo_project_native INTERFACE -march=native)
endif()
