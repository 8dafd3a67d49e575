#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <xzoo/text/tokenizer_error.hpp>

namespace xzoo::text {

/// Reads the fields of one protobuf message from left to right, never past its end. Values are
/// views of the message's bytes.
/// Source  Protocol Buffers, encoding (wire types 0, 1, 2 and 5; groups are refused).
class ProtobufReader {
public:
    /// `name` is what errors call the file.
    ProtobufReader(std::string_view message, const std::string& name)
        : rest_{message}, name_{&name} {}

    /// Goes to the next field; false at the end.
    bool next() {
        if (rest_.empty())
            return false;
        const std::uint64_t key = varint();
        field_ = key >> 3U;
        wire_ = static_cast<unsigned>(key & 7U);
        if (field_ == 0)
            fail("has a field with the number 0");
        switch (wire_) {
            case 0:
                number_ = varint();
                break;
            case 1:
                bytes_ = take(8);
                break;
            case 2:
                bytes_ = take(varint());
                break;
            case 5:
                bytes_ = take(4);
                break;
            default:
                fail("has a field of wire type " + std::to_string(wire_));
        }
        return true;
    }

    std::uint64_t field() const noexcept { return field_; }

    std::uint64_t number() const {
        expect(0);
        return number_;
    }

    bool boolean() const { return number() != 0; }

    std::string_view bytes() const {
        expect(2);
        return bytes_;
    }

    float real() const {
        expect(5);
        std::uint32_t bits = 0;
        for (std::size_t i = 4; i > 0; --i)
            bits = bits << 8U | static_cast<unsigned char>(bytes_[i - 1]);
        return std::bit_cast<float>(bits);
    }

    /// A message inside this one.
    ProtobufReader message() const { return {bytes(), *name_}; }

    [[noreturn]] void fail(const std::string& detail) const {
        throw TokenizerError{*name_, "", "is no SentencePiece model: it " + detail};
    }

private:
    void expect(unsigned wire) const {
        if (wire_ != wire)
            fail("has field " + std::to_string(field_) + " as wire type " + std::to_string(wire_) +
                 ", not " + std::to_string(wire));
    }

    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 70; shift += 7) {
            const auto byte = static_cast<unsigned char>(take(1)[0]);
            value |= shift < 64 ? std::uint64_t{byte & 0x7FU} << shift : 0;
            if (byte < 0x80U)
                return value;
        }
        fail("has a number of more than ten bytes");
    }

    std::string_view take(std::uint64_t size) {
        if (size > rest_.size())
            fail("ends inside a field");
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    std::string_view rest_;
    const std::string* name_;
    std::uint64_t field_ = 0;
    unsigned wire_ = 0;
    std::uint64_t number_ = 0;
    std::string_view bytes_;
};

}  // namespace xzoo::text
