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
    const auto biased = [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
        const Vec<Arch> b = bias == nullptr ? Vec<Arch>(0.0F) : load<Arch>(bias + i, tail);
        return fma<Arch>(load<Arch>(c + i), scale, b);
    };
    const auto write = [&](Vec<Arch> v, std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
        if (residual != nullptr)
            v = v + load<Arch>(residual + i, tail);
        store<Arch>(y + i, v, tail);
    };
    if (epilogue.activation == Activation::identity) {
        for_each_short<Arch>(n, [&](std::size_t i, std::size_t tail)
                                    XZOO_INLINE_LAMBDA { write(biased(i, tail), i, tail); });
        return;
    }
    for_each_vec<Arch>(n, [&](std::size_t i, std::size_t tail)
                              XZOO_INLINE_LAMBDA { store<Arch>(c + i, biased(i, tail)); });
    activate<Arch>(c, n, epilogue.activation);
    for_each_vec<Arch>(n, [&](std::size_t i, std::size_t tail)
                              XZOO_INLINE_LAMBDA { write(load<Arch>(c + i), i, tail); });
}

}  // namespace detail

}  // namespace xzoo::simd
