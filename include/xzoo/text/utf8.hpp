#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace xzoo::text {

inline constexpr char32_t replacement_character = 0xFFFD;

/// One code point and the number of bytes that it takes in UTF-8.
struct CodePoint {
    char32_t value = 0;
    std::size_t size = 0;
};

/// Number of bytes of the code point whose first byte is `lead`, in valid UTF-8.
inline std::size_t utf8_size_of_lead(unsigned char lead) noexcept {
    return lead < 0x80U ? 1U : lead < 0xE0U ? 2U : lead < 0xF0U ? 3U : 4U;
}

/// Number of bytes of `c` in UTF-8.
inline std::size_t utf8_size(char32_t c) noexcept {
    return c < 0x80U ? 1U : c < 0x800U ? 2U : c < 0x10000U ? 3U : 4U;
}

/// The code point at byte `at` of valid UTF-8; `at` is the first byte of one.
inline CodePoint decode_utf8(std::string_view text, std::size_t at) noexcept {
    const auto byte = [&](std::size_t i) {
        return static_cast<char32_t>(static_cast<unsigned char>(text[at + i]));
    };
    const char32_t lead = byte(0);
    if (lead < 0x80U)
        return {lead, 1};
    if (lead < 0xE0U)
        return {((lead & 0x1FU) << 6U) | (byte(1) & 0x3FU), 2};
    if (lead < 0xF0U)
        return {((lead & 0x0FU) << 12U) | ((byte(1) & 0x3FU) << 6U) | (byte(2) & 0x3FU), 3};
    return {((lead & 0x07U) << 18U) | ((byte(1) & 0x3FU) << 12U) | ((byte(2) & 0x3FU) << 6U) |
                (byte(3) & 0x3FU),
            4};
}

/// The code point that ends before byte `end` of valid UTF-8; end > 0.
inline CodePoint decode_utf8_before(std::string_view text, std::size_t end) noexcept {
    std::size_t begin = end - 1;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U)
        --begin;
    return decode_utf8(text, begin);
}

inline void append_utf8(std::string& out, char32_t c) {
    const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (c < 0x80U) {
        put(c);
    } else if (c < 0x800U) {
        put(0xC0U | (c >> 6U));
        put(0x80U | (c & 0x3FU));
    } else if (c < 0x10000U) {
        put(0xE0U | (c >> 12U));
        put(0x80U | ((c >> 6U) & 0x3FU));
        put(0x80U | (c & 0x3FU));
    } else {
        put(0xF0U | (c >> 18U));
        put(0x80U | ((c >> 12U) & 0x3FU));
        put(0x80U | ((c >> 6U) & 0x3FU));
        put(0x80U | (c & 0x3FU));
    }
}

/// Bytes of the well-formed code point at `at`, or, where there is none, minus the bytes of the
/// maximal subpart that Unicode (chapter 3, table 3-7) has replaced by one U+FFFD.
inline int utf8_extent(std::string_view text, std::size_t at) noexcept {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80U)
        return 1;
    const int size = lead >= 0xC2U && lead <= 0xDFU   ? 2
                     : lead >= 0xE0U && lead <= 0xEFU ? 3
                     : lead >= 0xF0U && lead <= 0xF4U ? 4
                                                      : 0;
    if (size == 0)
        return -1;
    // The second byte's range excludes overlong forms, surrogates and values over U+10FFFF.
    unsigned char low = lead == 0xE0U ? 0xA0U : lead == 0xF0U ? 0x90U : 0x80U;
    unsigned char high = lead == 0xEDU ? 0x9FU : lead == 0xF4U ? 0x8FU : 0xBFU;
    for (int i = 1; i < size; ++i) {
        const std::size_t next = at + static_cast<std::size_t>(i);
        if (next >= text.size())
            return -i;
        const auto byte = static_cast<unsigned char>(text[next]);
        if (byte < low || byte > high)
            return -i;
        low = 0x80U;
        high = 0xBFU;
    }
    return size;
}

/// Number of leading bytes that are ASCII.
inline std::size_t ascii_prefix(std::string_view text) noexcept {
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text.data() + at, 8);
        if ((eight & 0x8080808080808080ULL) != 0)
            break;
    }
    while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80U)
        ++at;
    return at;
}

inline bool is_ascii(std::string_view text) noexcept {
    return ascii_prefix(text) == text.size();
}

inline bool is_valid_utf8(std::string_view text) noexcept {
    std::size_t at = ascii_prefix(text);
    while (at < text.size()) {
        const int extent = utf8_extent(text, at);
        if (extent < 0)
            return false;
        at += static_cast<std::size_t>(extent);
    }
    return true;
}

/// Appends bytes as valid UTF-8: each ill-formed sequence (maximal subpart) becomes U+FFFD.
inline void append_lossy(std::string& out, std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const int extent = utf8_extent(bytes, at);
        const auto size = static_cast<std::size_t>(extent < 0 ? -extent : extent);
        if (extent < 0)
            append_utf8(out, replacement_character);
        else
            out.append(bytes, at, size);
        at += size;
    }
}

/// Number of code points in valid UTF-8.
inline std::size_t count_code_points(std::string_view text) noexcept {
    std::size_t count = 0;
    for (const char byte : text)
        count += (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U ? 1U : 0U;
    return count;
}

}  // namespace xzoo::text
