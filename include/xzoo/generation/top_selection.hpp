#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "xzoo/simd/select.hpp"

namespace xzoo::generation {

/// A score and what it is the score of.
struct Scored {
    float score;
    std::size_t index;
};

/// Whether a stands before b: higher scores first, then lower indices.
constexpr bool stands_before(const Scored& a, const Scored& b) {
    return a.score > b.score || (a.score == b.score && a.index < b.index);
}

/// The best `count` of many scores, in time linear in their number (but for a factor of log(count)
/// in the worst case) and without allocation once warm.
class TopSelection {
public:
    /// Selects among scores. NaN is left out.
    void select(std::span<const float> scores, std::size_t count) {
        best_.clear();
        best_.reserve(count);
        std::size_t i = 0;
        for (; i < scores.size() && best_.size() < count; ++i)
            if (const float score = scores[i]; score == score) {
                best_.push_back({score, i});
                std::push_heap(best_.begin(), best_.end(), stands_before);
            }
        if (best_.empty())
            return;
        const auto next = [&](std::size_t from) {
            return simd::find_above(scores.data(), from, scores.size(), best_.front().score);
        };
        for (i = next(i); i < scores.size(); i = next(i + 1)) {
            std::pop_heap(best_.begin(), best_.end(), stands_before);
            best_.back() = {scores[i], i};
            std::push_heap(best_.begin(), best_.end(), stands_before);
        }
    }

    /// The best ones, best first. Ends the selection.
    std::span<const Scored> sorted() {
        std::sort_heap(best_.begin(), best_.end(), stands_before);
        return best_;
    }

    /// The least of the best ones, where there are any: all scores may be NaN.
    const Scored& last() const { return best_.front(); }
    bool empty() const noexcept { return best_.empty(); }

private:
    std::vector<Scored> best_;  // a heap whose front stands last
};

}  // namespace xzoo::generation
