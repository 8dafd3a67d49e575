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
#include "xzoo/io/output_file.hpp"
#include "xzoo/io/quote.hpp"
#include "xzoo/io/tensor_view.hpp"

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
            throw ArgumentError{"tensor " + quote_name(name) + " cannot have the shape " +
                                shape_text(shape) + " of " + std::string{xzoo::name(dtype)}};
        if (!fill && bytes.size() != *bits / 8)
            throw ArgumentError{"tensor " + quote_name(name) + " has " +
                                counted(bytes.size(), "byte") + " where its shape " +
                                shape_text(shape) + " needs " + std::to_string(*bits / 8)};
        return *bits / 8;
    }
};

using Metadata = std::map<std::string, std::string>;

namespace detail {

using TensorList = std::vector<const NamedTensor*>;

/// Order of the official writer: by element type, 64-bit integers first, then by name. With it
/// every tensor is aligned to its element.
inline void sort_for_file(TensorList& tensors) {
    std::sort(tensors.begin(), tensors.end(), [](const NamedTensor* a, const NamedTensor* b) {
        return a->dtype != b->dtype ? a->dtype > b->dtype : a->name < b->name;
    });
}

/// Throws ArgumentError for a name that the format reserves or that comes twice.
inline void check_tensor_names(std::span<const NamedTensor> tensors) {
    std::vector<std::string_view> names;
    names.reserve(tensors.size());
    for (const NamedTensor& tensor : tensors)
        names.push_back(tensor.name);
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end())
        throw ArgumentError{"two tensors are called " + quote_name(*twice)};
    if (std::binary_search(names.begin(), names.end(), "__metadata__"))
        throw ArgumentError{"a tensor cannot be called '__metadata__'"};
}

/// The header, with its length in front, padded with spaces to a multiple of 8 bytes.
inline std::string safetensors_header(std::span<const NamedTensor* const> order,
                                      const Metadata& metadata) {
    std::string json = "{";
    if (!metadata.empty()) {
        json += "\"__metadata__\":{";
        for (const auto& [key, value] : metadata)
            json += (json.back() == '{' ? "" : ",") + json_string(key) + ':' + json_string(value);
        json += '}';
    }
    std::size_t offset = 0;
    for (const NamedTensor* tensor : order) {
        json += (json.back() == '{' ? "" : ",") + json_string(tensor->name) + ":{\"dtype\":\"" +
                std::string{name(tensor->dtype)} + "\",\"shape\":[";
        for (const std::size_t dim : tensor->shape)
            json += (json.back() == '[' ? "" : ",") + std::to_string(dim);
        json += "],\"data_offsets\":[" + std::to_string(offset) + ',';
        offset += tensor->size();
        json += std::to_string(offset) + "]}";
    }
    json += '}';
    json.append((8 - json.size() % 8) % 8, ' ');
    std::string header;
    for (std::size_t size = json.size(), i = 0; i < 8; ++i, size >>= 8U)
        header += static_cast<char>(size & 255U);
    return header + json;
}

/// Writes the whole file under its temporary name.
inline OutputFile write_safetensors_beside(const std::filesystem::path& path,
                                           std::span<const NamedTensor* const> order,
                                           const Metadata& metadata) {
    OutputFile file{path};
    file.write(safetensors_header(order, metadata));
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
/// Errors  FileError (no space left, ...); ArgumentError: a name twice, bytes that do not fit.
inline void write_safetensors(const std::filesystem::path& path,
                              std::span<const NamedTensor> tensors, const Metadata& metadata = {}) {
    detail::check_tensor_names(tensors);
    detail::TensorList order;
    for (const NamedTensor& tensor : tensors)
        order.push_back(&tensor);
    detail::sort_for_file(order);
    OutputFile file = detail::write_safetensors_beside(path, order, metadata);
    file.rename();
    sync_folder(path.parent_path().empty() ? "." : path.parent_path());
}

}  // namespace xzoo::io
