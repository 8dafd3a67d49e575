#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace xzoo::text {

/// Two neighbouring symbols that may become one. Lower ranks come first.
struct Merge {
    std::uint32_t left = 0;
    std::uint32_t right = 0;
    std::uint32_t rank = 0;
    std::uint32_t merged = 0;
};

/// Finds what a pair of symbols becomes: a hash table with open addressing, at most half full.
class MergeTable {
public:
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

    struct Entry {
        std::uint32_t rank = none;  // none: the pair does not merge
        std::uint32_t merged = none;
    };

    MergeTable() : MergeTable{std::vector<Merge>{}} {}

    /// Of a pair given twice the last entry counts. Ranks and symbols are below `none`.
    explicit MergeTable(const std::vector<Merge>& merges)
        : slots_(std::bit_ceil(2 * merges.size() + 2)),
          shift_{64 - std::countr_zero(slots_.size())},
          size_{merges.size()} {
        for (const Merge& merge : merges) {
            const std::uint64_t key = pair(merge.left, merge.right);
            std::size_t at = home(key);
            while (slots_[at].entry.rank != none && slots_[at].key != key)
                at = (at + 1) & (slots_.size() - 1);
            slots_[at] = {key, {merge.rank, merge.merged}};
        }
    }

    bool empty() const noexcept { return size_ == 0; }

    Entry find(std::uint32_t left, std::uint32_t right) const noexcept {
        const std::uint64_t key = pair(left, right);
        for (std::size_t at = home(key);; at = (at + 1) & (slots_.size() - 1)) {
            const Slot& slot = slots_[at];
            if (slot.key == key || slot.entry.rank == none)
                return slot.key == key ? slot.entry : Entry{};
        }
    }

    /// Calls visit(left, right, entry) for each pair, in any order.
    template <class Visit>
    void for_each(Visit visit) const {
        for (const Slot& slot : slots_) {
            if (slot.entry.rank != none)
                visit(static_cast<std::uint32_t>(slot.key >> 32U),
                      static_cast<std::uint32_t>(slot.key), slot.entry);
        }
    }

private:
    struct Slot {
        std::uint64_t key = std::numeric_limits<std::uint64_t>::max();  // no pair: symbols are less
        Entry entry;
    };

    static std::uint64_t pair(std::uint32_t left, std::uint32_t right) noexcept {
        return std::uint64_t{left} << 32U | right;
    }

    std::size_t home(std::uint64_t key) const noexcept {
        return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15ULL) >> shift_);
    }

    std::vector<Slot> slots_;
    int shift_;
    std::size_t size_ = 0;  // pairs, those given twice counted twice
};

}  // namespace xzoo::text
