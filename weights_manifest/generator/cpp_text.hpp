// C++ source text for values.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include "xzoo/core/activation.hpp"
#include "xzoo/io/json_text.hpp"

namespace xzoo::generator {

/// A string literal. Everything but printable ASCII is escaped as three octal digits, which end
/// where they end, whatever follows.
inline std::string cpp_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte >= 0x7f) {
            out += '\\';
            out += static_cast<char>('0' + (byte >> 6U));
            out += static_cast<char>('0' + ((byte >> 3U) & 7U));
            out += static_cast<char>('0' + (byte & 7U));
        } else {
            out += c;
        }
    }
    return out + '"';
}

/// The enumerator of a value of a config's enumeration: those are called as in config.json, but for
/// those whose names say that there is nothing.
template <class Enum>
std::string enumerator_text(Enum value) {
    if constexpr (std::is_same_v<Enum, Activation>) {
        if (value == Activation::identity)
            return "identity";
    }
    const std::string_view text = name(value);
    return std::string{text == "default" ? "none" : text};  // the one is a keyword
}

/// A config field's value.
/// type: the name of an enumeration; not used for other types.
template <class T>
std::string cpp_value(const T& value, std::string_view type) {
    if constexpr (std::is_same_v<T, bool>)
        return value ? "true" : "false";
    else if constexpr (std::is_enum_v<T>)
        return std::string{type} + "::" + enumerator_text(value);
    else if constexpr (std::is_floating_point_v<T>)
        return io::number_text(value) + "F";
    else
        return std::to_string(value);
}

}  // namespace xzoo::generator
