#pragma once

#ifdef _OPENMP
#include <omp.h>
#endif

namespace xzoo::simd {

/// The number of threads to use: as many as asked for, or for 0 as many as OpenMP would
/// (OMP_NUM_THREADS, else the cores). Always 1 in builds without OpenMP.
inline int resolve_threads(int asked) noexcept {
#ifdef _OPENMP
    return asked > 0 ? asked : omp_get_max_threads();
#else
    static_cast<void>(asked);
    return 1;
#endif
}

}  // namespace xzoo::simd
