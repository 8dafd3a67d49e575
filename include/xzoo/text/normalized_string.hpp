#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/encoding.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text {

/// Longest text that can be encoded: 4 GiB less one byte (positions are stored in 32 bits).
inline constexpr std::size_t max_text_size = std::numeric_limits<std::uint32_t>::max();

/// A text on its way through the normalizers: valid UTF-8 that remembers, for each byte, which
/// bytes of the original it stems from. As long as text and original agree byte for byte in
/// position (the usual case: ASCII that is only put into lower case) nothing is stored for that.
class NormalizedString {
public:
    /// The bytes [begin, end) of the original.
    struct Span {
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
    };

    NormalizedString() = default;

    /// Takes any bytes; each ill-formed sequence (maximal subpart) becomes U+FFFD, whose span is
    /// the bytes that it stands for. At most max_text_size bytes.
    explicit NormalizedString(std::string_view bytes) {
        assert(bytes.size() <= max_text_size);
        if (is_valid_utf8(bytes)) {
            text_ = bytes;
            return;
        }
        for (std::size_t at = 0; at < bytes.size();) {
            const int extent = utf8_extent(bytes, at);
            const auto size = static_cast<std::size_t>(extent < 0 ? -extent : extent);
            [[maybe_unused]] const std::size_t before = text_.size();
            if (extent < 0)
                append_utf8(text_, replacement_character);
            else
                text_.append(bytes, at, size);
            spans_.resize(text_.size(), {narrow(at), narrow(at + size)});
            assert(text_.size() > before);
            at += size;
        }
    }

    /// Valid UTF-8 throughout.
    const std::string& text() const noexcept { return text_; }

    /// Where the bytes [begin, end) of text() stem from: whole code points of the original.
    Offsets original(std::size_t begin, std::size_t end) const noexcept {
        if (begin >= end)
            return {};
        if (!spans_.empty())
            return {spans_[begin].begin, spans_[end - 1].end};
        const auto inside = [&](std::size_t at) {
            return (static_cast<unsigned char>(text_[at]) & 0xC0U) == 0x80U;
        };
        while (begin > 0 && inside(begin))
            --begin;
        while (end < text_.size() && inside(end))
            ++end;
        return {base_ + begin, base_ + end};
    }

    /// The part [begin, end) of the text, both between code points.
    NormalizedString slice(std::size_t begin, std::size_t end) const {
        NormalizedString part;
        part.text_ = text_.substr(begin, end - begin);
        part.base_ = spans_.empty() ? base_ + begin : 0;
        if (!spans_.empty())
            part.spans_.assign(spans_.begin() + static_cast<std::ptrdiff_t>(begin),
                               spans_.begin() + static_cast<std::ptrdiff_t>(end));
        return part;
    }

    /// Replaces byte by byte; `map` must leave text() valid UTF-8 (it may change ASCII to ASCII).
    template <class Map>
    void map_bytes(Map map) {
        std::transform(text_.begin(), text_.end(), text_.begin(), map);
    }

private:
    friend class Rewriter;
    static std::uint32_t narrow(std::size_t position) noexcept {
        return static_cast<std::uint32_t>(position);
    }

    /// Span of the code point of `size` bytes at `at`.
    Span span(std::size_t at, std::size_t size) const noexcept {
        if (spans_.empty())
            return {narrow(base_ + at), narrow(base_ + at + size)};
        return spans_[at];
    }

    std::string text_;
    std::vector<Span> spans_;  // one a byte of text_, or empty: text_[i] is byte base_ + i
    std::size_t base_ = 0;
};

/// Writes the next form of a NormalizedString from left to right, one pass, keeping track of where
/// each code point stems from. Usage: read code points of source.text() in order, say for each what
/// becomes of it, then finish().
class Rewriter {
public:
    explicit Rewriter(const NormalizedString& source) : source_{source} {
        out_.text_.reserve(source.text_.size());
        out_.base_ = source.base_;
    }

    bool at_end() const noexcept { return at_ >= source_.text_.size(); }

    /// The next code point of the source; not at the end.
    CodePoint peek() const noexcept { return decode_utf8(source_.text_, at_); }

    /// Puts `c` in place of the next code point of the source, and drops `removed` more after it.
    void replace(char32_t c, std::size_t removed = 0) {
        const std::size_t size = at_end() ? 0 : next_size();
        const auto span = size == 0 ? last_span() : source_.span(at_, size);
        if (size != utf8_size(c) || removed != 0)
            store_spans();
        put(c, span);
        at_ += size;
        if (removed != 0)
            drop(removed);
    }

    /// Number of bytes written so far.
    std::size_t written() const noexcept { return out_.text_.size(); }

