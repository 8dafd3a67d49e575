// The JSON header of a safetensors file, read and checked by itself; safetensors.hpp compares it
// with the data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "xzoo/core/dtype.hpp"
#include "xzoo/core/error.hpp"
#include "xzoo/io/json_reader.hpp"
#include "xzoo/io/quote.hpp"
#include "xzoo/io/tensor_view.hpp"

namespace xzoo::io {

/// What a safetensors file holds. Owns names and shapes, not the bytes; may be moved, not copied.
struct Safetensors {
    std::vector<TensorView> tensors;              // in the order of their data
    std::map<std::string, std::string> metadata;  // of the header's __metadata__

    std::vector<char> names;             // storage for tensors[i].name
    std::vector<std::size_t> dims;       // storage for tensors[i].shape
    std::vector<std::uint32_t> by_name;  // positions in `tensors`, sorted by name

    Safetensors() = default;
    Safetensors(Safetensors&&) noexcept = default;
    Safetensors& operator=(Safetensors&&) noexcept = default;
    Safetensors(const Safetensors&) = delete;
    Safetensors& operator=(const Safetensors&) = delete;
};

namespace detail {

/// Reads the header's text. Memory grows with the text alone, never with a number in it.
class SafetensorsHeader {
public:
    static constexpr std::size_t max_rank = 64;

    SafetensorsHeader(std::string_view text, Safetensors& result)
        : reader_{text}, result_{result} {}

    struct Entry {  // a tensor, with positions instead of pointers while the storage grows
        std::size_t name_begin = 0, name_size = 0;
        std::size_t dims_begin = 0, rank = 0;
        std::uint64_t begin = 0, end = 0;  // bytes, from the start of the data
        Dtype dtype = Dtype::f32;
    };

    /// Errors  JsonError; Error with one sentence that lacks the file's name.
    std::vector<Entry> read() {
        if (reader_.peek() != JsonReader::Kind::object)
            throw Error{"the header is not a JSON object"};
        reader_.enter_object();
        std::vector<Entry> entries;
        while (reader_.next_member(key_)) {
            if (key_ == "__metadata__")
                read_metadata();
            else
                entries.push_back(read_entry());
        }
        reader_.finish();
        return entries;
    }

private:
    [[noreturn, gnu::cold]] void fail(const std::string& problem) const {
        throw Error{concat({"tensor ", quote_name(key_), " ", problem})};
    }

    void read_metadata() {
        if (std::exchange(has_metadata_, true))
            throw Error{"the header has two members '__metadata__'"};
        if (reader_.peek() == JsonReader::Kind::null)
            return reader_.skip();  // what the reference reader takes for no metadata
        if (reader_.peek() != JsonReader::Kind::object)
            throw Error{"'__metadata__' is not an object of strings"};
        reader_.enter_object();
        std::string name;
        while (reader_.next_member(name)) {
            if (reader_.peek() != JsonReader::Kind::string)
                throw Error{concat(
                    {"'__metadata__': the value of ", quote_name(name), " is not a string"})};
            reader_.read_string(value_);
            if (!result_.metadata.emplace(name, value_).second)
                throw Error{concat({"'__metadata__' names ", quote_name(name), " twice"})};
        }
    }

    Entry read_entry() {
        Entry entry;
        entry.name_begin = result_.names.size();
        entry.name_size = key_.size();
        result_.names.insert(result_.names.end(), key_.begin(), key_.end());
        if (reader_.peek() != JsonReader::Kind::object)
            fail("is not described by an object");
        reader_.enter_object();
        bool has_dtype = false;
        bool has_shape = false;
        bool has_offsets = false;
        while (reader_.next_member(field_)) {
            if (field_ == "dtype")
                read_dtype(entry, has_dtype);
            else if (field_ == "shape")
                read_shape(entry, has_shape);
            else if (field_ == "data_offsets")
                read_offsets(entry, has_offsets);
            else
                reader_.skip();  // unknown members are legal
        }
        if (!has_dtype || !has_shape || !has_offsets)
            fail(concat({"has no '",
                         !has_dtype   ? "dtype"
                         : !has_shape ? "shape"
                                      : "data_offsets",
                         "'"}));
        return entry;
    }

    void only_once(bool& seen) const {
        if (std::exchange(seen, true))
            fail(concat({"has two members '", field_, "'"}));
    }

    void read_dtype(Entry& entry, bool& seen) {
        only_once(seen);
        if (reader_.peek() != JsonReader::Kind::string)
            fail("has a 'dtype' that is not a string");
        reader_.read_string(value_);
        const std::optional<Dtype> dtype = dtype_from_name(value_);
        if (!dtype)
            fail(concat({"has the unknown dtype ", quote_name(value_)}));
        entry.dtype = *dtype;
    }

    std::uint64_t read_size() {
        if (reader_.peek() != JsonReader::Kind::number)
            fail(concat({"has a '", field_, "' with something that is not a number"}));
        const std::size_t begin = reader_.position();
        const std::optional<std::uint64_t> value = reader_.read_unsigned();
        if (!value)
            fail(concat({"has a '", field_,
                         "' with a number that is not an integer from 0 to 2^64 - 1 (header byte ",
                         std::to_string(begin), ")"}));
        return *value;
    }

    void read_shape(Entry& entry, bool& seen) {
        only_once(seen);
        if (reader_.peek() != JsonReader::Kind::array)
            fail("has a 'shape' that is not an array");
        entry.dims_begin = result_.dims.size();
        reader_.enter_array();
        while (reader_.next_element()) {
            if (++entry.rank > max_rank)
                fail(concat({"has more than ", std::to_string(max_rank), " dimensions"}));
            result_.dims.push_back(read_size());
        }
    }

    void read_offsets(Entry& entry, bool& seen) {
        only_once(seen);
        if (reader_.peek() != JsonReader::Kind::array)
            fail("has 'data_offsets' that are not an array");
        std::size_t n = 0;
        reader_.enter_array();
        while (reader_.next_element()) {
            const std::uint64_t value = read_size();
            ++n;
            (n == 1 ? entry.begin : entry.end) = value;
        }
        if (n != 2)
            fail(concat({"has ", std::to_string(n), " 'data_offsets' instead of 2"}));
    }

    JsonReader reader_;
    Safetensors& result_;
    bool has_metadata_ = false;
    std::string key_, field_, value_;
};

}  // namespace detail

}  // namespace xzoo::io
