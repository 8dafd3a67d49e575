#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/io/gguf_metadata.hpp>
#include <xzoo/io/mapped_file.hpp>
#include <xzoo/text/assemble.hpp>
#include <xzoo/text/bert_files.hpp>
#include <xzoo/text/bpe.hpp>
#include <xzoo/text/byte_decoders.hpp>
#include <xzoo/text/byte_level.hpp>
#include <xzoo/text/gguf_words.hpp>
#include <xzoo/text/load_bpe.hpp>
#include <xzoo/text/load_sentencepiece.hpp>
#include <xzoo/text/pipeline.hpp>
#include <xzoo/text/split.hpp>

namespace xzoo::text {

/// The tokenizer.ggml.* part of a GGUF file's metadata.
class GgufTokens {
public:
    explicit GgufTokens(const io::GgufMetadata& metadata)
        : metadata_{metadata}, tokens_{metadata.strings("tokenizer.ggml.tokens")} {
        if (tokens_.empty())
            fail("has no tokenizer.ggml.tokens");
        for (const std::int64_t type : metadata.integers("tokenizer.ggml.token_type")) {
            if (type < 1 || type > 6)
                fail("has a token of type " + std::to_string(type));
            types_.push_back(static_cast<PieceType>(type));
        }
        if (types_.empty())
            types_.assign(tokens_.size(), PieceType::normal);
        if (types_.size() != tokens_.size())
            fail("has " + std::to_string(tokens_.size()) + " tokens and " +
                 std::to_string(types_.size()) + " types of them");
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            if (!is_valid_utf8(tokens_[i]))
                fail("has a token that is not UTF-8: that of id " + std::to_string(i));
        }
    }

    [[noreturn]] void fail(const std::string& why) const {
        throw TokenizerError{metadata_.file(), "", why};
    }

    const io::GgufMetadata& metadata() const noexcept { return metadata_; }
    const std::vector<std::string_view>& tokens() const noexcept { return tokens_; }
    const std::vector<PieceType>& types() const noexcept { return types_; }

    Vocabulary vocabulary() const {
        Vocabulary::Entries entries;
        for (const std::string_view token : tokens_)
            entries.emplace_back(token, static_cast<std::uint32_t>(entries.size()));
        return Vocabulary{entries};
    }

    /// The texts of the tokens whose ids the file names: "bos_token" for bos_token_id.
    SpecialTokenNames special_tokens() const {
        static constexpr std::pair<const char*, const char*> keys[] = {
            {"bos_token", "tokenizer.ggml.bos_token_id"},
            {"eos_token", "tokenizer.ggml.eos_token_id"},
            {"unk_token", "tokenizer.ggml.unknown_token_id"},
            {"sep_token", "tokenizer.ggml.seperator_token_id"},  // so written
            {"pad_token", "tokenizer.ggml.padding_token_id"},
            {"cls_token", "tokenizer.ggml.cls_token_id"},
            {"mask_token", "tokenizer.ggml.mask_token_id"}};
        SpecialTokenNames named;
        for (const auto& [role, key] : keys) {
            const std::int64_t id = metadata_.integer_or(key, -1);
            if (id < 0 || id == 0xFFFFFFFF)  // none
                continue;
            if (static_cast<std::uint64_t>(id) >= tokens_.size())
                fail("gives " + std::string{key} + " as " + std::to_string(id) +
                     ", and there are " + std::to_string(tokens_.size()) + " tokens");
            named.emplace(role, tokens_[static_cast<std::size_t>(id)]);
        }
        return named;
    }

