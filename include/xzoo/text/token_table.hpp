#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xzoo::text {

/// The text of each token, by id. Ids may have holes.
class TokenTable {
public:
    /// Highest id that a table of `tokens` tokens may hold: some room for holes, none for a file
    /// that claims an id which would take gigabytes.
    static constexpr std::uint64_t id_limit_for(std::size_t tokens) noexcept {
        constexpr std::uint64_t room = 1U << 20U;
        return 4 * static_cast<std::uint64_t>(tokens) + room;
    }

    /// Gives `id` a text. An id that has one keeps it; returns whether the text was taken.
    bool add(std::uint32_t id, std::string_view token) {
        if (id >= entries_.size())
            entries_.resize(std::size_t{id} + 1);
        Entry& entry = entries_[id];
        if (entry.begin != absent)
            return false;
        entry = {characters_.size(), token.size()};
        characters_ += token;
        return true;
    }

    /// The text of `id`, or nothing where the id is in a hole or past the end. The view is valid as
    /// long as the table is neither changed nor destroyed.
    std::optional<std::string_view> find(std::uint32_t id) const noexcept {
        if (id >= entries_.size() || entries_[id].begin == absent)
            return std::nullopt;
        return std::string_view{characters_}.substr(entries_[id].begin, entries_[id].size);
    }

    /// One more than the highest id.
    std::size_t id_end() const noexcept { return entries_.size(); }

private:
    static constexpr std::size_t absent = std::numeric_limits<std::size_t>::max();
    struct Entry {
        std::size_t begin = absent;  // in characters_
        std::size_t size = 0;
    };

    std::string characters_;
    std::vector<Entry> entries_;
};

}  // namespace xzoo::text
