// C++ source text for values.
#pragma once

#include <algorithm>
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

/// Whether a name is one of C++20's keywords or alternative tokens.
inline bool is_cpp_keyword(std::string_view name) {
    constexpr std::string_view keywords =
        " alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t "
        "char32_t char8_t class co_await co_return co_yield compl concept const const_cast "
        "consteval constexpr constinit continue decltype default delete do double dynamic_cast "
        "else enum explicit export extern false float for friend goto if inline int long mutable "
        "namespace new noexcept not not_eq nullptr operator or or_eq private protected public "
        "register reinterpret_cast requires return short signed sizeof static static_assert "
        "static_cast struct switch template this thread_local throw true try typedef typeid "
        "typename union unsigned using virtual void volatile wchar_t while xor xor_eq ";
    return keywords.find(' ' + std::string{name} + ' ') != std::string_view::npos;
}

/// Whether a namespace of a program can be called so: an identifier, and none of the library's.
inline bool is_free_identifier(std::string_view name) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const bool letters = std::all_of(name.begin(), name.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
    });
    return letters && !name.empty() && !is_digit(name.front()) && !is_cpp_keyword(name) &&
           name != "xzoo" && name != "std";
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
