#pragma once

#include <array>
#include <cstddef>
#include <limits>

#include "xzoo/simd/attention_problem.hpp"
#include "xzoo/simd/pack.hpp"
#include "xzoo/simd/softmax.hpp"
#include "xzoo/simd/tile.hpp"

namespace xzoo::simd::detail {

/// Where a thread's pieces lie in its scratch.
template <class Arch>
struct AttentionLayout {
    explicit AttentionLayout(const AttentionProblem& p) noexcept
        : values(aligned(packed_size<Arch>(p.key_length, p.head_dim))),
          sums(values + aligned(packed_size<Arch>(p.head_dim, p.key_length))),
          padded_dim(packed_size<Arch>(p.head_dim, 1)),
          total(sums + aligned(TileShape<Arch>::rows * padded_dim)) {}
    static constexpr std::size_t aligned(std::size_t floats) noexcept {
        return (floats + 15) / 16 * 16;
    }

    std::size_t values;      ///< offset of the packed values; the packed keys stand at 0
    std::size_t sums;        ///< offset of the (tile rows, padded_dim) sums of the output
    std::size_t padded_dim;  ///< head_dim rounded up to whole panels
    std::size_t total;       ///< floats
};

/// Keys [begin, end).
struct KeyRange {
    std::size_t begin, end;
};

/// Attention of one thread: one (batch, head) at a time, its keys and values packed.
template <class Arch>
class AttentionJob {
public:
    AttentionJob(const AttentionProblem& problem, const AttentionLayout<Arch>& layout,
                 float* scratch) noexcept
        : p_(problem),
          layout_(layout),
          keys_(scratch),
          values_(scratch + layout.values),
          sums_(scratch + layout.sums) {}

    /// Makes (batch, head) current; packs keys and values unless they are already there.
    void select(std::size_t batch, std::size_t head) noexcept {
        const std::size_t kv_head = head / (p_.heads / p_.kv_heads);
        const bool packed = ready_ && batch == batch_ && kv_head == kv_head_;
        if (!ready_ || batch != batch_)
            unmasked_ = find_unmasked(batch);
        ready_ = true;
        batch_ = batch;
        head_ = head;
        kv_head_ = kv_head;
        if (packed)
            return;
        if (p_.cached_keys != nullptr)
            return pack_cached(kv_head);
        const std::size_t offset = kv_head * p_.head_dim;
        pack_strided<Arch>(p_.key + batch * p_.key_batch_stride + offset, p_.key_length,
                           p_.head_dim, p_.key_token_stride, 1, keys_);
        pack_strided<Arch>(p_.value + batch * p_.value_batch_stride + offset, p_.head_dim,
                           p_.key_length, 1, p_.value_token_stride, values_);
    }

    /// Outputs of queries [first, first + height) with a running softmax.
    void run_tile(std::size_t first, std::size_t height) noexcept {
        std::array<float, rows> most;
        std::array<float, rows> sum{};
        most.fill(std::numeric_limits<float>::lowest());
        const KeyRange range = needed_keys(first, height);
        for (std::size_t k = range.begin; k < range.end; k += block) {
            const std::size_t n = range.end - k < block ? range.end - k : block;
            alignas(64) std::array<float, rows * block> scores;
            score_block(first, height, k, n, scores.data());
            for (std::size_t r = 0; r < height; ++r) {
                float* row = scores.data() + r * block;
                const float block_most = largest<Arch>(row, n);
                if (!(block_most <= most[r])) {
                    if (k > range.begin)
                        sum[r] *= rescale(r, most[r] - block_most);
                    most[r] = block_most;
                }
                sum[r] += exp_shifted<Arch>(row, n, most[r]);
            }
            add_values(height, scores.data(), block, k, n, k > range.begin);
        }
        const float factor = p_.head_mask == nullptr ? 1.0F : p_.head_mask[head_];
        for (std::size_t r = 0; r < height; ++r)
            write_output(first + r, r, factor / sum[r]);
    }

