// What the tests of files share: checkpoints made in memory, messages.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support.hpp"
#include "temp_folder.hpp"
#include "xzoo/core/error.hpp"
#include "xzoo/io/checkpoint.hpp"
#include "xzoo/io/safetensors_writer.hpp"

namespace xzoo::test {

inline std::span<const std::byte> as_bytes(std::string_view text) {
    return std::as_bytes(std::span{text.data(), text.size()});
}

/// A safetensors file of a header (as it is) and data.
inline std::string safetensors_of(std::string_view header, std::string_view data = {}) {
    std::string file;
    for (std::size_t i = 0, size = header.size(); i < 8; ++i, size >>= 8U)
        file += static_cast<char>(size & 255U);
    return file + std::string{header} + std::string{data};
}

/// A float32 tensor for the writers, whose values count up from `first`.
struct CountingTensor {
    std::string name;
    std::vector<std::size_t> shape;
    std::vector<float> values;

    CountingTensor(std::string tensor_name, std::vector<std::size_t> dims, float first = 0.0F)
        : name{std::move(tensor_name)}, shape{std::move(dims)} {
        std::size_t n = 1;
        for (const std::size_t dim : shape)
            n *= dim;
        for (std::size_t i = 0; i < n; ++i)
            values.push_back(first + static_cast<float>(i));
    }
    /// For as long as this object lives.
    io::NamedTensor view() const {
        return {name, Dtype::f32, shape, std::as_bytes(std::span{values}), {}};
    }
    /// With values of its own.
    io::NamedTensor named() const {
        return {name, Dtype::f32, shape, {}, [copy = values](std::span<std::byte> out) {
                    std::memcpy(out.data(), copy.data(), out.size());
                }};
    }
};

inline std::vector<io::NamedTensor> named(const std::vector<CountingTensor>& tensors) {
    std::vector<io::NamedTensor> result;
    for (const CountingTensor& tensor : tensors)
        result.push_back(tensor.named());
    return result;
}

/// Names of all in a folder, sorted.
inline std::vector<std::string> files_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{folder})
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

/// Everything that a checkpoint holds, for comparison.
inline std::map<std::string, std::string> contents(const io::Checkpoint& file) {
    std::map<std::string, std::string> all;
    for (const auto& tensor : file.tensors())
        all[std::string{tensor.name}] =
            std::string{name(tensor.dtype)} + io::shape_text(tensor.shape) +
            std::string{reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size()};
    return all;
}

/// The message of the xzoo::Error that a call throws; empty, and a failed check, if it does not.
template <class Call>
std::string message_of(Call call) {
    try {
        call();
    } catch (const Error& error) {
        return error.what();
    }
    FAIL_CHECK("no error was thrown");
    return {};
}

/// Checks that a text contains all parts, and shows it if not.
inline void check_contains(const std::string& text, std::initializer_list<const char*> parts) {
    for (const char* part : parts) {
        INFO("looking for: " << part << "\nin: " << text);
        CHECK(text.find(part) != std::string::npos);
    }
}

}  // namespace xzoo::test
