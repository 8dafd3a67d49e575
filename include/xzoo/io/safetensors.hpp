// Reader of the safetensors format: u64 header length, JSON header, data.
// Source  github.com/huggingface/safetensors, README and safetensors/src/tensor.rs (its rules, in
//         its order; stricter in that a repeated key is always an error).
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

#include "xzoo/core/dtype.hpp"
#include "xzoo/core/load_report.hpp"
#include "xzoo/io/file_kind.hpp"
#include "xzoo/io/name_order.hpp"
#include "xzoo/io/quote.hpp"
#include "xzoo/io/safetensors_header.hpp"
#include "xzoo/io/tensor_view.hpp"

namespace xzoo::io {

namespace detail {

inline std::string_view name_of(const Safetensors& file, const SafetensorsHeader::Entry& entry) {
    return {file.names.data() + entry.name_begin, entry.name_size};
}

/// What is wrong with an entry that should begin where the data before it ended; empty if nothing.
inline std::string range_problem(const SafetensorsHeader::Entry& entry,
                                 std::span<const std::size_t> shape, std::uint64_t covered) {
    const auto range = [&] {
        return concat(
            {" (data_offsets ", std::to_string(entry.begin), ", ", std::to_string(entry.end), ")"});
    };
    const auto what = [&] {
        return concat({"is ", xzoo::name(entry.dtype), " ", shape_text(shape)});
    };
    if (entry.end < entry.begin)
        return concat({"ends before it begins", range()});
    if (entry.begin < covered)
        return concat(
            {"overlaps the tensor before it, which ends at ", std::to_string(covered), range()});
    if (entry.begin > covered)
        return concat(
            {"leaves a hole of ", counted(entry.begin - covered, "byte"), " before it", range()});
    const std::optional<std::size_t> bits = bits_of(shape, entry.dtype);
    if (!bits)
        return concat({what(), ", whose size does not fit into 64 bits"});
    if (*bits % 8 != 0)
        return concat({what(), ", which ends inside a byte"});
    if (*bits / 8 != entry.end - entry.begin)
        return concat({what(), " and needs ", counted(*bits / 8, "byte"), ", but has ",
                       std::to_string(entry.end - entry.begin), range()});
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
            throw Error{concat({"tensor ", quote_name(name_of(file, entry)), " ", problem})};
        covered = entry.end;
    }
    return covered;
}

/// Sorts positions by name and throws if two entries have one name. Done before the ranges are
/// checked: a repeated name mostly breaks these, too, and says more.
inline void index_names(Safetensors& file, std::span<const SafetensorsHeader::Entry> entries) {
    std::vector<std::string_view> names;
    names.reserve(entries.size());
    for (const SafetensorsHeader::Entry& entry : entries)
        names.push_back(name_of(file, entry));
    file.by_name = order_by_name(names);
    if (const auto twice = repeated_name(names, file.by_name))
        throw Error{concat({"the header names tensor ", quote_name(*twice), " twice"})};
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
        throw foreign_or(
            concat({"has ", counted(file.size(), "byte"),
                    ", too few for a safetensors file, which begins with 8 bytes of length"}));
    std::uint64_t header_size = 0;
    for (std::size_t i = length_size; i-- > 0;)
        header_size = header_size << 8U | std::to_integer<std::uint64_t>(file[i]);
    if (header_size > max_header)
        throw foreign_or(concat({"is no safetensors file: its first 8 bytes announce a header of ",
                                 std::to_string(header_size), " bytes; the limit is 100000000"}));
    if (header_size > file.size() - length_size)
        throw foreign_or(concat({"is cut off inside its header: ",
                                 counted(header_size - (file.size() - length_size), "byte"),
                                 " missing; download it again"}));

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
        throw Error{
            concat({"is ", counted(needed - data.size(), "byte"), " short: its header describes ",
                    std::to_string(needed), " bytes of data and ", std::to_string(data.size()),
                    " are there; download it again"})};
    if (needed < data.size())
        throw Error{concat({"has ", counted(data.size() - needed, "byte"),
                            " after the last tensor, which the format does not allow"})};
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
        throw WeightsError{concat({where, ": ", error.what()})};
    }
}

}  // namespace xzoo::io
