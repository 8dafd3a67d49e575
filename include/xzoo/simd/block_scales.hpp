#pragma once

#include <array>
#include <cstddef>

#include "xzoo/core/precision.hpp"
#include "xzoo/simd/weight_block.hpp"

/// The scales of blocks of 32 weights, for as many outputs at a time as a register has lanes.
/// NaN or infinity among the weights of a block makes its scale NaN.
namespace xzoo::simd {

/// Of one block and every output: weight = scale * integer + minimum.
template <class Arch>
struct BlockScales {
    Vec<Arch> scale;
    Vec<Arch> minimum;
};

namespace detail {

/// Blocks whose magnitudes are below this count as zeros.
inline constexpr float tiny_block = 0x1p-100F;

/// 1 / x, or 0 for the zero that tiny blocks have; x may be negative.
template <class Arch>
XZOO_INLINE Vec<Arch> inverse_or_zero(Vec<Arch> x) noexcept {
    const Vec<Arch> zero(0.0F);
    return xsimd::select(larger<Arch>(x, zero - x) < Vec<Arch>(tiny_block), zero,
                         divide<Arch>(Vec<Arch>(1.0F), x));
}

/// Nearest integer between two bounds, as float.
template <class Arch>
XZOO_INLINE Vec<Arch> nearest(Vec<Arch> x, float low, float high) noexcept {
    const Vec<Arch> inside = larger<Arch>(smaller<Arch>(x, Vec<Arch>(high)), Vec<Arch>(low));
    const Vec<Arch> magic(12582912.0F);  // 1.5 * 2^23: the unit in the last place is 1
    return (inside + magic) - magic;
}

/// The weight of each output whose magnitude is the largest, and 0 or NaN as LargestMagnitudes.
template <class Arch>
struct Extreme {
    Vec<Arch> weight = Vec<Arch>(0.0F);
    LargestMagnitudes<Arch> magnitudes;

