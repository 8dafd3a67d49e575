#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <xzoo/text/byte_level.hpp>
#include <xzoo/text/json_node.hpp>
#include <xzoo/text/post_processor.hpp>
#include <xzoo/text/template_processing.hpp>

namespace xzoo::text {

/// The id of a token that `names` knows.
inline std::uint32_t load_known_id(const JsonNode& node, const TokenTable& names) {
    const std::uint32_t id = node.id();
    if (!names.find(id))
        node.fail("is " + std::to_string(id) + ", an id that no token has");
    return id;
}

/// ["[SEP]", 102]
inline SpecialToken load_special_token(const JsonNode& node, const TokenTable& names) {
    const std::vector<JsonNode> pair = node.items();
    if (pair.size() != 2)
        node.fail("is not a pair of a token and its id");
    return {pair[0].string(), load_known_id(pair[1], names)};
}

/// Most special tokens in a template, and most times that it puts in a text: a small file must not
/// stand for much work.
inline constexpr std::size_t max_template_tokens = 65'536;
inline constexpr std::size_t max_template_texts = 16;

/// Ids of the special token that `name` stands for in a template; `total` counts them.
inline std::vector<std::uint32_t> load_template_token(const JsonNode& tokens,
                                                      const std::string& name,
                                                      const TokenTable& names, std::size_t& total) {
    const std::vector<JsonNode> items = tokens.at(name).at("ids").items();
    total += items.size();
    if (total > max_template_tokens)
        tokens.fail("make a template of more than " + std::to_string(max_template_tokens) +
                    " special tokens");
    std::vector<std::uint32_t> ids;
    for (const JsonNode& id : items)
        ids.push_back(load_known_id(id, names));
    return ids;
}

/// [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, ...]
inline TemplateProcessing::Template load_template(const JsonNode& node, const JsonNode& tokens,
                                                  const TokenTable& names, bool pair) {
    using Piece = TemplateProcessing::Piece;
    TemplateProcessing::Template pieces;
    std::size_t special = 0;
    std::size_t texts = 0;
    for (const JsonNode& item : node.items()) {
        Piece& piece = pieces.emplace_back();
        const auto sequence = item.find("Sequence");
        const JsonNode body = sequence ? *sequence : item.at("SpecialToken");
        piece.type_id = body.at("type_id").id();
        const std::string id = body.at("id").string();
        if (!sequence) {
            piece.ids = load_template_token(tokens, id, names, special);
        } else if (id == "A" || (id == "B" && pair)) {
            if (++texts > max_template_texts)
                node.fail("puts in texts more than " + std::to_string(max_template_texts) +
                          " times");
            piece.kind = id == "A" ? Piece::Kind::first : Piece::Kind::second;
        } else {
            body.fail("names the text '" + id + "', which is not there");
        }
    }
    return pieces;
}

inline std::unique_ptr<const PostProcessor> load_template_processing(const JsonNode& node,
                                                                     const TokenTable& names) {
    const JsonNode tokens = node.at("special_tokens");
    return std::make_unique<TemplateProcessing>(
        load_template(node.at("single"), tokens, names, false),
        load_template(node.at("pair"), tokens, names, true));
}

inline std::unique_ptr<const PostProcessor> load_post_processor(const JsonNode& node,
                                                                const TokenTable& names) {
    const std::string type =
        type_of(node, {{"RobertaProcessing", {"sep", "cls", "trim_offsets", "add_prefix_space"}},
                       {"BertProcessing", {"sep", "cls"}},
                       {"ByteLevel", {"add_prefix_space", "trim_offsets"}},
                       {"TemplateProcessing", {"single", "pair", "special_tokens"}},
                       {"Sequence", {"processors"}}});
    if (type == "TemplateProcessing")
        return load_template_processing(node, names);
    if (type == "BertProcessing")
        return std::make_unique<BertProcessing>(load_special_token(node.at("sep"), names),
                                                load_special_token(node.at("cls"), names));
    if (type == "RobertaProcessing")
        return std::make_unique<RobertaProcessing>(
            load_special_token(node.at("sep"), names), load_special_token(node.at("cls"), names),
            node.boolean_or("trim_offsets", true), node.boolean_or("add_prefix_space", true));
    if (type == "ByteLevel")
        return std::make_unique<ByteLevelOffsets>(node.boolean_or("trim_offsets", true),
                                                  node.boolean_or("add_prefix_space", true));
    if (type == "Sequence") {
        auto stages = load_all<PostProcessor>(node, "processors", [&](const JsonNode& item) {
            return load_post_processor(item, names);
        });
        for (std::size_t i = 0; i + 1 < stages.size(); ++i) {
            if (!stages[i]->keeps_texts())
                node.fail(
                    "goes on after a processor that puts in special tokens, or texts in another "
                    "order or number, which is not supported");
        }
        return std::make_unique<PostProcessorSequence>(std::move(stages));
    }
    unsupported(node, type);
}

}  // namespace xzoo::text
