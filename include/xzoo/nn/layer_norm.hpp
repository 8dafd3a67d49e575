#pragma once

#include <cstddef>
#include <type_traits>

#include "xzoo/core/params.hpp"
#include "xzoo/simd/norms.hpp"

namespace xzoo::nn {

/// A layer norm as the kernels see it.
struct LayerNormView {
    const float* weight = nullptr;  // (size)
    const float* bias = nullptr;    // (size)
    std::size_t size = 0;
    float eps = 0.0F;
};

/// y = (x - mean) / sqrt(variance + eps) * weight + bias for each row.
/// Shapes  x, y: (rows, size); y may be x.
template <class Arch = simd::default_arch>
void apply(const LayerNormView& norm, const float* x, std::size_t rows, float* y,
           int threads) noexcept {
    simd::layer_norm<Arch>(x, rows, norm.size, norm.size, norm.weight, norm.bias, norm.eps, y,
                           norm.size, threads);
}

/// torch.nn.LayerNorm: weight and bias (size). eps belongs to the config.
template <std::size_t Size>
struct LayerNorm {
    BOOST_HANA_DEFINE_STRUCT(LayerNorm, (Param<Size>, weight), (Param<Size>, bias));

    LayerNormView view(float eps) const noexcept { return {weight.data, bias.data, Size, eps}; }
};

/// torch.nn.LayerNorm without elementwise_affine: it has no parameters.
template <std::size_t Size>
struct PlainLayerNorm {
    BOOST_HANA_DEFINE_STRUCT(PlainLayerNorm);

    LayerNormView view(float eps) const noexcept { return {nullptr, nullptr, Size, eps}; }
};

/// torch.nn.LayerNorm, with parameters where the config says so.
template <std::size_t Size, bool Affine>
using LayerNormIf = std::conditional_t<Affine, LayerNorm<Size>, PlainLayerNorm<Size>>;

}  // namespace xzoo::nn
