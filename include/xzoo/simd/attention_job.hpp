#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

#include "xzoo/simd/attention_problem.hpp"
#include "xzoo/simd/attention_rows.hpp"
#include "xzoo/simd/softmax.hpp"
#include "xzoo/simd/visible_keys.hpp"

namespace xzoo::simd::detail {

/// Where a thread's pieces lie in its scratch, in floats or words of as many bits.
template <class Arch, class W>
struct AttentionLayout {
    using Shape = AttentionShape<Arch>;

    explicit AttentionLayout(const AttentionProblem& p) noexcept
        : key_steps(words_of<W>(p.head_dim)),
          value_steps(words_of<W>(p.key_length)),
          value_vectors(Shape::vectors_of(p.head_dim)),
          query_stride(padded_to_vectors(key_steps)),
          padded_dim(value_vectors * lanes<Arch>),
          values(aligned(padded_to_vectors(p.key_length) * key_steps)),
          sums(values + aligned(padded_dim * value_steps)),
          queries(sums + aligned(Shape::rows * padded_dim)),
          converted(queries + aligned(Shape::rows * query_stride)),
          total(converted +
                (p.cached_keys == nullptr ? 0 : aligned(HeadRows<Arch>::at_once * padded_dim))) {}
    static constexpr std::size_t padded_to_vectors(std::size_t n) noexcept {
        return Shape::vectors_of(n) * lanes<Arch>;
    }
    static constexpr std::size_t aligned(std::size_t floats) noexcept {
        return (floats + 15) / 16 * 16;
    }

    std::size_t key_steps;      ///< words of a key
    std::size_t value_steps;    ///< words of all keys
    std::size_t value_vectors;  ///< registers that a value fills
    std::size_t query_stride;   ///< between queries
    std::size_t padded_dim;     ///< of an output's sums
    // Offsets; the packed keys stand at 0.
    std::size_t values;
    std::size_t sums;       ///< (tile rows, padded_dim)
    std::size_t queries;    ///< (tile rows, query_stride)
    std::size_t converted;  ///< rows of a cache on their way
    std::size_t total;
};

/// Attention of one thread: one (batch, head) at a time, its keys and values packed. W says in
/// which numbers keys, values, queries and probabilities are multiplied.
template <class Arch, class W>
class AttentionJob {
public:
    AttentionJob(const AttentionProblem& problem, const AttentionLayout<Arch, W>& layout,
                 float* scratch) noexcept
        : p_(problem), layout_(layout), visible_(problem), keys_(scratch) {}

    /// Makes (batch, head) current; packs keys and values unless they are already there.
    void select(std::size_t batch, std::size_t head) noexcept {
        const std::size_t kv_head = head / (p_.heads / p_.kv_heads);
        const bool packed = ready_ && batch == batch_ && kv_head == kv_head_;
        if (!ready_ || batch != batch_)
            visible_.select(batch);
        ready_ = true;
        batch_ = batch;
        head_ = head;
        kv_head_ = kv_head;
        if (packed)
            return;
        HeadRows<Arch> keys =
            rows_of(p_.cached_keys, p_.key, p_.key_batch_stride, p_.key_token_stride);
        pack_keys<Arch, W>(keys, p_.key_length, p_.head_dim, keys_);
        HeadRows<Arch> values =
            rows_of(p_.cached_values, p_.value, p_.value_batch_stride, p_.value_token_stride);
        pack_values<Arch, W>(values, p_.key_length, p_.head_dim, at(layout_.values));
    }

    /// Outputs of queries [first, first + height) with a running softmax.
    void run_tile(std::size_t first, std::size_t height) noexcept {
        read_queries(first, height);
        std::array<float, rows> most;
        std::array<float, rows> sum{};
        most.fill(std::numeric_limits<float>::lowest());
        const KeyRange range = visible_.needed(first, height);
        for (std::size_t k = range.begin; k < range.end; k += block) {
            const std::size_t n = std::min(range.end - k, block);
            alignas(64) std::array<float, rows * block> scores;
            score_block(height, k, n, scores.data());
            for (std::size_t r = 0; r < height; ++r) {
                float* row = scores.data() + r * block;
                const float block_most = finish_scores(first + r, k, n, row);
                if (!(block_most <= most[r])) {
                    if (k > range.begin)
                        sum[r] *= rescale(r, most[r] - block_most);
                    most[r] = block_most;
                }
                sum[r] += weigh(row, n, most[r]);
            }
            add_values(height, scores.data(), block, k, n, k > range.begin);
        }
        const float factor = p_.head_mask == nullptr ? 1.0F : p_.head_mask[head_];
        for (std::size_t r = 0; r < height; ++r)
            write_output(first + r, r, factor / sum[r]);
    }

