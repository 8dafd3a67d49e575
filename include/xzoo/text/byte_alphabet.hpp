#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <xzoo/text/utf8.hpp>

namespace xzoo::text {

/// The characters that byte-level vocabularies write bytes with: printable Latin-1 stands for
/// itself, the 68 other bytes are U+0100 and up in order (a space is U+0120).
/// Source  Radford et al. 2019, bytes_to_unicode() of the GPT-2 release.
class ByteAlphabet {
public:
    constexpr ByteAlphabet() {
        bytes_.fill(-1);
        char32_t next = 0x100;
        for (std::size_t byte = 0; byte < 256; ++byte) {
            const bool itself = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) ||
                                (byte >= 0xAE && byte <= 0xFF);
            const char32_t c = itself ? static_cast<char32_t>(byte) : next++;
            characters_[byte] = c;
            bytes_[c] = static_cast<std::int16_t>(byte);
        }
    }

    constexpr char32_t character(unsigned char byte) const noexcept { return characters_[byte]; }

    /// The byte that `c` stands for, if it stands for one.
    constexpr std::optional<char> byte(char32_t c) const noexcept {
        if (c >= bytes_.size() || bytes_[c] < 0)
            return std::nullopt;
        return static_cast<char>(bytes_[c]);
    }

private:
    std::array<char32_t, 256> characters_{};
    std::array<std::int16_t, 256 + 68> bytes_{};
};

inline constexpr ByteAlphabet byte_alphabet;

/// Bytes as a byte-level vocabulary writes them.
inline std::string to_byte_alphabet(std::string_view bytes) {
    std::string out;
    for (const char byte : bytes)
        append_utf8(out, byte_alphabet.character(static_cast<unsigned char>(byte)));
    return out;
}

/// The bytes of a token of a byte-level vocabulary, or nothing where a character is none of the
/// alphabet's (an added token). `token` is valid UTF-8.
inline std::optional<std::string> from_byte_alphabet(std::string_view token) {
    std::string bytes;
    for (std::size_t at = 0; at < token.size();) {
        const CodePoint point = decode_utf8(token, at);
        const auto byte = byte_alphabet.byte(point.value);
        if (!byte)
            return std::nullopt;
        bytes += *byte;
        at += point.size;
    }
    return bytes;
}

/// The value of a byte token, "<0x0A>", or nothing where `token` is none.
inline std::optional<char> from_byte_token(std::string_view token) noexcept {
    if (token.size() != 6 || !token.starts_with("<0x") || token[5] != '>')
        return std::nullopt;
    unsigned value = 0;
    for (const char digit : token.substr(3, 2)) {
        const unsigned nibble =
            digit >= '0' && digit <= '9'   ? static_cast<unsigned>(digit - '0')
            : digit >= 'A' && digit <= 'F' ? static_cast<unsigned>(digit - 'A') + 10
            : digit >= 'a' && digit <= 'f' ? static_cast<unsigned>(digit - 'a') + 10
                                           : 256;
        value = value * 16 + nibble;
    }
    return value < 256 ? std::optional{static_cast<char>(value)} : std::nullopt;
}

/// The token of a byte: "<0x0A>".
inline std::string to_byte_token(unsigned char byte) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    return {'<', '0', 'x', digits[byte >> 4U], digits[byte & 15U], '>'};
}

}  // namespace xzoo::text
