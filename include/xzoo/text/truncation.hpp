#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <xzoo/text/encode_options.hpp>
#include <xzoo/text/encoding.hpp>
#include <xzoo/text/tokenizer_error.hpp>

namespace xzoo::text {

/// A truncation that leaves nothing open. strategy is none of `none` and `stored`.
struct TruncationRule {
    Truncation strategy = Truncation::longest_first;
    std::size_t max_length = 0;
    std::size_t stride = 0;
    Side side = Side::right;
    bool keep_overflowing = false;
};

/// A padding that leaves nothing open.
struct PaddingRule {
    std::size_t length = 0;  // 0: as long as the longest encoding
    std::size_t multiple_of = 1;
    Side side = Side::right;
    std::uint32_t id = 0;
    std::uint32_t type_id = 0;
};

/// Shortens `encoding` to `length` tokens; the rest, if it is kept, goes to overflowing, in pieces
/// of `length` tokens of which each repeats rule.stride tokens of the one before. With length 0,
/// the whole encoding is one piece.
inline void truncate(Encoding& encoding, std::size_t length, const TruncationRule& rule) {
    const std::size_t size = encoding.size();
    if (size <= length)
        return;
    if (length == 0) {
        Encoding rest = std::exchange(encoding, {});
        encoding.names = rest.names;
        rest.overflowing.clear();
        if (rule.keep_overflowing)
            encoding.overflowing.push_back(std::move(rest));
        return;
    }
    if (rule.stride >= length)
        throw TokenizerError{"", "",
                             "the stride " + std::to_string(rule.stride) +
                                 " is not smaller than the " + std::to_string(length) +
                                 " tokens that truncation leaves of the text"};
    const std::size_t step = length - rule.stride;
    std::vector<Encoding> parts;
    for (std::size_t done = 0;; done += step) {
        const std::size_t left = size - done;  // > 0: the last piece ends the loop
        const std::size_t taken = std::min(length, left);
        const std::size_t begin = rule.side == Side::right ? done : left - taken;
        parts.push_back(slice(encoding, begin, begin + taken));
        if (taken == left || !rule.keep_overflowing)
            break;
    }
    encoding = std::move(parts.front());
    encoding.overflowing.assign(std::make_move_iterator(parts.begin() + 1),
                                std::make_move_iterator(parts.end()));
}

/// The lengths that longest_first leaves of two texts whose sum is over `total`.
inline std::pair<std::size_t, std::size_t> longest_first(std::size_t first, std::size_t second,
                                                         std::size_t total) noexcept {
    const std::size_t shorter = std::min(first, second);
    std::size_t small = shorter;
    std::size_t large = shorter > total ? shorter : std::max(shorter, total - shorter);
    if (small + large > total) {
        small = total / 2;
        large = small + total % 2;
    }
    return first > second ? std::pair{large, small} : std::pair{small, large};
}

/// Truncates one or two encodings so that with `added` special tokens they fit the rule.
inline void truncate(std::vector<Encoding>& encodings, const TruncationRule& rule,
                     std::size_t added) {
    const auto fail = [](const std::string& why) { throw TokenizerError{"", "", why}; };
    std::size_t size = 0;
    for (const Encoding& encoding : encodings)
        size += encoding.size();
    if (size + added <= rule.max_length)
        return;
    if (rule.max_length < added)
        fail("max_length " + std::to_string(rule.max_length) +
             " has no room for the special tokens, which are " + std::to_string(added));
    const std::size_t total = rule.max_length - added;
    if (rule.strategy == Truncation::longest_first || total == 0) {
        const auto [first, second] =
            encodings.size() == 2 ? longest_first(encodings[0].size(), encodings[1].size(), total)
                                  : std::pair{total, std::size_t{0}};
        truncate(encodings[0], first, rule);
        if (encodings.size() == 2)
            truncate(encodings[1], second, rule);
        return;
    }
    const std::size_t which = rule.strategy == Truncation::only_second ? 1 : 0;
    if (which >= encodings.size())
        fail("truncation only_second needs a second text");
    const std::size_t excess = size - total;
    Encoding& target = encodings[which];
    if (target.size() <= excess)
        fail("the " + std::string{which == 0 ? "first" : "second"} + " text has " +
             std::to_string(target.size()) + " tokens, too few to take away the " +
             std::to_string(excess) + " that are over max_length " +
             std::to_string(rule.max_length));
    truncate(target, target.size() - excess, rule);
}

/// Fills up to `length` tokens, also what overflowed. Longer encodings stay as they are.
inline void pad(Encoding& encoding, std::size_t length, const PaddingRule& rule) {
    for (Encoding& part : encoding.overflowing)
        pad(part, length, rule);
    if (encoding.size() >= length)
        return;
    Encoding padding;
    for (std::size_t i = encoding.size(); i < length; ++i)
        append_special(padding, rule.id, rule.type_id, 0);
    if (rule.side == Side::right) {
        append_tokens(encoding, padding);
        return;
    }
    padding.overflowing = std::move(encoding.overflowing);
    padding.names = encoding.names;
    append_tokens(padding, encoding);
    encoding = std::move(padding);
}

/// Pads all encodings of a batch to one length.
inline void pad(std::vector<Encoding>& encodings, const PaddingRule& rule) {
    std::size_t length = rule.length;
    if (length == 0) {
        for (const Encoding& encoding : encodings)
            length = std::max(length, encoding.size());
    }
    if (rule.multiple_of > 1 && length % rule.multiple_of != 0) {
        const std::size_t missing = rule.multiple_of - length % rule.multiple_of;
        if (length > std::numeric_limits<std::uint32_t>::max() - missing)
            throw TokenizerError{"", "", "the padded length is over 4 billion tokens"};
        length += missing;
    }
    for (Encoding& encoding : encodings)
        pad(encoding, length, rule);
}

}  // namespace xzoo::text
