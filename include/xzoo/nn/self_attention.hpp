// Causal self-attention over a cache, as all decoder families have it: one to three projections, a
// norm of the heads, rotary positions, grouped queries, windows, caps. Written once over run-time
// sizes: a model only says which of its parameters play which part.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "xzoo/core/workspace.hpp"
#include "xzoo/nn/linear.hpp"
#include "xzoo/nn/norm.hpp"
#include "xzoo/nn/rope.hpp"
#include "xzoo/nn/token_rows.hpp"
#include "xzoo/simd/attention.hpp"
#include "xzoo/simd/cached_attention.hpp"
#include "xzoo/simd/rope.hpp"

namespace xzoo::nn {

/// Where the heads of query, key and value stand in a row of projections. Query heads come in
/// groups whose heads follow each other.
struct HeadLayout {
    std::size_t query_group = 1, query_group_stride = 0;
    std::size_t key = 0, key_stride = 0;      // of key-value head 0, and between heads
    std::size_t value = 0, value_stride = 0;  // likewise
    std::size_t width = 0;                    // of the row

    /// All queries, all keys, all values: separate projections, GPT-2's and Phi-3's fused ones.
    static constexpr HeadLayout in_blocks(std::size_t heads, std::size_t kv_heads,
                                          std::size_t dim) {
        return {heads,
                0,
                heads * dim,
                dim,
                (heads + kv_heads) * dim,
                dim,
                (heads + 2 * kv_heads) * dim};
    }
    /// For each key-value head its queries, its key, its value: GPT-NeoX, BLOOM, Falcon.
    static constexpr HeadLayout in_groups(std::size_t heads, std::size_t kv_heads,
                                          std::size_t dim) {
        const std::size_t group = heads / kv_heads;
        const std::size_t stride = (group + 2) * dim;
        return {group, stride, group * dim, stride, (group + 1) * dim, stride, kv_heads * stride};
    }
    constexpr std::size_t query(std::size_t head, std::size_t dim) const {
        return head / query_group * query_group_stride + head % query_group * dim;
    }
};

/// The parameters of one self-attention.
struct SelfAttentionView {
    std::array<LinearView, 3> projections{};  // query, key, value; or one that makes all
    bool fused = false;
    HeadLayout layout{};
    LinearView output{};
    NormView query_norm{}, key_norm{};  // of each head
    std::size_t heads = 1, kv_heads = 1, head_dim = 1;
    float scale = 1.0F;
    float softcap = 0.0F;    // see simd::AttentionProblem
    std::size_t window = 0;  // likewise
    simd::Alibi alibi{};     // likewise
    float clip = 0.0F;       // projections are clamped to [-clip, clip]; 0: they are not
    int rope = 0;            // number of the rope table; -1: no rotary positions
};

/// Where the keys and values of a layer are written and read.
struct CacheView {
    simd::CacheRows keys, values;
};

namespace detail {

/// Normalises and rotates one head in place.
template <class Arch>
void prepare_head(const NormView& norm, const RopeTable* rope, std::size_t row,
                  float* head) noexcept {
    if (norm)
        apply<Arch>(norm, head, 1, head, 1);
    if (rope == nullptr)
        return;
    const float* cosine = rope->cosine + row * rope->pairs;
    const float* sine = rope->sine + row * rope->pairs;
    if (rope->neighbours)
        simd::rotate_neighbours<Arch>(head, cosine, sine, rope->pairs);
    else
        simd::rotate_halves<Arch>(head, cosine, sine, rope->pairs);
}

/// Queries into rows of their own, keys and values into the cache.
template <class Arch>
void split_heads(const SelfAttentionView& a, const TokenRows& tokens, const RopeTable* rope,
                 const CacheView& cache, float* projected, float* queries, int threads) noexcept {
    const std::size_t dim = a.head_dim;
    const auto split_row = [&](std::size_t row, std::size_t sequence, std::size_t position) {
        float* from = projected + row * a.layout.width;
        for (std::size_t i = 0; a.clip > 0.0F && i < a.layout.width; ++i)
            from[i] = std::clamp(from[i], -a.clip, a.clip);
        for (std::size_t h = 0; h < a.heads; ++h) {
            float* query = queries + (row * a.heads + h) * dim;
            std::copy_n(from + a.layout.query(h, dim), dim, query);
            prepare_head<Arch>(a.query_norm, rope, row, query);
        }
        for (std::size_t h = 0; h < a.kv_heads; ++h) {
            float* key = from + a.layout.key + h * a.layout.key_stride;
            prepare_head<Arch>(a.key_norm, rope, row, key);
            simd::store_row(cache.keys, sequence, h, position, key);
            simd::store_row(cache.values, sequence, h, position,
                            from + a.layout.value + h * a.layout.value_stride);
        }
    };
    simd::parallel_ranges<Arch>(
        tokens.rows, simd::useful_threads(threads, tokens.rows * a.layout.width * 8),
        [&](std::size_t begin, std::size_t end, std::size_t) {
            for (std::size_t s = 0; s < tokens.sequences; ++s) {
                const SequenceSpan& span = tokens.spans[s];
                const std::size_t last = std::min(end, span.first + span.count);
                for (std::size_t row = std::max(begin, span.first); row < last; ++row)
                    split_row(row, span.sequence, span.past + row - span.first);
            }
        });
}

/// The problem of one sequence with several new tokens.
inline simd::AttentionProblem span_problem(const SelfAttentionView& a, const SequenceSpan& span,
                                           const CacheView& cache, const float* queries,
                                           float* attended) noexcept {
    const std::size_t row = a.heads * a.head_dim;
    const std::size_t hidden =
        a.window == 0 || span.past + 1 < a.window ? 0 : span.past + 1 - a.window;
    return {.batch = 1,
            .heads = a.heads,
            .kv_heads = a.kv_heads,
            .query_length = span.count,
            .key_length = span.past + span.count - hidden,
            .head_dim = a.head_dim,
            .query = queries + span.first * row,
            .key = nullptr,
            .value = nullptr,
            .output = attended + span.first * row,
            .query_token_stride = row,
            .key_token_stride = 0,
            .value_token_stride = 0,
            .output_token_stride = row,
            .query_batch_stride = 0,
            .key_batch_stride = 0,
            .value_batch_stride = 0,
            .output_batch_stride = 0,
            .scale = a.scale,
            .causal = true,
            .window = a.window,
            .softcap = a.softcap,
            .alibi = a.alibi,
            .narrow_products = a.output.rounds_inputs(),
            .cached_keys = &cache.keys,
            .cached_values = &cache.values,
            .sequence = span.sequence,
            .first_token = hidden};
}

/// Attention of the sequences with one new token.
template <class Arch>
void attend_single(const SelfAttentionView& a, const TokenRows& tokens, const CacheView& cache,
                   const float* queries, float* attended, Workspace& workspace, int threads) {
    const Workspace::Scope scope{workspace};
    auto* single = workspace.take_array<simd::CachedQuery>(tokens.sequences);
    std::size_t count = 0;
    const std::size_t row = a.heads * a.head_dim;
    for (std::size_t s = 0; s < tokens.sequences; ++s) {
        const SequenceSpan& span = tokens.spans[s];
        if (span.count == 1)
            single[count++] = {queries + span.first * row, attended + span.first * row,
                               span.sequence, span.past + 1};
    }
    simd::cached_attention<Arch>({.heads = a.heads,
                                  .kv_heads = a.kv_heads,
                                  .head_dim = a.head_dim,
                                  .keys = &cache.keys,
                                  .values = &cache.values,
                                  .scale = a.scale,
                                  .softcap = a.softcap,
                                  .window = a.window,
                                  .alibi = a.alibi},
                                 single, count, threads);
}

/// Attention of the sequences with several new tokens; with probabilities, of all.
template <class Arch>
void attend_spans(const SelfAttentionView& a, const TokenRows& tokens, const CacheView& cache,
                  const float* queries, float* attended, Probabilities* probabilities,
                  Workspace& workspace, int threads) {
    for (std::size_t s = 0; s < tokens.sequences; ++s) {
        const SequenceSpan& span = tokens.spans[s];
        if (span.count == 1 && probabilities == nullptr)
            continue;
        const Workspace::Scope scope{workspace};
        simd::AttentionProblem problem = span_problem(a, span, cache, queries, attended);
        if (probabilities != nullptr)
            problem.probabilities =
                workspace.take(a.heads * problem.query_length * problem.key_length);
        float* scratch = workspace.take(simd::attention_scratch<Arch>(problem, threads));
        simd::attention<Arch>(problem, scratch, threads);
        if (probabilities != nullptr)
            probabilities->keep(problem, span);
    }
}

}  // namespace detail

/// y = output(attention(x)) + residual; the new keys and values are in the cache afterwards.
/// Shapes  x, y, residual: (tokens.rows, hidden); residual may be y or null.
template <class Arch = simd::default_arch>
void self_attention(const SelfAttentionView& a, const TokenRows& tokens, const RopeTable* ropes,
                    const CacheView& cache, const float* x, float* y, const float* residual,
                    Probabilities* probabilities, Workspace& workspace, int threads) {
    const Workspace::Scope scope{workspace};
    const std::size_t row = a.heads * a.head_dim;
    float* projected = workspace.take(tokens.rows * a.layout.width);  // (rows, width)
    float* queries = workspace.take(tokens.rows * row);               // (rows, heads, head_dim)
    std::size_t at = 0;
    for (std::size_t i = 0; i < (a.fused ? 1U : 3U); ++i) {
        const LinearView& projection = a.projections[i];
        apply(projection, x, tokens.rows, projection.in, projected + at, a.layout.width, {},
              workspace, threads, i == 0 ? nullptr : &a.projections[i - 1]);
        at += projection.out;
    }
    detail::split_heads<Arch>(a, tokens, a.rope < 0 ? nullptr : ropes + a.rope, cache, projected,
                              queries, threads);
    float* attended = workspace.take(tokens.rows * row);  // (rows, heads, head_dim)
    if (probabilities == nullptr)
        detail::attend_single<Arch>(a, tokens, cache, queries, attended, workspace, threads);
    detail::attend_spans<Arch>(a, tokens, cache, queries, attended, probabilities, workspace,
                               threads);
    apply(a.output, attended, tokens.rows, y, workspace, threads, Activation::identity, residual);
}

}  // namespace xzoo::nn