    /// The same through whole rows of probabilities, which are kept.
    void run_tile_with_probabilities(std::size_t first, std::size_t height) noexcept {
        read_queries(first, height);
        const std::size_t n = p_.key_length;
        float* rows_out =
            p_.probabilities + ((batch_ * p_.heads + head_) * p_.query_length + first) * n;
        alignas(64) std::array<float, rows * block> scores;
        for (std::size_t k = 0; k < n; k += block) {
            const std::size_t width = std::min(n - k, block);
            score_block(height, k, width, scores.data());
            for (std::size_t r = 0; r < height; ++r) {
                finish_scores(first + r, k, width, scores.data() + r * block);
                std::copy_n(scores.data() + r * block, width, rows_out + r * n + k);
            }
        }
        softmax_rows<Arch>(rows_out, height, n, n);
        if (p_.head_mask != nullptr) {
            for (std::size_t i = 0; i < height * n; ++i)
                rows_out[i] *= p_.head_mask[head_];
        }
        for (std::size_t k = 0; k < n; k += block) {
            const std::size_t width = std::min(n - k, block);
            for (std::size_t r = 0; r < height; ++r)
                pack_query<Arch, W>(rows_out + r * n + k, width, 1.0F, scores.data() + r * block);
            add_values(height, scores.data(), block, k, width, k > 0);
        }
        for (std::size_t r = 0; r < height; ++r)
            write_output(first + r, r, 1.0F);
    }

private:
    using Shape = AttentionShape<Arch>;
    static constexpr std::size_t rows = Shape::rows;
    /// Keys in a block: their scores for one tile of queries stay in the first-level cache.
    static constexpr std::size_t block = 256;
    static_assert(block % Shape::columns == 0 && block % (W::group * lanes<Arch>) == 0);
    static constexpr float hidden = std::numeric_limits<float>::lowest();

    float* at(std::size_t offset) const noexcept { return keys_ + offset; }

    HeadRows<Arch> rows_of(const CacheRows* cache, const float* array, std::size_t batch_stride,
                           std::size_t token_stride) const noexcept {
        if (cache != nullptr)
            return HeadRows<Arch>(*cache, p_.sequence, kv_head_, p_.first_token,
                                  at(layout_.converted), layout_.padded_dim);
        return HeadRows<Arch>(array + batch_ * batch_stride + kv_head_ * p_.head_dim, token_stride);
    }

    void read_queries(std::size_t first, std::size_t height) noexcept {
        const float* query = p_.query + batch_ * p_.query_batch_stride +
                             first * p_.query_token_stride + head_ * p_.head_dim;
        for (std::size_t r = 0; r < height; ++r, query += p_.query_token_stride)
            pack_query<Arch, W>(query, p_.head_dim, p_.scale,
                                at(layout_.queries) + r * layout_.query_stride);
    }

    /// scores (height, block) = scale * queries times keys [k, k + n), and what is left of the last
    /// panel; k is the beginning of a panel.
    void score_block(std::size_t height, std::size_t k, std::size_t n,
                     float* scores) const noexcept {
        const std::size_t panels = (n + Shape::columns - 1) / Shape::columns;
        const std::size_t vectors =
            std::min(panels * Shape::vectors, Shape::vectors_of(p_.key_length - k));
        multiply_words<Arch, W>(
            height, {keys_ + k * layout_.key_steps, layout_.key_steps, 0, vectors},
            {at(layout_.queries), layout_.query_stride, layout_.key_steps, scores, block, false});
    }

