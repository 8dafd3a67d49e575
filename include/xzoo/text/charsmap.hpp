#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <xzoo/text/tokenizer_error.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text {

/// The compiled rules of a SentencePiece normaliser: which strings become which. A trie of the
/// strings (darts-clone's double array) leads to their replacements, which lie one after the other,
/// each with a zero byte behind.
class Charsmap {
public:
    /// Takes a precompiled_charsmap: the trie's size in bytes (32 bits, little endian), the trie,
    /// the replacements.
    explicit Charsmap(std::string_view blob) {
        const auto fail = [](const char* why) {
            throw TokenizerError{"", "", "the precompiled_charsmap " + std::string{why}};
        };
        if (blob.size() < 4)
            fail("is cut off");
        const std::size_t size = word(blob, 0);
        if (size % 4 != 0 || size == 0 || size > blob.size() - 4)
            fail("has a trie larger than itself");
        units_.reserve(size / 4);
        for (std::size_t at = 4; at < 4 + size; at += 4)
            units_.push_back(word(blob, at));
        replacements_ = blob.substr(4 + size);
        if (replacements_.empty() || replacements_.back() != '\0' || !is_valid_utf8(replacements_))
            fail("has replacements that are not UTF-8 with a zero byte behind");
    }

    struct Match {
        std::size_t size = 0;  // bytes of the text; 0: none
        std::string_view replacement{};
    };

    /// The longest or shortest string that `text` (valid UTF-8) starts with.
    Match match(std::string_view text, bool longest) const noexcept {
        Match best;
        std::size_t node = offset(units_[0]);
        for (std::size_t at = 0; at < text.size(); ++at) {
            const auto byte = static_cast<unsigned char>(text[at]);
            node ^= byte;
            if (node >= units_.size() || (units_[node] & (1U << 31U | 0xFFU)) != byte)
                break;
            const std::uint32_t unit = units_[node];
            node ^= offset(unit);
            if ((unit & 1U << 8U) == 0 || node >= units_.size() || !is_boundary(text, at + 1))
                continue;
            const std::size_t begin = units_[node] & ~(1U << 31U);
            if (begin >= replacements_.size() || !is_boundary(replacements_, begin))
                continue;
            best = {at + 1, std::string_view{replacements_.data() + begin}};
            if (!longest)
                break;
        }
        return best;
    }

private:
    static std::uint32_t word(std::string_view bytes, std::size_t at) noexcept {
        std::uint32_t value = 0;
        for (std::size_t i = 4; i > 0; --i)
            value = value << 8U | static_cast<unsigned char>(bytes[at + i - 1]);
        return value;
    }

    static std::size_t offset(std::uint32_t unit) noexcept {
        return std::size_t{unit >> 10U} << ((unit & 1U << 9U) >> 6U);
    }

    static bool is_boundary(std::string_view text, std::size_t at) noexcept {
        return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
    }

    std::vector<std::uint32_t> units_;
    std::string replacements_;
};

}  // namespace xzoo::text
