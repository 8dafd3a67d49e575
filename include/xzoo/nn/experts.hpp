// A mixture of experts: each token goes through the few feed-forward blocks that a router scores
// highest (Shazeer et al. 2017; Jiang et al. 2024).
#pragma once

#include <cstddef>
#include <cstdint>

#include "xzoo/nn/mlp.hpp"

namespace xzoo::nn {

/// The experts of a layer and the router that chooses among them.
struct ExpertsView {
    LinearView router{};  // (experts, hidden); weight null: the layer has a plain block instead
    std::size_t count = 0;
    std::size_t chosen = 0;        // experts a token
    bool normalise = true;         // the chosen experts' weights add up to 1
    const void* object = nullptr;  // what holds the experts, for `expert`
    MlpView (*expert)(const void* object, std::size_t i) = nullptr;
};

namespace detail {

/// Chooses the experts of one token: their numbers and weights, largest first; the earlier one of
/// equals. No expert is chosen twice, whatever the scores are: members and gathered rows are
/// counted on that. scores become -1, which no softmax gives, where they are taken.
inline void choose_experts(const ExpertsView& block, float* scores, std::uint32_t* numbers,
                           float* weights) noexcept {
    constexpr float taken = -1.0F;
    float sum = 0.0F;
    for (std::size_t k = 0; k < block.chosen; ++k) {
        std::size_t best = block.count;
        for (std::size_t e = 0; e < block.count; ++e)
            if (scores[e] != taken && (best == block.count || scores[e] > scores[best]))
                best = e;
        numbers[k] = static_cast<std::uint32_t>(best);
        weights[k] = scores[best];
        sum += scores[best];
        scores[best] = taken;
    }
    for (std::size_t k = 0; block.normalise && k < block.chosen; ++k)
        weights[k] /= sum;
}

}  // namespace detail

/// y = experts(x) + residual. Tokens are gathered by expert, so each expert's weights are read
/// once. Shapes  x, y, residual: (rows, hidden); residual may be y or null; y is not x.
template <class Arch = simd::default_arch>
void experts(const ExpertsView& block, const float* x, std::size_t rows, float* y,
             const float* residual, Workspace& workspace, int threads) {
    const Workspace::Scope scope{workspace};
    const std::size_t hidden = block.router.in;
    const std::size_t k = block.chosen;
    float* scores = workspace.take(rows * block.count);     // (rows, experts)
    std::uint32_t* numbers = workspace.take_ids(rows * k);  // (rows, chosen)
    float* weights = workspace.take(rows * k);              // (rows, chosen)
    std::uint32_t* members = workspace.take_ids(rows);      // rows of one expert
    float* gathered = workspace.take(2 * rows * hidden);    // (rows, hidden) in, then out
    float* results = gathered + rows * hidden;
    apply(block.router, x, rows, scores, workspace, threads);
    simd::softmax_rows<Arch>(scores, rows, block.count, block.count);
    for (std::size_t r = 0; r < rows; ++r)
        detail::choose_experts(block, scores + r * block.count, numbers + r * k, weights + r * k);
    if (y != residual)
        for (std::size_t i = 0; i < rows * hidden; ++i)
            y[i] = residual == nullptr ? 0.0F : residual[i];
    for (std::size_t e = 0; e < block.count; ++e) {
        std::size_t n = 0;
        for (std::size_t i = 0; i < rows * k; ++i)
            if (numbers[i] == e) {
                std::copy_n(x + i / k * hidden, hidden, gathered + n * hidden);
                members[n++] = static_cast<std::uint32_t>(i);
            }
        if (n == 0)
            continue;
        mlp<Arch>(block.expert(block.object, e), gathered, n, results, nullptr, workspace, threads);
        for (std::size_t i = 0; i < n; ++i) {
            const float weight = weights[members[i]];
            simd::scale<Arch>(results + i * hidden, hidden, weight);
            simd::add<Arch>(y + members[i] / k * hidden, results + i * hidden, hidden);
        }
    }
}

/// Floats that experts takes from the workspace; width: MlpView::width of an expert.
constexpr std::size_t experts_workspace(std::size_t rows, std::size_t hidden, std::size_t count,
                                        std::size_t chosen, std::size_t width) noexcept {
    return padded(rows * count) + 2 * padded(rows * chosen) + padded(rows) +
           padded(2 * rows * hidden) + mlp_workspace(rows, width);
}

}  // namespace xzoo::nn
