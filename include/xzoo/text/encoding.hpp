#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/token_table.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo {

/// The bytes [begin, end) of a text. {0, 0} for tokens that stem from no text.
struct Offsets {
    std::size_t begin = 0;
    std::size_t end = 0;
    friend bool operator==(const Offsets&, const Offsets&) = default;
};

/// What a tokenizer makes of one text, or of a pair of texts. All vectors have one element a token.
struct Encoding {
    std::vector<std::uint32_t> ids;
    std::vector<std::uint32_t> type_ids;  // which segment a token belongs to, as the model counts
    std::vector<std::uint32_t> attention_mask;       // 0 for padding, else 1
    std::vector<std::uint32_t> special_tokens_mask;  // 1 for tokens put in by the tokenizer
    std::vector<Offsets> offsets;                    // bytes of the original text, as it was given
    std::vector<std::optional<std::uint32_t>> word_ids;      // number of the word within its text
    std::vector<std::optional<std::uint32_t>> sequence_ids;  // 0: first text, 1: second

    /// What truncation cut off, in pieces of the same length that overlap by the stride; empty
    /// unless EncodeOptions::keep_overflowing asks for it.
    std::vector<Encoding> overflowing;

    /// Where token texts are looked up. Shared with the tokenizer, so that an encoding may outlive
    /// it.
    std::shared_ptr<const text::TokenTable> names;

    std::size_t size() const noexcept { return ids.size(); }
    bool empty() const noexcept { return ids.empty(); }

    /// Text of token `i` as the vocabulary has it ("##ing"); empty for an id without a text. Valid
    /// as long as this encoding or one copied from it lives.
    std::string_view token(std::size_t i) const {
        assert(i < ids.size());
        return names ? names->find(ids[i]).value_or(std::string_view{}) : std::string_view{};
    }

    /// Texts of all tokens.
    std::vector<std::string> tokens() const {
        std::vector<std::string> all;
        all.reserve(ids.size());
        for (std::size_t i = 0; i < ids.size(); ++i)
            all.emplace_back(token(i));
        return all;
    }

    /// Offsets counted in code points, as Python's strings count them. `first` and `second` are the
    /// texts that were encoded. An ill-formed byte sequence counts as the one U+FFFD that it
    /// became.
    std::vector<Offsets> code_point_offsets(std::string_view first,
                                            std::string_view second = {}) const;

    friend bool operator==(const Encoding& a, const Encoding& b) {
        return a.ids == b.ids && a.type_ids == b.type_ids && a.attention_mask == b.attention_mask &&
               a.special_tokens_mask == b.special_tokens_mask && a.offsets == b.offsets &&
               a.word_ids == b.word_ids && a.sequence_ids == b.sequence_ids &&
               a.overflowing == b.overflowing;
    }
};

namespace text {

/// Finds the number of code points before a byte in constant time, after one pass over the text.
class CodePointIndex {
public:
    explicit CodePointIndex(std::string_view bytes) : bytes_{bytes} {
        std::size_t count = 0;
        for (std::size_t at = 0; at < bytes.size(); ++count) {
            if (at >= marks_.size() * stride)
                marks_.push_back({at, count});
            at += extent(at);
        }
    }

    /// Code points that begin before `byte`.
    std::size_t count_before(std::size_t byte) const {
        if (marks_.empty())
            return 0;
        std::size_t slot = std::min(byte / stride, marks_.size() - 1);
        if (marks_[slot].byte > byte && slot > 0)
            --slot;
        auto [at, count] = marks_[slot];
        for (; at < byte && at < bytes_.size(); ++count)
            at += extent(at);
        return count;
    }

private:
    struct Mark {
        std::size_t byte = 0;
        std::size_t count = 0;
    };
    static constexpr std::size_t stride = 64;

    std::size_t extent(std::size_t at) const noexcept {
        const int size = utf8_extent(bytes_, at);
        return static_cast<std::size_t>(size < 0 ? -size : size);
    }

    std::string_view bytes_;
    std::vector<Mark> marks_;  // marks_[i]: the first code point at or after byte i * stride
};

/// Makes room for `size` tokens.
inline void reserve(Encoding& encoding, std::size_t size) {
    encoding.ids.reserve(size);
    encoding.type_ids.reserve(size);
    encoding.attention_mask.reserve(size);
    encoding.special_tokens_mask.reserve(size);
    encoding.offsets.reserve(size);
    encoding.word_ids.reserve(size);
    encoding.sequence_ids.reserve(size);
}

/// Appends one token that the tokenizer puts in by itself: no text, no word.
inline void append_special(Encoding& encoding, std::uint32_t id, std::uint32_t type_id,
                           std::uint32_t attention = 1) {
    encoding.ids.push_back(id);
    encoding.type_ids.push_back(type_id);
    encoding.attention_mask.push_back(attention);
    encoding.special_tokens_mask.push_back(1);
    encoding.offsets.push_back({});
    encoding.word_ids.emplace_back();
    encoding.sequence_ids.emplace_back();
}

/// The tokens [begin, end) of an encoding, without what overflowed.
inline Encoding slice(const Encoding& whole, std::size_t begin, std::size_t end) {
    assert(begin <= end && end <= whole.size());
    const auto cut = [&](const auto& from, auto& to) {
        to.assign(from.begin() + static_cast<std::ptrdiff_t>(begin),
                  from.begin() + static_cast<std::ptrdiff_t>(end));
    };
    Encoding part;
    cut(whole.ids, part.ids);
    cut(whole.type_ids, part.type_ids);
    cut(whole.attention_mask, part.attention_mask);
    cut(whole.special_tokens_mask, part.special_tokens_mask);
    cut(whole.offsets, part.offsets);
    cut(whole.word_ids, part.word_ids);
    cut(whole.sequence_ids, part.sequence_ids);
    part.names = whole.names;
    return part;
}

/// Puts `tail`'s tokens behind those of `head`, leaving out what overflowed.
inline void append_tokens(Encoding& head, const Encoding& tail) {
    const auto join = [](const auto& from, auto& to) {
        to.insert(to.end(), from.begin(), from.end());
    };
    join(tail.ids, head.ids);
    join(tail.type_ids, head.type_ids);
    join(tail.attention_mask, head.attention_mask);
    join(tail.special_tokens_mask, head.special_tokens_mask);
    join(tail.offsets, head.offsets);
    join(tail.word_ids, head.word_ids);
    join(tail.sequence_ids, head.sequence_ids);
    if (!head.names)
        head.names = tail.names;
}

}  // namespace text

inline std::vector<Offsets> Encoding::code_point_offsets(std::string_view first,
                                                         std::string_view second) const {
    const text::CodePointIndex index[2] = {text::CodePointIndex{first},
                                           text::CodePointIndex{second}};
    std::vector<Offsets> converted(offsets.size());
    for (std::size_t i = 0; i < offsets.size(); ++i) {
        const auto& counts = index[sequence_ids[i].value_or(0) == 1 ? 1 : 0];
        converted[i] = {counts.count_before(offsets[i].begin), counts.count_before(offsets[i].end)};
    }
    return converted;
}

}  // namespace xzoo
