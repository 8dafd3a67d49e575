#pragma once

#include <array>
#include <filesystem>
#include <fstream>
#include <ios>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <xzoo/text/bert_files.hpp>
#include <xzoo/text/load_tokenizer_json.hpp>
#include <xzoo/text/pipeline.hpp>
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
    return config;
}

/// Says which files a folder has instead of those that can be read.
[[noreturn]] inline void no_tokenizer(const std::filesystem::path& folder) {
    static constexpr std::array<const char*, 6> others{
        "vocab.json", "merges.txt", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model",
        "source.spm"};
    std::string found;
    std::error_code fault;
    for (const char* name : others) {
        if (std::filesystem::exists(folder / name, fault))
            found += (found.empty() ? "; it has " : ", ") + std::string{name};
    }
    throw TokenizerError{folder.string(), "",
                         "has neither tokenizer.json nor vocab.txt" + found +
                             (found.empty() ? "" : ", a kind of tokenizer that is not supported")};
}

/// Makes a tokenizer from a folder, or from a tokenizer.json or vocab.txt with what lies beside it.
inline Pipeline load_tokenizer(const std::filesystem::path& path) {
    std::error_code fault;
    if (!std::filesystem::exists(path, fault))
        throw TokenizerError{path.string(), "", "does not exist"};
    const bool is_folder = std::filesystem::is_directory(path, fault);
    const std::filesystem::path folder = is_folder ? path : path.parent_path();
    const bool wants_vocab = !is_folder && path.extension() == ".txt";
    const std::filesystem::path json = is_folder ? folder / "tokenizer.json" : path;
    const std::filesystem::path vocab = is_folder ? folder / "vocab.txt" : path;

    std::vector<SourceFile> sources;
    const TokenizerConfig config = read_config_files(folder, sources);
    Pipeline pipeline;
    if (!wants_vocab && std::filesystem::exists(json, fault)) {
        sources.push_back({"tokenizer.json", read_whole_file(json)});
        pipeline = load_tokenizer_json(json.string(), sources.back().contents, config);
    } else if (std::filesystem::exists(vocab, fault)) {
        sources.push_back({"vocab.txt", read_whole_file(vocab)});
        pipeline = load_bert_tokenizer(vocab.string(), sources.back().contents,
                                       bert_options(config), config);
    } else {
        no_tokenizer(folder);
    }
    pipeline.sources = std::move(sources);
    return pipeline;
}

/// Writes a file under a temporary name and puts it in place whole.
inline void write_whole_file(const std::filesystem::path& path, std::string_view contents) {
    const std::filesystem::path temporary = path.string() + ".tmp";
    std::error_code fault;
    {
        std::ofstream stream{temporary, std::ios::binary | std::ios::trunc};
        stream.write(contents.data(), static_cast<std::streamsize>(contents.size()));
        stream.close();
        if (!stream) {
            std::filesystem::remove(temporary, fault);
            throw TokenizerError{path.string(), "", "cannot be written"};
        }
    }
    std::filesystem::rename(temporary, path, fault);
    if (fault)
        throw TokenizerError{path.string(), "", "cannot be put in place: " + fault.message()};
}

}  // namespace xzoo::text
