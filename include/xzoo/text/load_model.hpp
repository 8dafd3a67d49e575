#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>

#include <xzoo/text/json_node.hpp>
#include <xzoo/text/load_bpe.hpp>
#include <xzoo/text/model.hpp>
#include <xzoo/text/unigram.hpp>
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

/// A unigram model: "vocab" is [[piece, score], ...], where a piece's place is its id.
inline std::unique_ptr<const Model> load_unigram(const JsonNode& node) {
    constexpr double unknown_penalty = 10.0;
    std::vector<Unigram::Piece> pieces;
    Vocabulary::Entries entries;
    double lowest = 0.0;
    const JsonNode vocab = node.at("vocab");
    for (const boost::json::value& item : vocab.array()) {
        const boost::json::array* pair = item.if_array();
        boost::system::error_code fault;
        const bool is_pair = pair != nullptr && pair->size() == 2 && (*pair)[0].is_string();
        const double score = is_pair ? (*pair)[1].to_number<double>(fault) : 0.0;
        if (!is_pair || fault || !std::isfinite(score))
            vocab.items()[entries.size()].fail("is not a pair of a piece and its score");
        const std::string_view text = (*pair)[0].get_string();
        const auto id = static_cast<std::uint32_t>(entries.size());
        entries.emplace_back(text, id);
        if (!text.empty())
            pieces.push_back({text, score, id, false});
        lowest = entries.size() == 1 ? score : std::min(lowest, score);
    }
    Unigram::Options options;
    if (const auto unk = node.find("unk_id")) {
        const std::uint64_t id = unk->id();
        if (id >= entries.size())
            unk->fail("is " + std::to_string(id) + ", and there are " +
                      std::to_string(entries.size()) + " pieces");
        options.unk_token = entries[id].first;
    }
    options.unk_score = lowest - unknown_penalty;
    options.byte_fallback = node.boolean_or("byte_fallback", false);
    options.look_up_unknown = true;
    return std::make_unique<Unigram>(Vocabulary{entries}, pieces, std::move(options));
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
    if (type == "Unigram")
        return load_unigram(node);
    if (type == "WordLevel")
        return std::make_unique<WordLevel>(load_vocabulary(node.at("vocab")),
                                           node.string_or("unk_token", "<unk>"));
    unsupported(node, type);
}

}  // namespace xzoo::text
