#pragma once

#include <cstddef>

#include "xzoo/core/params.hpp"
#include "xzoo/core/workspace.hpp"
#include "xzoo/simd/gemm.hpp"

namespace xzoo::nn {

/// A linear layer as the kernels see it: sizes at run time, weights in panels, bias may be null.
struct LinearView {
    const float* weight = nullptr;  // (out, in), packed
    const float* bias = nullptr;    // (out)
    std::size_t out = 0;
    std::size_t in = 0;
};

/// y = act(x W^T + b) + residual.
/// Shapes  x: (rows, in), y and residual: (rows, out), contiguous rows; residual may be y.
template <class Arch = simd::default_arch>
void apply(const LinearView& layer, const float* x, std::size_t rows, float* y, int threads,
           Activation activation = Activation::identity, const float* residual = nullptr) noexcept {
    const simd::Epilogue epilogue{.bias = layer.bias,
                                  .activation = activation,
                                  .residual = residual,
                                  .residual_stride = layer.out};
    simd::gemm<Arch>(x, rows, layer.in, layer.weight, layer.out, layer.in, y, layer.out, epilogue,
                     threads);
}

/// torch.nn.Linear: weight (out, in), bias (out).
template <std::size_t Out, std::size_t In>
struct Linear {
    using Weight = MatrixParam<Out, In>;
    BOOST_HANA_DEFINE_STRUCT(Linear, (Weight, weight), (Param<Out>, bias));

    LinearView view() const noexcept { return {weight.data, bias.data, Out, In}; }
};

/// torch.nn.Linear without a bias.
template <std::size_t Out, std::size_t In>
struct LinearNoBias {
    using Weight = MatrixParam<Out, In>;
    BOOST_HANA_DEFINE_STRUCT(LinearNoBias, (Weight, weight));

    LinearView view() const noexcept { return {weight.data, nullptr, Out, In}; }
};

}  // namespace xzoo::nn
