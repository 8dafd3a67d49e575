#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace xzoo::io {

/// The parts of a message, one after the other. Messages are put together here, out of line: a
/// chain of + compiles to many times the code.
[[gnu::noinline]] inline std::string concat(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const std::string_view part : parts)
        text += part;
    return text;
}

/// A name out of a file as it may stand in a message: in single quotes, control characters as
/// \xNN, cut where it is longer than any sensible name. Names in files are opaque and may hold
/// line breaks or escape sequences meant for a terminal.
inline std::string quote_name(std::string_view name) {
    constexpr std::size_t longest = 200;
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "'";
    for (const char c : name.substr(0, longest)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) {
            text += "\\x";
            text += digits[byte >> 4U];
            text += digits[byte & 15U];
        } else {
            text += c;
        }
    }
    return text + (name.size() > longest ? "'..." : "'");
}

/// "(768, 3072)"; "()" for a scalar.
inline std::string shape_text(std::span<const std::size_t> shape) {
    std::string text = "(";
    for (std::size_t i = 0; i < shape.size(); ++i)
        text += concat({(i == 0 ? "" : ", "), std::to_string(shape[i])});
    return concat({text, ")"});
}

/// "1 tensor", "2 tensors".
inline std::string counted(std::size_t n, std::string_view noun) {
    return concat({std::to_string(n), " ", noun, (n == 1 ? "" : "s")});
}

}  // namespace xzoo::io
