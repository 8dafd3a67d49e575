// JSON objects from untrusted text, and back into text as Hugging Face's tools write it.
#pragma once

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "xzoo/core/error.hpp"

namespace xzoo::io {

/// Deepest nesting of objects and lists that is read.
inline constexpr std::size_t json_depth_limit = 64;

/// Parses the text of a JSON object.
/// where: the file's name, for messages.
/// Errors  FileError: not JSON, not UTF-8, nested too deeply, or not an object.
inline boost::json::object parse_object(std::string_view text, const std::string& where) {
    boost::json::parse_options options;
    options.max_depth = json_depth_limit;
    boost::json::error_code error;
    boost::json::value value = boost::json::parse(text, error, {}, options);
    if (error)
        throw FileError{where, "is not valid JSON: " + error.message()};
    if (!value.is_object())
        throw FileError{where, "is JSON, but not an object"};
    return std::move(value.get_object());
}

/// The whole file as text.
/// Errors  FileError: a folder, or a file that cannot be opened or read.
inline std::string read_text(const std::string& path) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
        throw FileError{path, "is a folder, not a file"};
    std::ifstream file{path, std::ios::binary};
    if (!file)
        throw FileError{path, "cannot be opened"};
    // read(), unlike an iterator of the stream's buffer, lets no exception of that through
    std::string text;
    std::array<char, 65536> block;
    do {
        file.read(block.data(), block.size());
        text.append(block.data(), static_cast<std::size_t>(file.gcount()));
    } while (file);
    if (file.bad())
        throw FileError{path, "cannot be read"};
    return text;
}

/// The shortest text that reads back as the same number, with ".0" where it has no fraction.
template <class Real>
std::string number_text(Real value) {
    std::array<char, 64> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    std::string text{buffer.data(), end};
    if (text.find_first_of(".en") == std::string::npos)
        text += ".0";
    return text;
}

namespace detail {

inline void append_pretty(std::string& out, const boost::json::value& value, std::size_t indent);

template <class Items, class Append>
void append_items(std::string& out, char open, char close, const Items& items, std::size_t indent,
                  Append append) {
    out += open;
    bool first = true;
    for (const auto& item : items) {
        out += first ? "\n" : ",\n";
        out.append(indent + 2, ' ');
        append(item);
        first = false;
    }
    if (!first)
        out += '\n' + std::string(indent, ' ');
    out += close;
}

inline void append_pretty(std::string& out, const boost::json::value& value, std::size_t indent) {
    if (value.is_object()) {
        std::vector<const boost::json::key_value_pair*> sorted;
        for (const auto& member : value.get_object())
            sorted.push_back(&member);
        std::sort(sorted.begin(), sorted.end(),
                  [](const auto* a, const auto* b) { return a->key() < b->key(); });
        append_items(out, '{', '}', sorted, indent, [&](const auto* member) {
            out += boost::json::serialize(boost::json::string{member->key()}) + ": ";
            append_pretty(out, member->value(), indent + 2);
        });
    } else if (value.is_array()) {
        append_items(out, '[', ']', value.get_array(), indent,
                     [&](const auto& item) { append_pretty(out, item, indent + 2); });
    } else if (value.is_double() && std::isfinite(value.get_double())) {
        out += number_text(value.get_double());
    } else {
        out += boost::json::serialize(value);
    }
}

}  // namespace detail

/// The text of a value with keys sorted, two spaces of indentation and a newline at the end.
inline std::string pretty_text(const boost::json::value& value) {
    std::string out;
    detail::append_pretty(out, value, 0);
    return out + '\n';
}

}  // namespace xzoo::io
