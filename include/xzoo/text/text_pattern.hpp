#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include <xzoo/text/unicode_regex.hpp>

namespace xzoo::text {

/// What is looked for in a text: a string, or a regular expression.
using TextPattern = std::variant<std::string, UnicodeRegex>;

/// Calls found(begin, end) for each match that is not empty, from left to right, none overlapping.
template <class Found>
void for_each_match(const TextPattern& pattern, std::string_view text, Found found) {
    if (const auto* regex = std::get_if<UnicodeRegex>(&pattern)) {
        UnicodeRegex::Matcher{*regex, text}.match(0, text.size(), found);
        return;
    }
    const std::string& literal = std::get<std::string>(pattern);
    if (literal.empty())
        return;
    for (std::size_t at = text.find(literal); at != std::string_view::npos;
         at = text.find(literal, at + literal.size()))
        found(at, at + literal.size());
}

}  // namespace xzoo::text
