#pragma once

#include <cstddef>

#include "xzoo/simd/vec.hpp"

namespace xzoo::simd::detail {

/// Sum of term(offset, tail) over n elements; with a tail the lanes behind it are left out.
/// Two levels: runs of 32 registers are summed in four chains and then added to the total, so
/// the error grows with 8 + n / (32 * lanes) roundings instead of n / lanes.
template <class Arch, class F>
XZOO_INLINE float sum_over(std::size_t n, F&& term) noexcept {
    constexpr std::size_t width = lanes<Arch>;
    Vec<Arch> total(0.0F);
    std::size_t i = 0;
    while (i + 4 * width <= n) {
        Vec<Arch> s0(0.0F), s1(0.0F), s2(0.0F), s3(0.0F);
        const std::size_t run = (n - i) / (4 * width) < 8 ? (n - i) / (4 * width) : 8;
        for (const std::size_t end = i + run * 4 * width; i < end; i += 4 * width) {
            s0 = s0 + term(i, std::size_t{0});
            s1 = s1 + term(i + width, std::size_t{0});
            s2 = s2 + term(i + 2 * width, std::size_t{0});
            s3 = s3 + term(i + 3 * width, std::size_t{0});
        }
        total = total + ((s0 + s1) + (s2 + s3));
    }
    for (; i + width <= n; i += width)
        total = total + term(i, std::size_t{0});
    if (i < n)
        total = total + keep_first<Arch>(term(i, n - i), Vec<Arch>(0.0F), n - i);
    return reduce_add<Arch>(total);
}

}  // namespace xzoo::simd::detail
