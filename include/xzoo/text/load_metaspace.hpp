#pragma once

#include <string>

#include <xzoo/text/json_node.hpp>
#include <xzoo/text/metaspace.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text {

struct MetaspaceOptions {
    char32_t mark = word_mark;
    PrependScheme scheme = PrependScheme::always;
    bool split = true;
};

/// The fields that Metaspace has as a pre-tokenizer and as a decoder. Legacy files have
/// add_prefix_space in place of prepend_scheme.
inline MetaspaceOptions load_metaspace(const JsonNode& node) {
    MetaspaceOptions options;
    const std::string mark = node.string_or("replacement", "\xE2\x96\x81");
    if (count_code_points(mark) != 1)
        node.at("replacement").fail("is not one character");
    options.mark = decode_utf8(mark, 0).value;
    options.split = node.boolean_or("split", true);
    const std::string scheme = node.string_or("prepend_scheme", "");
    if (scheme == "first")
        options.scheme = PrependScheme::first;
    else if (scheme == "never" || (scheme.empty() && !node.boolean_or("add_prefix_space", true)))
        options.scheme = PrependScheme::never;
    else if (scheme != "always" && !scheme.empty())
        node.at("prepend_scheme").fail("'" + scheme + "' is not one of always, first, never");
    return options;
}

}  // namespace xzoo::text
