#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace xzoo::generation {

/// Where the first of the stop strings begins in `text`, if one ends behind byte `seen`; npos:
/// none.
inline std::size_t find_stop(std::string_view text, std::size_t seen,
                             std::span<const std::string> stop_strings) {
    std::size_t first = std::string_view::npos;
    for (const std::string& stop : stop_strings)
        first = std::min(first, text.find(stop, seen - std::min(seen, stop.size() - 1)));
    return first;
}

/// Bytes at the end of `text` that may be the beginning of a stop string.
inline std::size_t possible_stop(std::string_view text, std::span<const std::string> stop_strings) {
    std::size_t longest = 0;
    for (const std::string& stop : stop_strings)
        for (std::size_t n = std::min(stop.size() - 1, text.size()); n > longest; --n)
            if (text.ends_with(std::string_view{stop}.substr(0, n)))
                longest = n;
    return longest;
}

}  // namespace xzoo::generation
