#pragma once

#include <cstddef>

#include "xzoo/simd/attention_job.hpp"
#include "xzoo/simd/attention_problem.hpp"
#include "xzoo/simd/parallel.hpp"

namespace xzoo::simd {

/// Whether attention rounds to bfloat16 on an architecture where a problem allows it.
template <class Arch>
inline constexpr bool narrows_products = has_bf16<Arch> && !has_amx<Arch>;

namespace detail {

template <class Arch, class W>
void run_attention(const AttentionProblem& problem, float* scratch, int threads) noexcept {
    const AttentionLayout<Arch, W> layout(problem);
    const RowTiles<Arch> tiles(problem.query_length, AttentionShape<Arch>::rows);
    const std::size_t work = problem.batch * problem.heads * problem.query_length *
                             problem.key_length * problem.head_dim * 2;
    // Items are tiles of queries, ordered so that neighbours share their keys and values.
    parallel_ranges<Arch>(
        problem.batch * problem.heads * tiles.count, useful_threads(threads, work),
        [&](std::size_t begin, std::size_t end, std::size_t thread) {
            AttentionJob<Arch, W> job(problem, layout, scratch + thread * layout.total);
            for (std::size_t item = begin; item < end; ++item) {
                const std::size_t tile = item % tiles.count;
                job.select(item / tiles.count / problem.heads, item / tiles.count % problem.heads);
                if (problem.probabilities == nullptr)
                    job.run_tile(tiles.begin(tile), tiles.height(tile));
                else
                    job.run_tile_with_probabilities(tiles.begin(tile), tiles.height(tile));
            }
        });
}

/// Calls use<W>() with the words that a problem is computed in.
template <class Arch, class Use>
decltype(auto) with_words(const AttentionProblem& problem, Use&& use) noexcept {
    if constexpr (narrows_products<Arch>) {
        if (problem.narrow_products)
            return use.template operator()<BFloat16Words<Arch>>();
    }
    static_cast<void>(problem);
    return use.template operator()<FloatWords<Arch>>();
}

}  // namespace detail

/// Floats of scratch that attention() needs; packed keys and values of one head per thread, so it
/// grows with key_length and never with query_length * key_length.
template <class Arch = default_arch>
std::size_t attention_scratch(const AttentionProblem& problem, int threads) noexcept {
    const auto team = static_cast<std::size_t>(threads < 1 ? 1 : threads);
    return team * detail::with_words<Arch>(problem, [&]<class W>() {
               return detail::AttentionLayout<Arch, W>(problem).total;
           });
}
XZOO_DISPATCHED_KERNEL(std::size_t, attention_scratch,
                       (const AttentionProblem& problem, int threads), (problem, threads))

/// output = softmax(scale * Q K^T + bias + mask) V for every head, blocked over the keys with a
/// running softmax, so that no (query, key) matrix exists unless `probabilities` asks for it.
/// Shapes  see AttentionProblem; key_length >= 1; heads is a multiple of kv_heads, and head h
///         reads the keys of head h / (heads / kv_heads). scratch: attention_scratch() floats,
///         best on a 64-byte boundary. output overlaps no input.
/// Result  within 2e-6 of double precision relative to the largest |value|, with narrow_products
///         within 2^-7 of it where no score exceeds 4; equal bits for any number of threads. A
///         score that a mask makes smaller than the lowest float becomes the lowest float: rows
///         without a visible key average over all keys, as eager attention in Hugging Face
///         transformers does.
/// Source  Milakov, Gimelshein 2018 (running softmax); Dao et al. 2022 (blocked attention).
template <class Arch = default_arch>
void attention(const AttentionProblem& problem, float* scratch, int threads) noexcept {
    detail::with_words<Arch>(
        problem, [&]<class W>() { detail::run_attention<Arch, W>(problem, scratch, threads); });
}
XZOO_DISPATCHED_KERNEL(void, attention,
                       (const AttentionProblem& problem, float* scratch, int threads),
                       (problem, scratch, threads))

}  // namespace xzoo::simd
