// Attention of single new tokens over all that a cache holds: every key and value is read once, by
// all the query heads that share it.
#pragma once

#include <array>
#include <cstddef>
#include <limits>

#include "xzoo/simd/alibi.hpp"
#include "xzoo/simd/cache_rows.hpp"
#include "xzoo/simd/narrow.hpp"
#include "xzoo/simd/parallel.hpp"
#include "xzoo/simd/softmax.hpp"

namespace xzoo::simd {

/// One query token a sequence; see cached_attention().
struct CachedAttentionProblem {
    std::size_t heads, kv_heads, head_dim;
    const CacheRows *keys, *values;
    float scale;
    float softcap = 0.0F;    ///< as in AttentionProblem
    std::size_t window = 0;  ///< as in AttentionProblem
    Alibi alibi{};           ///< as in AttentionProblem
};

/// The query of one sequence.
struct CachedQuery {
    const float* query;    ///< (heads, head_dim)
    float* output;         ///< (heads, head_dim)
    std::size_t sequence;  ///< of the cache
    std::size_t tokens;    ///< that the cache holds, the query's own included
};

namespace detail {

/// Attention of the query heads that share one key-value head, a few of them at a time.
template <class Arch>
class CachedAttentionJob {
public:
    /// Query heads that a key is read for at once.
    static constexpr std::size_t most_heads = 8;

    CachedAttentionJob(const CachedAttentionProblem& problem, const CachedQuery& query) noexcept
        : p_(problem), q_(query) {}

    /// Heads [head, head + count) of kv_head.
    void run(std::size_t kv_head, std::size_t head, std::size_t count) noexcept {
        kv_head_ = kv_head;
        head_ = head;
        count_ = count;
        most_.fill(std::numeric_limits<float>::lowest());
        sum_.fill(0.0F);
        float* output = q_.output + head_ * p_.head_dim;
        for (std::size_t i = 0; i < count_ * p_.head_dim; ++i)
            output[i] = 0.0F;
        const std::size_t begin =
            p_.window == 0 || q_.tokens <= p_.window ? 0 : q_.tokens - p_.window;
        for (std::size_t k = begin; k < q_.tokens; k += block) {
            const std::size_t n = q_.tokens - k < block ? q_.tokens - k : block;
            for (std::size_t i = 0; i < n; ++i)
                score(k + i, i);
            for (std::size_t h = 0; h < count_; ++h)
                weigh(h, k, n);
            for (std::size_t i = 0; i < n; ++i)
                add_value(k + i, i);
        }
        for (std::size_t h = 0; h < count_; ++h)
            scale_output(h, 1.0F / sum_[h]);
    }

private:
    static constexpr std::size_t block = 64;

    void score(std::size_t token, std::size_t column) noexcept {
        const std::size_t row = p_.keys->row(q_.sequence, kv_head_, token);
        with_row(*p_.keys, row, [&](const auto* key, float key_scale) {
            const float* query = q_.query + head_ * p_.head_dim;
            for (std::size_t h = 0; h < count_; ++h, query += p_.head_dim) {
                Vec<Arch> sum(0.0F);
                for_each_vec<Arch>(p_.head_dim, [&](std::size_t d,
                                                    std::size_t tail) XZOO_INLINE_LAMBDA {
                    sum = fma<Arch>(load<Arch>(key + d, tail), load<Arch>(query + d, tail), sum);
                });
                scores_[h][column] = reduce_add<Arch>(sum) * key_scale * p_.scale;
            }
        });
    }

    /// Turns the scores of a block into weights, and keeps the running softmax.
    void weigh(std::size_t h, std::size_t first, std::size_t n) noexcept {
        float* scores = scores_[h].data();
        if (p_.softcap != 0.0F)
            for_each_vec<Arch>(n, [&](std::size_t i, std::size_t) XZOO_INLINE_LAMBDA {
                const Vec<Arch> v = load<Arch>(scores + i) * Vec<Arch>(1.0F / p_.softcap);
                store<Arch>(scores + i, tanh<Arch>(v) * Vec<Arch>(p_.softcap));
            });
        p_.alibi.template add<Arch>(head_ + h, first, n, q_.tokens, scores);
        const float most = largest<Arch>(scores, n);
        if (most > most_[h]) {
            const float factor = exp<Arch, true>(Vec<Arch>(most_[h] - most)).get(0);
            sum_[h] *= factor;
            scale_output(h, factor);
            most_[h] = most;
        }
        sum_[h] += exp_shifted<Arch>(scores, n, most_[h]);
    }

    void scale_output(std::size_t h, float factor) noexcept {
        float* output = q_.output + (head_ + h) * p_.head_dim;
        const Vec<Arch> f(factor);
        for_each_vec<Arch>(p_.head_dim, [&](std::size_t d, std::size_t tail) XZOO_INLINE_LAMBDA {
            store<Arch>(output + d, load<Arch>(output + d, tail) * f, tail);
        });
    }

    void add_value(std::size_t token, std::size_t column) noexcept {
        const std::size_t row = p_.values->row(q_.sequence, kv_head_, token);
        with_row(*p_.values, row, [&](const auto* value, float value_scale) {
            float* output = q_.output + head_ * p_.head_dim;
            for (std::size_t h = 0; h < count_; ++h, output += p_.head_dim) {
                const Vec<Arch> weight(scores_[h][column] * value_scale);
                for_each_vec<Arch>(p_.head_dim,
                                   [&](std::size_t d, std::size_t tail) XZOO_INLINE_LAMBDA {
                                       store<Arch>(output + d,
                                                   fma<Arch>(weight, load<Arch>(value + d, tail),
                                                             load<Arch>(output + d, tail)),
                                                   tail);
                                   });
            }
        });
    }

    const CachedAttentionProblem& p_;
    const CachedQuery& q_;
    std::size_t kv_head_ = 0, head_ = 0, count_ = 0;
    std::array<float, most_heads> most_{};
    std::array<float, most_heads> sum_{};
    alignas(64) std::array<std::array<float, block>, most_heads> scores_{};
};

}  // namespace detail

/// output = softmax(scale * q K^T) V of one query token a sequence, over all tokens that a cache
/// holds, or the last `window` of them.
/// Shapes  queries: (count,); see CachedQuery. heads is a multiple of kv_heads.
/// Result  within 2e-6 of double precision over the cache's numbers, relative to the largest
///         |value|; equal bits for any number of threads.
template <class Arch = default_arch>
void cached_attention(const CachedAttentionProblem& problem, const CachedQuery* queries,
                      std::size_t count, int threads) noexcept {
    const std::size_t group = problem.heads / problem.kv_heads;
    std::size_t tokens = 0;
    for (std::size_t i = 0; i < count; ++i)
        tokens += queries[i].tokens;
    parallel_ranges<Arch>(
        count * problem.kv_heads,
        useful_threads(threads, tokens * problem.heads * problem.head_dim),
        [&](std::size_t begin, std::size_t end, std::size_t) {
            for (std::size_t item = begin; item < end; ++item) {
                const std::size_t kv_head = item % problem.kv_heads;
                detail::CachedAttentionJob<Arch> job(problem, queries[item / problem.kv_heads]);
                constexpr std::size_t most = detail::CachedAttentionJob<Arch>::most_heads;
                for (std::size_t h = 0; h < group; h += most)
                    job.run(kv_head, kv_head * group + h, group - h < most ? group - h : most);
            }
        });
}

}  // namespace xzoo::simd
