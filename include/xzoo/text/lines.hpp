// Lines of a text file.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace xzoo::text {

/// Takes the first line off `contents`, which is not empty.
/// Result  the line without its end, which is "\n", "\r\n" or the end of the file.
inline std::string_view take_line(std::string_view& contents) noexcept {
    const std::size_t end = std::min(contents.find('\n'), contents.size());
    std::string_view line = contents.substr(0, end);
    contents.remove_prefix(std::min(end + 1, contents.size()));
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

}  // namespace xzoo::text
