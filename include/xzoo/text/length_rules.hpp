#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include <xzoo/text/encode_options.hpp>
#include <xzoo/text/pipeline.hpp>
#include <xzoo/text/tokenizer_error.hpp>
#include <xzoo/text/truncation.hpp>

namespace xzoo::text {

/// Most tokens: what the call says, else the files.
inline std::size_t resolve_max_length(const EncodeOptions& options, const StoredLengths& stored,
                                      std::optional<std::size_t> in_json, const char* purpose) {
    if (options.max_length)
        return *options.max_length;
    if (stored.model_max_length)
        return *stored.model_max_length;
    if (in_json)
        return *in_json;
    throw TokenizerError{"", "",
                         std::string{purpose} +
                             " needs a max_length: neither the call nor the tokenizer's files "
                             "give one"};
}

/// The truncation that a call asks for, with all that it leaves open filled in.
inline std::optional<TruncationRule> resolve_truncation(const EncodeOptions& options,
                                                        const StoredLengths& stored) {
    const bool as_stored = options.truncation == Truncation::stored;
    if (options.truncation == Truncation::none || (as_stored && !stored.truncation))
        return std::nullopt;
    TruncationRule rule;
    const std::optional<Side> side_in_json =
        stored.truncation ? std::optional{stored.truncation->side} : std::nullopt;
    if (as_stored) {
        rule = *stored.truncation;
        rule.max_length = options.max_length.value_or(rule.max_length);
    } else {
        rule.strategy = options.truncation;
        rule.max_length = resolve_max_length(
            options, stored,
            stored.truncation ? std::optional{stored.truncation->max_length} : std::nullopt,
            "truncation");
    }
    rule.stride = options.stride.value_or(rule.stride);
    rule.keep_overflowing = options.keep_overflowing;
    rule.side = options.truncation_side.value_or(
        stored.truncation_side.value_or(side_in_json.value_or(Side::right)));
    return rule;
}

/// The padding that a call asks for, with all that it leaves open filled in.
inline std::optional<PaddingRule> resolve_padding(const EncodeOptions& options,
                                                  const StoredLengths& stored,
                                                  std::optional<std::uint32_t> pad_id) {
    const bool as_stored = options.padding == Padding::stored;
    if (options.padding == Padding::none || (as_stored && !stored.padding))
        return std::nullopt;
    PaddingRule rule = stored.padding.value_or(PaddingRule{});
    if (!stored.padding) {
        if (!pad_id)
            throw TokenizerError{"", "", "padding needs a pad token, and the tokenizer has none"};
        rule.id = *pad_id;
    }
    if (!as_stored) {
        rule.multiple_of = 1;
        const std::size_t in_json = rule.length;
        rule.length = 0;
        if (options.padding == Padding::fixed)
            rule.length = resolve_max_length(
                options, stored, in_json > 0 ? std::optional{in_json} : std::nullopt, "padding");
    }
    rule.multiple_of = options.pad_to_multiple_of.value_or(rule.multiple_of);
    const Side in_json = stored.padding ? stored.padding->side : Side::right;
    rule.side = options.padding_side.value_or(stored.padding_side.value_or(in_json));
    return rule;
}

/// An option that nothing uses is a mistake.
inline void check_options(const EncodeOptions& options) {
    if (options.max_length && options.truncation == Truncation::none &&
        options.padding != Padding::fixed)
        throw TokenizerError{"", "",
                             "max_length is given, but neither truncation nor fixed padding is "
                             "asked for"};
    if (options.keep_overflowing && options.truncation == Truncation::none)
        throw TokenizerError{"", "", "keep_overflowing is asked for, but no truncation"};
}

}  // namespace xzoo::text
