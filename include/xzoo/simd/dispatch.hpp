// Programs for every CPU: the library xzoo::dispatch has the kernels of all architectures, each
// compiled with its own flags, and chooses among them when the program runs. Programs that link it
// are compiled with XZOO_DISPATCH and without flags for an architecture.
#pragma once

#include <array>
#include <cstddef>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/precision.hpp"

namespace xzoo::simd {

struct MatrixFormat;
struct AttentionProblem;
struct CachedAttentionProblem;
struct CachedQuery;

/// The kernels of one architecture; each field is the function template of its name.
struct KernelTable {
    const char* name;                                           // as arch_name has it
    std::array<const MatrixFormat*, precision_count> matrices;  // by Precision
    void (*layer_norm)(const float* x, std::size_t rows, std::size_t n, std::size_t x_stride,
                       const float* weight, const float* bias, float eps, float* y,
                       std::size_t y_stride, int threads) noexcept;
    void (*rms_norm)(const float* x, std::size_t rows, std::size_t n, std::size_t x_stride,
                     const float* weight, float offset, float eps, float* y, std::size_t y_stride,
                     int threads) noexcept;
    void (*softmax_rows)(float* x, std::size_t rows, std::size_t n, std::size_t stride) noexcept;
    void (*log_softmax_rows)(float* x, std::size_t rows, std::size_t n,
                             std::size_t stride) noexcept;
    void (*activate)(float* x, std::size_t n, Activation activation) noexcept;
    void (*add)(float* y, const float* x, std::size_t n) noexcept;
    void (*multiply)(float* y, const float* x, std::size_t n) noexcept;
    void (*scale)(float* x, std::size_t n, float factor) noexcept;
    float (*dot)(const float* a, const float* b, std::size_t n) noexcept;
    void (*l2_normalize_rows)(float* x, std::size_t rows, std::size_t n, std::size_t stride,
                              float eps) noexcept;
    void (*mean_rows)(const float* x, std::size_t rows, std::size_t n, std::size_t stride,
                      const float* weights, float* y) noexcept;
    void (*rotate_halves)(float* x, const float* cosine, const float* sine,
                          std::size_t half) noexcept;
    void (*rotate_neighbours)(float* x, const float* cosine, const float* sine,
                              std::size_t half) noexcept;
    std::size_t (*find_above)(const float* x, std::size_t begin, std::size_t n,
                              float limit) noexcept;
    std::size_t (*find_largest)(const float* x, std::size_t n) noexcept;
    void (*replace_below)(float* x, std::size_t n, float limit, float value) noexcept;
    std::size_t (*attention_scratch)(const AttentionProblem& problem, int threads) noexcept;
    void (*attention)(const AttentionProblem& problem, float* scratch, int threads) noexcept;
    void (*cached_attention)(const CachedAttentionProblem& problem, const CachedQuery* queries,
                             std::size_t count, int threads) noexcept;
};

/// The kernels of the architecture that was chosen: the best one that processor and operating
/// system have, or the one that the environment variable XZOO_ARCH names: sse2, avx2, avx_vnni,
/// avx512, avx512_vnni, avx512_bf16 or avx512_amx; neon. It is chosen once, at the first call.
const KernelTable& kernel_table() noexcept;

#ifdef XZOO_DISPATCH
/// Checks XZOO_ARCH, which kernel_table ignores where it makes no sense. Models do so before they
/// take weights.
/// Errors  ArgumentError: it names no architecture, or one that this machine has not; the message
///         has those that it has.
void require_architecture();
#endif

}  // namespace xzoo::simd
