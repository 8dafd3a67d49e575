#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <xzoo/text/merge_table.hpp>

namespace xzoo::text {

/// A part of a word: a character to begin with, then what merging makes of its neighbours.
struct Symbol {
    std::uint32_t id = 0;    // MergeTable::none: merges with nothing
    std::uint32_t size = 0;  // bytes of the word
};

namespace merging {

/// Looks at all pairs before each merge: the fastest way for words of usual length.
inline void merge_few(const MergeTable& table, std::vector<Symbol>& symbols) {
    constexpr std::size_t most = 32;
    MergeTable::Entry pairs[most];  // pairs[i]: symbols i and i + 1
    std::size_t count = symbols.size();
    for (std::size_t i = 0; i + 1 < count; ++i)
        pairs[i] = table.find(symbols[i].id, symbols[i + 1].id);
    while (count > 1) {
        std::size_t best = 0;
        for (std::size_t i = 1; i + 1 < count; ++i)
            best = pairs[i].rank < pairs[best].rank ? i : best;
        if (pairs[best].rank == MergeTable::none)
            break;
        symbols[best] = {pairs[best].merged, symbols[best].size + symbols[best + 1].size};
        --count;
        for (std::size_t i = best + 1; i < count; ++i) {
            symbols[i] = symbols[i + 1];
            pairs[i - 1] = pairs[i];
        }
        if (best > 0)
            pairs[best - 1] = table.find(symbols[best - 1].id, symbols[best].id);
        if (best + 1 < count)
            pairs[best] = table.find(symbols[best].id, symbols[best + 1].id);
    }
    symbols.resize(count);
}

/// Keeps the pairs in a heap: n log n for a word of any length.
class HeapMerger {
public:
    HeapMerger(const MergeTable& table, std::vector<Symbol>& symbols)
        : table_{table}, symbols_{symbols}, links_(symbols.size()) {}

    void run() {
        const auto count = static_cast<std::uint32_t>(symbols_.size());
        heap_.reserve(count);
        for (std::uint32_t i = 0; i < count; ++i) {
            links_[i].previous = i - 1;  // of the first one: end
            links_[i].next = i + 1 < count ? i + 1 : end;
        }
        for (std::uint32_t i = 0; i < count; ++i) {
            if (look(i))
                heap_.push_back(key(i));
        }
        std::make_heap(heap_.begin(), heap_.end(), std::greater<>{});
        while (!heap_.empty()) {
            std::pop_heap(heap_.begin(), heap_.end(), std::greater<>{});
            const std::uint64_t top = heap_.back();
            heap_.pop_back();
            const auto at = static_cast<std::uint32_t>(top);
            if (links_[at].pair.rank != MergeTable::none && top == key(at))
                merge(at);
        }
        compact();
    }

private:
    static constexpr std::uint32_t end = MergeTable::none;
    struct Link {
        std::uint32_t previous = end;
        std::uint32_t next = end;
        MergeTable::Entry pair;  // of this symbol and the next
    };

    /// Orders by rank, then from left to right.
    std::uint64_t key(std::uint32_t at) const noexcept {
        return std::uint64_t{links_[at].pair.rank} << 32U | at;
    }

    /// Looks the pair that begins at `at` up; whether it merges.
    bool look(std::uint32_t at) {
        Link& link = links_[at];
        link.pair = link.next == end ? MergeTable::Entry{}
                                     : table_.find(symbols_[at].id, symbols_[link.next].id);
        return link.pair.rank != MergeTable::none;
    }

    void push(std::uint32_t at) {
        if (!look(at))
            return;
        heap_.push_back(key(at));
        std::push_heap(heap_.begin(), heap_.end(), std::greater<>{});
    }

    void merge(std::uint32_t at) {
        Link& link = links_[at];
        const std::uint32_t gone = link.next;
        symbols_[at] = {link.pair.merged, symbols_[at].size + symbols_[gone].size};
        symbols_[gone].size = 0;
        links_[gone].pair = {};
        link.next = links_[gone].next;
        if (link.next != end)
            links_[link.next].previous = at;
        push(at);
        if (link.previous != end)
            push(link.previous);
    }

    void compact() {
        std::size_t kept = 0;
        for (std::uint32_t at = 0; at != end; at = links_[at].next)
            symbols_[kept++] = symbols_[at];
        symbols_.resize(kept);
    }

    const MergeTable& table_;
    std::vector<Symbol>& symbols_;
    std::vector<Link> links_;
    std::vector<std::uint64_t> heap_;  // keys; those whose pair has changed since are passed over
};

}  // namespace merging

/// Merges pairs until none is left: always the one of lowest rank, of equal ones the leftmost.
inline void merge_symbols(const MergeTable& table, std::vector<Symbol>& symbols) {
    if (symbols.size() <= 32)
        merging::merge_few(table, symbols);
    else
        merging::HeapMerger{table, symbols}.run();
}

}  // namespace xzoo::text
