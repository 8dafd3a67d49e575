#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "xzoo/core/error.hpp"
#include "xzoo/io/checkpoint.hpp"
#include "xzoo/io/checkpoint_files.hpp"
#include "xzoo/io/json_reader.hpp"
#include "xzoo/io/mapped_file.hpp"
#include "xzoo/io/quote.hpp"

namespace xzoo::io {

/// What verify found out about a file or folder.
struct VerifyResult {
    bool sound = false;
    std::string message;             // one line: what it is and the notes, or what is wrong
    std::vector<std::string> notes;  // sound, but worth knowing; a sentence each
    std::size_t tensors = 0;
    std::uint64_t bytes = 0;  // of all tensors
};

namespace detail {

/// Throws FileError unless the file holds one JSON object.
inline void check_json_object(const std::filesystem::path& path) {
    const MappedFile file{path};
    const std::span<const std::byte> bytes = file.bytes();
    try {
        JsonReader reader{{reinterpret_cast<const char*>(bytes.data()), bytes.size()}};
        if (reader.peek() != JsonReader::Kind::object)
            throw FileError{path.string(), "is not a JSON object"};
        reader.skip();
        reader.finish();
    } catch (const JsonError& error) {
        throw FileError{path.string(), std::string{"is not valid JSON: "} + error.what()};
    }
}

inline void verify_checkpoint(const std::filesystem::path& file, VerifyResult& result) {
    const Checkpoint checkpoint = Checkpoint::open(file);
    result.tensors += checkpoint.tensors().size();
    result.bytes += checkpoint.total_size();
    result.notes.insert(result.notes.end(), checkpoint.notes().begin(), checkpoint.notes().end());
}

/// The checkpoint that a load would take, or, where a folder has no file of a usual name (variants,
/// adapters), every one that is there; and config.json.
inline void verify_folder(const std::filesystem::path& folder, VerifyResult& result) {
    std::error_code error;
    const std::filesystem::path config = folder / "config.json";
    const bool has_config = std::filesystem::exists(config, error);
    if (has_config)
        check_json_object(config);
    std::vector<std::filesystem::path> files;
    for (const std::string& name : {weights_name(), index_name()})
        if (files.empty() && std::filesystem::exists(folder / name, error))
            files.push_back(folder / name);
    if (files.empty())
        for (const std::string& name : file_names(folder))
            if (name.ends_with(".safetensors") ||
                (is_index_name(name) && name.find(".safetensors.") != std::string::npos))
                files.push_back(folder / name);
    if (files.empty())
        files.push_back(find_checkpoint_file(folder));  // throws: nothing to load
    for (const std::filesystem::path& file : files)
        verify_checkpoint(file, result);
    if (!has_config)
        result.notes.emplace_back("there is no config.json");
}

}  // namespace detail

/// Checks a checkpoint without a model: a safetensors file, an index with its shards, a folder with
/// either and config.json, or a JSON file alone. Headers are checked whole: every name, element
/// type, shape and byte range; values are not looked at.
/// Errors  none but std::bad_alloc: what is wrong is in the result.
inline VerifyResult verify(const std::filesystem::path& path) {
    VerifyResult result;
    try {
        std::error_code error;
        if (std::filesystem::is_directory(path, error)) {
            detail::verify_folder(path, result);
        } else if (path.extension() == ".json" && !is_index_name(path)) {
            detail::check_json_object(path);
            result.message = concat({path.string(), ": sound, a JSON object"});
        } else {
            detail::verify_checkpoint(path, result);
        }
        result.sound = true;
        if (result.message.empty())
            result.message = concat({path.string(), ": sound, ", counted(result.tensors, "tensor"),
                                     " of ", counted(result.bytes, "byte")});
        for (const std::string& note : result.notes)
            result.message += concat({"; ", note});
    } catch (const Error& fault) {
        result.message = fault.what();
    }
    return result;
}

}  // namespace xzoo::io