    /// Control tokens as special ones, user-defined ones as added ones.
    TokenizerConfig config() const {
        TokenizerConfig config;
        for (std::uint32_t id = 0; id < tokens_.size(); ++id) {
            const bool control = types_[id] == PieceType::control;
            if (!control && types_[id] != PieceType::user_defined)
                continue;
            AddedToken token{.id = id,
                             .content = std::string{tokens_[id]},
                             .normalized = false,
                             .special = control};
            config.added_tokens.push_back({std::move(token), metadata_.file(),
                                           "tokenizer.ggml.tokens[" + std::to_string(id) + "]"});
        }
        config.special_tokens = special_tokens();
        if (metadata_.has("tokenizer.ggml.add_bos_token"))
            config.add_bos_token = metadata_.boolean_or("tokenizer.ggml.add_bos_token", false);
        if (metadata_.has("tokenizer.ggml.add_eos_token"))
            config.add_eos_token = metadata_.boolean_or("tokenizer.ggml.add_eos_token", false);
        return config;
    }

private:
    const io::GgufMetadata& metadata_;
    std::vector<std::string_view> tokens_;
    std::vector<PieceType> types_;
};

/// "gpt2": byte-level BPE.
inline Pipeline load_gguf_bpe(const GgufTokens& gguf) {
    const std::string pre = gguf.metadata().string_or("tokenizer.ggml.pre", "default");
    const GgufWords words = find_gguf_words(pre);
    if (words.regexes.empty())
        gguf.fail("has the tokenizer.ggml.pre '" + pre + "', which is not supported");
    Pipeline pipeline;
    Vocabulary vocabulary = gguf.vocabulary();
    MergeCollector merges{vocabulary};
    std::size_t count = 0;
    for (const std::string_view line : gguf.metadata().strings("tokenizer.ggml.merges")) {
        const std::string complaint =
            is_valid_utf8(line) ? merges.add(line) : std::string{"is not UTF-8"};
        if (!complaint.empty())
            throw TokenizerError{gguf.metadata().file(),
                                 "tokenizer.ggml.merges[" + std::to_string(count) + "]", complaint};
        ++count;
    }
    Bpe::Options options;
    options.byte_level = true;
    options.ignore_merges = words.ignore_merges;
    MergeTable table = merges.table();
    pipeline.model = std::make_unique<Bpe>(std::move(vocabulary), std::move(table), options);
    std::vector<std::unique_ptr<const PreTokenizer>> stages;
    for (const char* regex : words.regexes)
        stages.push_back(
            std::make_unique<Split>(make_split_regex(regex), SplitBehavior::isolated, false));
    stages.push_back(std::make_unique<ByteLevel>(false, false));
    pipeline.pre_tokenizer = std::make_unique<PreTokenizerSequence>(std::move(stages));
    pipeline.decoder = std::make_unique<ByteLevelDecoder>();
    const TokenizerConfig config = gguf.config();
    const std::string& file = gguf.metadata().file();
    add_tokens(pipeline, config, config.special_tokens);
    Surroundings around{.second_type = 1};
    if (config.add_bos_token.value_or(words.add_bos))
        around.before = around.before_second =
            known_tokens(pipeline, config.special_tokens, {"bos_token"}, file);
    if (config.add_eos_token.value_or(false))
        around.after = around.after_first =
            known_tokens(pipeline, config.special_tokens, {"eos_token"}, file);
    pipeline.post_processor = surround(around);
    return pipeline;
}

