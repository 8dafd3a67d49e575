#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <xzoo/text/chat_template/text_operations.hpp>

namespace xzoo::text::jinja {

/// The text of a number as Python reads it: without the white space around it, a plus sign, and
/// single underscores between digits. Empty where it cannot be a number.
inline std::string plain_number(std::string_view text) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    text = strip(text, Ends::both);
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-'))
            return {};
    }
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '_')
            plain += text[i];
        else if (i == 0 || i + 1 == text.size() || !is_digit(text[i - 1]) || !is_digit(text[i + 1]))
            return {};
    }
    return plain;
}

/// int(text), or nothing where that fails or leaves 64 bits.
inline std::optional<std::int64_t> parse_integer(std::string_view text) {
    const std::string plain = plain_number(text);
    std::int64_t value = 0;
    const char* const end = plain.data() + plain.size();
    const auto [stop, fault] = std::from_chars(plain.data(), end, value);
    return fault == std::errc{} && stop == end ? std::optional{value} : std::nullopt;
}

/// float(text), or nothing where that fails.
inline std::optional<double> parse_real(std::string_view text) {
    const std::string plain = plain_number(text);
    if (plain.find('(') != std::string::npos)  // nan(...) is C's, not Python's
        return std::nullopt;
    double value = 0;
    const char* const end = plain.data() + plain.size();
    const auto [stop, fault] = std::from_chars(plain.data(), end, value);
    return fault == std::errc{} && stop == end ? std::optional{value} : std::nullopt;
}

}  // namespace xzoo::text::jinja
