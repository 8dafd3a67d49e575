#pragma once

#include <cstddef>

#include "xzoo/simd/vec.hpp"

namespace xzoo::simd::detail {

/// Sum of term(offset, tail) over n elements; with a tail the lanes behind it are left out.
/// Two levels: runs of 32 registers are summed in `Chains` chains and then added to the total, so
/// the error grows with 32 + n / (32 * lanes) roundings at most instead of n / lanes. One chain is
/// enough, and one copy of term, where a term takes longer than an addition.
template <class Arch, std::size_t Chains = 4, class F>
XZOO_INLINE float sum_over(std::size_t n, F&& term) noexcept {
    constexpr std::size_t step = Chains * lanes<Arch>;
    constexpr std::size_t run = 32 * lanes<Arch>;
    Vec<Arch> total(0.0F);
    std::size_t i = 0;
    while (Chains > 1 && i + step <= n) {
        const std::size_t end = n - i < run ? n - (n - i) % step : i + run;
        Vec<Arch> sum[Chains];
#pragma GCC unroll 8
        for (std::size_t c = 0; c < Chains; ++c)
            sum[c] = Vec<Arch>(0.0F);
        for (; i < end; i += step) {
#pragma GCC unroll 8
            for (std::size_t c = 0; c < Chains; ++c)
                sum[c] = sum[c] + term(i + c * lanes<Arch>, std::size_t{0});
        }
#pragma GCC unroll 8
        for (std::size_t c = 0; c < Chains; ++c)
            total = total + sum[c];
    }
    while (i < n) {
        Vec<Arch> sum(0.0F);
        for (const std::size_t end = n - i < run ? n : i + run; i < end; i += lanes<Arch>) {
            const std::size_t tail = n - i < lanes<Arch> ? n - i : 0;
            const Vec<Arch> t = term(i, tail);
            sum = sum + (tail == 0 ? t : keep_first<Arch>(t, Vec<Arch>(0.0F), tail));
        }
        total = total + sum;
    }
    return reduce_add<Arch>(total);
}

}  // namespace xzoo::simd::detail
