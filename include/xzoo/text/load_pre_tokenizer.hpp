#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <xzoo/text/byte_level.hpp>
#include <xzoo/text/json_node.hpp>
#include <xzoo/text/load_metaspace.hpp>
#include <xzoo/text/load_pattern.hpp>
#include <xzoo/text/pre_tokenizer.hpp>
#include <xzoo/text/split.hpp>

namespace xzoo::text {

inline SplitBehavior load_split_behavior(const JsonNode& node) {
    const std::string name = node.string();
    if (name == "Removed")
        return SplitBehavior::removed;
    if (name == "Isolated")
        return SplitBehavior::isolated;
    if (name == "MergedWithPrevious")
        return SplitBehavior::merged_with_previous;
    if (name == "MergedWithNext")
        return SplitBehavior::merged_with_next;
    if (name == "Contiguous")
        return SplitBehavior::contiguous;
    node.fail("'" + name + "' is not one of Removed, Isolated, MergedWithPrevious, " +
              "MergedWithNext, Contiguous");
}

/// A pre-tokenizer, and whether the words that it makes are bytes.
struct LoadedPreTokenizer {
    std::unique_ptr<const PreTokenizer> stage;
    bool byte_level = false;
};

inline LoadedPreTokenizer load_pre_tokenizer(const JsonNode& node);

/// Stages in turn. Those after ByteLevel see what it makes of the text.
inline LoadedPreTokenizer load_pre_tokenizer_sequence(const JsonNode& node) {
    std::vector<std::unique_ptr<const PreTokenizer>> before;
    std::vector<std::unique_ptr<const PreTokenizer>> after;
    bool byte_level = false;
    for (const JsonNode& item : node.at("pretokenizers").items()) {
        LoadedPreTokenizer loaded = load_pre_tokenizer(item);
        if (byte_level && (loaded.byte_level || dynamic_cast<const Metaspace*>(loaded.stage.get())))
            item.fail("comes after ByteLevel, which is not supported");
        (byte_level ? after : before).push_back(std::move(loaded.stage));
        byte_level = byte_level || loaded.byte_level;
    }
    if (!after.empty())
        before.push_back(std::make_unique<AfterByteLevel>(std::move(after)));
    return {std::make_unique<PreTokenizerSequence>(std::move(before)), byte_level};
}

inline std::unique_ptr<const PreTokenizer> load_plain_pre_tokenizer(const JsonNode& node,
                                                                    const std::string& type) {
    if (type == "BertPreTokenizer")
        return std::make_unique<BertPreTokenizer>();
    if (type == "Whitespace")
        return std::make_unique<WhitespacePreTokenizer>();
    if (type == "WhitespaceSplit")
        return std::make_unique<WhitespaceSplit>();
    if (type == "Punctuation") {
        const auto behavior = node.find("behavior");
        return std::make_unique<Punctuation>(behavior ? load_split_behavior(*behavior)
                                                      : SplitBehavior::isolated);
    }
    if (type == "Digits")
        return std::make_unique<Digits>(node.boolean_or("individual_digits", false));
    if (type == "Split")
        return std::make_unique<Split>(load_split_pattern(node.at("pattern")),
                                       load_split_behavior(node.at("behavior")),
                                       node.boolean_or("invert", false));
    if (type == "CharDelimiterSplit")
        return std::make_unique<Split>(node.at("delimiter").string(), SplitBehavior::removed,
                                       false);
    if (type == "Metaspace") {
        const MetaspaceOptions options = load_metaspace(node);
        return std::make_unique<Metaspace>(options.mark, options.scheme, options.split);
    }
    unsupported(node, type);
}

inline LoadedPreTokenizer load_pre_tokenizer(const JsonNode& node) {
    const std::string type = type_of(node, {{"Sequence", {"pretokenizers"}},
                                            {"Split", {"pattern", "behavior"}},
                                            {"Punctuation", {"behavior"}},
                                            {"Digits", {"individual_digits"}},
                                            {"Metaspace", {"replacement"}},
                                            {"ByteLevel", {"add_prefix_space", "trim_offsets"}},
                                            {"CharDelimiterSplit", {"delimiter"}}});
    if (type == "Sequence")
        return load_pre_tokenizer_sequence(node);
    if (type == "ByteLevel")
        return {std::make_unique<ByteLevel>(node.boolean_or("add_prefix_space", true),
                                            node.boolean_or("use_regex", true)),
                true};
    return {load_plain_pre_tokenizer(node, type), false};
}

}  // namespace xzoo::text