    /// Puts in `c` before the next code point, whose origin it shares.
    void insert_before(char32_t c) {
        store_spans();
        put(c, at_end() ? last_span() : source_.span(at_, next_size()));
    }

    /// Puts in `c` beside the last code point read, whose origin it shares.
    void insert(char32_t c) {
        store_spans();
        put(c, last_span());
    }

    /// Drops the next `count` code points of the source.
    void drop(std::size_t count) {
        store_spans();
        for (; count > 0 && !at_end(); --count)
            at_ += next_size();
    }

    /// Takes back what was written from byte `size` of the output on.
    void take_back(std::size_t size) {
        store_spans();
        out_.text_.resize(size);
        out_.spans_.resize(size);
    }

    /// The last code point written; something was.
    char32_t last() const noexcept {
        return decode_utf8_before(out_.text_, out_.text_.size()).value;
    }

    /// Drops the source up to byte `end`, which lies between code points.
    void drop_to(std::size_t end) {
        assert(end >= at_ && end <= source_.text_.size());
        store_spans();
        at_ = end;
    }

    /// Copies the source up to byte `end`, which lies between code points.
    void copy_to(std::size_t end) {
        assert(end >= at_ && end <= source_.text_.size());
        if (stored_)
            store_range(at_, end);
        out_.text_.append(source_.text_, at_, end - at_);
        at_ = end;
    }

    /// Puts valid UTF-8 in place of the source up to byte `end`, whose last code point it stems
    /// from.
    void replace_to(std::size_t end, std::string_view content) {
        drop_to(end);
        for (std::size_t at = 0; at < content.size();) {
            const CodePoint point = decode_utf8(content, at);
            insert(point.value);
            at += point.size;
        }
    }

    /// Copies the ASCII that comes next, each byte changed by `map` to another ASCII byte.
    template <class Map>
    void copy_ascii(Map map) {
        const std::string_view rest = std::string_view{source_.text_}.substr(at_);
        const std::size_t begin = out_.text_.size();
        copy_to(at_ + ascii_prefix(rest));
        const auto from = out_.text_.begin() + static_cast<std::ptrdiff_t>(begin);
        std::transform(from, out_.text_.end(), from, map);
    }

    /// The text as written so far, in place of the source. What was not read yet is dropped.
    NormalizedString finish() && {
        if (!stored_)
            out_.spans_.assign(source_.spans_.begin(),
                               source_.spans_.empty()
                                   ? source_.spans_.end()
                                   : source_.spans_.begin() + static_cast<std::ptrdiff_t>(at_));
        if (out_.text_.empty())
            out_.spans_.clear();
        return std::move(out_);
    }

private:
    std::size_t next_size() const noexcept {
        return utf8_size_of_lead(static_cast<unsigned char>(source_.text_[at_]));
    }

    NormalizedString::Span last_span() const noexcept {
        if (at_ == 0)
            return source_.text_.empty() ? NormalizedString::Span{} : before_first();
        if (!source_.spans_.empty())
            return source_.spans_[at_ - 1];
        const std::size_t size = decode_utf8_before(source_.text_, at_).size;
        return source_.span(at_ - size, size);
    }

    NormalizedString::Span before_first() const noexcept {
        const auto first = source_.span(0, 1).begin;
        return {first, first};
    }

    void put(char32_t c, NormalizedString::Span span) {
        append_utf8(out_.text_, c);
        if (!stored_)
            return;
        for (std::size_t bytes = utf8_size(c); bytes > 0; --bytes)
            out_.spans_.push_back(span);
    }

    /// From here on the output does not run parallel to the source: write its spans down.
    void store_spans() {
        if (stored_)
            return;
        stored_ = true;
        out_.spans_.reserve(source_.text_.size());
        store_range(0, at_);
    }

    void store_range(std::size_t begin, std::size_t end) {
        if (!source_.spans_.empty()) {
            out_.spans_.insert(out_.spans_.end(),
                               source_.spans_.begin() + static_cast<std::ptrdiff_t>(begin),
                               source_.spans_.begin() + static_cast<std::ptrdiff_t>(end));
            return;
        }
        for (std::size_t at = begin; at < end;) {
            const std::size_t size =
                utf8_size_of_lead(static_cast<unsigned char>(source_.text_[at]));
            out_.spans_.insert(out_.spans_.end(), size, source_.span(at, size));
            at += size;
        }
    }

    const NormalizedString& source_;
    NormalizedString out_;
    std::size_t at_ = 0;   // next byte of the source
    bool stored_ = false;  // out_.spans_ runs along; otherwise out_ has the source's positions
};

}  // namespace xzoo::text
