#pragma once

#include <cstddef>

#include "xzoo/simd/arch.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace xzoo::simd {

/// Work, in multiply-adds, below which a second thread costs more than it brings.
inline constexpr std::size_t parallel_threshold = std::size_t{1} << 18;

/// Calls f(begin, end, thread) so that the ranges cover 0 .. count once, on at most `threads`
/// threads (OpenMP where the build has it, else one). Thread numbers are below `threads`.
/// The split depends on the number of threads: f must give an item the same result in any range.
template <class Arch, class F>
XZOO_INLINE void parallel_ranges(std::size_t count, int threads, F&& f) noexcept {
#ifdef _OPENMP
    if (threads > 1 && count > 1) {
#pragma omp parallel num_threads(threads)
        {
            const auto team = static_cast<std::size_t>(omp_get_num_threads());
            const auto self = static_cast<std::size_t>(omp_get_thread_num());
            const std::size_t begin = count * self / team;
            const std::size_t end = count * (self + 1) / team;
            if (begin < end)
                f(begin, end, self);
        }
        return;
    }
#endif
    static_cast<void>(threads);
    if (count > 0)
        f(std::size_t{0}, count, std::size_t{0});
}

/// `threads`, or 1 where the work (in multiply-adds) is too small to share.
constexpr int useful_threads(int threads, std::size_t work) noexcept {
    return work < parallel_threshold ? 1 : threads;
}

}  // namespace xzoo::simd
