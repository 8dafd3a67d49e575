#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <xzoo/text/assemble.hpp>
#include <xzoo/text/bert_normalizer.hpp>
#include <xzoo/text/bert_tokenizer_options.hpp>
#include <xzoo/text/lines.hpp>
#include <xzoo/text/pipeline.hpp>
#include <xzoo/text/template_processing.hpp>
#include <xzoo/text/tokenizer_config.hpp>
#include <xzoo/text/word_piece.hpp>

namespace xzoo::text {

struct BertTokenRole {
    const char* key;
    std::string BertTokenizerOptions::*token;
};

inline constexpr std::array<BertTokenRole, 5> bert_token_roles{{
    {"unk_token", &BertTokenizerOptions::unk_token},
    {"sep_token", &BertTokenizerOptions::sep_token},
    {"pad_token", &BertTokenizerOptions::pad_token},
    {"cls_token", &BertTokenizerOptions::cls_token},
    {"mask_token", &BertTokenizerOptions::mask_token},
}};

/// One token a line, the line's number is its id. Of a token that comes twice the last id counts.
inline Vocabulary load_vocab_txt(const std::string& name, std::string_view contents) {
    if (contents.starts_with("\xEF\xBB\xBF"))  // a byte order mark
        contents.remove_prefix(3);
    Vocabulary::Entries entries;
    while (!contents.empty()) {
        const std::string_view line = take_line(contents);
        if (!is_valid_utf8(line))
            throw TokenizerError{name, "line " + std::to_string(entries.size() + 1),
                                 "is not UTF-8"};
        entries.emplace_back(line, static_cast<std::uint32_t>(entries.size()));
    }
    if (entries.empty())
        throw TokenizerError{name, "", "has no tokens"};
    return Vocabulary{entries};
}

/// Reads the contents of a vocab.txt. `name` is for error messages.
inline Pipeline load_bert_tokenizer(const std::string& name, std::string_view contents,
                                    const BertTokenizerOptions& options,
                                    const TokenizerConfig& config = {}) {
    Pipeline pipeline;
    pipeline.model = std::make_unique<WordPiece>(
        load_vocab_txt(name, contents),
        WordPiece::Options{options.unk_token, "##", options.max_input_chars_per_word});
    if (options.do_basic_tokenize) {
        pipeline.normalizer = std::make_unique<BertNormalizer>(BertNormalizer::Options{
            true, options.tokenize_chinese_chars, options.strip_accents, options.do_lower_case});
        pipeline.pre_tokenizer = std::make_unique<BertPreTokenizer>();
    } else {
        pipeline.pre_tokenizer = std::make_unique<WhitespaceSplit>();
    }
    pipeline.decoder =
        std::make_unique<WordPieceDecoder>("##", options.clean_up_tokenization_spaces);

    SpecialTokenNames named;
    for (const BertTokenRole& role : bert_token_roles)
        named.emplace(role.key, options.*role.token);
    add_tokens(pipeline, config, named);
    std::vector<std::uint32_t> cls = known_tokens(pipeline, named, {"cls_token"}, name);
    std::vector<std::uint32_t> sep = known_tokens(pipeline, named, {"sep_token"}, name);
    std::vector<std::uint32_t> between = sep;
    if (options.double_separator)
        between.insert(between.end(), sep.begin(), sep.end());
    pipeline.post_processor = surround({.before = std::move(cls),
                                        .after_first = std::move(between),
                                        .after = std::move(sep),
                                        .second_type = options.double_separator ? 0U : 1U});
    pipeline.lengths.model_max_length = options.model_max_length;
    pipeline.lengths.truncation_side = config.truncation_side;
    pipeline.lengths.padding_side = config.padding_side;
    return pipeline;
}

/// The options that tokenizer_config.json and special_tokens_map.json amount to.
inline BertTokenizerOptions bert_options(const TokenizerConfig& config) {
    static constexpr std::array<std::string_view, 10> known{
        "",         "Bert",     "DistilBert",  "Electra",   "MobileBert",
        "LayoutLM", "ConvBert", "SqueezeBert", "RetriBert", "MPNet"};
    const std::string_view family = family_name(config.tokenizer_class);
    if (std::find(known.begin(), known.end(), family) == known.end())
        throw TokenizerError{"tokenizer_config.json", "tokenizer_class",
                             "'" + config.tokenizer_class +
                                 "' is not supported with vocab.txt; a tokenizer.json is needed"};
    BertTokenizerOptions options;
    if (family == "MPNet") {
        options.double_separator = true;
        options.cls_token = "<s>";
        options.sep_token = "</s>";
        options.pad_token = "<pad>";
        options.mask_token = "<mask>";
    }
    options.do_lower_case = config.do_lower_case.value_or(true);
    options.do_basic_tokenize = config.do_basic_tokenize.value_or(true);
    options.tokenize_chinese_chars = config.tokenize_chinese_chars.value_or(true);
    options.strip_accents = config.strip_accents;
    options.clean_up_tokenization_spaces = config.clean_up_tokenization_spaces.value_or(true);
    options.model_max_length = config.model_max_length;
    if (config.max_input_chars_per_word)
        options.max_input_chars_per_word = *config.max_input_chars_per_word;
    for (const BertTokenRole& role : bert_token_roles) {
        if (const auto token = config.special_tokens.find(role.key);
            token != config.special_tokens.end())
            options.*role.token = token->second;
    }
    return options;
}

/// A tokenizer_config.json that bert_options() reads back.
inline std::string write_bert_config(const BertTokenizerOptions& options) {
    boost::json::object object;
    object["tokenizer_class"] = options.double_separator ? "MPNetTokenizer" : "BertTokenizer";
    object["do_lower_case"] = options.do_lower_case;
    object["do_basic_tokenize"] = options.do_basic_tokenize;
    object["tokenize_chinese_chars"] = options.tokenize_chinese_chars;
    object["strip_accents"] = nullptr;
    if (options.strip_accents)
        object["strip_accents"] = *options.strip_accents;
    object["clean_up_tokenization_spaces"] = options.clean_up_tokenization_spaces;
    object["max_input_chars_per_word"] = options.max_input_chars_per_word;
    if (options.model_max_length)
        object["model_max_length"] = *options.model_max_length;
    for (const BertTokenRole& role : bert_token_roles)
        object[role.key] = options.*role.token;
    return boost::json::serialize(object) + '\n';
}

}  // namespace xzoo::text
