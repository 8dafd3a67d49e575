// The index of a sharded checkpoint, model.safetensors.index.json: which file holds which tensor.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "xzoo/core/load_report.hpp"
#include "xzoo/io/json_reader.hpp"
#include "xzoo/io/name_order.hpp"
#include "xzoo/io/quote.hpp"
#include "xzoo/io/safe_path.hpp"

namespace xzoo::io {

struct ShardIndex {
    struct Row {
        std::string tensor;
        std::size_t shard;  // position in `shards`
    };
    std::vector<Row> weight_map;            // sorted by tensor
    std::vector<std::string> shards;        // relative paths, sorted, each once
    std::optional<std::string> total_size;  // bytes of all tensors, as the index claims: its text

    const Row* find(std::string_view tensor) const {
        const auto row =
            std::lower_bound(weight_map.begin(), weight_map.end(), tensor,
                             [](const Row& a, std::string_view b) { return a.tensor < b; });
        return row != weight_map.end() && row->tensor == tensor ? &*row : nullptr;
    }
};

namespace detail {

class ShardIndexReader {
public:
    explicit ShardIndexReader(std::string_view text) : reader_{text} {}

    ShardIndex read() {
        if (reader_.peek() != JsonReader::Kind::object)
            throw Error{"the index is not a JSON object"};
        reader_.enter_object();
        bool has_map = false;
        bool has_metadata = false;
        while (reader_.next_member(key_)) {
            if (key_ == "weight_map")
                read_once(has_map, [&] { read_map(); });
            else if (key_ == "metadata")
                read_once(has_metadata, [&] { read_metadata(); });
            else
                reader_.skip();
        }
        reader_.finish();
        if (!has_map)
            throw Error{"the index has no 'weight_map'"};
        if (files_.empty())
            throw Error{"the 'weight_map' of the index names no tensor"};
        sort();
        return std::move(index_);
    }

private:
    template <class Read>
    void read_once(bool& seen, Read read) {
        if (std::exchange(seen, true))
            throw Error{concat({"the index has two members '", key_, "'"})};
        if (reader_.peek() != JsonReader::Kind::object)
            throw Error{concat({"'", key_, "' of the index is not an object"})};
        reader_.enter_object();
        read();
    }

    void read_metadata() {
        bool seen = false;
        while (reader_.next_member(key_)) {
            if (key_ != "total_size") {
                reader_.skip();
                continue;
            }
            if (std::exchange(seen, true))
                throw Error{"the metadata of the index has two members 'total_size'"};
            if (reader_.peek() != JsonReader::Kind::number)
                throw Error{"'total_size' of the index is not a number"};
            index_.total_size = std::string{reader_.read_number()};
        }
    }

    void read_map() {
        std::string file;
        while (reader_.next_member(key_)) {
            if (reader_.peek() != JsonReader::Kind::string)
                throw Error{concat(
                    {"the file of tensor ", quote_name(key_), " in the index is not a string"})};
            reader_.read_string(file);
            const std::string_view problem = unsafe_relative_path(file);
            if (!problem.empty())
                throw Error{concat({"the file name ", quote_name(file), " of tensor ",
                                    quote_name(key_), " in the index ", problem})};
            files_.push_back(file);
            tensors_.push_back(key_);
        }
    }

    void sort() {
        const std::vector<std::string_view> names{tensors_.begin(), tensors_.end()};
        const std::vector<std::uint32_t> order = order_by_name(names);
        if (const auto twice = repeated_name(names, order))
            throw Error{
                concat({"the 'weight_map' of the index names ", quote_name(*twice), " twice"})};
        const auto& shards = index_.shards = sorted_and_unique(files_);
        index_.weight_map.reserve(order.size());
        for (const std::uint32_t i : order)
            index_.weight_map.push_back(
                {std::move(tensors_[i]),
                 static_cast<std::size_t>(
                     std::lower_bound(shards.begin(), shards.end(), files_[i]) - shards.begin())});
    }

    JsonReader reader_;
    ShardIndex index_;
    std::string key_;
    std::vector<std::string> tensors_;  // of weight_map, in its order
    std::vector<std::string> files_;    // theirs
};

}  // namespace detail

/// Reads the text of an index and checks it as far as that goes without the shards: names are
/// unique and every file name stays inside the folder.
/// where: the index's file name, for messages.
/// Errors  WeightsError, one sentence.
inline ShardIndex parse_shard_index(std::string_view text, const std::string& where) {
    try {
        return detail::ShardIndexReader{text}.read();
    } catch (const JsonError& error) {
        throw WeightsError{concat({where, ": the index cannot be read: ", error.what()})};
    } catch (const Error& error) {
        throw WeightsError{concat({where, ": ", error.what()})};
    }
}

}  // namespace xzoo::io
