#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "xzoo/core/error.hpp"
#include "xzoo/core/load_report.hpp"
#include "xzoo/io/checkpoint_files.hpp"
#include "xzoo/io/mapped_file.hpp"
#include "xzoo/io/name_order.hpp"
#include "xzoo/io/quote.hpp"
#include "xzoo/io/safetensors.hpp"
#include "xzoo/io/shard_index.hpp"

namespace xzoo::io {

/// The tensors of a checkpoint: one file, a sharded set, or bytes in memory. Files are mapped, not
/// read; the views point into the mappings and live as long as the checkpoint. All headers are
/// checked when it is opened. Move-only.
class Checkpoint {
public:
    Checkpoint() = default;
    Checkpoint(Checkpoint&&) noexcept = default;
    Checkpoint& operator=(Checkpoint&&) noexcept = default;

    /// Opens a file (*.safetensors or *.safetensors.index.json) or a folder, in which the first is
    /// taken of model.safetensors and model.safetensors.index.json; with a variant "fp16" these
    /// are model.fp16.safetensors and model.safetensors.index.fp16.json.
    /// Errors  FileError: nothing there, or only containers that cannot be read, which are named;
    ///         WeightsError: a file is broken, or index and shards contradict each other.
    static Checkpoint open(const std::filesystem::path& file_or_folder,
                           const std::string& variant = {}) {
        const std::filesystem::path file = find_checkpoint_file(file_or_folder, variant);
        return is_index_name(file) ? open_sharded(file) : open_file(file);
    }

    /// A safetensors file in memory; the bytes are not copied and must outlive the checkpoint.
    /// Errors  WeightsError.
    static Checkpoint from_span(std::span<const std::byte> bytes, const std::string& name) {
        Checkpoint checkpoint;
        checkpoint.where_ = name;
        checkpoint.add(parse_safetensors(bytes, name));
        checkpoint.index_names();
        return checkpoint;
    }

    /// The tensor of that name, or null.
    const TensorView* find(std::string_view name) const {
        const auto found = std::lower_bound(
            by_name_.begin(), by_name_.end(), name,
            [this](std::uint32_t i, std::string_view key) { return tensors_[i].name < key; });
        return found != by_name_.end() && tensors_[*found].name == name ? &tensors_[*found]
                                                                        : nullptr;
    }

    /// All tensors, shard by shard, each in the order of its data.
    std::span<const TensorView> tensors() const noexcept { return tensors_; }
    /// Tensors that lie in a shard but that the index does not name; no part of tensors().
    std::span<const TensorView> unlisted() const noexcept { return unlisted_; }
    /// __metadata__ of each file.
    std::span<const std::map<std::string, std::string>> metadata() const noexcept {
        return metadata_;
    }
    /// The files that were opened: the index first, if there is one; none for bytes in memory.
    const std::vector<std::filesystem::path>& files() const noexcept { return files_; }
    /// The file or folder, for messages.
    const std::string& where() const noexcept { return where_; }
    /// What a careful user wants to know, a sentence each.
    const std::vector<std::string>& notes() const noexcept { return notes_; }
    /// Bytes of all tensors.
    std::uint64_t total_size() const noexcept {
        return std::accumulate(
            tensors_.begin(), tensors_.end(), std::uint64_t{0},
            [](std::uint64_t sum, const TensorView& tensor) { return sum + tensor.bytes.size(); });
    }

private:
    static Checkpoint open_file(const std::filesystem::path& path) {
        Checkpoint checkpoint;
        checkpoint.where_ = path.string();
        checkpoint.files_.push_back(path);
        checkpoint.add(parse_safetensors(checkpoint.map(path), path.string()));
        checkpoint.index_names();
        return checkpoint;
    }

