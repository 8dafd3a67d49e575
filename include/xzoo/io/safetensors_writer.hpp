#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "xzoo/core/dtype.hpp"
#include "xzoo/core/error.hpp"
#include "xzoo/io/json_writer.hpp"
#include "xzoo/io/name_order.hpp"
#include "xzoo/io/output_file.hpp"
#include "xzoo/io/quote.hpp"
#include "xzoo/io/tensor_view.hpp"
#include "xzoo/io/utf8.hpp"

namespace xzoo::io {

/// A tensor to be written. Its bytes (row-major, little-endian) are either there, or made when
/// their turn comes, so that a whole model need not exist twice.
struct NamedTensor {
    std::string name;
    Dtype dtype = Dtype::f32;
    std::vector<std::size_t> shape;
    std::span<const std::byte> bytes{};                // used unless `fill` is set
    std::function<void(std::span<std::byte>)> fill{};  // writes all bytes of the tensor

    /// Errors  ArgumentError: the size does not fit into 64 bits, or ends inside a byte.
    std::size_t size() const {
        const std::optional<std::size_t> bits = bits_of(shape, dtype);
        if (!bits || *bits % 8 != 0)
            throw ArgumentError{concat({"tensor ", quote_name(name), " cannot have the shape ",
                                        shape_text(shape), " of ", xzoo::name(dtype)})};
        if (!fill && bytes.size() != *bits / 8)
            throw ArgumentError{concat({"tensor ", quote_name(name), " has ",
                                        counted(bytes.size(), "byte"), " where its shape ",
                                        shape_text(shape), " needs ", std::to_string(*bits / 8)})};
        return *bits / 8;
    }
};

using Metadata = std::map<std::string, std::string>;

namespace detail {

using TensorList = std::vector<const NamedTensor*>;

inline TensorList pointers_to(std::span<const NamedTensor> tensors) {
    TensorList list;
    list.reserve(tensors.size());
    for (const NamedTensor& tensor : tensors)
        list.push_back(&tensor);
    return list;
}

/// Errors  ArgumentError for text that is not UTF-8, as all text of a header is.
inline void check_metadata(const Metadata& metadata) {
    for (const auto& [key, value] : metadata)
        if (!is_utf8(key) || !is_utf8(value))
            throw ArgumentError{concat({"the metadata ", quote_name(key), " is not UTF-8"})};
}

/// Order of the official writer: by element type, 64-bit integers first, then by name. With it
/// every tensor is aligned to its element.
/// Errors  ArgumentError for a name that the format reserves, that is not UTF-8 or comes twice.
inline TensorList in_file_order(std::span<const NamedTensor* const> tensors) {
    std::vector<std::string_view> names;
    names.reserve(tensors.size());
    for (const NamedTensor* tensor : tensors) {
        names.push_back(tensor->name);
        if (tensor->name == "__metadata__")
            throw ArgumentError{"a tensor cannot be called '__metadata__'"};
        if (!is_utf8(tensor->name))
            throw ArgumentError{
                concat({"the tensor name ", quote_name(tensor->name), " is not UTF-8"})};
    }
    const std::vector<std::uint32_t> order = order_by_name(names);
    if (const auto twice = repeated_name(names, order))
        throw ArgumentError{concat({"two tensors are called ", quote_name(*twice)})};
    TensorList sorted;
    sorted.reserve(tensors.size());
    for (std::size_t type = all_dtypes.size(); type-- > 0;)
        for (const std::uint32_t i : order)
            if (tensors[i]->dtype == all_dtypes[type].dtype)
                sorted.push_back(tensors[i]);
    return sorted;
}

/// The header, with its length in front, padded with spaces to a multiple of `alignment` bytes,
/// itself a multiple of 8.
inline std::string safetensors_header(std::span<const NamedTensor* const> order,
                                      const Metadata& metadata, std::size_t alignment) {
    std::string json = "{";
    if (!metadata.empty()) {
        json += "\"__metadata__\":{";
        for (const auto& [key, value] : metadata)
            json += concat(
                {(json.back() == '{' ? "" : ","), json_string(key), ":", json_string(value)});
        json += '}';
    }
    std::size_t offset = 0;
    for (const NamedTensor* tensor : order) {
        json += concat({(json.back() == '{' ? "" : ","), json_string(tensor->name),
                        ":{\"dtype\":\"", name(tensor->dtype), "\",\"shape\":["});
        for (const std::size_t dim : tensor->shape)
            json += concat({(json.back() == '[' ? "" : ","), std::to_string(dim)});
        json += concat({"],\"data_offsets\":[", std::to_string(offset), ","});
        offset += tensor->size();
        json += concat({std::to_string(offset), "]}"});
    }
    json += '}';
    constexpr std::size_t length_size = 8;
    const std::size_t beyond = (length_size + json.size()) % alignment;
    json.append(beyond == 0 ? 0 : alignment - beyond, ' ');
    std::string header;
    for (std::size_t size = json.size(), i = 0; i < 8; ++i, size >>= 8U)
        header += static_cast<char>(size & 255U);
    return header + json;
}

/// Writes the whole file under its temporary name.
inline OutputFile write_safetensors_beside(const std::filesystem::path& path,
                                           std::span<const NamedTensor* const> order,
                                           const Metadata& metadata, std::size_t alignment = 8) {
    OutputFile file{path};
    file.write(safetensors_header(order, metadata, alignment));
    std::vector<std::byte> scratch;
    for (const NamedTensor* tensor : order) {
        if (!tensor->fill) {
            file.write(tensor->bytes);
            continue;
        }
        scratch.resize(tensor->size());
        tensor->fill(scratch);
        file.write(scratch);
    }
    file.finish();
    return file;
}

}  // namespace detail

/// Writes a safetensors file as the official writer does: same order, same padding. It appears
/// whole, or what was there stays, also if the process is killed.
/// alignment: of the first tensor's bytes in the file, a multiple of 8.
/// Errors  FileError (no space left, ...); ArgumentError: a name twice, text that is not UTF-8,
///         bytes that do not fit.
inline void write_safetensors(const std::filesystem::path& path,
                              std::span<const NamedTensor> tensors, const Metadata& metadata = {},
                              std::size_t alignment = 8) {
    detail::check_metadata(metadata);
    OutputFile file = detail::write_safetensors_beside(
        path, detail::in_file_order(detail::pointers_to(tensors)), metadata, alignment);
    file.rename();
    sync_folder(path.parent_path().empty() ? "." : path.parent_path());
}

}  // namespace xzoo::io
