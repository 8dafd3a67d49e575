#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace xzoo::io {

/// Positions of names, sorted by name (bytewise). The one place where names are sorted: a sort is
/// costly to compile.
inline std::vector<std::uint32_t> order_by_name(std::span<const std::string_view> names) {
    std::vector<std::uint32_t> order(names.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(),
              [names](std::uint32_t a, std::uint32_t b) { return names[a] < names[b]; });
    return order;
}

/// A name that comes twice, given their order; nothing if there is none.
inline std::optional<std::string_view> repeated_name(std::span<const std::string_view> names,
                                                     std::span<const std::uint32_t> order) {
    for (std::size_t i = 1; i < order.size(); ++i)
        if (names[order[i]] == names[order[i - 1]])
            return names[order[i]];
    return std::nullopt;
}

/// The strings in order, each once.
inline std::vector<std::string> sorted_and_unique(std::vector<std::string> strings) {
    const std::vector<std::string_view> names{strings.begin(), strings.end()};
    std::vector<std::string> result;
    result.reserve(strings.size());
    for (const std::uint32_t i : order_by_name(names))
        if (result.empty() || result.back() != names[i])
            result.emplace_back(names[i]);
    return result;
}

}  // namespace xzoo::io
