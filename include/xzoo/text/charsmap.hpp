#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/tokenizer_error.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text {

/// The compiled rules of a SentencePiece normaliser: which strings become which. A trie of the
/// strings (darts-clone's double array) leads to their replacements, which lie one after the other,
/// each with a zero byte behind. No string is longer than longest_string, so that matching takes
/// time linear in a text.
class Charsmap {
public:
    static constexpr std::size_t longest_string = 256;  // bytes

    /// Takes a precompiled_charsmap: the trie's size in bytes (32 bits, little endian), the trie,
    /// the replacements. `file` is what errors name.
    explicit Charsmap(std::string_view blob, const std::string& file = "") {
        const auto fail = [&](const std::string& why) {
            throw TokenizerError{file, "", "the precompiled_charsmap " + why};
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
        if (Ways{units_}.longest(offset(units_[0]), 0) > longest_string)
            fail("has a string of more than " + std::to_string(longest_string) +
                 " bytes, or one without an end");
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
            if (byte == 0 || node >= units_.size() || label(units_[node]) != byte)
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

    /// The byte that leads to a unit; 0 for the end of a string, more than a byte for a value.
    static std::uint32_t label(std::uint32_t unit) noexcept { return unit & (1U << 31U | 0xFFU); }

    /// Finds the longest way down the trie. Ways may join again, which makes a trie smaller.
    class Ways {
    public:
        explicit Ways(const std::vector<std::uint32_t>& units)
            : units_{units},
              first_((units.size() | 0xFFU) + 1, none),
              next_(units.size(), none),
              longest_(first_.size(), none) {
            // The node that leads to a unit has its number but for the bits of its label.
            for (std::uint32_t unit = 0; unit < units.size(); ++unit) {
                const std::uint32_t byte = label(units[unit]);
                if (byte > 0 && byte <= 0xFFU)
                    next_[unit] = std::exchange(first_[unit ^ byte], unit);
            }
        }

        /// Bytes of the longest way from a node that lies `depth` bytes deep; more than
        /// longest_string as soon as one way from the root is, as all ways in a circle are.
        std::uint32_t longest(std::size_t node, std::uint32_t depth) {
            if (depth > longest_string)
                return depth;
            if (node >= first_.size())
                return 0;
            if (longest_[node] != none)
                return longest_[node];
            std::uint32_t most = 0;
            for (std::uint32_t unit = first_[node]; unit != none; unit = next_[unit]) {
                const std::size_t next = unit ^ offset(units_[unit]);
                most = std::max(most, 1 + longest(next, depth + 1));
                if (depth + most > longest_string)
                    return longest_string + 1;
            }
            return longest_[node] = most;
        }

    private:
        static constexpr std::uint32_t none = 0xFFFFFFFFU;

        const std::vector<std::uint32_t>& units_;
        std::vector<std::uint32_t> first_;    // unit that a node leads to
        std::vector<std::uint32_t> next_;     // the next one that the same node leads to
        std::vector<std::uint32_t> longest_;  // from a node, once it is known
    };

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
