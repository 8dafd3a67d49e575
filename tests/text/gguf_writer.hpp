// Writes the metadata of small GGUF files.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xzoo::test {

/// A GGUF file of version 3 without tensors; keys in the order in which they are given.
class GgufWriter {
public:
    GgufWriter& number(std::string_view key, std::uint32_t value) {
        begin(key, 4);
        put(value, 4);
        return *this;
    }

    GgufWriter& string(std::string_view key, std::string_view value) {
        begin(key, 8);
        put(value);
        return *this;
    }

    GgufWriter& strings(std::string_view key, const std::vector<std::string>& values) {
        begin_array(key, 8, values.size());
        for (const std::string& value : values)
            put(value);
        return *this;
    }

    GgufWriter& integers(std::string_view key, const std::vector<std::int32_t>& values) {
        begin_array(key, 5, values.size());
        for (const std::int32_t value : values)
            put(static_cast<std::uint32_t>(value), 4);
        return *this;
    }

    GgufWriter& reals(std::string_view key, const std::vector<float>& values) {
        begin_array(key, 6, values.size());
        for (const float value : values)
            put(std::bit_cast<std::uint32_t>(value), 4);
        return *this;
    }

    GgufWriter& doubles(std::string_view key, const std::vector<double>& values) {
        begin_array(key, 12, values.size());
        for (const double value : values)
            put(std::bit_cast<std::uint64_t>(value), 8);
        return *this;
    }

    std::string bytes() const {
        GgufWriter head;
        head.body_ = "GGUF";
        head.put(3, 4);
        head.put(0, 8);
        head.put(count_, 8);
        return head.body_ + body_;
    }

private:
    void put(std::uint64_t value, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i)
            body_ += static_cast<char>(static_cast<unsigned char>(value >> 8 * i));
    }

    void put(std::string_view text) {
        put(text.size(), 8);
        body_ += text;
    }

    void begin(std::string_view key, std::uint32_t type) {
        ++count_;
        put(key);
        put(type, 4);
    }

    void begin_array(std::string_view key, std::uint32_t type, std::size_t count) {
        begin(key, 9);
        put(type, 4);
        put(count, 8);
    }

    std::string body_;
    std::uint64_t count_ = 0;
};

}  // namespace xzoo::test
