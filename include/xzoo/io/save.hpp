// Saving a checkpoint so that its folder always holds a whole one: the old or the new.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "xzoo/core/error.hpp"
#include "xzoo/io/byte_size.hpp"
#include "xzoo/io/checkpoint_files.hpp"
#include "xzoo/io/json_writer.hpp"
#include "xzoo/io/name_order.hpp"
#include "xzoo/io/output_file.hpp"
#include "xzoo/io/quote.hpp"
#include "xzoo/io/safetensors_writer.hpp"

namespace xzoo::io {

/// What save_checkpoint wrote.
struct SaveResult {
    std::vector<std::filesystem::path> files;  // the index last, if there is one
    std::uint64_t total_size = 0;              // bytes of all tensors
};

namespace detail {

/// Fills shards in the order of the tensors; one that is larger than a shard gets its own.
/// Source  huggingface_hub/serialization/_base.py, split_state_dict_into_shards_factory
inline std::vector<TensorList> split_into_shards(std::span<const NamedTensor> tensors,
                                                 std::uint64_t max_size) {
    std::vector<TensorList> shards;
    TensorList current;
    std::uint64_t current_size = 0;
    for (const NamedTensor& tensor : tensors) {
        const std::uint64_t size = tensor.size();
        if (size > max_size) {
            shards.push_back({&tensor});
            continue;
        }
        if (current_size + size > max_size) {
            shards.push_back(std::exchange(current, {}));
            current_size = 0;
        }
        current.push_back(&tensor);
        current_size += size;
    }
    if (!current.empty() || shards.empty())
        shards.push_back(std::move(current));
    return shards;
}

/// "model-00002-of-00006.safetensors"; number counts from 1.
inline std::string shard_name(std::string_view stem, std::size_t number, std::size_t of) {
    const auto five = [](std::size_t n) {
        const std::string digits = std::to_string(n);
        return std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0') + digits;
    };
    return concat({stem, "-", five(number), "-of-", five(of), ".safetensors"});
}

/// Text of the index, byte for byte as Python's json.dumps(indent=2, sort_keys=True) writes it.
/// files: the name of each shard's file.
inline std::string index_text(std::span<const TensorList> shards,
                              std::span<const std::string> files, std::uint64_t total_size) {
    std::vector<std::string_view> names;
    std::vector<std::string_view> places;
    for (std::size_t i = 0; i < shards.size(); ++i)
        for (const NamedTensor* tensor : shards[i]) {
            names.push_back(tensor->name);
            places.push_back(files[i]);
        }
    std::string text =
        concat({"{\n  \"metadata\": {\n    \"total_size\": ", std::to_string(total_size),
                "\n  },\n  \"weight_map\": {"});
    for (const std::uint32_t i : order_by_name(names))
        text += concat({text.back() == '{' ? "\n    " : ",\n    ", json_string(names[i], true),
                        ": ", json_string(places[i], true)});
    return concat({text, "\n  }\n}\n"});
}

/// A second file with the contents of the first; a link where the file system has links.
inline void duplicate(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (::link(from.c_str(), to.c_str()) == 0)
        return;
    std::error_code error;
    std::filesystem::copy_file(from, to, error);
    if (error)
        throw FileError{to.string(), concat({"cannot be written: ", error.message()})};
    const int handle = ::open(to.c_str(), O_RDONLY | O_CLOEXEC);
    const int fault = handle < 0 || ::fsync(handle) != 0 ? errno : 0;
    if (handle >= 0)
        ::close(handle);
    if (fault != 0)
        throw FileError{to.string(), concat({"cannot be written: ", errno_text(fault)})};
}

/// Puts new shards and their index in the place of an old set whose file names are the same.
/// Renaming one file after the other would leave a mixture of old and new if the process died
/// halfway. So the index first moves, in one step, to the new files under their temporary names;
/// then these get their final names as second names; then the index moves to those.
inline void replace_shards(std::vector<OutputFile>& files, const std::filesystem::path& index,
                           std::span<const TensorList> shards, std::string_view final_index,
                           std::uint64_t total_size) {
    const std::filesystem::path folder = index.parent_path();
    std::vector<std::string> temporary;
    for (const OutputFile& file : files)
        temporary.push_back(file.temporary_path().filename().string());
    OutputFile bridge{index};
    bridge.write(index_text(shards, temporary, total_size));
    bridge.finish();
    OutputFile last{index};
    last.write(final_index);
    last.finish();
    bridge.rename();  // from here on the folder holds the new checkpoint
    for (OutputFile& file : files)
        file.keep();
    sync_folder(folder);
    for (std::size_t i = 0; i < files.size(); ++i) {
        const std::filesystem::path second = temporary_name(files[i].final_path());
        duplicate(folder / temporary[i], second);
        if (std::rename(second.c_str(), files[i].final_path().c_str()) != 0)
            throw FileError{files[i].final_path().string(),
                            concat({"cannot be replaced: ", errno_text(errno)})};
    }
    sync_folder(folder);
    last.rename();
    sync_folder(folder);
}

inline void publish_shards(std::vector<OutputFile>& files, const std::filesystem::path& index,
                           std::span<const TensorList> shards, std::uint64_t total_size) {
    std::vector<std::string> names;
    for (const OutputFile& file : files)
        names.push_back(file.final_path().filename().string());
    const std::string text = index_text(shards, names, total_size);
    std::error_code error;
    if (std::filesystem::exists(index, error))
        return replace_shards(files, index, shards, text, total_size);
    OutputFile index_file{index};
    index_file.write(text);
    index_file.finish();
    for (OutputFile& file : files)
        file.rename();
    sync_folder(index.parent_path());
    index_file.rename();
    sync_folder(index.parent_path());
}

/// Removes what belonged to older checkpoints of the same variant and what a killed saver of it
/// left. Only after the new files are whole; nothing else is touched: the index of another variant
/// may point to files under temporary names. What cannot be removed stays.
/// replaced: the file that readers would take for the checkpoint if it stayed.
inline void remove_stale(const std::filesystem::path& folder, std::string_view variant,
                         std::span<const std::filesystem::path> current,
                         std::string_view replaced) {
    const std::string single = weights_name(variant);
    const std::string index = index_name(variant);
    const std::string stem = std::filesystem::path{single}.stem().string();
    std::error_code ignored;
    for (const std::string& name : file_names(folder)) {
        const std::filesystem::path path = folder / name;
        if (std::find(current.begin(), current.end(), path) != current.end())
            continue;
        const std::string left = final_name(name);  // empty where it is no temporary name
        if (left == single || left == index || is_shard_name(left, stem) ||
            is_shard_name(name, stem) || name == replaced)
            std::filesystem::remove(path, ignored);
    }
}

inline std::vector<OutputFile> write_shards(const std::filesystem::path& folder,
                                            std::string_view variant,
                                            std::span<const TensorList> shards,
                                            const Metadata& metadata) {
    const std::string single = weights_name(variant);
    const std::string stem = std::filesystem::path{single}.stem().string();
    std::vector<OutputFile> files;
    files.reserve(shards.size());
    for (std::size_t i = 0; i < shards.size(); ++i) {
        files.push_back(write_safetensors_beside(
            folder / (shards.size() == 1 ? single : shard_name(stem, i + 1, shards.size())),
            in_file_order(shards[i]), metadata));
    }
    return files;
}

}  // namespace detail

/// Saves tensors as model.safetensors or, where they take more than max_shard_size, as shards
/// model-0000i-of-0000n.safetensors with their index. Names, order and index are those of
/// transformers' save_pretrained. Shards of an older save are removed, and so is an older
/// model.safetensors where there are shards now (readers would prefer it); nothing else is.
///
/// All new files are written under temporary names first. A process that is killed at any moment
/// leaves a folder that loads, with the old values or the new ones, never a mixture; the next save
/// clears up. An error before the new files are complete leaves the old ones.
/// variant: "fp16" writes model.fp16.safetensors and so on.
/// Errors  FileError: no space left, a file in the place of the folder, another process saving;
///         ArgumentError: a name twice, text that is not UTF-8, nonsense for a size.
inline SaveResult save_checkpoint(const std::filesystem::path& folder,
                                  std::span<const NamedTensor> tensors,
                                  std::string_view max_shard_size = "5GB",
                                  const Metadata& metadata = {{"format", "pt"}},
                                  std::string_view variant = {}) {
    const std::uint64_t max_size = parse_size(max_shard_size);
    detail::check_metadata(metadata);
    static_cast<void>(detail::in_file_order(detail::pointers_to(tensors)));  // checks the names
    const auto shards = detail::split_into_shards(tensors, max_size);
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    const FolderLock lock{folder};

    SaveResult result;
    for (const NamedTensor& tensor : tensors)
        result.total_size += tensor.size();
    std::vector<OutputFile> files = detail::write_shards(folder, variant, shards, metadata);
    for (const OutputFile& file : files)
        result.files.push_back(file.final_path());
    const std::filesystem::path index = folder / index_name(variant);
    const std::string single = weights_name(variant);
    if (files.size() == 1) {
        files[0].rename();
    } else {
        detail::publish_shards(files, index, shards, result.total_size);
        std::filesystem::remove(folder / single, error);  // readers would prefer it to the index
        result.files.push_back(index);
    }
    sync_folder(folder);
    detail::remove_stale(folder, variant, result.files,
                         files.size() == 1 ? index_name(variant) : single);
    return result;
}

}  // namespace xzoo::io
