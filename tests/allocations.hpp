// Counts what a call asks of the heap, by standing between the program and glibc. For one source
// file of a test program: it defines malloc.
#pragma once

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>

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

}  // namespace xzoo::test::detail

#if XZOO_COUNTS_ALLOCATIONS

extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

static void count_allocation() {
    using namespace xzoo::test::detail;
    if (counting.load(std::memory_order_relaxed))
        allocations.fetch_add(1, std::memory_order_relaxed);
}

void* malloc(std::size_t size) {
    count_allocation();
    return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
    count_allocation();
    return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
    count_allocation();
    return __libc_realloc(memory, size);
}
void* memalign(std::size_t alignment, std::size_t size) {
    count_allocation();
    return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    count_allocation();
    return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
    count_allocation();
    *memory = __libc_memalign(alignment, size);
    return *memory ? 0 : ENOMEM;
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

}  // namespace xzoo::test
