// Python's str() and repr() of values.
#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <xzoo/text/chat_template/evaluation.hpp>
#include <xzoo/text/chat_template/value.hpp>
#include <xzoo/text/unicode.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text::jinja {

/// repr(float): the shortest digits that read back as the same number, with an exponent from 1e16
/// on and below 1e-4.
inline std::string real_text(double value) {
    if (std::isnan(value))
        return "nan";
    if (std::isinf(value))
        return value > 0 ? "inf" : "-inf";
    const double size = std::abs(value);
    const bool fixed = size == 0 || (size >= 1e-4 && size < 1e16);
    std::array<char, 64> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                   fixed ? std::chars_format::fixed : std::chars_format::scientific)
                         .ptr;
    std::string text{buffer.data(), end};
    if (fixed && text.find('.') == std::string::npos)
        text += ".0";
    return text;
}

/// "\x1b", "\u200b", "\U000e0001": the shortest of Python's escapes that holds the code point.
inline void append_escape(std::string& out, char32_t c) {
    const unsigned digits = c < 0x100U ? 2U : c < 0x10000U ? 4U : 8U;
    out += digits == 2 ? "\\x" : digits == 4 ? "\\u" : "\\U";
    for (unsigned shift = 4 * digits; shift > 0;) {
        shift -= 4;
        out += "0123456789abcdef"[(c >> shift) & 15U];
    }
}

/// repr(str): in single quotes, unless only those occur in the text.
inline void append_quoted(std::string& out, std::string_view text) {
    const bool has_single = text.find('\'') != std::string_view::npos;
    const char quote = has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
    out += quote;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint c = decode_utf8(text, at);
        if (c.value == U'\n' || c.value == U'\r' || c.value == U'\t') {
            out += c.value == U'\n' ? "\\n" : c.value == U'\r' ? "\\r" : "\\t";
        } else if (c.value == U'\\' || c.value == static_cast<char32_t>(quote)) {
            out += '\\';
            out += static_cast<char>(c.value);
        } else if (is_printable(c.value)) {
            out += text.substr(at, c.size);
        } else {
            append_escape(out, c.value);
        }
        at += c.size;
    }
    out += quote;
}

inline void append_repr(Evaluation& run, std::string& out, const Value& value);

inline void append_repr(Evaluation& run, std::string& out, const Sequence& sequence) {
    out += sequence.is_tuple ? '(' : '[';
    bool first = true;
    for (const Value& item : sequence.items) {
        out += first ? "" : ", ";
        append_repr(run, out, item);
        first = false;
    }
    if (sequence.is_tuple && sequence.items.size() == 1)
        out += ',';
    out += sequence.is_tuple ? ')' : ']';
}

inline void append_repr(Evaluation& run, std::string& out, const Dict& dict) {
    out += '{';
    bool first = true;
    for (const auto& [key, value] : dict.entries) {
        out += first ? "" : ", ";
        append_repr(run, out, key);
        out += ": ";
        append_repr(run, out, value);
        first = false;
    }
    out += '}';
}

/// Appends repr(value). Counts its text, which may be far longer than the value: parts are shared.
inline void append_repr(Evaluation& run, std::string& out, const Value& value) {
    run.take_bytes(8);
    run.spend(1);
    if (const std::string* text = value.text()) {
        run.take_bytes(text->size());
        append_quoted(out, *text);
    } else if (const Sequence* sequence = value.sequence()) {
        append_repr(run, out, *sequence);
    } else if (const Dict* dict = value.dict()) {
        append_repr(run, out, *dict);
    } else if (const bool* flag = value.get_if<bool>()) {
        out += *flag ? "True" : "False";
    } else if (const auto* integer = value.get_if<std::int64_t>()) {
        out += std::to_string(*integer);
    } else if (const auto* real = value.get_if<double>()) {
        out += real_text(*real);
    } else if (value.is_none()) {
        out += "None";
    } else if (value.is_undefined()) {
        out += "Undefined";
    } else {
        run.fail("a " + std::string{type_name(value)} + " is printed");
    }
}

/// str(value); nothing for what is undefined.
inline std::string to_text(Evaluation& run, const Value& value) {
    if (const std::string* text = value.text()) {
        run.take_bytes(text->size());
        return *text;
    }
    std::string out;
    if (!value.is_undefined())
        append_repr(run, out, value);
    return out;
}

/// Writes str(value) to the output.
inline void write(Evaluation& run, const Value& value) {
    if (const std::string* text = value.text())
        run.write(*text);
    else
        run.write(to_text(run, value));
}

}  // namespace xzoo::text::jinja
