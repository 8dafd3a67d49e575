#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/normalized_string.hpp>
#include <xzoo/text/unicode.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text {

/// A normalised text and the pieces that it has been cut into so far: not empty, in order, not
/// overlapping. What lies between pieces is dropped.
struct PreTokenized {
    struct Piece {
        std::size_t begin = 0;
        std::size_t end = 0;
    };

    explicit PreTokenized(NormalizedString whole) : text{std::move(whole)} {
        if (!text.text().empty())
            pieces.push_back({0, text.text().size()});
    }

    std::string_view view(Piece piece) const {
        return std::string_view{text.text()}.substr(piece.begin, piece.end - piece.begin);
    }

    /// Writes the text anew, piece by piece: edit(rewriter, piece) says what becomes of one and
    /// reads it to its end. Pieces stay what they were.
    template <class Edit>
    void rewrite(Edit edit) {
        Rewriter rewriter{text};
        for (Piece& piece : pieces) {
            rewriter.copy_to(piece.begin);
            const std::size_t begin = rewriter.written();
            edit(rewriter, piece);
            piece = {begin, rewriter.written()};
        }
        text = std::move(rewriter).finish();
    }

    NormalizedString text;
    std::vector<Piece> pieces;
};

/// A stage that cuts pieces into words. Const and thread-safe.
class PreTokenizer {
public:
    virtual ~PreTokenizer() = default;
    virtual void pre_tokenize(PreTokenized& text) const = 0;
};

/// What becomes of the delimiters that a text is cut at.
enum class SplitBehavior : std::uint8_t {
    removed,               // a-b -> a b
    isolated,              // a--b -> a - - b
    merged_with_previous,  // a--b -> a- - b
    merged_with_next,      // a--b -> a - -b
    contiguous,            // a--b -> a -- b
};

/// Collects the pieces of one text cut at delimiters, which the caller finds from left to right.
class Splitter {
public:
    Splitter(SplitBehavior behavior, std::vector<PreTokenized::Piece>& out)
        : behavior_{behavior}, out_{out} {}

    /// The next stretch of a piece: one delimiter, or all that is between two. Empty ones count
    /// not.
    void take(std::size_t begin, std::size_t end, bool is_delimiter) {
        if (begin == end)
            return;
        const bool join = joins(is_delimiter);
        const bool drop = is_delimiter && behavior_ == SplitBehavior::removed;
        if (join)
            out_.back().end = end;
        else if (!drop)
            out_.push_back({begin, end});
        after_delimiter_ = is_delimiter;
        first_ = false;
    }

    /// Ends a piece: nothing joins across.
    void next_piece() {
        first_ = true;
        after_delimiter_ = false;
    }

private:
    bool joins(bool is_delimiter) const {
        if (first_)
            return false;
        switch (behavior_) {
            case SplitBehavior::removed:
            case SplitBehavior::isolated:
                return false;
            case SplitBehavior::merged_with_previous:
                return is_delimiter && !after_delimiter_;
            case SplitBehavior::merged_with_next:
                return !is_delimiter && after_delimiter_;
            case SplitBehavior::contiguous:
                return is_delimiter == after_delimiter_;
        }
        return false;
    }

    SplitBehavior behavior_;
    std::vector<PreTokenized::Piece>& out_;
    bool first_ = true;
    bool after_delimiter_ = false;
};

/// Cuts all pieces at the code points for which `is_delimiter` holds, each a delimiter of its own.
template <class IsDelimiter>
void split_at(PreTokenized& text, SplitBehavior behavior, IsDelimiter is_delimiter) {
    std::vector<PreTokenized::Piece> cut;
    cut.reserve(text.pieces.size() + text.text.text().size() / 5);
    Splitter splitter{behavior, cut};
    for (const auto piece : text.pieces) {
        std::size_t word = piece.begin;
        for (std::size_t at = piece.begin; at < piece.end;) {
            const CodePoint point = decode_utf8(text.text.text(), at);
            if (is_delimiter(point.value)) {
                splitter.take(word, at, false);
                splitter.take(at, at + point.size, true);
                word = at + point.size;
            }
            at += point.size;
        }
        splitter.take(word, piece.end, false);
        splitter.next_piece();
    }
    text.pieces = std::move(cut);
}

