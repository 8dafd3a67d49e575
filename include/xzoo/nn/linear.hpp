#pragma once

#include <cstddef>
#include <type_traits>

#include "xzoo/core/params.hpp"
#include "xzoo/core/workspace.hpp"
#include "xzoo/simd/gemm.hpp"

namespace xzoo::nn {

/// A linear layer as the kernels see it: sizes at run time, weights in panels, bias may be null.
struct LinearView {
    const void* weight = nullptr;  // (out, in), packed numbers of `precision`
    const float* bias = nullptr;   // (out)
    std::size_t out = 0;
    std::size_t in = 0;
    Precision precision = Precision::f32;
};

/// y = act(scale * x W^T + b) + residual, with the layer's own bias.
/// Shapes  x: (rows, in), y: (rows, out), with strides.
template <class Arch = simd::default_arch>
void apply(const LinearView& layer, const float* x, std::size_t rows, std::size_t x_stride,
           float* y, std::size_t y_stride, simd::Epilogue epilogue, int threads) noexcept {
    epilogue.bias = layer.bias;
    const auto multiply = [&]<class W>(const W* weight) {
        simd::gemm<Arch>(x, rows, x_stride, weight, layer.out, layer.in, y, y_stride, epilogue,
                         threads);
    };
    if (layer.precision == Precision::bf16)
        multiply(static_cast<const BFloat16*>(layer.weight));
    else
        multiply(static_cast<const float*>(layer.weight));
}

/// y = act(x W^T + b) + residual.
/// Shapes  x: (rows, in), y and residual: (rows, out), contiguous rows; residual may be y.
template <class Arch = simd::default_arch>
void apply(const LinearView& layer, const float* x, std::size_t rows, float* y, int threads,
           Activation activation = Activation::identity, const float* residual = nullptr) noexcept {
    apply<Arch>(layer, x, rows, layer.in, y, layer.out,
                {.activation = activation, .residual = residual, .residual_stride = layer.out},
                threads);
}

/// The view of a packed parameter and a bias: (out, in), or (in, out) of a Conv1D.
template <ParamKind Kind, Precision P, std::size_t... Dims>
constexpr LinearView linear_view(const BasicParam<Kind, P, Dims...>& weight,
                                 const float* bias = nullptr) noexcept {
    static_assert(is_packed(Kind));
    constexpr Shape shape{Dims...};
    constexpr bool turned = Kind == ParamKind::conv1d;
    return {weight.data, bias, shape[turned ? 1 : 0], shape[turned ? 0 : 1], P};
}

/// torch.nn.Linear: weight (out, in), bias (out).
template <std::size_t Out, std::size_t In, Precision P = Precision::f32>
struct Linear {
    using Weight = MatrixParam<Out, In, P>;
    BOOST_HANA_DEFINE_STRUCT(Linear, (Weight, weight), (Param<Out>, bias));

    LinearView view() const noexcept { return linear_view(weight, bias.data); }
};

/// torch.nn.Linear without a bias.
template <std::size_t Out, std::size_t In, Precision P = Precision::f32>
struct LinearNoBias {
    using Weight = MatrixParam<Out, In, P>;
    BOOST_HANA_DEFINE_STRUCT(LinearNoBias, (Weight, weight));

    LinearView view() const noexcept { return linear_view(weight); }
};

/// torch.nn.Linear, with a bias where the config says so.
template <std::size_t Out, std::size_t In, bool Bias, Precision P = Precision::f32>
using LinearIf = std::conditional_t<Bias, Linear<Out, In, P>, LinearNoBias<Out, In, P>>;

/// GPT-2's Conv1D, a linear layer whose weight is stored (in, out).
template <std::size_t In, std::size_t Out, Precision P = Precision::f32>
struct Conv1D {
    using Weight = Conv1DParam<In, Out, P>;
    BOOST_HANA_DEFINE_STRUCT(Conv1D, (Weight, weight), (Param<Out>, bias));

    LinearView view() const noexcept { return linear_view(weight, bias.data); }
};

}  // namespace xzoo::nn
