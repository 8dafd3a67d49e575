#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/added_tokens.hpp>
#include <xzoo/text/json_node.hpp>
#include <xzoo/text/load_lengths.hpp>
#include <xzoo/text/load_normalizer.hpp>
#include <xzoo/text/special_tokens.hpp>

namespace xzoo::text {

/// An added token and what gives it, for error messages.
struct ListedToken {
    AddedToken token;
    std::string file;
    std::string where{};  // inside the file
};

/// What tokenizer_config.json and special_tokens_map.json say. Fields are unset where they are
/// missing or null.
struct TokenizerConfig {
    std::string tokenizer_class;
    std::optional<bool> do_lower_case;
    std::optional<bool> do_basic_tokenize;
    std::optional<bool> tokenize_chinese_chars;
    std::optional<bool> strip_accents;
    std::optional<bool> clean_up_tokenization_spaces;
    std::optional<bool> add_prefix_space;
    std::optional<bool> add_bos_token;
    std::optional<bool> add_eos_token;
    std::optional<bool> legacy;
    std::optional<std::size_t> model_max_length;
    std::optional<std::size_t> max_input_chars_per_word;
    std::optional<Side> truncation_side;
    std::optional<Side> padding_side;
    SpecialTokenNames special_tokens;
    std::vector<ListedToken> added_tokens;  // added_tokens_decoder, added_tokens.json
    std::vector<AddedToken> special;        // what special_tokens say besides, without ids

    /// The settings that BERT's tokenizer classes put over those of tokenizer.json.
    BertNormalizerOverrides overrides() const {
        if (tokenizer_class.empty() || tokenizer_class == "PreTrainedTokenizerFast")
            return {};
        return {do_lower_case, strip_accents, tokenize_chinese_chars};
    }
};

/// tokenizer_class without what all of them end in.
inline std::string_view family_name(std::string_view tokenizer_class) {
    for (const std::string_view ending : {"Fast", "Tokenizer"}) {
        if (tokenizer_class.ends_with(ending))
            tokenizer_class.remove_suffix(ending.size());
    }
    return tokenizer_class;
}

/// An added token, whose "id" is given elsewhere.
inline AddedToken load_added_token(const JsonNode& node, std::uint32_t id) {
    AddedToken token;
    token.id = id;
    token.content = node.at("content").string();
    token.special = node.boolean_or("special", false);
    token.single_word = node.boolean_or("single_word", false);
    token.lstrip = node.boolean_or("lstrip", false);
    token.rstrip = node.boolean_or("rstrip", false);
    token.normalized = node.boolean_or("normalized", !token.special);
    return token;
}

/// "[CLS]", or {"content": "[CLS]", ...}, of a token that is special.
inline AddedToken load_special_token(const JsonNode& node) {
    AddedToken token;
    if (node.is_object())
        token = load_added_token(node, 0);
    else
        token.content = node.string();
    token.normalized = false;
    token.special = true;
    return token;
}

/// Later files do not change what earlier ones say.
inline void read_special_tokens(const JsonNode& node, TokenizerConfig& config) {
    for (const SpecialTokenRole& role : special_token_roles) {
        const auto token = node.find(role.key);
        if (!token)
            continue;
        config.special.push_back(load_special_token(*token));
        config.special_tokens.emplace(role.key, config.special.back().content);
    }
    if (const auto more = node.find("additional_special_tokens"); more && more->is_array()) {
        for (const JsonNode& token : more->items())
            config.special.push_back(load_special_token(token));
    }
}

/// added_tokens.json: {"<pad>": 32000, ...}
inline void read_added_tokens(const JsonNode& node, TokenizerConfig& config) {
    for (const auto& [key, value] : node.object()) {
        AddedToken token;
        token.content = std::string{key.data(), key.size()};
        token.id = node.at(token.content).id();
        config.added_tokens.push_back({std::move(token), node.file()});
    }
}

/// "added_tokens_decoder": {"100": {"content": "[UNK]", ...}, ...}
inline void read_added_tokens_decoder(const JsonNode& node, TokenizerConfig& config) {
    for (const auto& [key, value] : node.object()) {
        const std::string_view digits{key.data(), key.size()};
        std::uint64_t id = 0;
        bool ok = !digits.empty() && digits.size() <= 10;
        for (const char digit : digits) {
            ok = ok && digit >= '0' && digit <= '9';
            id = id * 10 + static_cast<std::uint64_t>(digit - '0');
        }
        const JsonNode token = node.at(digits);
        if (!ok || id > JsonNode::max_id)
            token.fail("is not named by an id");
        config.added_tokens.push_back(
            {load_added_token(token, static_cast<std::uint32_t>(id)), token.file(), token.path()});
    }
}

/// A length, or nothing where the file gives a number so large that it means "no limit".
inline std::optional<std::size_t> load_model_max_length(const JsonNode& node) {
    const auto length = node.whole();
    return length && *length <= max_stored_length ? std::optional<std::size_t>{*length}
                                                  : std::nullopt;
}

inline void read_tokenizer_config(const JsonNode& node, TokenizerConfig& config) {
    config.tokenizer_class = node.string_or("tokenizer_class", "");
    config.do_lower_case = node.find_boolean("do_lower_case");
    config.do_basic_tokenize = node.find_boolean("do_basic_tokenize");
    config.tokenize_chinese_chars = node.find_boolean("tokenize_chinese_chars");
    config.strip_accents = node.find_boolean("strip_accents");
    config.add_prefix_space = node.find_boolean("add_prefix_space");
    config.add_bos_token = node.find_boolean("add_bos_token");
    config.add_eos_token = node.find_boolean("add_eos_token");
    config.legacy = node.find_boolean("legacy");
    config.clean_up_tokenization_spaces = node.find_boolean("clean_up_tokenization_spaces");
    for (const char* key : {"model_max_length", "max_len"}) {
        const auto length = node.find(key);
        if (length && !config.model_max_length)
            config.model_max_length = load_model_max_length(*length);
    }
    if (const auto longest = node.find("max_input_chars_per_word"))
        config.max_input_chars_per_word = longest->number(std::numeric_limits<std::int64_t>::max());
    if (const auto side = node.find("truncation_side"))
        config.truncation_side = load_side(*side);
    if (const auto side = node.find("padding_side"))
        config.padding_side = load_side(*side);
    if (const auto never = node.find("never_split"); never && !never->items().empty())
        never->fail("is not supported: add the words to added_tokens_decoder instead");
    read_special_tokens(node, config);
    if (const auto decoder = node.find("added_tokens_decoder"))
        read_added_tokens_decoder(*decoder, config);
}

}  // namespace xzoo::text
