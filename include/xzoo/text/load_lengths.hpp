#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <xzoo/text/encode_options.hpp>
#include <xzoo/text/json_node.hpp>
#include <xzoo/text/truncation.hpp>

namespace xzoo::text {

/// Longest length that a file may ask to pad to: far above any model's, far below what would fill
/// the memory.
inline constexpr std::uint64_t max_stored_length = std::uint64_t{1} << 24U;

inline Side load_side(const JsonNode& node) {
    const std::string name = node.string();
    if (name == "Right" || name == "right")
        return Side::right;
    if (name == "Left" || name == "left")
        return Side::left;
    node.fail("'" + name + "' is neither left nor right");
}

/// "truncation" of tokenizer.json
inline TruncationRule load_truncation(const JsonNode& node) {
    TruncationRule rule;
    if (const auto side = node.find("direction"))
        rule.side = load_side(*side);
    rule.max_length = node.at("max_length").number(max_stored_length);
    if (const auto stride = node.find("stride"))
        rule.stride = stride->number(max_stored_length);
    const JsonNode strategy = node.at("strategy");
    const std::string name = strategy.string();
    if (name == "LongestFirst")
        rule.strategy = Truncation::longest_first;
    else if (name == "OnlyFirst")
        rule.strategy = Truncation::only_first;
    else if (name == "OnlySecond")
        rule.strategy = Truncation::only_second;
    else
        strategy.fail("'" + name + "' is not one of LongestFirst, OnlyFirst, OnlySecond");
    return rule;
}

/// "padding" of tokenizer.json
inline PaddingRule load_padding(const JsonNode& node) {
    PaddingRule rule;
    const JsonNode strategy = node.at("strategy");
    if (strategy.is_object())
        rule.length = strategy.at("Fixed").number(max_stored_length);
    else if (const std::string name = strategy.string(); name != "BatchLongest")
        strategy.fail("'" + name + "' is neither BatchLongest nor {\"Fixed\": length}");
    if (const auto side = node.find("direction"))
        rule.side = load_side(*side);
    if (const auto multiple = node.find("pad_to_multiple_of"))
        rule.multiple_of = multiple->number(max_stored_length);
    if (const auto id = node.find("pad_id"))
        rule.id = id->id();
    if (const auto type_id = node.find("pad_type_id"))
        rule.type_id = type_id->id();
    return rule;
}

}  // namespace xzoo::text
