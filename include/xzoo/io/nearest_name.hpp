#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace xzoo::io {

/// Edits (insert, delete, replace one character) that turn one name into the other; `limit` + 1
/// where there are more than `limit`.
/// Source  Levenshtein 1966; one row of the table is kept.
inline std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
    if (a.size() > b.size())
        std::swap(a, b);
    if (b.size() - a.size() > limit)
        return limit + 1;
    std::vector<std::size_t> row(a.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t j = 1; j <= b.size(); ++j) {
        std::size_t diagonal = std::exchange(row[0], j);
        std::size_t least = j;
        for (std::size_t i = 1; i <= a.size(); ++i) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U);
            diagonal = row[i];
            row[i] = std::min({row[i] + 1, row[i - 1] + 1, replaced});
            least = std::min(least, row[i]);
        }
        if (least > limit)
            return limit + 1;
    }
    return std::min(row.back(), limit + 1);
}

/// The candidate that is most like a name, as a suggestion for a typing error or another naming
/// scheme; empty where none is close (more than a third of the letters differ). A candidate that
/// only lacks or adds leading components ("module.") is close, too.
inline std::string_view nearest_name(std::string_view name,
                                     std::span<const std::string_view> candidates) {
    std::string_view nearest;
    std::size_t limit = name.size() / 3;
    for (const std::string_view candidate : candidates) {
        const std::string_view longer = candidate.size() > name.size() ? candidate : name;
        const std::string_view shorter = candidate.size() > name.size() ? name : candidate;
        if (longer.ends_with(shorter) && !shorter.empty() && longer.size() > shorter.size() &&
            longer[longer.size() - shorter.size() - 1] == '.')
            return candidate;
        const std::size_t distance = edit_distance(name, candidate, limit);
        if (distance > limit || (distance == limit && !nearest.empty()))
            continue;
        nearest = candidate;
        limit = distance;
        if (limit == 0)
            break;
    }
    return nearest;
}

}  // namespace xzoo::io
