// Reader of the safetensors format: u64 header length, JSON header, data.
// Source  github.com/huggingface/safetensors, README and safetensors/src/tensor.rs (its rules, in
//         its order; stricter in that a repeated key is always an error).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "xzoo/core/dtype.hpp"
#include "xzoo/core/load_report.hpp"
#include "xzoo/io/file_kind.hpp"
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
    [[noreturn]] void fail(const std::string& problem) const {
        throw Error{"tensor " + quote_name(key_) + ' ' + problem};
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
                throw Error{"'__metadata__': the value of " + quote_name(name) +
                            " is not a string"};
            reader_.read_string(value_);
            if (!result_.metadata.emplace(name, value_).second)
                throw Error{"'__metadata__' names " + quote_name(name) + " twice"};
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
            fail(std::string{"has no '"} +
                 (!has_dtype   ? "dtype"
                  : !has_shape ? "shape"
                               : "data_offsets") +
                 "'");
        return entry;
    }

    void only_once(bool& seen) const {
        if (std::exchange(seen, true))
            fail("has two members '" + field_ + "'");
    }

    void read_dtype(Entry& entry, bool& seen) {
        only_once(seen);
        if (reader_.peek() != JsonReader::Kind::string)
            fail("has a 'dtype' that is not a string");
        reader_.read_string(value_);
        const std::optional<Dtype> dtype = dtype_from_name(value_);
        if (!dtype)
            fail("has the unknown dtype " + quote_name(value_));
        entry.dtype = *dtype;
    }

    std::uint64_t read_size() {
        if (reader_.peek() != JsonReader::Kind::number)
            fail("has a '" + field_ + "' with something that is not a number");
        const std::size_t begin = reader_.position();
        const std::optional<std::uint64_t> value = reader_.read_unsigned();
        if (!value)
            fail("has a '" + field_ + "' with a number that is not an integer from 0 to 2^64 - 1 " +
                 "(header byte " + std::to_string(begin) + ')');
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
                fail("has more than " + std::to_string(max_rank) + " dimensions");
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
            fail("has " + std::to_string(n) + " 'data_offsets' instead of 2");
    }

    JsonReader reader_;
    Safetensors& result_;
    bool has_metadata_ = false;
    std::string key_, field_, value_;
};

inline std::string_view name_of(const Safetensors& file, const SafetensorsHeader::Entry& entry) {
    return {file.names.data() + entry.name_begin, entry.name_size};
}

/// What is wrong with an entry that should begin where the data before it ended; empty if nothing.
inline std::string range_problem(const SafetensorsHeader::Entry& entry,
                                 std::span<const std::size_t> shape, std::uint64_t covered) {
    const auto range = [&] {
        return " (data_offsets " + std::to_string(entry.begin) + ", " + std::to_string(entry.end) +
               ')';
    };
    const auto what = [&] {
        return "is " + std::string{xzoo::name(entry.dtype)} + ' ' + shape_text(shape);
    };
    if (entry.end < entry.begin)
        return "ends before it begins" + range();
    if (entry.begin < covered)
        return "overlaps the tensor before it, which ends at " + std::to_string(covered) + range();
    if (entry.begin > covered)
        return "leaves a hole of " + counted(entry.begin - covered, "byte") + " before it" +
               range();
    const std::optional<std::size_t> bits = bits_of(shape, entry.dtype);
    if (!bits)
        return what() + ", whose size does not fit into 64 bits";
    if (*bits % 8 != 0)
        return what() + ", which ends inside a byte";
    if (*bits / 8 != entry.end - entry.begin)
        return what() + " and needs " + counted(*bits / 8, "byte") + ", but has " +
               std::to_string(entry.end - entry.begin) + range();
    return {};
}

/// Checks that the entries, sorted by offset, cover the data without holes or overlaps and that
/// each has the bytes its shape needs. Returns the length of the data.
inline std::uint64_t check_ranges(const Safetensors& file,
                                  std::span<const SafetensorsHeader::Entry> entries) {
    std::uint64_t covered = 0;
    for (const SafetensorsHeader::Entry& entry : entries) {
        const std::span shape{file.dims.data() + entry.dims_begin, entry.rank};
        const std::string problem = range_problem(entry, shape, covered);
        if (!problem.empty())
            throw Error{"tensor " + quote_name(name_of(file, entry)) + ' ' + problem};
        covered = entry.end;
    }
    return covered;
}