    /// cap(score) + bias + mask for one query; what fills up the last registers becomes -inf.
    /// Returns the largest score.
    float finish_scores(std::size_t q, std::size_t k, std::size_t n, float* scores) const noexcept {
        if (p_.softcap != 0.0F || p_.bias != nullptr || p_.mask != nullptr)
            adjust(q, k, n, scores);
        p_.alibi.template add<Arch>(head_, p_.first_token + k, n, p_.first_token + p_.key_length,
                                    scores);
        for (std::size_t i = std::max(visible_.causal_end(q), k); i < k + n; ++i)
            scores[i - k] = hidden;
        const std::size_t seen = visible_.window_begin(q);
        for (std::size_t i = k; i < seen && i < k + n; ++i)
            scores[i - k] = hidden;
        const std::size_t end = whole(n);
        for (std::size_t i = n; i < end; ++i)
            scores[i] = -std::numeric_limits<float>::infinity();
        return largest<Arch>(scores, end);
    }

    void adjust(std::size_t q, std::size_t k, std::size_t n, float* scores) const noexcept {
        const float* bias = p_.bias == nullptr ? nullptr
                                               : p_.bias + head_ * p_.bias_head_stride +
                                                     q * p_.bias_query_stride + k;
        const float* mask = p_.mask == nullptr ? nullptr
                                               : p_.mask + batch_ * p_.mask_batch_stride +
                                                     q * p_.mask_query_stride + k;
        for_each_vec<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
            Vec<Arch> v = load<Arch>(scores + i);
            if (p_.softcap != 0.0F)
                v = tanh<Arch>(v * Vec<Arch>(1.0F / p_.softcap)) * Vec<Arch>(p_.softcap);
            if (bias != nullptr)
                v = v + load<Arch>(bias + i, tail);
            if (mask != nullptr)
                v = at_least<Arch>(v + load<Arch>(mask + i, tail), hidden);
            store<Arch>(scores + i, v);
        });
    }

    /// Columns of a block that products with n keys read.
    static constexpr std::size_t whole(std::size_t n) noexcept {
        constexpr std::size_t step = W::group * lanes<Arch>;
        return (n + step - 1) / step * step;
    }

    /// Turns scores into words of exp(score - most), in place; returns their sum.
    float weigh(float* scores, std::size_t n, float most) const noexcept {
        const Vec<Arch> shift(most);
        Vec<Arch> sum(0.0F);
        for (std::size_t i = 0; i < n; i += W::group * lanes<Arch>) {
            const Vec<Arch> words = W::of_row([&](std::size_t next) XZOO_INLINE_LAMBDA {
                const Vec<Arch> e =
                    exp<Arch, true>(load<Arch>(scores + i + next * lanes<Arch>) - shift);
                sum = sum + e;
                return e;
            });
            store<Arch>(scores + i / W::group, words);
        }
        return reduce_add<Arch>(sum);
    }

    /// sums (height, padded_dim) = or += weights (height, n) times values [k, k + n).
    void add_values(std::size_t height, const float* weights, std::size_t stride, std::size_t k,
                    std::size_t n, bool accumulate) noexcept {
        multiply_words<Arch, W>(
            height, {at(layout_.values), layout_.value_steps, k / W::group, layout_.value_vectors},
            {weights, stride, words_of<W>(n), at(layout_.sums), layout_.padded_dim, accumulate});
    }

    /// Multiplies row r of the sums by exp(difference), which is returned.
    float rescale(std::size_t r, float difference) noexcept {
        const Vec<Arch> factor = exp<Arch, true>(Vec<Arch>(difference));
        float* row = at(layout_.sums) + r * layout_.padded_dim;
        for (std::size_t i = 0; i < layout_.padded_dim; i += lanes<Arch>)
            store<Arch>(row + i, load<Arch>(row + i) * factor);
        return factor.get(0);
    }

    void write_output(std::size_t q, std::size_t r, float factor) const noexcept {
        float* to = p_.output + batch_ * p_.output_batch_stride + q * p_.output_token_stride +
                    head_ * p_.head_dim;
        const float* from = at(layout_.sums) + r * layout_.padded_dim;
        for_each_vec<Arch>(p_.head_dim, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
            store<Arch>(to + i, load<Arch>(from + i) * Vec<Arch>(factor), tail);
        });
    }

    const AttentionProblem& p_;
    const AttentionLayout<Arch, W>& layout_;
    VisibleKeys<Arch> visible_;
    float* keys_;
    bool ready_ = false;
    std::size_t batch_ = 0, head_ = 0, kv_head_ = 0;
};

}  // namespace xzoo::simd::detail
