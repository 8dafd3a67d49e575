#pragma once

#include <string>

#include <xzoo/text/json_node.hpp>
#include <xzoo/text/split.hpp>
#include <xzoo/text/text_pattern.hpp>

namespace xzoo::text {

/// A pattern {"String": text} or {"Regex": text}, or a bare string as in legacy files, handed to
/// one of two functions. Faults of a regular expression name its place.
template <class Literal, class Regex>
auto load_pattern(const JsonNode& node, Literal literal, Regex regex) {
    if (node.is_string())
        return literal(node.string());
    const auto expression = node.find("Regex");
    if (!expression)
        return literal(node.at("String").string());
    try {
        return regex(expression->string());
    } catch (const TokenizerError& fault) {
        expression->fail(fault.what());
    }
}

inline TextPattern load_text_pattern(const JsonNode& node) {
    return load_pattern(
        node, [](std::string text) { return TextPattern{std::move(text)}; },
        [](std::string text) { return TextPattern{UnicodeRegex{std::move(text)}}; });
}

inline SplitPattern load_split_pattern(const JsonNode& node) {
    return load_pattern(
        node, [](std::string text) { return SplitPattern{std::move(text)}; },
        [](const std::string& text) { return make_split_regex(text); });
}

}  // namespace xzoo::text