    explicit Extreme(const WeightBlock<Arch>& block) noexcept {
        for (std::size_t i = 0; i < WeightBlock<Arch>::size; ++i) {
            const Vec<Arch> x = block.at(i);
            const Vec<Arch> before = magnitudes.most();
            magnitudes.take(x);
            weight = xsimd::select(magnitudes.most() > before, x, weight);
        }
    }
};

}  // namespace detail

/// The scale that brings the largest magnitude to 127.
template <class Arch>
BlockScales<Arch> scales_of_bytes(const WeightBlock<Arch>& block) noexcept {
    LargestMagnitudes<Arch> magnitudes;
    for (std::size_t i = 0; i < WeightBlock<Arch>::size; ++i)
        magnitudes.take(block.at(i));
    return {divide<Arch>(magnitudes.most(), Vec<Arch>(127.0F)) + magnitudes.odd(), Vec<Arch>(0.0F)};
}

/// The scale for integers from -8 to 7 with the least sum of squared errors among a few: each
/// candidate brings the extreme weight to a value about -8, which leaves the integers that follow
/// and their best scale by least squares.
/// Source  the search is that of llama.cpp's make_qx_quants, with equal weights.
template <class Arch>
BlockScales<Arch> scales_of_nibbles(const WeightBlock<Arch>& block) noexcept {
    const detail::Extreme<Arch> extreme(block);
    const Vec<Arch> zero(0.0F);
    const Vec<Arch> unit = detail::inverse_or_zero<Arch>(extreme.weight);
    Vec<Arch> best = zero;  // of (sum x q)^2 / sum q^2, what the least squares explain
    Vec<Arch> scale = zero;
    for (const float target :
         {-8.0F, -7.2F, -7.4F, -7.6F, -7.8F, -8.2F, -8.4F, -8.7F, -9.0F, 7.3F}) {
        Vec<Arch> xq = zero;
        Vec<Arch> qq = zero;
        for (std::size_t i = 0; i < WeightBlock<Arch>::size; ++i) {
            const Vec<Arch> x = block.at(i) * unit;  // about 1: squares neither over- nor underflow
            const Vec<Arch> q = detail::nearest<Arch>(x * Vec<Arch>(target), -8.0F, 7.0F);
            xq = xq + x * q;
            qq = qq + q * q;
        }
        const Vec<Arch> fit = divide<Arch>(xq, larger<Arch>(qq, Vec<Arch>(1.0F)));
        const Vec<Arch> explained = xq * fit;
        const auto better = explained > best;
        scale = xsimd::select(better, fit * extreme.weight, scale);
        best = larger<Arch>(explained, best);
    }
    return {scale + extreme.magnitudes.odd(), zero};
}

/// Scale and minimum for integers from 0 to 15, found like scales_of_nibbles: candidates map the
/// range of the weights onto about 15 steps, a line through the integers that follow is the fit.
template <class Arch>
BlockScales<Arch> scales_and_minima_of_nibbles(const WeightBlock<Arch>& block) noexcept {
    constexpr std::size_t size = WeightBlock<Arch>::size;
    const Vec<Arch> zero(0.0F);
    LargestMagnitudes<Arch> magnitudes;
    Vec<Arch> low = block.at(0);
    Vec<Arch> high = block.at(0);
    for (std::size_t i = 0; i < size; ++i) {
        magnitudes.take(block.at(i));
        low = smaller<Arch>(low, block.at(i));
        high = larger<Arch>(high, block.at(i));
    }
    const Vec<Arch> range = high - low;
    const Vec<Arch> unit = detail::inverse_or_zero<Arch>(range);
    // Of x = (weight - low) / range, which runs from 0 to 1. The line to begin with meets both
    // ends; what takes its place is better by more than rounding, so that weights which are
    // integers of the format come through as they are.
    constexpr float margin = 1e-5F;
    Vec<Arch> slope(1.0F / 15.0F);
    Vec<Arch> start = zero;
    Vec<Arch> least = zero;
    for (std::size_t i = 0; i < size; ++i) {
        const Vec<Arch> x = (block.at(i) - low) * unit;
        const Vec<Arch> off = x - detail::nearest<Arch>(x * Vec<Arch>(15.0F), 0.0F, 15.0F) * slope;
        least = least + off * off;
    }
    for (const float steps : {15.0F, 14.0F, 14.4F, 14.7F, 15.3F, 15.6F, 16.0F, 16.4F}) {
        Vec<Arch> x1 = zero;
        Vec<Arch> xx = zero;
        Vec<Arch> q1 = zero;
        Vec<Arch> qq = zero;
        Vec<Arch> xq = zero;
        for (std::size_t i = 0; i < size; ++i) {
            const Vec<Arch> x = (block.at(i) - low) * unit;
            const Vec<Arch> centred = x - Vec<Arch>(0.5F);
            const Vec<Arch> q =
                detail::nearest<Arch>(centred * Vec<Arch>(steps) + Vec<Arch>(7.5F), 0.0F, 15.0F);
            x1 = x1 + x;
            xx = xx + x * x;
            q1 = q1 + q;
            qq = qq + q * q;
            xq = xq + x * q;
        }
        const Vec<Arch> n(static_cast<float>(size));
        const Vec<Arch> spread = n * qq - q1 * q1;
        const Vec<Arch> a = divide<Arch>(n * xq - x1 * q1, larger<Arch>(spread, Vec<Arch>(1.0F)));
        const Vec<Arch> b = divide<Arch>(x1 - a * q1, n);
        const Vec<Arch> error = xx - a * xq - b * x1;
        const auto better = error < least - Vec<Arch>(margin);
        slope = xsimd::select(better, a, slope);
        start = xsimd::select(better, b, start);
        least = xsimd::select(better, error, least);
    }
    return {slope * range + magnitudes.odd(), low + start * range};
}

}  // namespace xzoo::simd