    /// The same through whole rows of probabilities, which are kept.
    void run_tile_with_probabilities(std::size_t first, std::size_t height) noexcept {
        const std::size_t n = p_.key_length;
        float* rows_out =
            p_.probabilities + ((batch_ * p_.heads + head_) * p_.query_length + first) * n;
        for (std::size_t k = 0; k < n; k += block) {
            const std::size_t width = n - k < block ? n - k : block;
            alignas(64) std::array<float, rows * block> scores;
            score_block(first, height, k, width, scores.data());
            for (std::size_t r = 0; r < height; ++r) {
                for (std::size_t i = 0; i < width; ++i)
                    rows_out[r * n + k + i] = scores[r * block + i];
            }
        }
        softmax_rows<Arch>(rows_out, height, n, n);
        if (p_.head_mask != nullptr) {
            for (std::size_t i = 0; i < height * n; ++i)
                rows_out[i] *= p_.head_mask[head_];
        }
        add_values(height, rows_out, n, 0, n, false);
        for (std::size_t r = 0; r < height; ++r)
            write_output(first + r, r, 1.0F);
    }

private:
    static constexpr std::size_t rows = TileShape<Arch>::rows;
    static constexpr std::size_t columns = TileShape<Arch>::columns;
    /// Keys in a block: their scores for one tile of queries stay in the first-level cache.
    static constexpr std::size_t block = (256 + columns - 1) / columns * columns;
    static constexpr float hidden = std::numeric_limits<float>::lowest();

    /// First and last key that a key mask (one row for all queries) leaves visible.
    KeyRange find_unmasked(std::size_t batch) const noexcept {
        KeyRange range{0, p_.key_length};
        if (p_.mask == nullptr || p_.mask_query_stride != 0)
            return range;
        const float* mask = p_.mask + batch * p_.mask_batch_stride;
        while (range.end > 0 && mask[range.end - 1] <= hidden)
            --range.end;
        while (range.begin < range.end && mask[range.begin] <= hidden)
            ++range.begin;
        return range;
    }

    void pack_cached(std::size_t kv_head) noexcept {
        for (std::size_t k = 0; k < p_.key_length; ++k) {
            const std::size_t token = p_.first_token + k;
            float* key = keys_ + k / columns * columns * p_.head_dim + k % columns;
            for_each_number(*p_.cached_keys, p_.sequence, kv_head, token,
                            [&](std::size_t d, float value) { key[d * columns] = value; });
            for_each_number(
                *p_.cached_values, p_.sequence, kv_head, token, [&](std::size_t d, float value) {
                    values_[(d / columns * p_.key_length + k) * columns + d % columns] = value;
                });
        }
        clear_padding();
    }

    /// The lanes that fill up the last panels of keys and values.
    void clear_padding() noexcept {
        const std::size_t ends = (p_.key_length + columns - 1) / columns * columns;
        for (std::size_t k = p_.key_length; k < ends; ++k) {
            float* key = keys_ + k / columns * columns * p_.head_dim + k % columns;
            for (std::size_t d = 0; d < p_.head_dim; ++d)
                key[d * columns] = 0.0F;
        }
        for (std::size_t d = p_.head_dim; d < layout_.padded_dim; ++d)
            for (std::size_t k = 0; k < p_.key_length; ++k)
                values_[(d / columns * p_.key_length + k) * columns + d % columns] = 0.0F;
    }

    /// Keys before this bound are hidden from query q by the window.
    std::size_t window_begin(std::size_t q) const noexcept {
        const std::size_t end = causal_end(q);
        return p_.window == 0 || end < p_.window ? 0 : end - p_.window;
    }

    /// Keys below this bound are visible to query q by causality.
    std::size_t causal_end(std::size_t q) const noexcept {
        const std::size_t end = q + 1 + p_.key_length;
        return !p_.causal                              ? p_.key_length
               : end <= p_.query_length                ? 0
               : end - p_.query_length < p_.key_length ? end - p_.query_length
                                                       : p_.key_length;
    }

    /// Keys that can have a probability other than 0 for some query of a tile. All of them if a
    /// row has no visible key, or if a mask of its own may hide the ones that causality shows.
    KeyRange needed_keys(std::size_t first, std::size_t height) const noexcept {
        const KeyRange all{0, p_.key_length};
        if (p_.mask != nullptr && p_.mask_query_stride != 0)
            return all;
        if (unmasked_.begin >= unmasked_.end || unmasked_.begin >= causal_end(first))
            return all;
        const std::size_t last = causal_end(first + height - 1);
        const std::size_t seen = window_begin(first);
        return {(unmasked_.begin < seen ? seen : unmasked_.begin) / columns * columns,
                unmasked_.end < last ? unmasked_.end : last};
    }

