#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "xzoo/io/utf8.hpp"

namespace xzoo::io {

namespace detail {

inline void append_u_escape(std::string& text, unsigned unit) {
    constexpr std::string_view digits = "0123456789abcdef";
    text += "\\u";
    for (unsigned shift = 16; shift > 0;) {
        shift -= 4;
        text += digits[unit >> shift & 15U];
    }
}

}  // namespace detail

/// Text as a JSON string, in double quotes. Control characters are escaped as serde_json and
/// Python's json do.
/// ascii_only: characters beyond ASCII become \uXXXX, as Python's json.dumps writes them; else
///             they stay UTF-8.
inline std::string json_string(std::string_view text, bool ascii_only = false) {
    constexpr std::string_view special = "\"\\\b\f\n\r\t";
    constexpr std::string_view letters = "\"\\bfnrt";
    std::string json = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const std::size_t known = special.find(text[i]);
        if (known != std::string_view::npos) {
            json += '\\';
            json += letters[known];
        } else if (byte < 0x20 || (ascii_only && byte == 0x7f)) {
            detail::append_u_escape(json, byte);
        } else if (byte < 0x80 || !ascii_only) {
            json += text[i];
        } else {
            const std::size_t length = std::max<std::size_t>(1, utf8_length(text, i));
            const unsigned code = code_point(text, i, length);
            if (code >= 0x10000)
                detail::append_u_escape(json, 0xd800 + ((code - 0x10000) >> 10U));
            detail::append_u_escape(json, code >= 0x10000 ? 0xdc00 + (code & 0x3ffU) : code);
            i += length - 1;
        }
    }
    return json + '"';
}

}  // namespace xzoo::io
