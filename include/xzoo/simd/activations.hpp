#pragma once

#include <cstddef>

#include "xzoo/core/activation.hpp"
#include "xzoo/simd/math.hpp"

namespace xzoo::simd {

namespace detail {
template <class Arch, class F>
XZOO_INLINE void map_in_place(float* x, std::size_t n, F&& f) noexcept {
    for_each_vec<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
        store<Arch>(x + i, f(load<Arch>(x + i, tail)), tail);
    });
}
}  // namespace detail

/// Applies an activation to every element in place.
/// Shapes  x: (n,), contiguous, any alignment.
/// Error   against double precision, over all floats (tests/simd/activations_test.cpp): absolute
///         2e-7 max(1, |x|) for gelu and its tanh forms (2.5e-7 without fused multiply-add),
///         1.5e-7 max(1, |x|) for quick_gelu and silu; relative 4e-7 for tanh and sigmoid. NaN
///         stays NaN; at minus infinity every form of GELU and silu has its limit 0.
template <class Arch = default_arch>
void activate(float* x, std::size_t n, Activation activation) noexcept {
    using V = Vec<Arch>;
    switch (activation) {
        case Activation::identity:
            return;
        case Activation::gelu:
            return detail::map_in_place<Arch>(
                x, n, [](V v) XZOO_INLINE_LAMBDA { return gelu_erf<Arch>(v); });
        case Activation::gelu_new:
        case Activation::gelu_pytorch_tanh:
        case Activation::gelu_fast:
            return detail::map_in_place<Arch>(
                x, n, [](V v) XZOO_INLINE_LAMBDA { return gelu_tanh<Arch>(v); });
        case Activation::quick_gelu:
            return detail::map_in_place<Arch>(x, n, [](V v) XZOO_INLINE_LAMBDA {
                return finite_below<Arch>(v) * sigmoid<Arch>(v * V(1.702F));
            });
        case Activation::relu:
            return detail::map_in_place<Arch>(
                x, n, [](V v) XZOO_INLINE_LAMBDA { return at_least<Arch>(v, 0.0F); });
        case Activation::silu:
            return detail::map_in_place<Arch>(x, n, [](V v) XZOO_INLINE_LAMBDA {
                return finite_below<Arch>(v) * sigmoid<Arch>(v);
            });
        case Activation::tanh:
            return detail::map_in_place<Arch>(x, n,
                                              [](V v) XZOO_INLINE_LAMBDA { return tanh<Arch>(v); });
        case Activation::sigmoid:
            return detail::map_in_place<Arch>(
                x, n, [](V v) XZOO_INLINE_LAMBDA { return sigmoid<Arch>(v); });
    }
}
XZOO_DISPATCHED_KERNEL(void, activate, (float* x, std::size_t n, Activation activation),
                       (x, n, activation))

}  // namespace xzoo::simd
