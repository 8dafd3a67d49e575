#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

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
    void start(std::size_t count) {
        count_ = count;
        best_.clear();
        best_.reserve(count);
    }

    /// Adds scores, each with `offset` added, under the indices from `first` on. Indices grow from
    /// call to call. NaN is left out.
    void add(std::span<const float> scores, std::size_t first = 0, float offset = 0.0F) {
        std::size_t i = 0;
        for (; i < scores.size() && best_.size() < count_; ++i)
            if (const float score = scores[i] + offset; score == score) {
                best_.push_back({score, first + i});
                std::push_heap(best_.begin(), best_.end(), stands_before);
            }
        for (; i < scores.size(); ++i) {
            const float score = scores[i] + offset;
            if (!(score > best_.front().score))
                continue;
            std::pop_heap(best_.begin(), best_.end(), stands_before);
            best_.back() = {score, first + i};
            std::push_heap(best_.begin(), best_.end(), stands_before);
        }
    }

    /// The best ones, best first. Ends the selection.
    std::span<const Scored> sorted() {
        std::sort_heap(best_.begin(), best_.end(), stands_before);
        return best_;
    }

    /// The least of the best ones.
    const Scored& last() const { return best_.front(); }
    bool empty() const noexcept { return best_.empty(); }

private:
    std::vector<Scored> best_;  // a heap whose front stands last
    std::size_t count_ = 0;
};

}  // namespace xzoo::generation
