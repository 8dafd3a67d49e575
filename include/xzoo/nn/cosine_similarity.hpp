#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <xtensor/xtensor.hpp>

#include "xzoo/core/aligned_buffer.hpp"
#include "xzoo/core/error.hpp"
#include "xzoo/simd/elementwise.hpp"
#include "xzoo/simd/matrix_format.hpp"
#include "xzoo/simd/threads.hpp"

namespace xzoo {

namespace detail {

inline void check_same_size(std::size_t a, std::size_t b) {
    if (a != b)
        throw ArgumentError{"cosine_similarity was given vectors of " + std::to_string(a) +
                            " and of " + std::to_string(b) + " channels"};
}

}  // namespace detail

/// The cosine of the angle between two vectors; 0 where one of them is 0.
/// Errors  ArgumentError if their sizes differ.
inline float cosine_similarity(std::span<const float> a, std::span<const float> b) {
    detail::check_same_size(a.size(), b.size());
    const std::size_t n = a.size();
    const float lengths =
        std::sqrt(simd::dot(a.data(), a.data(), n)) * std::sqrt(simd::dot(b.data(), b.data(), n));
    return simd::dot(a.data(), b.data(), n) / std::max(lengths, 1e-8F);
}

/// The same for vectors of xtensor.
inline float cosine_similarity(const xt::xtensor<float, 1>& a, const xt::xtensor<float, 1>& b) {
    return cosine_similarity(std::span{a.data(), a.size()}, std::span{b.data(), b.size()});
}

/// Cosines between all rows of two matrices: (n, channels), (m, channels) -> (n, m).
/// threads  as in Workspace.
/// Errors  ArgumentError if the numbers of channels differ.
inline xt::xtensor<float, 2> cosine_similarity(const xt::xtensor<float, 2>& a,
                                               const xt::xtensor<float, 2>& b, int threads = 0) {
    detail::check_same_size(a.shape()[1], b.shape()[1]);
    const std::size_t n = a.shape()[0];
    const std::size_t m = b.shape()[0];
    const std::size_t size = a.shape()[1];
    xt::xtensor<float, 2> left = a;
    xt::xtensor<float, 2> right = b;
    simd::l2_normalize_rows(left.data(), n, size, size);
    simd::l2_normalize_rows(right.data(), m, size, size);
    constexpr const simd::MatrixFormat& format =
        simd::matrix_format<simd::default_arch, Precision::f32>;
    AlignedBuffer packed{format.bytes(m, size) / sizeof(float)};
    format.pack_rows(right.data(), 0, m, size, size, 1, packed.data());
    xt::xtensor<float, 2> cosines;
    cosines.resize({n, m});
    format.multiply(left.data(), n, size, packed.data(), m, size, cosines.data(), m, {}, nullptr,
                    simd::resolve_threads(threads), false);
    return cosines;
}

}  // namespace xzoo