    static Checkpoint open_sharded(const std::filesystem::path& path) {
        const MappedFile text{path};
        const std::span<const std::byte> bytes = text.bytes();
        const ShardIndex index = parse_shard_index(
            {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path.string());
        Checkpoint checkpoint;
        checkpoint.where_ = path.string();
        checkpoint.files_.push_back(path);
        const std::filesystem::path folder = path.parent_path();
        for (const std::string& shard : index.shards)
            checkpoint.files_.push_back(checked_shard(path, folder / shard, shard));
        for (std::size_t i = 0; i < index.shards.size(); ++i)
            checkpoint.add_shard(index, i);
        checkpoint.add_strays(index, folder.empty() ? "." : folder);
        checkpoint.index_names();
        checkpoint.check_complete(index);
        return checkpoint;
    }

    static std::filesystem::path checked_shard(const std::filesystem::path& index,
                                               const std::filesystem::path& shard,
                                               const std::string& name) {
        std::error_code error;
        if (!std::filesystem::exists(shard, error))
            throw WeightsError{concat({index.string(), ": the shard ", quote_name(name),
                                       ", which the index names, is not there"})};
        const std::filesystem::path folder = index.parent_path();
        if (!lies_below(shard, containing_root(folder.empty() ? "." : folder)))
            throw WeightsError{concat({index.string(), ": the shard ", quote_name(name),
                                       " is a link that leads out of the folder"})};
        return shard;
    }

    std::span<const std::byte> map(const std::filesystem::path& path) {
        mappings_.emplace_back(path);
        return mappings_.back().bytes();
    }

    void add(Safetensors file) {
        tensors_.insert(tensors_.end(), file.tensors.begin(), file.tensors.end());
        metadata_.push_back(std::move(file.metadata));
        headers_.push_back(std::move(file));
    }

    /// Takes the tensors of a shard: those that the index assigns to it, and apart those that it
    /// does not know. One that it assigns to another shard makes the checkpoint ambiguous.
    void add_shard(const ShardIndex& index, std::size_t shard) {
        const std::filesystem::path& path = files_[shard + 1];
        Safetensors file = parse_safetensors(map(path), path.string());
        std::vector<TensorView> listed;
        listed.reserve(file.tensors.size());
        for (const TensorView& tensor : file.tensors) {
            const ShardIndex::Row* const row = index.find(tensor.name);
            if (row != nullptr && row->shard != shard)
                throw WeightsError{
                    concat({where_, ": tensor ", quote_name(tensor.name), " lies in ",
                            quote_name(index.shards[shard]), ", but the index names ",
                            quote_name(index.shards[row->shard])})};
            (row != nullptr ? listed : unlisted_).push_back(tensor);
        }
        file.tensors = std::move(listed);
        add(std::move(file));
    }

    /// Shards of the same set that lie in the folder although the index names nothing in them:
    /// their tensors are not loaded, but not passed over in silence either.
    void add_strays(const ShardIndex& index, const std::filesystem::path& folder) {
        const std::string first = std::filesystem::path{index.shards.front()}.filename().string();
        const std::size_t of = first.rfind("-of-");
        const std::size_t number = of == std::string::npos ? of : first.rfind('-', of - 1);
        if (number == std::string::npos)
            return;
        for (const std::string& name : detail::file_names(folder)) {
            if (!is_shard_name(name, first.substr(0, number)) ||
                !name.ends_with(first.substr(of)) ||
                std::binary_search(index.shards.begin(), index.shards.end(), name))
                continue;
            try {
                const std::filesystem::path path = folder / name;
                headers_.push_back(parse_safetensors(map(path), path.string()));
                const auto& tensors = headers_.back().tensors;
                unlisted_.insert(unlisted_.end(), tensors.begin(), tensors.end());
            } catch (const Error& error) {
                notes_.push_back(concat({"the index does not name ", quote_name(name),
                                         ", which is broken: ", error.what()}));
            }
        }
    }

    void index_names() {
        if (headers_.size() == 1 && headers_[0].by_name.size() == tensors_.size()) {
            by_name_ = std::move(headers_[0].by_name);
            return;
        }
        std::vector<std::string_view> names;
        names.reserve(tensors_.size());
        for (const TensorView& tensor : tensors_)
            names.push_back(tensor.name);
        by_name_ = order_by_name(names);
    }

    void check_complete(const ShardIndex& index) {
        for (const ShardIndex::Row& row : index.weight_map)
            if (find(row.tensor) == nullptr)
                throw WeightsError{concat({where_, ": tensor ", quote_name(row.tensor),
                                           " is not in the shard that the index names for it, ",
                                           quote_name(index.shards[row.shard])})};
        const std::uint64_t bytes = total_size();
        if (index.total_size && *index.total_size != std::to_string(bytes))
            notes_.push_back(concat({"the index states a total_size of ", *index.total_size,
                                     "; its tensors have ", counted(bytes, "byte")}));
        if (unlisted_.empty())
            return;
        std::string names;
        constexpr std::size_t most = 5;
        for (std::size_t i = 0; i < std::min(most, unlisted_.size()); ++i)
            names += concat({(i == 0 ? "" : ", "), quote_name(unlisted_[i].name)});
        notes_.push_back(concat({"the shards hold ", counted(unlisted_.size(), "tensor"),
                                 " that the index does not name: ", names,
                                 (unlisted_.size() > most ? ", ..." : "")}));
    }

    std::string where_;
    std::vector<std::filesystem::path> files_;
    std::vector<MappedFile> mappings_;
    std::vector<Safetensors> headers_;  // own the names and shapes
    std::vector<TensorView> tensors_;
    std::vector<TensorView> unlisted_;
    std::vector<std::uint32_t> by_name_;
    std::vector<std::map<std::string, std::string>> metadata_;
    std::vector<std::string> notes_;
};

}  // namespace xzoo::io
