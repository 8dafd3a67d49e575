// One layer of a decoder: self-attention, feed-forward block, and the ways in which families put
// norms and residuals around them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "xzoo/core/workspace.hpp"
#include "xzoo/nn/experts.hpp"
#include "xzoo/nn/mlp.hpp"
#include "xzoo/nn/norm.hpp"
#include "xzoo/nn/self_attention.hpp"

namespace xzoo::nn {

/// How the two halves of a layer are joined.
enum class LayerOrder : std::uint8_t {
    pre_norm,   ///< x += attention(norm(x)); x += mlp(norm(x))
    post_norm,  ///< x = norm(x + attention(x)); x = norm(x + mlp(x))
    parallel,   ///< x += attention(norm(x)) + mlp(norm(x)), both of the same x
};

/// The parameters of one layer. Norms that a family does without are left out.
struct DecoderLayerView {
    LayerOrder order = LayerOrder::pre_norm;
    NormView attention_norm{};
    SelfAttentionView attention{};
    NormView after_attention{};  // of the attention's result, before it is added
    NormView mlp_norm{};         // parallel: left out where attention_norm serves both
    MlpView mlp{};
    ExpertsView experts{};  // instead of mlp, where it has a router
    NormView after_mlp{};
    /// The residual is the normed input instead of the input (an option of BLOOM).
    bool residual_after_norm = false;
};

/// What a pass over the layers needs besides their parameters.
struct LayerContext {
    TokenRows tokens;
    const RopeTable* ropes = nullptr;
    CacheView cache{};
    Probabilities* probabilities = nullptr;
    Workspace* workspace = nullptr;
    int threads = 1;
};

namespace detail {

/// y = mlp or experts(x) + residual; y is not x.
template <class Arch>
void feed_forward(const DecoderLayerView& layer, const LayerContext& context, const float* x,
                  float* y, const float* residual) {
    if (layer.experts.router.weight != nullptr)
        experts<Arch>(layer.experts, x, context.tokens.rows, y, residual, *context.workspace,
                      context.threads);
    else
        mlp<Arch>(layer.mlp, x, context.tokens.rows, y, residual, *context.workspace,
                  context.threads);
}

/// hidden += after(block(x)) for a block that takes (input, output, residual).
template <class Arch, class Block>
void add_block(const NormView& after, const LayerContext& context, std::size_t size, const float* x,
               float* hidden, const float* residual, const Block& block) {
    if (!after)
        return block(x, hidden, residual);
    const Workspace::Scope scope{*context.workspace};
    const std::size_t rows = context.tokens.rows;
    float* result = context.workspace->take(rows * size);  // (rows, hidden)
    block(x, result, nullptr);
    apply<Arch>(after, result, rows, result, context.threads);
    simd::add<Arch>(hidden, result, rows * size);
}

}  // namespace detail

/// Runs one layer over hidden, in place.
/// Shapes  hidden: (rows, hidden).
template <class Arch = simd::default_arch>
void decoder_layer(const DecoderLayerView& layer, const LayerContext& context, float* hidden) {
    const Workspace::Scope scope{*context.workspace};
    const std::size_t rows = context.tokens.rows;
    const std::size_t size = layer.attention.output.out;
    const auto attend = [&](const float* x, float* y, const float* residual) {
        self_attention<Arch>(layer.attention, context.tokens, context.ropes, context.cache, x, y,
                             residual, context.probabilities, *context.workspace, context.threads);
    };
    const auto feed = [&](const float* x, float* y, const float* residual) {
        detail::feed_forward<Arch>(layer, context, x, y, residual);
    };
    if (layer.order == LayerOrder::post_norm) {
        attend(hidden, hidden, hidden);
        apply<Arch>(layer.attention_norm, hidden, rows, hidden, context.threads);
        feed(hidden, hidden, hidden);
        apply<Arch>(layer.mlp_norm, hidden, rows, hidden, context.threads);
        return;
    }
    float* normed = context.workspace->take(rows * size);  // (rows, hidden)
    apply<Arch>(layer.attention_norm, hidden, rows, normed, context.threads);
    if (layer.order == LayerOrder::parallel) {
        float* mlp_input = normed;
        if (layer.mlp_norm) {
            mlp_input = context.workspace->take(rows * size);  // (rows, hidden)
            apply<Arch>(layer.mlp_norm, hidden, rows, mlp_input, context.threads);
        }
        attend(normed, hidden, hidden);
        feed(mlp_input, hidden, hidden);
        return;
    }
    const float* residual = layer.residual_after_norm ? normed : hidden;
    detail::add_block<Arch>(layer.after_attention, context, size, normed, hidden, residual, attend);
    apply<Arch>(layer.mlp_norm, hidden, rows, normed, context.threads);
    detail::add_block<Arch>(layer.after_mlp, context, size, normed, hidden, residual, feed);
}

/// Floats that a layer takes from the workspace for `rows` tokens of `sequences` sequences, where
/// the longest text is `length` tokens long and `single` says that each has one new token.
template <class Arch = simd::default_arch>
std::size_t decoder_layer_workspace(const DecoderLayerView& layer, std::size_t rows,
                                    std::size_t sequences, std::size_t length, bool single,
                                    int threads) {
    const SelfAttentionView& a = layer.attention;
    const std::size_t size = a.output.out;
    const std::size_t row = a.heads * a.head_dim;
    const simd::AttentionProblem problem =
        detail::span_problem(a, {.count = length}, {}, nullptr, nullptr);
    const std::size_t scores =
        std::max(padded(sequences * sizeof(simd::CachedQuery) / sizeof(float) + 1),
                 single ? 0 : padded(simd::attention_scratch<Arch>(problem, threads)));
    const std::size_t attention = padded(rows * a.layout.width) + 2 * padded(rows * row) + scores;
    const std::size_t feed =
        layer.experts.router.weight != nullptr
            ? experts_workspace(rows, size, layer.experts.count, layer.experts.chosen,
                                layer.experts.expert(layer.experts.object, 0).width())
            : mlp_workspace(rows, layer.mlp.width());
    return 3 * padded(rows * size) + std::max(attention, feed);
}

}  // namespace xzoo::nn
