#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

namespace xzoo::text {

/// A set of byte strings with a number each, for exact and longest-prefix lookup in one walk.
/// Nodes are numbered in breadth-first order, so that the children of a node are neighbours and
/// need no pointers: 9 bytes a node. Building takes time and memory linear in the strings, but for
/// sorting them.
class ByteTrie {
public:
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
    static constexpr std::uint32_t root = 0;

    ByteTrie() : ByteTrie{std::vector<std::pair<std::string_view, std::uint32_t>>{}} {}

    /// Of equal strings the last one's number counts. Numbers are below `none`.
    explicit ByteTrie(std::vector<std::pair<std::string_view, std::uint32_t>> entries) {
        std::stable_sort(entries.begin(), entries.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        struct Range {
            std::size_t begin;
            std::size_t end;  // entries that start with the node's string
            std::size_t depth;
        };
        std::vector<Range> nodes{{0, entries.size(), 0}};
        labels_.push_back('\0');
        for (std::size_t node = 0; node < nodes.size(); ++node) {
            auto [begin, end, depth] = nodes[node];
            std::uint32_t value = none;
            for (; begin < end && entries[begin].first.size() == depth; ++begin)
                value = entries[begin].second;
            values_.push_back(value);
            first_child_.push_back(static_cast<std::uint32_t>(nodes.size()));
            while (begin < end) {
                const char label = entries[begin].first[depth];
                std::size_t next = begin + 1;
                while (next < end && entries[next].first[depth] == label)
                    ++next;
                nodes.push_back({begin, next, depth + 1});
                labels_.push_back(label);
                begin = next;
            }
        }
        first_child_.push_back(static_cast<std::uint32_t>(nodes.size()));
        from_root_.fill(none);
        for (std::uint32_t child = first_child_[0]; child < first_child_[1]; ++child)
            from_root_[static_cast<unsigned char>(labels_[child])] = child;
    }

    /// The node that `byte` leads to, or none.
    std::uint32_t step(std::uint32_t node, char byte) const noexcept {
        if (node == root)
            return from_root_[static_cast<unsigned char>(byte)];
        const std::uint32_t begin = first_child_[node];
        const std::uint32_t count = first_child_[node + 1] - begin;
        if (count == 1)
            return labels_[begin] == byte ? begin : none;
        if (count == 0)
            return none;
        const void* found = std::memchr(labels_.data() + begin, byte, count);
        if (found == nullptr)
            return none;
        return static_cast<std::uint32_t>(static_cast<const char*>(found) - labels_.data());
    }

    /// The node of a string that starts at `node`, or none.
    std::uint32_t walk(std::uint32_t node, std::string_view bytes) const noexcept {
        for (std::size_t i = 0; i < bytes.size() && node != none; ++i)
            node = step(node, bytes[i]);
        return node;
    }

    /// Number of the string that ends in `node`, or none.
    std::uint32_t value(std::uint32_t node) const noexcept { return values_[node]; }

    /// Number of the string `bytes`, or none.
    std::uint32_t find(std::string_view bytes) const noexcept {
        const std::uint32_t node = walk(root, bytes);
        return node == none ? none : values_[node];
    }

    struct Match {
        std::uint32_t value = none;  // none: no match
        std::size_t size = 0;
    };

    /// The longest string (of one byte or more past `node`) that `bytes` starts with.
    Match longest_prefix(std::uint32_t node, std::string_view bytes) const noexcept {
        Match best;
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            node = step(node, bytes[i]);
            if (node == none)
                break;
            if (values_[node] != none)
                best = {values_[node], i + 1};
        }
        return best;
    }

    /// Whether some string starts with `byte`.
    bool starts(char byte) const noexcept {
        return from_root_[static_cast<unsigned char>(byte)] != none;
    }

    /// Whether there is no string but perhaps the empty one.
    bool empty() const noexcept { return labels_.size() == 1; }

private:
    std::vector<char> labels_;                // byte that leads to each node
    std::vector<std::uint32_t> first_child_;  // one more than nodes: children end where the
    std::vector<std::uint32_t> values_;       // next node's begin
    std::array<std::uint32_t, 256> from_root_{};
};

}  // namespace xzoo::text
