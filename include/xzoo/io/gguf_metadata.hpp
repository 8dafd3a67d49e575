#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "xzoo/core/error.hpp"
#include "xzoo/io/quote.hpp"

namespace xzoo::io {

enum class GgufType : std::uint32_t {
    u8 = 0,
    i8 = 1,
    u16 = 2,
    i16 = 3,
    u32 = 4,
    i32 = 5,
    f32 = 6,
    boolean = 7,
    string = 8,
    array = 9,
    u64 = 10,
    i64 = 11,
    f64 = 12,
};

/// One value of a GGUF file's metadata: a view of the file's bytes, which must outlive it.
struct GgufValue {
    GgufType type = GgufType::u8;  // of an array: that of its elements
    bool is_array = false;
    std::uint64_t count = 1;
    std::string_view bytes;  // of all elements; those of a string begin with its length
};

/// Reads values from left to right, never past the end.
class GgufCursor {
public:
    GgufCursor(std::string_view bytes, const std::string& file) : rest_{bytes}, file_{&file} {}

    /// A whole number of `size` bytes, little endian.
    std::uint64_t number(std::size_t size) {
        const std::string_view bytes = take(size);
        std::uint64_t value = 0;
        for (std::size_t i = size; i > 0; --i)
            value = value << 8U | static_cast<unsigned char>(bytes[i - 1]);
        return value;
    }

    std::string_view string() { return take(number(8)); }

    std::string_view take(std::uint64_t size) {
        if (size > rest_.size())
            fail("ends inside its metadata");
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    std::string_view rest() const noexcept { return rest_; }

    [[noreturn]] void fail(const std::string& problem) const { throw FileError{*file_, problem}; }

private:
    std::string_view rest_;
    const std::string* file_;
};

/// Bytes that a number of this type takes; 0 for strings and arrays.
inline std::size_t gguf_size(GgufType type) noexcept {
    switch (type) {
        case GgufType::u8:
        case GgufType::i8:
        case GgufType::boolean:
            return 1;
        case GgufType::u16:
        case GgufType::i16:
            return 2;
        case GgufType::u32:
        case GgufType::i32:
        case GgufType::f32:
            return 4;
        case GgufType::u64:
        case GgufType::i64:
        case GgufType::f64:
            return 8;
        default:
            return 0;
    }
}

/// The metadata of a GGUF file: keys and values, views of its bytes. What the tensors are is not
/// looked at. Memory grows with the entries that are there, never with a number in the file.
/// Errors  FileError for a file that is none, a version other than 2 and 3, a value that is cut
/// off,
///         a type that is unknown, an array of arrays, a key that is empty or comes twice.
/// Source  gguf.md of ggml.
class GgufMetadata {
public:
    /// `bytes` must outlive the object; `file` is what errors call them.
    GgufMetadata(std::string_view bytes, std::string file) : file_{std::move(file)} {
        GgufCursor cursor{bytes, file_};
        if (!bytes.starts_with("GGUF"))
            cursor.fail("is no GGUF file: it does not begin with GGUF");
        cursor.take(4);
        const std::uint64_t version = cursor.number(4);
        if (version != 2 && version != 3)
            cursor.fail("has GGUF version " + std::to_string(version) + "; 2 and 3 are known");
        tensor_count_ = cursor.number(8);
        for (std::uint64_t left = cursor.number(8); left > 0; --left) {
            const std::string_view key = cursor.string();
            if (key.empty())
                cursor.fail("has a key without a name");
            if (!values_.emplace(key, read_value(cursor, key)).second)
                cursor.fail("has the key " + quote_name(key) + " twice");
        }
    }
    GgufMetadata(const GgufMetadata&) = delete;
    GgufMetadata& operator=(const GgufMetadata&) = delete;

    const std::string& file() const noexcept { return file_; }
    std::uint64_t tensor_count() const noexcept { return tensor_count_; }
    bool has(std::string_view key) const { return values_.contains(key); }

    /// The strings of a string or an array of strings; empty where there is no such key.
    std::vector<std::string_view> strings(std::string_view key) const {
        return list<std::string_view>(key, [&](GgufCursor& cursor, GgufType type) {
            return type == GgufType::string ? cursor.string() : wrong(key, "strings");
        });
    }

