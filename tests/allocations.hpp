// Counts what a call asks of the heap and how much it holds, by standing between the program and
// glibc. For one source file of a test program: it defines malloc.
#pragma once

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#if __has_include(<malloc.h>)
#include <malloc.h>
#endif

// Declares posix_memalign in its own way, which must come before the definition.
#if __has_include(<mm_malloc.h>)
#include <mm_malloc.h>
#endif

#if defined(__SANITIZE_ADDRESS__)
#define XZOO_COUNTS_ALLOCATIONS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define XZOO_COUNTS_ALLOCATIONS 0
#endif
#endif
#if !defined(XZOO_COUNTS_ALLOCATIONS) && defined(__GLIBC__)
#define XZOO_COUNTS_ALLOCATIONS 1
#endif

namespace xzoo::test::detail {

inline std::atomic<bool> counting{false};
inline std::atomic<std::size_t> allocations{0};
inline std::atomic<std::ptrdiff_t> held{0};  // bytes, less those held when counting began
inline std::atomic<std::ptrdiff_t> peak{0};  // the most of them

}  // namespace xzoo::test::detail

#if XZOO_COUNTS_ALLOCATIONS

extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);

static void* count_allocation(void* memory) {
    using namespace xzoo::test::detail;
    if (counting) {
        ++allocations;
        held += static_cast<std::ptrdiff_t>(malloc_usable_size(memory));
        for (std::ptrdiff_t most = peak; held > most && !peak.compare_exchange_weak(most, held);) {
        }
    }
    return memory;
}
static void count_release(void* memory) {
    using namespace xzoo::test::detail;
    if (counting)
        held -= static_cast<std::ptrdiff_t>(malloc_usable_size(memory));
}

void* malloc(std::size_t size) {
    return count_allocation(__libc_malloc(size));
}
void* calloc(std::size_t count, std::size_t size) {
    return count_allocation(__libc_calloc(count, size));
}
void* realloc(void* memory, std::size_t size) {
    count_release(memory);
    return count_allocation(__libc_realloc(memory, size));
}
void* memalign(std::size_t alignment, std::size_t size) {
    return count_allocation(__libc_memalign(alignment, size));
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    return count_allocation(__libc_memalign(alignment, size));
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
    *memory = count_allocation(__libc_memalign(alignment, size));
    return *memory ? 0 : ENOMEM;
}
void free(void* memory) {
    count_release(memory);
    __libc_free(memory);
}

}  // extern "C"

#endif

namespace xzoo::test {

/// How often `call` asks for memory.
inline std::size_t count_of(const auto& call) {
    using namespace detail;
    allocations = 0;
    counting = true;
    call();
    counting = false;
    return allocations;
}

/// The most bytes that are held at one time during `call`, beyond those held before it.
inline std::ptrdiff_t peak_of(const auto& call) {
    using namespace detail;
    held = 0;
    peak = 0;
    counting = true;
    call();
    counting = false;
    return peak;
}

}  // namespace xzoo::test
