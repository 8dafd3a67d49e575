// The normalisation of a decoder block, whichever kind its family has.
#pragma once

#include <cstddef>
#include <cstdint>

#include "xzoo/core/params.hpp"
#include "xzoo/nn/layer_norm.hpp"
#include "xzoo/simd/norms.hpp"

namespace xzoo::nn {

/// A norm as the kernels see it. Kind none: there is no norm, and apply must not be called.
struct NormView {
    enum class Kind : std::uint8_t { none, layer, rms };

    Kind kind = Kind::none;
    const float* weight = nullptr;  // (size); null: 1
    const float* bias = nullptr;    // (size); null: 0
    std::size_t size = 0;
    float eps = 0.0F;
    float offset = 0.0F;  // added to the weight of rms

    NormView() = default;
    NormView(Kind norm_kind, const float* norm_weight, std::size_t norm_size, float norm_eps,
             float weight_offset = 0.0F) noexcept
        : kind{norm_kind},
          weight{norm_weight},
          size{norm_size},
          eps{norm_eps},
          offset{weight_offset} {}
    NormView(const LayerNormView& norm) noexcept
        : kind{Kind::layer}, weight{norm.weight}, bias{norm.bias}, size{norm.size}, eps{norm.eps} {}

    explicit operator bool() const noexcept { return kind != Kind::none; }
};

/// y = norm(x) for each row.
/// Shapes  x, y: (rows, size), contiguous; y may be x.
template <class Arch = simd::default_arch>
void apply(const NormView& norm, const float* x, std::size_t rows, float* y, int threads) noexcept {
    if (norm.kind == NormView::Kind::rms)
        simd::rms_norm<Arch>(x, rows, norm.size, norm.size, norm.weight, norm.offset, norm.eps, y,
                             norm.size, threads);
    else
        simd::layer_norm<Arch>(x, rows, norm.size, norm.size, norm.weight, norm.bias, norm.eps, y,
                               norm.size, threads);
}

/// RMSNorm as Llama has it: weight (size).
template <std::size_t Size>
struct RmsNorm {
    BOOST_HANA_DEFINE_STRUCT(RmsNorm, (Param<Size>, weight));

    /// offset: what the family adds to the weight, 1 in Gemma.
    NormView view(float eps, float offset = 0.0F) const noexcept {
        return {NormView::Kind::rms, weight.data, Size, eps, offset};
    }
};

}  // namespace xzoo::nn
