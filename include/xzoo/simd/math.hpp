#pragma once

#include <cstdint>
#include <limits>

#include "xzoo/simd/vec.hpp"

/// Elementary functions on registers. Each is branch free; NaN goes in and comes out. The bounds
/// are those that tests/simd/ checks against double precision. The coefficients are weighted
/// minimax fits over the intervals named (Lawson iteration, 40 digits).
namespace xzoo::simd {

/// min and max that return x where x is NaN: x86 returns the second operand then.
template <class Arch>
XZOO_INLINE Vec<Arch> at_most(Vec<Arch> x, float limit) noexcept {
    return smaller<Arch>(Vec<Arch>(limit), x);
}
template <class Arch>
XZOO_INLINE Vec<Arch> at_least(Vec<Arch> x, float limit) noexcept {
    return larger<Arch>(Vec<Arch>(limit), x);
}

/// Horner's rule: c[0] + c[1] x + ... for coefficients given from the highest power down.
template <class Arch, class... Rest>
XZOO_INLINE Vec<Arch> polynomial(Vec<Arch> x, float highest, Rest... rest) noexcept {
    Vec<Arch> sum(highest);
    ((sum = fma<Arch>(sum, x, Vec<Arch>(rest))), ...);
    return sum;
}

/// The float whose exponent field is made of the lowest bits of v.
template <class Arch>
XZOO_INLINE Vec<Arch> low_bits_to_exponent(Vec<Arch> v) noexcept {
#if XSIMD_WITH_AVX512F
    if constexpr (is_avx512<Arch>)  // masked, as the plain shift makes GCC 12 warn
        return _mm512_castsi512_ps(
            _mm512_maskz_slli_epi32(static_cast<__mmask16>(0xFFFFU), _mm512_castps_si512(v), 23));
#endif
    using Bits = xsimd::batch<std::int32_t, Arch>;
    return xsimd::bitwise_cast<Vec<Arch>>(xsimd::bitwise_cast<Bits>(v) << 23);
}

/// exp(x). Relative error below 2e-7 for -87.3 <= x <= 88.3; 0 below -87.7; infinity above 88.4
/// (NonPositive promises x <= 0 and saves that test).
/// Method  2^k exp(r) with k = round(x / ln 2); the float that rounds k also holds it as integer.
template <class Arch, bool NonPositive = false>
XZOO_INLINE Vec<Arch> exp(Vec<Arch> x) noexcept {
    constexpr float magic = 12582912.0F + 127.0F;  // 1.5 * 2^23: unit in the last place is 1
    x = at_least<Arch>(x, -88.0F);
    if constexpr (!NonPositive)
        x = at_most<Arch>(x, 89.0F);
    const Vec<Arch> shifted = fma<Arch>(x, Vec<Arch>(1.44269504F), Vec<Arch>(magic));
    const Vec<Arch> k = shifted - Vec<Arch>(magic);
    Vec<Arch> r = fma<Arch>(k, Vec<Arch>(-0.693359375F), x);  // ln 2 in two parts
    r = fma<Arch>(k, Vec<Arch>(2.12194440e-4F), r);
    const Vec<Arch> tail = polynomial<Arch>(r, 0.001381476465F, 0.008368738487F, 0.04166838605F,
                                            0.1666652047F, 0.4999999346F);
    const Vec<Arch> power = fma<Arch>(tail, r * r, r) + Vec<Arch>(1.0F);
    return power * low_bits_to_exponent<Arch>(shifted);
}

/// erf(x / sqrt 2). Absolute error below 1.5e-7; exactly +-1 for |x| > 5.5.
template <class Arch>
XZOO_INLINE Vec<Arch> erf_over_sqrt2(Vec<Arch> x) noexcept {
    const Vec<Arch> t = at_most<Arch>(x * x, 29.16F);
    const Vec<Arch> p = polynomial<Arch>(t, 4.679168418e-8F, 1.271610849e-5F, 3.28282207e-4F,
                                         9.299526515e-3F, 6.671059931e-2F, 0.7978844951F);
    const Vec<Arch> q = polynomial<Arch>(t, 1.216708993e-6F, 7.233817877e-5F, 1.857972426e-3F,
                                         2.836886011e-2F, 0.2502754493F, 1.0F);
    return at_least<Arch>(at_most<Arch>(divide<Arch>(x * p, q), 1.0F), -1.0F);
}

/// tanh(x). Relative error below 4e-7; exactly +-1 for |x| > 9.1.
template <class Arch>
XZOO_INLINE Vec<Arch> tanh(Vec<Arch> x) noexcept {
    const Vec<Arch> t = at_most<Arch>(x * x, 81.3604F);
    const Vec<Arch> p =
        polynomial<Arch>(t, 1.331958373e-8F, 2.058393839e-5F, 3.49406642e-3F, 0.1337974622F, 1.0F);
    const Vec<Arch> q =
        polynomial<Arch>(t, 7.762254404e-7F, 3.283142012e-4F, 2.587119887e-2F, 0.4671306153F, 1.0F);
    return at_least<Arch>(at_most<Arch>(divide<Arch>(x * p, q), 1.0F), -1.0F);
}

/// 1 / (1 + exp(-x)). Relative error below 4e-7 for x > -87; 0 below -88.4.
template <class Arch>
XZOO_INLINE Vec<Arch> sigmoid(Vec<Arch> x) noexcept {
    return divide<Arch>(Vec<Arch>(1.0F), Vec<Arch>(1.0F) + exp<Arch>(-x));
}

/// x with minus infinity made finite: times an exact zero it is then zero, not NaN.
template <class Arch>
XZOO_INLINE Vec<Arch> finite_below(Vec<Arch> x) noexcept {
    return at_least<Arch>(x, std::numeric_limits<float>::lowest());
}

/// x Phi(x), the exact GELU.
template <class Arch>
XZOO_INLINE Vec<Arch> gelu_erf(Vec<Arch> x) noexcept {
    return finite_below<Arch>(x * Vec<Arch>(0.5F)) * (Vec<Arch>(1.0F) + erf_over_sqrt2<Arch>(x));
}

/// The tanh form of GELU: 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))).
template <class Arch>
XZOO_INLINE Vec<Arch> gelu_tanh(Vec<Arch> x) noexcept {
    const Vec<Arch> inner =
        x * fma<Arch>(x * x, Vec<Arch>(0.0356774081F), Vec<Arch>(0.7978845608F));
    return finite_below<Arch>(x * Vec<Arch>(0.5F)) * (Vec<Arch>(1.0F) + tanh<Arch>(inner));
}

}  // namespace xzoo::simd
