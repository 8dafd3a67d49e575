#pragma once

#include <cstddef>
#include <type_traits>

#include "xzoo/core/params.hpp"
#include "xzoo/core/workspace.hpp"
#include "xzoo/simd/matrix_format.hpp"

namespace xzoo::nn {

/// A linear layer as the kernels see it: sizes at run time, weights in panels, bias may be null.
struct LinearView {
    const void* weight = nullptr;  // (out, in), in `format`
    const simd::MatrixFormat* format = nullptr;
    const float* bias = nullptr;  // (out)
    std::size_t out = 0;
    std::size_t in = 0;

    /// Whether layers that read the same inputs bring them into the same form.
    bool prepares_like(const LinearView& other) const noexcept {
        return format == other.format && in == other.in;
    }
    /// Whether the layer works with rounded inputs; attention between such layers does, too.
    bool rounds_inputs() const noexcept {
        return format != nullptr && xzoo::rounds_inputs(format->precision);
    }
};

/// y = act(scale * x W^T + b) + residual, with the layer's own bias.
/// Shapes  x: (rows, in), y: (rows, out), with strides.
/// before: a layer that was applied to the same x right before, which leaves x prepared.
inline void apply(const LinearView& layer, const float* x, std::size_t rows, std::size_t x_stride,
                  float* y, std::size_t y_stride, simd::Epilogue epilogue, Workspace& workspace,
                  int threads, const LinearView* before = nullptr) {
    epilogue.bias = layer.bias;
    float* scratch = workspace.scratch(layer.format->scratch(rows, layer.in));
    layer.format->multiply(x, rows, x_stride, layer.weight, layer.out, layer.in, y, y_stride,
                           epilogue, scratch, threads,
                           before != nullptr && layer.prepares_like(*before));
}

/// y = act(x W^T + b) + residual.
/// Shapes  x: (rows, in), y and residual: (rows, out), contiguous rows; residual may be y.
inline void apply(const LinearView& layer, const float* x, std::size_t rows, float* y,
                  Workspace& workspace, int threads, Activation activation = Activation::identity,
                  const float* residual = nullptr) {
    apply(layer, x, rows, layer.in, y, layer.out,
          {.activation = activation, .residual = residual, .residual_stride = layer.out}, workspace,
          threads);
}

/// The view of a packed parameter and a bias: (out, in), or (in, out) of a Conv1D.
template <ParamKind Kind, std::size_t... Dims>
constexpr LinearView linear_view(const BasicParam<Kind, Dims...>& weight,
                                 const float* bias = nullptr) noexcept {
    static_assert(is_packed(Kind));
    constexpr Shape shape{Dims...};
    constexpr bool turned = Kind == ParamKind::conv1d;
    return {weight.data, weight.format, bias, shape[turned ? 1 : 0], shape[turned ? 0 : 1]};
}

/// A weight (out, in) and a bias (out).
template <class WeightParam, std::size_t Out>
struct BiasedLinear {
    using Weight = WeightParam;
    BOOST_HANA_DEFINE_STRUCT(BiasedLinear, (Weight, weight), (Param<Out>, bias));

    LinearView view() const noexcept { return linear_view(weight, bias.data); }
};

/// A weight (out, in).
template <class WeightParam>
struct PlainLinear {
    using Weight = WeightParam;
    BOOST_HANA_DEFINE_STRUCT(PlainLinear, (Weight, weight));

    LinearView view() const noexcept { return linear_view(weight); }
};

/// torch.nn.Linear.
template <std::size_t Out, std::size_t In>
using Linear = BiasedLinear<MatrixParam<Out, In>, Out>;

/// torch.nn.Linear without a bias.
template <std::size_t Out, std::size_t In>
using LinearNoBias = PlainLinear<MatrixParam<Out, In>>;

/// torch.nn.Linear, with a bias where the config says so.
template <std::size_t Out, std::size_t In, bool Bias>
using LinearIf = std::conditional_t<Bias, Linear<Out, In>, LinearNoBias<Out, In>>;

/// A layer on top of a model that makes scores: torch.nn.Linear in the precision of heads.
template <std::size_t Out, std::size_t In, bool Bias = true>
using ScoreLinear = std::conditional_t<Bias, BiasedLinear<HeadParam<Out, In>, Out>,
                                       PlainLinear<HeadParam<Out, In>>>;

/// GPT-2's Conv1D, a linear layer whose weight is stored (in, out).
template <std::size_t In, std::size_t Out>
using Conv1D = BiasedLinear<Conv1DParam<In, Out>, Out>;

}  // namespace xzoo::nn
