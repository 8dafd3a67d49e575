#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <xzoo/text/utf8.hpp>

namespace xzoo::text::jinja {

/// The value of `count` digits, at most, of a base up to 16 at `at`, which moves behind them;
/// nothing where there is none.
inline std::optional<char32_t> read_digits(std::string_view text, std::size_t& at,
                                           std::size_t count, unsigned base) {
    constexpr std::string_view digits = "0123456789abcdef";
    char32_t value = 0;
    std::size_t read = 0;
    for (; read < count && at < text.size(); ++read, ++at) {
        const char c = text[at];
        const std::size_t digit =
            digits.substr(0, base).find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
        if (digit == std::string_view::npos)
            break;
        value = value * base + static_cast<char32_t>(digit);
    }
    return read == 0 ? std::nullopt : std::optional{value};
}

/// The contents of a string literal with Python's escapes resolved; unknown ones stay as they are.
/// Empty where an escape is broken or names no character; `fault` is then what it is.
inline std::optional<std::string> unescape(std::string_view text, std::string& fault) {
    constexpr std::string_view letters = "abfnrtv\\'\"";
    constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\'\"";
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] != '\\') {
            out += text[at++];
            continue;
        }
        const std::size_t begin = at++;  // a literal never ends in its backslash
        const char kind = text[at];
        if (const std::size_t known = letters.find(kind); known != std::string_view::npos) {
            out += meanings[known];
            ++at;
        } else if (kind == '\n') {
            ++at;
        } else if (kind >= '0' && kind <= '7') {
            append_utf8(out, *read_digits(text, at, 3, 8));
        } else if (kind == 'x' || kind == 'u' || kind == 'U') {
            const std::size_t count = kind == 'x' ? 2 : kind == 'u' ? 4 : 8;
            ++at;
            const auto point = read_digits(text, at, count, 16);
            const bool surrogate = point && *point >= 0xD800U && *point <= 0xDFFFU;
            if (at - begin != count + 2 || !point || surrogate || *point > 0x10FFFFU) {
                fault = text.substr(begin, count + 2);
                return std::nullopt;
            }
            append_utf8(out, *point);
        } else if (kind == 'N') {
            fault = "\\N";
            return std::nullopt;
        } else {
            out += '\\';
        }
    }
    return out;
}

}  // namespace xzoo::text::jinja
