#pragma once

#include <memory>
#include <string>

#include <xzoo/text/json_node.hpp>
#include <xzoo/text/pre_tokenizer.hpp>

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

inline std::unique_ptr<const PreTokenizer> load_pre_tokenizer(const JsonNode& node) {
    const std::string type = type_of(node, {{"Sequence", {"pretokenizers"}},
                                            {"Split", {"pattern", "behavior"}},
                                            {"Punctuation", {"behavior"}},
                                            {"Digits", {"individual_digits"}},
                                            {"Metaspace", {"replacement"}},
                                            {"ByteLevel", {"add_prefix_space", "trim_offsets"}},
                                            {"CharDelimiterSplit", {"delimiter"}}});
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
    if (type == "Sequence")
        return std::make_unique<PreTokenizerSequence>(
            load_all<PreTokenizer>(node, "pretokenizers", load_pre_tokenizer));
    unsupported(node, type);
}

}  // namespace xzoo::text
