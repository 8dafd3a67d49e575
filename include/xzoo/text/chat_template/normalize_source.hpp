#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace xzoo::text::jinja {

/// The source with every line break as "\n", and without one at its end.
inline std::string normalize_source(std::string_view source) {
    std::string text;
    text.reserve(source.size());
    for (std::size_t at = 0; at < source.size(); ++at) {
        const bool pair = source[at] == '\r' && at + 1 < source.size() && source[at + 1] == '\n';
        if (!pair)
            text += source[at] == '\r' ? '\n' : source[at];
    }
    if (text.ends_with('\n'))
        text.pop_back();
    return text;
}

}  // namespace xzoo::text::jinja
