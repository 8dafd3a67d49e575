#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <xzoo/text/byte_trie.hpp>
#include <xzoo/text/normalizer.hpp>
#include <xzoo/text/unicode.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text {

/// A token that is looked for in the text before the model sees it.
struct AddedToken {
    std::uint32_t id = 0;
    std::string content;
    bool single_word = false;  // only where no word character stands beside it
    bool lstrip = false;       // takes white space on its left with it
    bool rstrip = false;
    bool normalized = true;  // looked for in the normalised text, itself normalised
    bool special = false;    // left out of decoded text on request
};

/// A part of a text: an added token, or what lies between two.
struct TextPart {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::optional<std::uint32_t> id;
};

/// Finds added tokens: leftmost first, of those that start at one place the longest, none
/// overlapping. A match that single_word forbids is passed over as a whole.
class AddedTokens {
public:
    AddedTokens() = default;

    AddedTokens(std::vector<AddedToken> tokens, const Normalizer* normalizer)
        : tokens_{std::move(tokens)} {
        std::vector<std::string> contents;  // keeps the views below alive
        contents.reserve(tokens_.size());
        std::vector<std::pair<std::string_view, std::uint32_t>> plain;
        std::vector<std::pair<std::string_view, std::uint32_t>> normalized;
        for (std::uint32_t i = 0; i < tokens_.size(); ++i) {
            const AddedToken& token = tokens_[i];
            ids_.emplace(token.content, token.id);
            known_ids_.insert(token.id);
            if (token.special)
                special_ids_.insert(token.id);
            NormalizedString content{token.content};
            if (token.normalized && normalizer != nullptr)
                normalizer->normalize(content);
            contents.push_back(content.text());
            if (!contents.back().empty())
                (token.normalized ? normalized : plain).emplace_back(contents.back(), i);
        }
        plain_ = ByteTrie{std::move(plain)};
        normalized_ = ByteTrie{std::move(normalized)};
    }

    const std::vector<AddedToken>& all() const noexcept { return tokens_; }

    std::optional<std::uint32_t> find(std::string_view content) const {
        const auto found = ids_.find(content);
        return found == ids_.end() ? std::nullopt : std::optional{found->second};
    }

    bool contains(std::uint32_t id) const { return known_ids_.contains(id); }

    bool is_special(std::uint32_t id) const { return special_ids_.contains(id); }

    /// The parts of a text, in order, none empty; all of it is covered. `after_normalizer` says
    /// which of the tokens to look for.
    std::vector<TextPart> split(std::string_view text, bool after_normalizer) const {
        const ByteTrie& trie = after_normalizer ? normalized_ : plain_;
        std::vector<TextPart> parts;
        std::size_t done = 0;
        std::size_t at = trie.empty() ? text.size() : 0;
        while (at < text.size()) {
            if (!trie.starts(text[at])) {
                ++at;
                continue;
            }
            const auto match = trie.longest_prefix(ByteTrie::root, text.substr(at));
            if (match.value == ByteTrie::none) {
                ++at;
                continue;
            }
            const AddedToken& token = tokens_[match.value];
            const std::size_t end = at + match.size;
            // A neighbour may have taken white space up to inside of this match: then it is gone.
            if (at >= done && (!token.single_word || stands_alone(text, at, end))) {
                const std::size_t begin = token.lstrip ? space_before(text, at, done) : at;
                if (done < begin)
                    parts.push_back({done, begin, std::nullopt});
                done = token.rstrip ? space_after(text, end) : end;
                parts.push_back({begin, done, token.id});
            }
            at = end;
        }
        if (done < text.size())
            parts.push_back({done, text.size(), std::nullopt});
        return parts;
    }

private:
    static bool stands_alone(std::string_view text, std::size_t begin, std::size_t end) {
        return (begin == 0 || !is_word_character(decode_utf8_before(text, begin).value)) &&
               (end == text.size() || !is_word_character(decode_utf8(text, end).value));
    }

    static std::size_t space_before(std::string_view text, std::size_t at, std::size_t limit) {
        while (at > limit) {
            const CodePoint point = decode_utf8_before(text, at);
            if (!is_white_space(point.value))
                break;
            at -= point.size;
        }
        return at;
    }

    static std::size_t space_after(std::string_view text, std::size_t at) {
        while (at < text.size()) {
            const CodePoint point = decode_utf8(text, at);
            if (!is_white_space(point.value))
                break;
            at += point.size;
        }
        return at;
    }

    std::vector<AddedToken> tokens_;
    ByteTrie plain_;  // values are indices of tokens_
    ByteTrie normalized_;
    std::map<std::string, std::uint32_t, std::less<>> ids_;
    std::unordered_set<std::uint32_t> known_ids_;
    std::unordered_set<std::uint32_t> special_ids_;
};

}  // namespace xzoo::text
