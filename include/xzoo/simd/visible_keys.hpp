#pragma once

#include <cstddef>
#include <limits>

#include "xzoo/simd/attention_problem.hpp"
#include "xzoo/simd/attention_tile.hpp"

namespace xzoo::simd::detail {

/// Keys [begin, end).
struct KeyRange {
    std::size_t begin, end;
};

/// Which keys the queries of a problem can see, by causality, window and masks of keys.
template <class Arch>
class VisibleKeys {
public:
    explicit VisibleKeys(const AttentionProblem& problem) noexcept : p_(problem) {}

    /// Makes a sequence of the batch current.
    void select(std::size_t batch) noexcept {
        unmasked_ = {0, p_.key_length};
        if (p_.mask == nullptr || p_.mask_query_stride != 0)
            return;
        const float* mask = p_.mask + batch * p_.mask_batch_stride;
        while (unmasked_.end > 0 && mask[unmasked_.end - 1] <= hidden)
            --unmasked_.end;
        while (unmasked_.begin < unmasked_.end && mask[unmasked_.begin] <= hidden)
            ++unmasked_.begin;
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

    /// Keys that can have a probability other than 0 for some query of a tile, from the beginning
    /// of a panel on. All of them if a row has no visible key, or if a mask of its own may hide the
    /// ones that causality shows.
    KeyRange needed(std::size_t first, std::size_t height) const noexcept {
        constexpr std::size_t columns = AttentionShape<Arch>::columns;
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

private:
    static constexpr float hidden = std::numeric_limits<float>::lowest();

    const AttentionProblem& p_;
    KeyRange unmasked_{0, 0};
};

}  // namespace xzoo::simd::detail
