#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace xzoo::io {

/// Bytes of the well-formed UTF-8 character that starts at text[at]; 0 if there is none: overlong
/// forms, surrogates and what lies beyond U+10FFFF are not characters.
/// Source  RFC 3629, section 4.
inline std::size_t utf8_length(std::string_view text, std::size_t at) noexcept {
    const auto byte = [&](std::size_t i) {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
    };
    const unsigned lead = byte(0);
    if (at >= text.size() || lead < 0x80)
        return at < text.size() ? 1 : 0;
    if (lead < 0xc2 || lead > 0xf4)
        return 0;
    const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const unsigned lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (byte(1) < lowest || byte(1) > highest)
        return 0;
    for (std::size_t i = 2; i < length; ++i)
        if ((byte(i) & 0xc0U) != 0x80)
            return 0;
    return length;
}

/// True for text of well-formed characters alone.
inline bool is_utf8(std::string_view text) noexcept {
    for (std::size_t at = 0, length = 0; at < text.size(); at += length) {
        length = utf8_length(text, at);
        if (length == 0)
            return false;
    }
    return true;
}

/// Appends a code point (below U+110000) as UTF-8.
inline void append_utf8(std::string& text, unsigned code) {
    const auto append = [&text](unsigned byte) { text += static_cast<char>(byte); };
    if (code < 0x80)
        return append(code);
    if (code < 0x800) {
        append(0xc0U | code >> 6U);
    } else if (code < 0x10000) {
        append(0xe0U | code >> 12U);
        append(0x80U | (code >> 6U & 63U));
    } else {
        append(0xf0U | code >> 18U);
        append(0x80U | (code >> 12U & 63U));
        append(0x80U | (code >> 6U & 63U));
    }
    append(0x80U | (code & 63U));
}

/// The code point at text[at], which is followed by utf8_length - 1 more bytes.
inline unsigned code_point(std::string_view text, std::size_t at, std::size_t length) noexcept {
    const auto lead = static_cast<unsigned char>(text[at]);
    unsigned code = length == 1 ? lead : lead & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i)
        code = code << 6U | (static_cast<unsigned char>(text[at + i]) & 63U);
    return code;
}

}  // namespace xzoo::io
