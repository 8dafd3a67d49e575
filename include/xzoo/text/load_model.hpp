#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include <xzoo/text/json_node.hpp>
#include <xzoo/text/load_bpe.hpp>
#include <xzoo/text/model.hpp>
#include <xzoo/text/word_piece.hpp>

namespace xzoo::text {

/// {"token": id, ...}
inline Vocabulary load_vocabulary(const JsonNode& node) {
    const boost::json::object& object = node.object();
    const std::uint64_t limit = TokenTable::id_limit_for(object.size());
    Vocabulary::Entries entries;
    entries.reserve(object.size());
    for (const auto& [key, value] : object) {
        const std::string_view token{key.data(), key.size()};
        const std::int64_t* number = value.if_int64();
        if (number == nullptr || *number < 0 || static_cast<std::uint64_t>(*number) >= limit)
            node.at(token).fail("is not an id: a whole number from 0 to " +
                                std::to_string(limit - 1));
        entries.emplace_back(token, static_cast<std::uint32_t>(*number));
    }
    return Vocabulary{entries};
}

/// `byte_level`: the pre-tokenizer hands on bytes.
inline std::unique_ptr<const Model> load_model(const JsonNode& node, bool byte_level) {
    const std::string type =
        type_of(node, {{"BPE", {"vocab", "merges"}},
                       {"WordPiece", {"vocab", "unk_token", "continuing_subword_prefix"}},
                       {"WordPiece", {"vocab", "unk_token", "max_input_chars_per_word"}},
                       {"Unigram", {"vocab", "unk_id"}},
                       {"WordLevel", {"vocab", "unk_token"}}});
    if (type == "BPE")
        return load_bpe(node, load_vocabulary(node.at("vocab")), byte_level);
    if (byte_level)
        node.fail("is of type '" + type + "', which is not supported with ByteLevel");
    if (type == "WordPiece") {
        WordPiece::Options options;
        options.unk_token = node.string_or("unk_token", options.unk_token);
        options.continuing_subword_prefix =
            node.string_or("continuing_subword_prefix", options.continuing_subword_prefix);
        if (const auto longest = node.find("max_input_chars_per_word"))
            options.max_input_chars_per_word =
                longest->number(std::numeric_limits<std::int64_t>::max());
        return std::make_unique<WordPiece>(load_vocabulary(node.at("vocab")), std::move(options));
    }
    if (type == "WordLevel")
        return std::make_unique<WordLevel>(load_vocabulary(node.at("vocab")),
                                           node.string_or("unk_token", "<unk>"));
    unsupported(node, type);
}

}  // namespace xzoo::text