/// "llama" and "t5": what a SentencePiece model says, under other keys.
inline Pipeline load_gguf_sentencepiece(const GgufTokens& gguf, bool unigram) {
    const io::GgufMetadata& metadata = gguf.metadata();
    const std::vector<double> scores = metadata.reals("tokenizer.ggml.scores");
    if (scores.size() != gguf.tokens().size())
        gguf.fail("has " + std::to_string(gguf.tokens().size()) + " tokens and " +
                  std::to_string(scores.size()) + " scores of them");
    SentencePieceFile file;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        const bool fits = std::abs(scores[i]) <= double{std::numeric_limits<float>::max()};
        if (!fits || gguf.tokens()[i].empty())
            gguf.fail("has a token without text, or a score that is no finite float: that of id " +
                      std::to_string(i));
        file.pieces.push_back(
            {std::string{gguf.tokens()[i]}, static_cast<float>(scores[i]), gguf.types()[i]});
    }
    if (file.find(PieceType::unknown) == file.pieces.size())
        gguf.fail("has no token for unknown characters");
    file.algorithm =
        unigram ? SentencePieceFile::Algorithm::unigram : SentencePieceFile::Algorithm::bpe;
    file.byte_fallback = file.find(PieceType::byte) < file.pieces.size();
    file.add_dummy_prefix = metadata.boolean_or("tokenizer.ggml.add_space_prefix", true);
    file.remove_extra_whitespaces =
        metadata.boolean_or("tokenizer.ggml.remove_extra_whitespaces", false);
    for (const std::int64_t byte : metadata.integers("tokenizer.ggml.precompiled_charsmap"))
        file.charsmap += static_cast<char>(static_cast<unsigned char>(byte));
    const SentencePieceFamily& family = *std::find_if(
        sentencepiece_families.begin(), sentencepiece_families.end(),
        [&](const SentencePieceFamily& one) { return one.name == (unigram ? "T5" : "Llama"); });
    TokenizerConfig config = gguf.config();
    const PieceIds ids{file, family};
    Pipeline pipeline;
    if (unigram)
        pipeline.model = make_sentencepiece_unigram(
            file, ids.vocabulary(), ids.ids(), file.pieces[file.find(PieceType::unknown)].text);
    else
        pipeline.model = make_sentencepiece_bpe(file, ids.vocabulary());
    finish_sentencepiece(pipeline, metadata.file(), file, family, config);
    config.legacy = false;  // of the text, one word mark at the start stands for no space
    add_sentencepiece_decoder(pipeline, file, family.name, config, config.special_tokens);
    return pipeline;
}

/// "bert": WordPiece, whose tokens mark the beginning of a word where BERT's own files mark what
/// carries a word on.
inline Pipeline load_gguf_bert(const GgufTokens& gguf) {
    std::string vocab;
    for (const std::string_view token : gguf.tokens()) {
        const bool special = token.starts_with('[') && token.ends_with(']');
        if (token.find('\n') != std::string_view::npos)
            gguf.fail("has a token with a line end");
        if (token.starts_with(word_mark_utf8))
            vocab += token.substr(word_mark_utf8.size());
        else
            vocab += (special ? "" : "##") + std::string{token};
        vocab += '\n';
    }
    return load_bert_tokenizer(gguf.metadata().file(), vocab, BertTokenizerOptions{});
}

/// Makes a tokenizer from the bytes of a GGUF file, of which it looks at the metadata alone.
/// Errors  TokenizerError; io's FileError for bytes that are no GGUF.
inline Pipeline load_gguf(std::string_view bytes, const std::string& name) {
    const io::GgufMetadata metadata{bytes, name};
    const std::string model = metadata.string_or("tokenizer.ggml.model", "");
    const GgufTokens gguf{metadata};
    if (model == "gpt2")
        return load_gguf_bpe(gguf);
    if (model == "llama" || model == "t5")
        return load_gguf_sentencepiece(gguf, model == "t5");
    if (model == "bert")
        return load_gguf_bert(gguf);
    gguf.fail("has the tokenizer.ggml.model '" + model + "', which is not supported");
}

/// Throws what io says about the file `path` as an error of tokenizers.
[[noreturn]] inline void throw_as_tokenizer_error(const std::filesystem::path& path,
                                                  const FileError& fault) {
    std::string_view what = fault.what();
    if (what.starts_with(path.string() + ": "))
        what.remove_prefix(path.string().size() + 2);
    throw TokenizerError{path.string(), "", std::string{what}};
}

inline Pipeline load_gguf_file(const std::filesystem::path& path) {
    try {
        const io::MappedFile file{path};
        const std::span<const std::byte> bytes = file.bytes();
        return load_gguf({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                         path.string());
    } catch (const FileError& fault) {
        throw_as_tokenizer_error(path, fault);
    }
}

}  // namespace xzoo::text
