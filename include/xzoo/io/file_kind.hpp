#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace xzoo::io {

namespace detail {

struct FileKind {
    std::string_view magic;  // the first bytes; letters in lower case where text is compared
    bool text;               // may follow spaces, in upper or lower case
    std::string_view description;
};

inline constexpr std::array<FileKind, 11> file_kinds{{
    {"version https://git-lfs", true,
     "is a git-LFS pointer, not the weights themselves: fetch them with 'git lfs pull'"},
    {"<!doctype html", true, "is an HTML page, not a checkpoint: download the file again"},
    {"<html", true, "is an HTML page, not a checkpoint: download the file again"},
    {"<?xml", true, "is an XML document (an error page?), not a checkpoint: download it again"},
    {"{", true, "is JSON text, not a checkpoint"},
    {std::string_view{"PK\3\4", 4}, false,
     "is a zip archive, as PyTorch writes .bin files; this container cannot be read yet"},
    {"\x80\x02", false,
     "is a Python pickle, as PyTorch writes .bin files; this container cannot be read yet"},
    {"GGUF", false, "is a GGUF file; this container cannot be read yet"},
    {"\x89HDF", false, "is an HDF5 file (TensorFlow, Keras); this container cannot be read yet"},
    {"\x1f\x8b", false, "is compressed with gzip: unpack it first"},
    {"\x28\xb5\x2f\xfd", false, "is compressed with zstd: unpack it first"},
}};

}  // namespace detail

/// What a file that is no safetensors file is instead, as the predicate of a sentence ("is an HTML
/// page, ..."); empty where its first bytes say nothing.
inline std::string_view recognise_foreign(std::span<const std::byte> file) {
    constexpr std::size_t enough = 64;
    std::string start;
    for (const std::byte byte : file.first(file.size() < enough ? file.size() : enough))
        start += static_cast<char>(byte);
    std::string letters = start.substr(std::min(start.find_first_not_of(" \t\r\n"), start.size()));
    for (char& c : letters)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    for (const detail::FileKind& kind : detail::file_kinds)
        if ((kind.text ? letters : start).starts_with(kind.magic))
            return kind.description;
    return {};
}

/// Why a file of this name is not read, by its extension; empty for a name that says nothing or
/// names a container that is read.
inline std::string_view unsupported_container(const std::filesystem::path& path) {
    const std::string name = path.filename().string();
    struct Ending {
        std::string_view text;
        std::string_view container;
    };
    constexpr std::array<Ending, 9> endings{{{".bin", "a PyTorch pickle"},
                                             {".pt", "a PyTorch pickle"},
                                             {".pth", "a PyTorch pickle"},
                                             {".bin.index.json", "sharded PyTorch pickles"},
                                             {".gguf", "GGUF"},
                                             {".h5", "TensorFlow's HDF5"},
                                             {".msgpack", "Flax's msgpack"},
                                             {".ckpt.index", "a TensorFlow 1 checkpoint"},
                                             {".onnx", "ONNX"}}};
    for (const Ending& ending : endings)
        if (name.ends_with(ending.text))
            return ending.container;
    return {};
}

}  // namespace xzoo::io