    /// The numbers of an array of floats.
    std::vector<double> reals(std::string_view key) const {
        return list<double>(key, [&](GgufCursor& cursor, GgufType type) {
            if (type == GgufType::f32)
                return double{std::bit_cast<float>(static_cast<std::uint32_t>(cursor.number(4)))};
            if (type == GgufType::f64)
                return std::bit_cast<double>(cursor.number(8));
            wrong(key, "floating-point numbers");
        });
    }

    /// The numbers of a whole number, a truth value, or an array of them. Negative ones are
    /// extended to 64 bits.
    std::vector<std::int64_t> integers(std::string_view key) const {
        return list<std::int64_t>(key, [&](GgufCursor& cursor, GgufType type) {
            const std::size_t size = gguf_size(type);
            if (size == 0 || type == GgufType::f32 || type == GgufType::f64)
                wrong(key, "whole numbers");
            const auto bits = static_cast<unsigned>(64 - 8 * size);
            const auto value = static_cast<std::int64_t>(cursor.number(size) << bits);
            const bool is_signed = type == GgufType::i8 || type == GgufType::i16 ||
                                   type == GgufType::i32 || type == GgufType::i64;
            return is_signed ? value >> bits
                             : static_cast<std::int64_t>(static_cast<std::uint64_t>(value) >> bits);
        });
    }

    std::string string_or(std::string_view key, std::string_view otherwise) const {
        return has(key) ? std::string{single(key, strings(key))} : std::string{otherwise};
    }

    std::int64_t integer_or(std::string_view key, std::int64_t otherwise) const {
        return has(key) ? single(key, integers(key)) : otherwise;
    }

    bool boolean_or(std::string_view key, bool otherwise) const {
        return integer_or(key, otherwise ? 1 : 0) != 0;
    }

private:
    GgufType read_type(GgufCursor& cursor, std::string_view key) const {
        const std::uint64_t type = cursor.number(4);
        if (type > 12)
            cursor.fail("has the key " + quote_name(key) + " with the unknown type " +
                        std::to_string(type));
        return static_cast<GgufType>(type);
    }

    GgufValue read_value(GgufCursor& cursor, std::string_view key) const {
        GgufValue value;
        value.type = read_type(cursor, key);
        value.is_array = value.type == GgufType::array;
        if (value.is_array) {
            value.type = read_type(cursor, key);
            if (value.type == GgufType::array)
                cursor.fail("has an array of arrays under the key " + quote_name(key));
            value.count = cursor.number(8);
        }
        const std::string_view before = cursor.rest();
        if (const std::size_t size = gguf_size(value.type); size > 0) {
            if (value.count > before.size() / size)
                cursor.fail("ends inside the value of " + quote_name(key));
            cursor.take(value.count * size);
        } else {
            for (std::uint64_t left = value.count; left > 0; --left)
                cursor.string();
        }
        value.bytes = before.substr(0, before.size() - cursor.rest().size());
        return value;
    }

    [[noreturn]] std::string_view wrong(std::string_view key, std::string_view wanted) const {
        throw FileError{
            file_, "does not have " + std::string{wanted} + " under the key " + quote_name(key)};
    }

    template <class Element, class Read>
    std::vector<Element> list(std::string_view key, Read read) const {
        std::vector<Element> elements;
        const auto found = values_.find(key);
        if (found == values_.end())
            return elements;
        GgufCursor cursor{found->second.bytes, file_};
        for (std::uint64_t left = found->second.count; left > 0; --left)
            elements.push_back(read(cursor, found->second.type));
        return elements;
    }

    template <class Element>
    Element single(std::string_view key, const std::vector<Element>& elements) const {
        if (elements.size() != 1 || values_.find(key)->second.is_array)
            wrong(key, "a single value");
        return elements[0];
    }

    std::string file_;
    std::uint64_t tensor_count_ = 0;
    std::map<std::string_view, GgufValue, std::less<>> values_;
};

}  // namespace xzoo::io
