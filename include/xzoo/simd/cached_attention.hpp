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
#include "xzoo/simd/transpose.hpp"

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

/// Attention of some of the query heads that share one key-value head. A block of tokens at a time
/// is scored for all of them, weighed, and its values added.
template <class Arch>
class CachedAttentionJob {
public:
    /// Query heads that the keys and values are read for at once.
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
            with_rows(*p_.keys, k, n, [&](const auto* rows) { score(rows, n); });
            for (std::size_t h = 0; h < count_; ++h)
                weigh(h, k, n);
            with_rows(*p_.values, k, n, [&](const auto* rows) { add_values(rows, n); });
        }
        for (std::size_t h = 0; h < count_; ++h)
            scale_output(h, 1.0F / sum_[h]);
    }

private:
    static constexpr std::size_t block = 64;
    /// Heads, and registers of a row, whose sums are kept in registers.
    static constexpr std::size_t heads_at_once = is_avx512<Arch> ? 4 : 2;
    static constexpr std::size_t vectors_at_once = 4;

    float* output(std::size_t h) const noexcept { return q_.output + (head_ + h) * p_.head_dim; }
    const float* query(std::size_t h) const noexcept {
        return q_.query + (head_ + h) * p_.head_dim;
    }

    /// Calls use(rows) with the rows of tokens [first, first + n), and notes their scales.
    template <class Use>
    void with_rows(const CacheRows& cache, std::size_t first, std::size_t n, Use&& use) noexcept {
        with_row(cache, 0, [&]<class T>(const T* numbers, float) {
            std::array<const T*, block> rows;
            for (std::size_t i = 0; i < n; ++i) {
                const std::size_t row = cache.row(q_.sequence, kv_head_, first + i);
                rows[i] = numbers + row * cache.head_dim;
                scales_[i] = cache.dtype == Dtype::i8 ? cache.scales[row] : 1.0F;
            }
            use(rows.data());
        });
    }

    /// Calls use<N>(h) for the heads h, h + 1, ..., h + N - 1, and so for all heads.
    template <class Use>
    void for_heads(Use&& use) const noexcept {
        std::size_t h = 0;
        for (; h + heads_at_once <= count_; h += heads_at_once)
            use.template operator()<heads_at_once>(h);
        if constexpr (heads_at_once > 2) {
            if (count_ - h == 3) {
                use.template operator()<3>(h);
                return;
            }
            if (count_ - h == 2) {
                use.template operator()<2>(h);
                return;
            }
        }
        if (h < count_)
            use.template operator()<1>(h);
    }

    template <class T>
    void score(const T* const* rows, std::size_t n) noexcept {
        for (std::size_t i = 0; i < n; i += lanes<Arch>)
            for_heads([&]<std::size_t Heads>(std::size_t h) {
                score_group<Heads>(rows + i, n - i, h, i);
            });
    }

    /// Scores of the first tokens of `rows`, as many as a register has lanes, for some heads.
    template <std::size_t Heads, class T>
    void score_group(const T* const* rows, std::size_t left, std::size_t h,
                     std::size_t column) noexcept {
        using Square = Transposer<Arch>;
        typename Square::Row parts[Heads][Square::size];
        for (std::size_t i = 0; i < Square::size; ++i) {
            const T* key = rows[i < left ? i : 0];
            Vec<Arch> sum[Heads];
            XZOO_UNROLL
            for (std::size_t head = 0; head < Heads; ++head)
                sum[head] = Vec<Arch>(0.0F);
            for_each_short<Arch>(
                p_.head_dim, [&](std::size_t d, std::size_t tail) XZOO_INLINE_LAMBDA {
                    const Vec<Arch> k = load<Arch>(key + d, tail);
                    XZOO_UNROLL
                    for (std::size_t head = 0; head < Heads; ++head)
                        sum[head] = fma<Arch>(k, load<Arch>(query(h + head) + d, tail), sum[head]);
                });
            XZOO_UNROLL
            for (std::size_t head = 0; head < Heads; ++head)
                parts[head][i] = Square::row(sum[head]);
        }
        const Vec<Arch> factor = load<Arch>(scales_.data() + column) * Vec<Arch>(p_.scale);
        for (std::size_t head = 0; head < Heads; ++head)
            store<Arch>(scores_[h + head].data() + column,
                        Square::vec(Square::sums(parts[head])) * factor);
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
        float* row = output(h);
        const Vec<Arch> f(factor);
        for_each_vec<Arch>(p_.head_dim, [&](std::size_t d, std::size_t tail) XZOO_INLINE_LAMBDA {
            store<Arch>(row + d, load<Arch>(row + d, tail) * f, tail);
        });
    }

    template <class T>
    void add_values(const T* const* rows, std::size_t n) noexcept {
        for (std::size_t h = 0; p_.values->dtype == Dtype::i8 && h < count_; ++h)
            for (std::size_t i = 0; i < n; ++i)
                scores_[h][i] *= scales_[i];
        for_heads([&]<std::size_t Heads>(std::size_t h) {
            constexpr std::size_t step = vectors_at_once * lanes<Arch>;
            std::size_t d = 0;
            for (; d + step <= p_.head_dim; d += step)
                add_columns<Heads, vectors_at_once>(rows, n, h, d, 0);
            for (; d + lanes<Arch> <= p_.head_dim; d += lanes<Arch>)
                add_columns<Heads, 1>(rows, n, h, d, 0);
            if (d < p_.head_dim)
                add_columns<Heads, 1>(rows, n, h, d, p_.head_dim - d);
        });
    }

    /// output += weights times columns d, d + 1, ... of the values: Vectors registers of them, or
    /// the first `tail`.
    template <std::size_t Heads, std::size_t Vectors, class T>
    void add_columns(const T* const* rows, std::size_t n, std::size_t h, std::size_t d,
                     std::size_t tail) noexcept {
        Vec<Arch> sum[Heads][Vectors];
        XZOO_UNROLL
        for (std::size_t i = 0; i < Heads * Vectors; ++i)
            sum[i / Vectors][i % Vectors] =
                load<Arch>(output(h + i / Vectors) + d + i % Vectors * lanes<Arch>, tail);
        for (std::size_t t = 0; t < n; ++t) {
            Vec<Arch> value[Vectors];
            XZOO_UNROLL
            for (std::size_t v = 0; v < Vectors; ++v)
                value[v] = load<Arch>(rows[t] + d + v * lanes<Arch>, tail);
            XZOO_UNROLL
            for (std::size_t head = 0; head < Heads; ++head) {
                const Vec<Arch> weight(scores_[h + head][t]);
                XZOO_UNROLL
                for (std::size_t v = 0; v < Vectors; ++v)
                    sum[head][v] = fma<Arch>(weight, value[v], sum[head][v]);
            }
        }
        XZOO_UNROLL
        for (std::size_t i = 0; i < Heads * Vectors; ++i)
            store<Arch>(output(h + i / Vectors) + d + i % Vectors * lanes<Arch>,
                        sum[i / Vectors][i % Vectors], tail);
    }

    const CachedAttentionProblem& p_;
    const CachedQuery& q_;
    std::size_t kv_head_ = 0, head_ = 0, count_ = 0;
    std::array<float, most_heads> most_{};
    std::array<float, most_heads> sum_{};
    alignas(64) std::array<float, block> scales_{};  ///< of the rows in work
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
    using Job = detail::CachedAttentionJob<Arch>;
    const std::size_t group = problem.heads / problem.kv_heads;
    const std::size_t chunks = (group + Job::most_heads - 1) / Job::most_heads;
    const std::size_t per_query = problem.kv_heads * chunks;
    std::size_t tokens = 0;
    for (std::size_t i = 0; i < count; ++i)
        tokens += queries[i].tokens;
    parallel_ranges<Arch>(
        count * per_query, useful_threads(threads, tokens * problem.heads * problem.head_dim),
        [&](std::size_t begin, std::size_t end, std::size_t) {
            for (std::size_t item = begin; item < end; ++item) {
                const std::size_t kv_head = item % per_query / chunks;
                const std::size_t first = item % chunks * Job::most_heads;
                Job(problem, queries[item / per_query])
                    .run(kv_head, kv_head * group + first,
                         group - first < Job::most_heads ? group - first : Job::most_heads);
            }
        });
}
XZOO_DISPATCHED_KERNEL(void, cached_attention,
                       (const CachedAttentionProblem& problem, const CachedQuery* queries,
                        std::size_t count, int threads),
                       (problem, queries, count, threads))

}  // namespace xzoo::simd
