// What every language model asks of the steps that it is given.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "xzoo/core/error.hpp"
#include "xzoo/nn/encoder_batch.hpp"
#include "xzoo/nn/language_model.hpp"

namespace xzoo::nn {

namespace detail {

inline std::string layout_text(const CacheLayout& layout) {
    std::string text = std::to_string(layout.layers) + " layers of " +
                       std::to_string(layout.kv_heads) + " heads of " +
                       std::to_string(layout.head_dim);
    std::size_t windows = 0;
    for (std::size_t i = 0; i < layout.layers; ++i)
        windows += layout.window_of(i) > 0 ? 1 : 0;
    return text + ", " + std::to_string(windows) + " of them with a sliding window";
}

}  // namespace detail

/// layout: of the model's caches. positions: tokens for which the model has positions.
/// Errors  ArgumentError: a cache of another model, a step without ids, an id outside of the
///         vocabulary, a sequence that the cache has not or that two steps name. CacheFull: a
///         sequence would have more tokens than the cache has room for, or than positions.
inline void check_steps(const KvCache& cache, std::span<const CacheStep> steps,
                        const CacheLayout& layout, std::size_t vocab_size, std::size_t positions) {
    if (!(cache.layout() == layout))
        throw ArgumentError{"the cache was made for another model: it has " +
                            detail::layout_text(cache.layout()) + ", the model has " +
                            detail::layout_text(layout)};
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const CacheStep& step = steps[i];
        if (step.ids.empty())
            throw ArgumentError{"a CacheStep has no ids"};
        detail::check_ids("CacheStep::ids", step.ids.data(), step.ids.size(), vocab_size);
        for (std::size_t j = 0; j < i; ++j)
            if (steps[j].sequence == step.sequence)
                throw ArgumentError{"two CacheSteps name sequence " +
                                    std::to_string(step.sequence)};
        const std::size_t length = cache.length(step.sequence) + step.ids.size();
        if (length > cache.capacity())
            throw CacheFull{"sequence " + std::to_string(step.sequence) + " would have " +
                            std::to_string(length) + " tokens, the cache has room for " +
                            std::to_string(cache.capacity()) +
                            ": reserve() more, or truncate() or clear() the sequence"};
        if (length > positions)
            throw CacheFull{"sequence " + std::to_string(step.sequence) + " would have " +
                            std::to_string(length) + " tokens, the model has " +
                            std::to_string(positions) +
                            " positions: truncate() or clear() the sequence"};
    }
}

}  // namespace xzoo::nn
