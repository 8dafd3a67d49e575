#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/assemble.hpp>
#include <xzoo/text/base64.hpp>
#include <xzoo/text/bpe.hpp>
#include <xzoo/text/byte_alphabet.hpp>
#include <xzoo/text/byte_decoders.hpp>
#include <xzoo/text/byte_level.hpp>
#include <xzoo/text/lines.hpp>
#include <xzoo/text/pipeline.hpp>
#include <xzoo/text/split.hpp>
#include <xzoo/text/split_regexes.hpp>
#include <xzoo/text/template_processing.hpp>
#include <xzoo/text/tiktoken_options.hpp>
#include <xzoo/text/tokenizer_config.hpp>

namespace xzoo::text {

/// A token as bytes, and its rank, which is its id.
struct RankedToken {
    std::string bytes;
    std::uint32_t rank = 0;
};

/// "base64 rank" a line. A token of no bytes ("=", in Whisper's file) is there for its rank alone.
inline std::vector<RankedToken> read_tiktoken(const std::string& name, std::string_view contents) {
    std::vector<RankedToken> tokens;
    const std::uint64_t limit = TokenTable::id_limit_for(contents.size() / 4);
    for (std::size_t number = 1; !contents.empty(); ++number) {
        const std::string_view line = take_line(contents);
        if (line.empty())
            continue;
        const std::size_t space = std::min(line.find(' '), line.size());
        std::string_view base64 = line.substr(0, space);
        auto bytes = decode_base64(base64 == "=" ? std::string_view{} : base64);
        const std::string_view digits = line.substr(std::min(space + 1, line.size()));
        RankedToken token;
        const auto [stop, fault] =
            std::from_chars(digits.data(), digits.data() + digits.size(), token.rank);
        if (!bytes || base64.empty() || digits.empty() || fault != std::errc{} ||
            stop != digits.data() + digits.size() || token.rank >= limit)
            throw TokenizerError{name, "line " + std::to_string(number),
                                 "is not a token in base64 and its rank"};
        token.bytes = std::move(*bytes);
        tokens.push_back(std::move(token));
    }
    return tokens;
}

/// A byte-level model in which any two neighbours merge whose bytes put together are a token.
inline std::unique_ptr<const Model> make_tiktoken_model(const std::string& name,
                                                        const std::vector<RankedToken>& tokens) {
    std::vector<std::pair<std::string_view, std::uint32_t>> by_bytes;
    std::vector<std::string> letters;
    letters.reserve(tokens.size());
    Vocabulary::Entries entries;
    for (const RankedToken& token : tokens) {
        if (token.bytes.empty())
            continue;
        by_bytes.emplace_back(token.bytes, token.rank);
        letters.push_back(to_byte_alphabet(token.bytes));
        entries.emplace_back(letters.back(), token.rank);
    }
    const ByteTrie trie{by_bytes};
    Vocabulary vocabulary{entries};
    if (vocabulary.size() != entries.size())
        throw TokenizerError{name, "", "has a token or a rank twice"};
    for (unsigned byte = 0; byte < 256; ++byte) {
        if (trie.find(std::string(1, static_cast<char>(byte))) == ByteTrie::none)
            throw TokenizerError{name, "", "has no token for the byte " + std::to_string(byte)};
    }
    std::vector<Merge> merges;
    for (const auto& [bytes, rank] : by_bytes) {
        std::uint32_t node = ByteTrie::root;
        for (std::size_t at = 1; at < bytes.size(); ++at) {
            node = trie.step(node, bytes[at - 1]);
            const std::uint32_t left = trie.value(node);
            const std::uint32_t right =
                left == ByteTrie::none ? ByteTrie::none : trie.find(bytes.substr(at));
            if (right != ByteTrie::none)
                merges.push_back({left, right, rank, rank});
        }
    }
    Bpe::Options options;
    options.byte_level = true;
    options.ignore_merges = true;
    return std::make_unique<Bpe>(std::move(vocabulary), MergeTable{merges}, std::move(options));
}

/// The special tokens of Llama 3, whose ids follow the `count` ranks.
inline TiktokenOptions llama3_options(std::uint32_t count) {
    TiktokenOptions options{cl100k_regex, {}, "<|begin_of_text|>", "<|end_of_text|>"};
    const std::array<const char*, 11> first{"<|begin_of_text|>",
                                            "<|end_of_text|>",
                                            "<|reserved_special_token_0|>",
                                            "<|reserved_special_token_1|>",
                                            "<|finetune_right_pad_id|>",
                                            "<|step_id|>",
                                            "<|start_header_id|>",
                                            "<|end_header_id|>",
                                            "<|eom_id|>",
                                            "<|eot_id|>",
                                            "<|python_tag|>"};
    for (std::uint32_t i = 0; i < 256; ++i)
        options.special_tokens.emplace_back(
            i < first.size() ? std::string{first[i]}
                             : "<|reserved_special_token_" + std::to_string(i - 9) + "|>",
            count + i);
    return options;
}

/// What is known of published files by their names; nothing of others.
inline std::optional<TiktokenOptions> known_tiktoken_options(std::string_view file_name,
                                                             std::uint32_t count) {
    const std::string end{"<|endoftext|>"};
    if (file_name == "tokenizer.model")
        return llama3_options(count);
    if (file_name.ends_with(".tiktoken"))
        file_name.remove_suffix(9);
    if (file_name == "cl100k_base")
        return TiktokenOptions{cl100k_regex,
                               {{end, 100257},
                                {"<|fim_prefix|>", 100258},
                                {"<|fim_middle|>", 100259},
                                {"<|fim_suffix|>", 100260},
                                {"<|endofprompt|>", 100276}},
                               "",
                               end};
    if (file_name == "o200k_base")
        return TiktokenOptions{o200k_regex, {{end, 199999}, {"<|endofprompt|>", 200018}}, "", end};
    if (file_name == "qwen")
        return TiktokenOptions{
            qwen2_regex,
            {{end, count}, {"<|im_start|>", count + 1}, {"<|im_end|>", count + 2}},
            "",
            end};
    if (file_name == "gpt2" || file_name == "r50k_base" || file_name == "p50k_base" ||
        file_name == "multilingual")
        return TiktokenOptions{
            gpt2_regex, {{end, file_name == "p50k_base" ? 50256 : count}}, "", end};
    return std::nullopt;
}

/// Reads the contents of a tiktoken file. `name` is its path, for error messages; without
/// `options` its last part must be that of a published file.
inline Pipeline load_tiktoken(const std::string& name, std::string_view contents,
                              std::string_view file_name, std::optional<TiktokenOptions> options,
                              const TokenizerConfig& config) {
    const std::vector<RankedToken> tokens = read_tiktoken(name, contents);
    if (!options)
        options = known_tiktoken_options(file_name, static_cast<std::uint32_t>(tokens.size()));
    if (!options)
        throw TokenizerError{name, "",
                             "does not say how it splits text, and its name is none of the known "
                             "ones: from_tiktoken() takes a pattern"};
    Pipeline pipeline;
    pipeline.model = make_tiktoken_model(name, tokens);
    std::vector<std::unique_ptr<const PreTokenizer>> stages;
    stages.push_back(std::make_unique<Split>(make_split_regex(options->pattern),
                                             SplitBehavior::isolated, false));
    stages.push_back(std::make_unique<ByteLevel>(false, false));
    pipeline.pre_tokenizer = std::make_unique<PreTokenizerSequence>(std::move(stages));
    pipeline.decoder = std::make_unique<ByteLevelDecoder>();
    SpecialTokenNames named = config.special_tokens;
    named.emplace("bos_token", options->bos_token);
    named.emplace("eos_token", options->eos_token);
    TokenizerConfig with_special = config;
    for (const auto& special : options->special_tokens) {
        const auto same = [&](const ListedToken& one) {
            return one.token.id == special.second || one.token.content == special.first;
        };
        if (std::any_of(config.added_tokens.begin(), config.added_tokens.end(), same))
            continue;
        AddedToken token{
            .id = special.second, .content = special.first, .normalized = false, .special = true};
        with_special.added_tokens.push_back({std::move(token), name});
    }
    add_tokens(pipeline, with_special, named);
    if (!options->bos_token.empty() && config.add_bos_token.value_or(true)) {
        const auto bos = known_tokens(pipeline, named, {"bos_token"}, name);
        pipeline.post_processor = surround({.before = bos, .before_second = bos, .second_type = 1});
    }
    take_lengths(config, pipeline.lengths);
    return pipeline;
}

}  // namespace xzoo::text