/// Sorts positions by name and throws if two entries have one name. Done before the ranges are
/// checked: a repeated name mostly breaks these, too, and says more.
inline void index_names(Safetensors& file, std::span<const SafetensorsHeader::Entry> entries) {
    file.by_name.resize(entries.size());
    std::iota(file.by_name.begin(), file.by_name.end(), 0U);
    const auto name_at = [&](std::uint32_t i) { return name_of(file, entries[i]); };
    std::sort(file.by_name.begin(), file.by_name.end(),
              [&](std::uint32_t a, std::uint32_t b) { return name_at(a) < name_at(b); });
    const auto twice = std::adjacent_find(
        file.by_name.begin(), file.by_name.end(),
        [&](std::uint32_t a, std::uint32_t b) { return name_at(a) == name_at(b); });
    if (twice != file.by_name.end())
        throw Error{"the header names tensor " + quote_name(name_at(*twice)) + " twice"};
}

inline Safetensors parse_safetensors(std::span<const std::byte> file) {
    constexpr std::uint64_t max_header = 100'000'000;
    constexpr std::size_t length_size = 8;
    const auto foreign_or = [&](const std::string& problem) {
        const std::string_view foreign = recognise_foreign(file);
        return Error{foreign.empty() ? problem : std::string{foreign}};
    };
    if (file.empty())
        throw Error{"is empty"};
    if (file.size() < length_size)
        throw foreign_or("has " + counted(file.size(), "byte") +
                         ", too few for a safetensors file, which begins with 8 bytes of length");
    std::uint64_t header_size = 0;
    for (std::size_t i = length_size; i-- > 0;)
        header_size = header_size << 8U | std::to_integer<std::uint64_t>(file[i]);
    if (header_size > max_header)
        throw foreign_or("is no safetensors file: its first 8 bytes announce a header of " +
                         std::to_string(header_size) + " bytes; the limit is 100000000");
    if (header_size > file.size() - length_size)
        throw foreign_or("is cut off inside its header: " +
                         counted(header_size - (file.size() - length_size), "byte") +
                         " missing; download it again");

    Safetensors result;
    const auto* text = reinterpret_cast<const char*>(file.data()) + length_size;
    std::vector<SafetensorsHeader::Entry> entries;
    try {
        entries = SafetensorsHeader{{text, header_size}, result}.read();
    } catch (const JsonError& error) {
        throw foreign_or(std::string{"has a header that cannot be read: "} + error.what());
    }
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
        return std::pair{a.begin, a.end} < std::pair{b.begin, b.end};
    });
    index_names(result, entries);
    const std::uint64_t needed = check_ranges(result, entries);
    const std::span<const std::byte> data = file.subspan(length_size + header_size);
    if (needed > data.size())
        throw Error{"is " + counted(needed - data.size(), "byte") +
                    " short: its header describes " + std::to_string(needed) +
                    " bytes of data and " + std::to_string(data.size()) +
                    " are there; download it again"};
    if (needed < data.size())
        throw Error{"has " + counted(data.size() - needed, "byte") +
                    " after the last tensor, which the format does not allow"};
    result.tensors.reserve(entries.size());
    for (const SafetensorsHeader::Entry& entry : entries)
        result.tensors.push_back({name_of(result, entry),
                                  entry.dtype,
                                  {result.dims.data() + entry.dims_begin, entry.rank},
                                  data.subspan(entry.begin, entry.end - entry.begin)});
    return result;
}

}  // namespace detail

/// Reads the header of a safetensors file that is in memory (mapped or not) and checks it whole:
/// afterwards every view lies inside the file, no two overlap, and each has the bytes that its
/// shape needs. The data itself is not touched.
/// where: the file's name, for messages. The bytes must outlive the result.
/// Errors  WeightsError, one sentence: what is wrong, with the tensor and the numbers.
inline Safetensors parse_safetensors(std::span<const std::byte> file, const std::string& where) {
    try {
        return detail::parse_safetensors(file);
    } catch (const Error& error) {
        throw WeightsError{where + ": " + error.what()};
    }
}

}  // namespace xzoo::io
