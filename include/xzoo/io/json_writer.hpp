#pragma once

#include <cstddef>
#include <string>
#include <string_view>

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

/// The code point that starts at text[at] (valid UTF-8), and moves `at` to its last byte.
inline unsigned decode_utf8(std::string_view text, std::size_t& at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const unsigned more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    unsigned code = lead & (0x3fU >> more);
    for (unsigned i = 0; i < more && at + 1 < text.size(); ++i)
        code = code << 6U | (static_cast<unsigned char>(text[++at]) & 63U);
    return code;
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
            const unsigned code = detail::decode_utf8(text, i);
            if (code >= 0x10000)
                detail::append_u_escape(json, 0xd800 + ((code - 0x10000) >> 10U));
            detail::append_u_escape(json, code >= 0x10000 ? 0xdc00 + (code & 0x3ffU) : code);
        }
    }
    return json + '"';
}

}  // namespace xzoo::io
