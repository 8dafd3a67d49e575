#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <xzoo/text/byte_alphabet.hpp>
#include <xzoo/text/decoder.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text {

/// Puts the bytes of tokens written in the byte alphabet together.
class ByteLevelDecoder final : public Decoder {
public:
    void decode(std::vector<std::string>& pieces, bool /*clean_up*/) const override {
        std::string bytes;
        for (const std::string& piece : pieces)
            bytes += from_byte_alphabet(piece).value_or(piece);
        std::string text;
        append_lossy(text, bytes);
        pieces.assign(1, text);
    }

    void to_bytes(std::string& token) const override {
        if (auto bytes = from_byte_alphabet(token))
            token = std::move(*bytes);
    }
};

/// Makes characters of byte tokens, "<0xE6>", in a row. If such a row is not UTF-8, each of its
/// bytes becomes U+FFFD.
class ByteFallbackDecoder final : public Decoder {
public:
    void decode(std::vector<std::string>& pieces, bool /*clean_up*/) const override {
        std::vector<std::string> out;
        std::string bytes;
        const auto flush = [&] {
            if (bytes.empty())
                return;
            if (is_valid_utf8(bytes)) {
                out.push_back(bytes);
            } else {
                std::string unknown;
                append_utf8(unknown, replacement_character);
                out.insert(out.end(), bytes.size(), unknown);
            }
            bytes.clear();
        };
        for (std::string& piece : pieces) {
            if (const auto byte = from_byte_token(piece)) {
                bytes += *byte;
            } else {
                flush();
                out.push_back(std::move(piece));
            }
        }
        flush();
        pieces = std::move(out);
    }

    void to_bytes(std::string& token) const override {
        if (const auto byte = from_byte_token(token))
            token.assign(1, *byte);
    }
};

/// Makes a space of the suffix that ends a word, but at the end of the text.
class BpeDecoder final : public Decoder {
public:
    explicit BpeDecoder(std::string suffix) : suffix_{std::move(suffix)} {}

    void decode(std::vector<std::string>& pieces, bool /*clean_up*/) const override {
        for (std::size_t i = 0; i < pieces.size(); ++i)
            replace_all(pieces[i], suffix_, i + 1 < pieces.size() ? " " : "");
    }

    void to_bytes(std::string& token) const override { replace_all(token, suffix_, " "); }

private:
    std::string suffix_;
};

}  // namespace xzoo::text
