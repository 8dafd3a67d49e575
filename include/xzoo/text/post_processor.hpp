#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/encoding.hpp>
#include <xzoo/text/unicode.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text {

/// A stage that sets special tokens round one or two encoded texts. Const and thread-safe.
class PostProcessor {
public:
    virtual ~PostProcessor() = default;

    /// Number of tokens that process() adds to one text, or to a pair.
    virtual std::size_t added_tokens(bool pair) const = 0;

    /// Whether process() gives back the texts that it gets, each once and in order, with nothing
    /// between them: only such a stage may come before another one.
    virtual bool keeps_texts() const = 0;

    /// Turns the encodings of one or two texts into the parts that join() puts together in order.
    /// `texts` are the originals, by sequence id. Without `add_special_tokens` only type ids and
    /// offsets change.
    virtual std::vector<Encoding> process(std::vector<Encoding> encodings,
                                          std::span<const std::string_view> texts,
                                          bool add_special_tokens) const = 0;
};

/// Puts `tail` behind `head`. What overflowed from either is combined with the other: each of
/// head's pieces with tail and with each of tail's pieces, then head with each of tail's pieces.
/// These are (pieces of head + 1) * (pieces of tail + 1) - 1 encodings, more than linear in texts
/// that are both cut; EncodeOptions::keep_overflowing asks for them.
inline void join(Encoding& head, Encoding tail) {
    const auto combined = [](const Encoding& first, const Encoding& second) {
        Encoding whole = slice(first, 0, first.size());
        append_tokens(whole, second);
        return whole;
    };
    std::vector<Encoding> overflowing;
    for (const Encoding& piece : head.overflowing) {
        overflowing.push_back(combined(piece, tail));
        for (const Encoding& other : tail.overflowing)
            overflowing.push_back(combined(piece, other));
    }
    for (const Encoding& other : tail.overflowing)
        overflowing.push_back(combined(head, other));
    if (head.ids.capacity() == 0 && head.overflowing.empty())
        head = std::move(tail);  // the first part of one
    else
        append_tokens(head, tail);
    head.overflowing = std::move(overflowing);
}

inline Encoding join(std::vector<Encoding> parts) {
    Encoding whole;
    std::size_t size = 0;
    for (const Encoding& part : parts)
        size += part.size();
    if (parts.size() > 1)
        reserve(whole, size);
    for (Encoding& part : parts)
        join(whole, std::move(part));
    return whole;
}

/// Sets the type id of all tokens, also of those that overflowed.
inline void set_type_ids(Encoding& encoding, std::uint32_t type_id) {
    std::fill(encoding.type_ids.begin(), encoding.type_ids.end(), type_id);
    for (Encoding& piece : encoding.overflowing)
        set_type_ids(piece, type_id);
}

/// Takes white space at the ends out of each token's offsets, which point into the text of its
/// sequence id. With `add_prefix_space`, a token at the very start keeps one leading space: the one
/// that may have been put there.
inline void trim_offsets(Encoding& encoding, std::span<const std::string_view> texts,
                         bool add_prefix_space) {
    for (std::size_t i = 0; i < encoding.size(); ++i) {
        const std::size_t sequence = encoding.sequence_ids[i].value_or(texts.size());
        if (sequence >= texts.size())
            continue;  // a special token
        const std::string_view text = texts[sequence];
        Offsets& offsets = encoding.offsets[i];
        const bool keep_one = add_prefix_space && (i == 0 || offsets.begin == 0);
        std::size_t skipped = 0;
        std::size_t begin = offsets.begin;
        const auto space_at = [&](std::size_t at) {
            const int extent = utf8_extent(text, at);
            return extent > 0 && is_white_space(decode_utf8(text, at).value)
                       ? static_cast<std::size_t>(extent)
                       : std::size_t{0};
        };
        while (begin < offsets.end) {
            const std::size_t size = space_at(begin);
            if (size == 0)
                break;
            if (skipped++ > 0 || !keep_one)
                offsets.begin = std::min(begin + size, offsets.end);
            begin += size;
        }
        while (offsets.end > offsets.begin) {
            std::size_t last = offsets.end - 1;
            while (last > offsets.begin &&
                   (static_cast<unsigned char>(text[last]) & 0xC0U) == 0x80U)
                --last;
            if (last + space_at(last) != offsets.end)
                break;
            offsets.end = last;
        }
    }
    for (Encoding& piece : encoding.overflowing)
        trim_offsets(piece, texts, add_prefix_space);
}