/// Cuts at white space, which goes, and around punctuation, each a word of its own.
class BertPreTokenizer final : public PreTokenizer {
public:
    void pre_tokenize(PreTokenized& text) const override {
        std::vector<PreTokenized::Piece> cut;
        cut.reserve(text.pieces.size() + text.text.text().size() / 5);
        for (const auto piece : text.pieces) {
            std::size_t word = piece.begin;
            for (std::size_t at = piece.begin; at < piece.end;) {
                const CodePoint point = decode_utf8(text.text.text(), at);
                const bool space = is_white_space(point.value);
                if (space || is_punctuation(point.value)) {
                    if (word < at)
                        cut.push_back({word, at});
                    word = at + point.size;
                    if (!space)
                        cut.push_back({at, word});
                }
                at += point.size;
            }
            if (word < piece.end)
                cut.push_back({word, piece.end});
        }
        text.pieces = std::move(cut);
    }
};

/// Cuts at white space, which goes.
class WhitespaceSplit final : public PreTokenizer {
public:
    void pre_tokenize(PreTokenized& text) const override {
        split_at(text, SplitBehavior::removed, [](char32_t c) { return is_white_space(c); });
    }
};

/// Runs of word characters, and runs of what is neither word character nor white space:
/// \w+|[^\w\s]+
class WhitespacePreTokenizer final : public PreTokenizer {
public:
    void pre_tokenize(PreTokenized& text) const override {
        enum class Kind : std::uint8_t { space, word, other };
        std::vector<PreTokenized::Piece> cut;
        cut.reserve(text.pieces.size() + text.text.text().size() / 5);
        for (const auto piece : text.pieces) {
            std::size_t begin = piece.begin;
            Kind run = Kind::space;
            const auto close = [&](std::size_t end) {
                if (run != Kind::space && begin < end)
                    cut.push_back({begin, end});
            };
            for (std::size_t at = piece.begin; at < piece.end;) {
                const CodePoint point = decode_utf8(text.text.text(), at);
                const Kind kind = is_word_character(point.value) ? Kind::word
                                  : is_white_space(point.value)  ? Kind::space
                                                                 : Kind::other;
                if (kind != run) {
                    close(at);
                    begin = at;
                    run = kind;
                }
                at += point.size;
            }
            close(piece.end);
        }
        text.pieces = std::move(cut);
    }
};

class Punctuation final : public PreTokenizer {
public:
    explicit Punctuation(SplitBehavior behavior) : behavior_{behavior} {}
    void pre_tokenize(PreTokenized& text) const override {
        split_at(text, behavior_, [](char32_t c) { return is_punctuation(c); });
    }

private:
    SplitBehavior behavior_;
};

/// Sets numbers apart (general categories N*), whole or digit by digit.
class Digits final : public PreTokenizer {
public:
    explicit Digits(bool individual) : individual_{individual} {}
    void pre_tokenize(PreTokenized& text) const override {
        split_at(text, individual_ ? SplitBehavior::isolated : SplitBehavior::contiguous,
                 [](char32_t c) { return is_numeric(c); });
    }

private:
    bool individual_;
};

class PreTokenizerSequence final : public PreTokenizer {
public:
    explicit PreTokenizerSequence(std::vector<std::unique_ptr<const PreTokenizer>> stages)
        : stages_{std::move(stages)} {}

    void pre_tokenize(PreTokenized& text) const override {
        for (const auto& stage : stages_)
            stage->pre_tokenize(text);
    }

private:
    std::vector<std::unique_ptr<const PreTokenizer>> stages_;
};

}  // namespace xzoo::text
