// The transformer encoder layer with normalisation after each residual (Vaswani et al. 2017), as
// BERT, RoBERTa, DistilBERT, MPNet, ELECTRA and ALBERT have it. Written once over run-time sizes:
// a model only says which of its parameters play which part.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/workspace.hpp"
#include "xzoo/nn/layer_norm.hpp"
#include "xzoo/nn/linear.hpp"
#include "xzoo/simd/attention.hpp"

namespace xzoo::nn {

/// The parameters of one layer.
struct EncoderLayerView {
    LinearView query, key, value;  // (hidden, hidden)
    LinearView attention_output;   // (hidden, hidden)
    LayerNormView attention_norm;
    LinearView intermediate;  // (intermediate, hidden)
    LinearView output;        // (hidden, intermediate)
    LayerNormView output_norm;
    std::size_t heads = 1;
    Activation activation = Activation::gelu;
};

/// What attention needs to know of the batch. Masks are additive, as Hugging Face makes them:
/// 0 where a query may look, the lowest float where it may not.
struct AttentionContext {
    std::size_t batch = 1;
    std::size_t length = 1;
    /// (batch): tokens of each sequence, whose rows follow those of the one before; null: all have
    /// `length` of them.
    const std::uint32_t* lengths = nullptr;
    std::size_t tokens = 1;            // of all sequences
    const float* mask = nullptr;       // (batch, length), or (batch, length, length)
    bool mask_per_query = false;       // true for the second
    const float* bias = nullptr;       // (heads, length, length): relative positions
    const float* head_mask = nullptr;  // (heads): 1 keeps a head, 0 silences it
    float* probabilities = nullptr;    // (batch, heads, length, length), if wanted
    bool causal = false;
};

namespace detail {

/// Rows that go through the feed-forward block at a time: its wide inner values stay in cache.
inline constexpr std::size_t feed_forward_rows = 512;

template <class Arch>
simd::AttentionProblem attention_problem(const AttentionContext& context, std::size_t hidden,
                                         std::size_t heads, const float* query, const float* key,
                                         const float* value, float* output) noexcept {
    const std::size_t head_dim = hidden / heads;
    const std::size_t sequence = context.length * hidden;
    const std::size_t row = context.mask_per_query ? context.length : 0;
    return {.batch = context.batch,
            .heads = heads,
            .kv_heads = heads,
            .query_length = context.length,
            .key_length = context.length,
            .head_dim = head_dim,
            .query = query,
            .key = key,
            .value = value,
            .output = output,
            .query_token_stride = hidden,
            .key_token_stride = hidden,
            .value_token_stride = hidden,
            .output_token_stride = hidden,
            .query_batch_stride = sequence,
            .key_batch_stride = sequence,
            .value_batch_stride = sequence,
            .output_batch_stride = sequence,
            .scale = 1.0F / std::sqrt(static_cast<float>(head_dim)),
            .mask = context.mask,
            .mask_batch_stride = context.mask_per_query ? context.length * row : context.length,
            .mask_query_stride = row,
            .bias = context.bias,
            .bias_head_stride = context.length * context.length,
            .bias_query_stride = context.length,
            .head_mask = context.head_mask,
            .causal = context.causal,
            .probabilities = context.probabilities};
}

/// Attention of all sequences.
/// Shapes  query, key, value, attended: (context.tokens, hidden).
template <class Arch>
void attend(const EncoderLayerView& layer, const AttentionContext& context, const float* query,
            const float* key, const float* value, float* attended, Workspace& workspace,
            int threads) {
    const std::size_t size = layer.query.out;
    simd::AttentionProblem problem =
        attention_problem<Arch>(context, size, layer.heads, query, key, value, attended);
    problem.narrow_products = layer.attention_output.rounds_inputs();
    float* scratch = workspace.take(simd::attention_scratch<Arch>(problem, threads));
    if (context.lengths == nullptr)
        return simd::attention<Arch>(problem, scratch, threads);
    problem.batch = 1;
    for (std::size_t b = 0; b < context.batch; ++b) {
        problem.query_length = problem.key_length = context.lengths[b];
        simd::attention<Arch>(problem, scratch, threads);
        const std::size_t rows = context.lengths[b] * size;
        problem.query += rows;
        problem.key += rows;
        problem.value += rows;
        problem.output += rows;
    }
}

}  // namespace detail

/// Floats that one encoder layer takes from the workspace.
template <class Arch = simd::default_arch>
std::size_t encoder_layer_workspace(const AttentionContext& context, std::size_t hidden,
                                    std::size_t heads, std::size_t intermediate, int threads) {
    const std::size_t tokens = context.tokens;
    const simd::AttentionProblem problem =
        detail::attention_problem<Arch>(context, hidden, heads, nullptr, nullptr, nullptr, nullptr);
    const std::size_t attention =
        4 * padded(tokens * hidden) + padded(simd::attention_scratch<Arch>(problem, threads));
    const std::size_t feed_forward =
        padded(std::min(tokens, detail::feed_forward_rows) * intermediate);
    return std::max(attention, feed_forward);
}

/// hidden = norm(hidden + attention(hidden)); hidden = norm(hidden + feed_forward(hidden)).
/// Shapes  hidden: (context.tokens, hidden), changed in place.
template <class Arch = simd::default_arch>
void encoder_layer(const EncoderLayerView& layer, float* hidden, const AttentionContext& context,
                   Workspace& workspace, int threads) {
    const std::size_t tokens = context.tokens;
    const std::size_t size = layer.query.in;
    {
        const Workspace::Scope scope{workspace};
        float* query = workspace.take(tokens * size);     // (tokens, hidden)
        float* key = workspace.take(tokens * size);       // (tokens, hidden)
        float* value = workspace.take(tokens * size);     // (tokens, hidden)
        float* attended = workspace.take(tokens * size);  // (tokens, hidden)
        apply(layer.query, hidden, tokens, query, workspace, threads);
        apply(layer.key, hidden, tokens, size, key, layer.key.out, {}, workspace, threads,
              &layer.query);
        apply(layer.value, hidden, tokens, size, value, layer.value.out, {}, workspace, threads,
              &layer.key);
        detail::attend<Arch>(layer, context, query, key, value, attended, workspace, threads);
        apply(layer.attention_output, attended, tokens, hidden, workspace, threads,
              Activation::identity, hidden);
        apply<Arch>(layer.attention_norm, hidden, tokens, hidden, threads);
    }
    const Workspace::Scope scope{workspace};
    float* inner = workspace.take(std::min(tokens, detail::feed_forward_rows) *
                                  layer.intermediate.out);  // (rows, intermediate)
    for (std::size_t begin = 0; begin < tokens; begin += detail::feed_forward_rows) {
        const std::size_t rows = std::min(detail::feed_forward_rows, tokens - begin);
        float* part = hidden + begin * size;  // the tokens from `begin` on
        apply(layer.intermediate, part, rows, inner, workspace, threads, layer.activation);
        apply(layer.output, inner, rows, part, workspace, threads, Activation::identity, part);
        apply<Arch>(layer.output_norm, part, rows, part, threads);
    }
}

}  // namespace xzoo::nn
