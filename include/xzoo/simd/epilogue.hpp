#pragma once

#include <cstddef>

#include "xzoo/core/activation.hpp"
#include "xzoo/simd/activations.hpp"

namespace xzoo::simd {

/// What happens to a product before it is written: act(scale * product + bias) + residual.
struct Epilogue {
    const float* bias = nullptr;                   ///< (out,) or none
    Activation activation = Activation::identity;  ///< applied after the bias
    const float* residual = nullptr;               ///< (rows, out) or none, added last
    std::size_t residual_stride = 0;               ///< floats between rows of residual
    float scale = 1.0F;                            ///< applied to the product before the bias
};

namespace detail {

/// y = act(scale * c + bias) + residual for n outputs of `row` from output `begin` on; c is scratch
/// afterwards. scale: that of the epilogue times the row's own.
template <class Arch>
XZOO_INLINE void finish_row(float* c, std::size_t n, std::size_t row, std::size_t begin,
                            float row_scale, float* y, const Epilogue& epilogue) noexcept {
    const float* bias = epilogue.bias == nullptr ? nullptr : epilogue.bias + begin;
    const float* residual = epilogue.residual == nullptr
                                ? nullptr
                                : epilogue.residual + row * epilogue.residual_stride + begin;
    const Vec<Arch> scale(epilogue.scale * row_scale);
    for_each_vec<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
        const Vec<Arch> b = bias == nullptr ? Vec<Arch>(0.0F) : load<Arch>(bias + i, tail);
        store<Arch>(c + i, fma<Arch>(load<Arch>(c + i), scale, b));
    });
    activate<Arch>(c, n, epilogue.activation);
    for_each_vec<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
        Vec<Arch> v = load<Arch>(c + i);
        if (residual != nullptr)
            v = v + load<Arch>(residual + i, tail);
        store<Arch>(y + i, v, tail);
    });
}

}  // namespace detail

}  // namespace xzoo::simd
