#pragma once

#include <cstddef>

#include "xzoo/simd/alibi.hpp"
#include "xzoo/simd/cache_rows.hpp"

namespace xzoo::simd {

/// Scaled dot-product attention over strided arrays; see attention().
struct AttentionProblem {
    std::size_t batch, heads, kv_heads, query_length, key_length, head_dim;
    const float *query, *key, *value;  ///< (batch, token, head, head_dim) with the strides below
    float* output;                     ///< (batch, token, head, head_dim)
    /// Floats between tokens; head h of a token starts at h * head_dim.
    std::size_t query_token_stride, key_token_stride, value_token_stride, output_token_stride;
    std::size_t query_batch_stride, key_batch_stride, value_batch_stride, output_batch_stride;
    float scale;  ///< scores are scale * (query . key)
    /// Added to the scores: 0 where a key is visible, numeric_limits<float>::lowest() where it is
    /// not. Element (b, q, k) at b * mask_batch_stride + q * mask_query_stride + k; a
    /// mask_query_stride of 0 is one row of keys for all queries.
    const float* mask = nullptr;
    std::size_t mask_batch_stride = 0, mask_query_stride = 0;
    /// Added to the scores of every batch: (heads, query, key), the keys of a query in a row.
    const float* bias = nullptr;
    std::size_t bias_head_stride = 0, bias_query_stride = 0;
    const float* head_mask = nullptr;  ///< (heads,) multiplies the probabilities
    /// Query q sees key k only if k <= q + (key_length - query_length).
    bool causal = false;
    /// (batch, heads, query, key) or null; receives softmax times head_mask.
    float* probabilities = nullptr;
    /// Query q sees only the last `window` of the keys that causality shows; 0: all.
    std::size_t window = 0;
    /// Scores become softcap * tanh(score / softcap) before bias and mask; 0: they do not.
    float softcap = 0.0F;
    Alibi alibi{};  ///< added to the scores
    /// Queries, keys, values and probabilities may be rounded to bfloat16 before they are
    /// multiplied, where that is faster.
    bool narrow_products = false;
    /// Where the keys and values of one sequence come from instead of key and value: tokens
    /// first_token, first_token + 1, ... of sequence `sequence` in a cache. Then batch is 1.
    const CacheRows* cached_keys = nullptr;
    const CacheRows* cached_values = nullptr;
    std::size_t sequence = 0, first_token = 0;
};

}  // namespace xzoo::simd
