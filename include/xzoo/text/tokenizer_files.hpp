#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <xzoo/core/error.hpp>
#include <xzoo/io/output_file.hpp>
#include <xzoo/text/bert_files.hpp>
#include <xzoo/text/bpe_files.hpp>
#include <xzoo/text/load_gguf.hpp>
#include <xzoo/text/load_sentencepiece.hpp>
#include <xzoo/text/load_tokenizer_json.hpp>
#include <xzoo/text/pipeline.hpp>
#include <xzoo/text/tiktoken_files.hpp>
#include <xzoo/text/tokenizer_config.hpp>
#include <xzoo/text/tokenizer_error.hpp>

namespace xzoo::text {

inline std::string read_whole_file(const std::filesystem::path& path) {
    std::error_code fault;
    if (!std::filesystem::is_regular_file(path, fault))
        throw TokenizerError{path.string(), "", "is not a file that can be read"};
    std::ifstream stream{path, std::ios::binary | std::ios::ate};
    const std::streamoff size = stream ? static_cast<std::streamoff>(stream.tellg()) : -1;
    if (size < 0)
        throw TokenizerError{path.string(), "", "cannot be opened"};
    std::string contents(static_cast<std::size_t>(size), '\0');
    stream.seekg(0);
    if (!stream.read(contents.data(), size))
        throw TokenizerError{path.string(), "", "cannot be read"};
    return contents;
}

/// Reads `name` in `folder` if it is there, and keeps it among the sources.
inline std::optional<std::string> read_if_there(const std::filesystem::path& folder,
                                                const char* name,
                                                std::vector<SourceFile>& sources) {
    std::error_code fault;
    if (!std::filesystem::exists(folder / name, fault))
        return std::nullopt;
    std::string contents = read_whole_file(folder / name);
    sources.push_back({name, contents});
    return contents;
}

inline TokenizerConfig read_config_files(const std::filesystem::path& folder,
                                         std::vector<SourceFile>& sources) {
    TokenizerConfig config;
    if (const auto contents = read_if_there(folder, "tokenizer_config.json", sources)) {
        const JsonFile file{(folder / "tokenizer_config.json").string(), *contents};
        read_tokenizer_config(file.root(), config);
    }
    if (const auto contents = read_if_there(folder, "special_tokens_map.json", sources)) {
        const JsonFile file{(folder / "special_tokens_map.json").string(), *contents};
        read_special_tokens(file.root(), config);
    }
    if (const auto contents = read_if_there(folder, "added_tokens.json", sources)) {
        const JsonFile file{(folder / "added_tokens.json").string(), *contents};
        read_added_tokens(file.root(), config);
    }
    return config;
}

/// The kinds of files that a tokenizer is made from.
enum class TokenizerKind : std::uint8_t {
    tokenizer_json,
    vocab_and_merges,
    sentencepiece,
    marian,
    tiktoken,
    gguf,
    vocab_txt,
};

/// A file that a tokenizer is made from, and one that must lie beside it.
struct TokenizerFile {
    const char* name;
    const char* companion;
};

/// What is looked for in a folder, in this order.
inline constexpr std::array<TokenizerFile, 7> tokenizer_files{{
    {"tokenizer.json", nullptr},
    {"merges.txt", "vocab.json"},
    {"source.spm", "vocab.json"},
    {"tokenizer.model", nullptr},
    {"spiece.model", nullptr},
    {"sentencepiece.bpe.model", nullptr},
    {"vocab.txt", nullptr},
}};

/// The kind of one file, by its name.
inline TokenizerKind kind_of(const std::filesystem::path& file) {
    std::error_code fault;
    if (file.filename() == "merges.txt" || file.filename() == "vocab.json")
        return TokenizerKind::vocab_and_merges;
    if (file.filename() == "source.spm" &&
        std::filesystem::exists(file.parent_path() / "vocab.json", fault))
        return TokenizerKind::marian;
    if (file.extension() == ".gguf")
        return TokenizerKind::gguf;
    if (file.extension() == ".tiktoken" ||
        (file.filename() == "tokenizer.model" && std::ifstream{file}.peek() != '\n'))
        return TokenizerKind::tiktoken;  // a SentencePiece model begins with the tag of a piece
    if (file.extension() == ".model" || file.extension() == ".spm")
        return TokenizerKind::sentencepiece;
    return file.extension() == ".txt" ? TokenizerKind::vocab_txt : TokenizerKind::tokenizer_json;
}

/// The file of a folder that its tokenizer is made from.
inline std::filesystem::path find_tokenizer_file(const std::filesystem::path& folder) {
    std::string all;
    std::error_code fault;
    for (const auto& [name, companion] : tokenizer_files) {
        if (std::filesystem::exists(folder / name, fault) &&
            (companion == nullptr || std::filesystem::exists(folder / companion, fault)))
            return folder / name;
        all += (all.empty() ? "" : ", ") + std::string{name} +
               (companion == nullptr ? "" : " with " + std::string{companion});
    }
    throw TokenizerError{folder.string(), "", "has no tokenizer, which would be one of " + all};
}

/// A file that must be there, kept among the sources.
inline std::string_view read_source(const std::filesystem::path& path,
                                    std::vector<SourceFile>& sources) {
    sources.push_back({path.filename().string(), read_whole_file(path)});
    return sources.back().contents;
}

/// Makes a tokenizer from a folder, or from one of the files that a folder may have, with what lies
/// beside it.
inline Pipeline load_tokenizer(const std::filesystem::path& path) {
    std::error_code fault;
    if (!std::filesystem::exists(path, fault))
        throw TokenizerError{path.string(), "", "does not exist"};
    const bool is_folder = std::filesystem::is_directory(path, fault);
    const std::filesystem::path folder = is_folder ? path : path.parent_path();
    const std::filesystem::path file = is_folder ? find_tokenizer_file(path) : path;

    std::vector<SourceFile> sources;
    sources.reserve(8);  // views of their contents stay valid
    const TokenizerConfig config = read_config_files(folder, sources);
    Pipeline pipeline;
    switch (kind_of(file)) {
        case TokenizerKind::tokenizer_json:
            pipeline = load_tokenizer_json(file.string(), read_source(file, sources), config);
            break;
        case TokenizerKind::vocab_and_merges: {
            const std::filesystem::path vocab = folder / "vocab.json";
            const std::filesystem::path merges = folder / "merges.txt";
            pipeline = load_bpe_tokenizer(vocab.string(), read_source(vocab, sources),
                                          merges.string(), read_source(merges, sources), config);
            break;
        }
        case TokenizerKind::sentencepiece:
            pipeline = load_sentencepiece(file.string(), read_source(file, sources),
                                          file.filename().string(), config);
            break;
        case TokenizerKind::marian: {
            const std::filesystem::path vocab = folder / "vocab.json";
            pipeline = load_marian(file.string(), read_source(file, sources), vocab.string(),
                                   read_source(vocab, sources), config);
            read_if_there(folder, "target.spm", sources);  // to be saved with the others
            break;
        }
        case TokenizerKind::tiktoken:
            pipeline = load_tiktoken(file.string(), read_source(file, sources),
                                     file.filename().string(), std::nullopt, config);
            break;
        case TokenizerKind::gguf:
            return load_gguf_file(file);
        case TokenizerKind::vocab_txt:
            pipeline = load_bert_tokenizer(file.string(), read_source(file, sources),
                                           bert_options(config), config);
            break;
    }
    pipeline.sources = std::move(sources);
    return pipeline;
}

/// Writes a file that appears whole, or what was there stays.
inline void write_whole_file(const std::filesystem::path& path, std::string_view contents) {
    try {
        io::write_file(path, contents);
    } catch (const FileError& fault) {
        throw_as_tokenizer_error(path, fault);
    }
}

}  // namespace xzoo::text
