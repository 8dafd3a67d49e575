#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace xzoo::nn {

/// The bucket of a relative position, as T5 and MPNet share it between distances: half of the
/// buckets are for keys in front of the query, half for those behind; half of these for single
/// distances, and the rest grow with the logarithm until max_distance.
/// relative_position  key's place minus query's.
/// Result  below `buckets`, which is at least 4 and small enough for max_distance.
/// Source  Raffel et al. 2019, section 2.1.
inline std::size_t relative_bucket(std::int64_t relative_position, std::size_t buckets = 32,
                                   std::size_t max_distance = 128) noexcept {
    const std::size_t half = buckets / 2;
    const std::size_t exact = half / 2;
    const std::size_t first = relative_position > 0 ? half : 0;
    const auto distance = static_cast<std::size_t>(std::abs(relative_position));
    if (distance < exact)
        return first + distance;
    // In float, as the trained models had it.
    const float share = std::log(static_cast<float>(distance) / static_cast<float>(exact)) /
                        static_cast<float>(std::log(static_cast<double>(max_distance) /
                                                    static_cast<double>(exact)));
    const auto step = static_cast<std::size_t>(share * static_cast<float>(half - exact));
    return first + std::min(exact + step, half - 1);
}

/// Bias of the attention scores for tokens at places 0, 1, 2, ...: bias[h][q][k] is the entry of
/// head h for the bucket of k - q.
/// Shapes  table: (32 or more, heads), bias: (heads, length, length).
inline void relative_bias(const float* table, std::size_t heads, std::size_t length,
                          float* bias) noexcept {
    const auto entry = [&](std::int64_t relative_position, std::size_t head) {
        return table[relative_bucket(relative_position) * heads + head];
    };
    for (std::size_t h = 0; h < heads; ++h) {
        float* row = bias + h * length * length;  // of query 0
        for (std::size_t k = 0; k < length; ++k)
            row[k] = entry(static_cast<std::int64_t>(k), h);
        for (std::size_t q = 1; q < length; ++q, row += length) {  // the row before, moved by one
            std::copy_n(row, length - 1, row + length + 1);
            row[length] = entry(-static_cast<std::int64_t>(q), h);
        }
    }
}

}  // namespace xzoo::nn