    /// scores (height, block) of keys [k, k + n), k a multiple of `columns`. The lanes that fill
    /// up a row's last register are -inf: never the largest, and 0 after exp.
    void score_block(std::size_t first, std::size_t height, std::size_t k, std::size_t n,
                     float* scores) const noexcept {
        const float* query = p_.query + batch_ * p_.query_batch_stride +
                             first * p_.query_token_stride + head_ * p_.head_dim;
        const float* panel = keys_ + k * p_.head_dim;
        multiply_tile<Arch>(
            height, (n + columns - 1) / columns,
            TileOperands<>{query, p_.query_token_stride, panel, columns * p_.head_dim, p_.head_dim,
                           scores, block, false, panel});
        for (std::size_t r = 0; r < height; ++r)
            mask_row(first + r, k, n, scores + r * block);
    }

    /// cap(scale * product) + bias + mask for one query.
    void mask_row(std::size_t q, std::size_t k, std::size_t n, float* scores) const noexcept {
        const float* bias = p_.bias == nullptr
                                ? nullptr
                                : p_.bias + (head_ * p_.query_length + q) * p_.key_length + k;
        const float* mask = p_.mask == nullptr ? nullptr
                                               : p_.mask + batch_ * p_.mask_batch_stride +
                                                     q * p_.mask_query_stride + k;
        const Vec<Arch> factor(p_.scale);
        for_each_vec<Arch>(n, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
            Vec<Arch> v = load<Arch>(scores + i) * factor;
            if (p_.softcap != 0.0F)
                v = tanh<Arch>(v * Vec<Arch>(1.0F / p_.softcap)) * Vec<Arch>(p_.softcap);
            if (bias != nullptr)
                v = v + load<Arch>(bias + i, tail);
            if (mask != nullptr)
                v = at_least<Arch>(v + load<Arch>(mask + i, tail), hidden);
            store<Arch>(scores + i, v);
        });
        p_.alibi.template add<Arch>(head_, p_.first_token + k, n, p_.first_token + p_.key_length,
                                    scores);
        for (std::size_t i = causal_end(q); i < k + n; ++i) {
            if (i >= k)
                scores[i - k] = hidden;
        }
        const std::size_t seen = window_begin(q);
        for (std::size_t i = k; i < seen && i < k + n; ++i)
            scores[i - k] = hidden;
    }

    /// sums (height, padded_dim) = or += weights (height, n) times values [k, k + n).
    void add_values(std::size_t height, const float* weights, std::size_t stride, std::size_t k,
                    std::size_t n, bool accumulate) noexcept {
        const float* panel = values_ + k * columns;
        multiply_tile<Arch>(height, layout_.padded_dim / columns,
                            TileOperands<>{weights, stride, panel, columns * p_.key_length, n,
                                           sums_, layout_.padded_dim, accumulate, panel});
    }

    /// Multiplies row r of the sums by exp(difference), which is returned.
    float rescale(std::size_t r, float difference) noexcept {
        const Vec<Arch> factor = exp<Arch, true>(Vec<Arch>(difference));
        for (std::size_t i = 0; i < layout_.padded_dim; i += lanes<Arch>) {
            float* at = sums_ + r * layout_.padded_dim + i;
            store<Arch>(at, load<Arch>(at) * factor);
        }
        return factor.get(0);
    }

    void write_output(std::size_t q, std::size_t r, float factor) const noexcept {
        float* to = p_.output + batch_ * p_.output_batch_stride + q * p_.output_token_stride +
                    head_ * p_.head_dim;
        const float* from = sums_ + r * layout_.padded_dim;
        for_each_vec<Arch>(p_.head_dim, [&](std::size_t i, std::size_t tail) XZOO_INLINE_LAMBDA {
            store<Arch>(to + i, load<Arch>(from + i) * Vec<Arch>(factor), tail);
        });
    }

    const AttentionProblem& p_;
    const AttentionLayout<Arch>& layout_;
    float* keys_;
    float* values_;
    float* sums_;
    bool ready_ = false;
    std::size_t batch_ = 0, head_ = 0, kv_head_ = 0;
    KeyRange unmasked_{0, 0};  ///< of the current batch
};

}  // namespace xzoo::simd::detail