/// A special token between or beside texts.
struct SpecialToken {
    std::string text;
    std::uint32_t id = 0;
};

/// [CLS] A [SEP], and [CLS] A [SEP] B [SEP] with type 1 for B and the last [SEP].
class BertProcessing final : public PostProcessor {
public:
    BertProcessing(SpecialToken sep, SpecialToken cls)
        : sep_{std::move(sep)}, cls_{std::move(cls)} {}

    std::size_t added_tokens(bool pair) const override { return pair ? 3 : 2; }
    bool keeps_texts() const override { return false; }

    std::vector<Encoding> process(std::vector<Encoding> encodings,
                                  std::span<const std::string_view> /*texts*/,
                                  bool add_special_tokens) const override {
        if (!add_special_tokens)
            return encodings;
        std::vector<Encoding> parts(1);
        append_special(parts[0], cls_.id, 0);
        for (std::size_t i = 0; i < encodings.size(); ++i) {
            parts.push_back(std::move(encodings[i]));
            append_special(parts.emplace_back(), sep_.id, static_cast<std::uint32_t>(i));
        }
        return parts;
    }

private:
    SpecialToken sep_;
    SpecialToken cls_;
};

/// <s> A </s>, and <s> A </s></s> B </s>, all of type 0.
class RobertaProcessing final : public PostProcessor {
public:
    RobertaProcessing(SpecialToken sep, SpecialToken cls, bool trim, bool add_prefix_space)
        : sep_{std::move(sep)},
          cls_{std::move(cls)},
          trim_{trim},
          add_prefix_space_{add_prefix_space} {}

    std::size_t added_tokens(bool pair) const override { return pair ? 4 : 2; }
    bool keeps_texts() const override { return false; }

    std::vector<Encoding> process(std::vector<Encoding> encodings,
                                  std::span<const std::string_view> texts,
                                  bool add_special_tokens) const override {
        std::vector<Encoding> parts;
        for (std::size_t i = 0; i < encodings.size(); ++i) {
            if (trim_)
                trim_offsets(encodings[i], texts, add_prefix_space_);
            set_type_ids(encodings[i], 0);
            if (add_special_tokens)
                append_special(parts.emplace_back(), i == 0 ? cls_.id : sep_.id, 0);
            parts.push_back(std::move(encodings[i]));
            if (add_special_tokens)
                append_special(parts.emplace_back(), sep_.id, 0);
        }
        return parts;
    }

private:
    SpecialToken sep_;
    SpecialToken cls_;
    bool trim_;
    bool add_prefix_space_;
};

/// Processors in turn, of which all but the last keep the texts, so that each meets nothing else
/// (the reader of tokenizer.json sees to it).
class PostProcessorSequence final : public PostProcessor {
public:
    explicit PostProcessorSequence(std::vector<std::unique_ptr<const PostProcessor>> stages)
        : stages_{std::move(stages)} {}

    std::size_t added_tokens(bool pair) const override {
        std::size_t added = 0;
        for (const auto& stage : stages_)
            added += stage->added_tokens(pair);
        return added;
    }

    bool keeps_texts() const override {
        return std::all_of(stages_.begin(), stages_.end(),
                           [](const auto& stage) { return stage->keeps_texts(); });
    }

    std::vector<Encoding> process(std::vector<Encoding> encodings,
                                  std::span<const std::string_view> texts,
                                  bool add_special_tokens) const override {
        for (const auto& stage : stages_)
            encodings = stage->process(std::move(encodings), texts, add_special_tokens);
        return encodings;
    }

private:
    std::vector<std::unique_ptr<const PostProcessor>> stages_;
};

}  // namespace xzoo::text
