// The feed-forward block of decoders: plain, gated, or a choice of experts for each token.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "xzoo/core/workspace.hpp"
#include "xzoo/nn/linear.hpp"
#include "xzoo/simd/elementwise.hpp"
#include "xzoo/simd/softmax.hpp"

namespace xzoo::nn {

/// down(act(up(x))), or down(act(gate(x)) * up(x)).
struct MlpView {
    LinearView gate{};  // weight null: the block is not gated
    LinearView up{};    // (inner, hidden); with `fused` (2 * inner, hidden): gate, then up
    LinearView down{};  // (hidden, inner)
    Activation activation = Activation::silu;
    bool fused = false;

    bool is_gated() const noexcept { return fused || gate.weight != nullptr; }
    /// Floats a token needs between the layers.
    std::size_t width() const noexcept { return is_gated() ? 2 * down.in : down.in; }
};

namespace detail {

/// Tokens that go through a feed-forward block at a time: their inner values stay in cache.
inline constexpr std::size_t mlp_rows = 512;

/// act(gate) * up of every row, into the gate's place.
template <class Arch>
void apply_gate(float* inner, std::size_t rows, std::size_t size, Activation activation,
                int threads) noexcept {
    simd::parallel_ranges<Arch>(rows, simd::useful_threads(threads, rows * size * 8),
                                [&](std::size_t begin, std::size_t end, std::size_t) {
                                    for (std::size_t r = begin; r < end; ++r) {
                                        float* row = inner + r * 2 * size;
                                        simd::activate<Arch>(row, size, activation);
                                        simd::multiply<Arch>(row, row + size, size);
                                    }
                                });
}

}  // namespace detail

/// y = mlp(x) + residual.
/// Shapes  x, y, residual: (rows, hidden); residual may be y or null; y may be x.
template <class Arch = simd::default_arch>
void mlp(const MlpView& block, const float* x, std::size_t rows, float* y, const float* residual,
         Workspace& workspace, int threads) {
    const Workspace::Scope scope{workspace};
    const std::size_t width = block.width();
    const std::size_t size = block.down.in;
    const std::size_t hidden = block.down.out;
    float* inner = workspace.take(std::min(rows, detail::mlp_rows) * width);  // (rows, width)
    for (std::size_t begin = 0; begin < rows; begin += detail::mlp_rows) {
        const std::size_t n = std::min(detail::mlp_rows, rows - begin);
        const float* from = x + begin * block.up.in;
        if (block.is_gated()) {
            if (!block.fused)
                apply(block.gate, from, n, block.gate.in, inner, width, {}, workspace, threads);
            apply(block.up, from, n, block.up.in, inner + (block.fused ? 0 : size), width, {},
                  workspace, threads, block.fused ? nullptr : &block.gate);
            detail::apply_gate<Arch>(inner, n, size, block.activation, threads);
        } else {
            apply(block.up, from, n, inner, workspace, threads, block.activation);
        }
        apply(block.down, inner, n, width, y + begin * hidden, hidden,
              {.residual = residual == nullptr ? nullptr : residual + begin * hidden,
               .residual_stride = hidden},
              workspace, threads);
    }
}

/// Floats that mlp takes from the workspace.
constexpr std::size_t mlp_workspace(std::size_t rows, std::size_t width) noexcept {
    return padded(std::min(rows, detail::mlp_rows) * width);
}

}  // namespace xzoo::nn
