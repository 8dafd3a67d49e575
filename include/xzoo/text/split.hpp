#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <xzoo/text/pre_tokenizer.hpp>
#include <xzoo/text/unicode_regex.hpp>
#include <xzoo/text/word_pattern.hpp>

namespace xzoo::text {

/// What a text is cut at: a string, or a regular expression, matched by hand if it is one of those
/// that can be, else by ICU.
using SplitPattern = std::variant<std::string, WordPattern, UnicodeRegex>;

inline SplitPattern make_split_regex(const std::string& regex) {
    if (const auto words = WordPattern::parse(regex))
        return *words;
    return UnicodeRegex{regex};
}

/// Calls found(piece, begin, end) for each match of `pattern` within a piece of `text`, in order,
/// and piece_done(piece) after each piece.
template <class Found, class PieceDone>
void match_pieces(const SplitPattern& pattern, const PreTokenized& text, Found found,
                  PieceDone piece_done) {
    const std::string_view all = text.text.text();
    if (const auto* regex = std::get_if<UnicodeRegex>(&pattern)) {
        UnicodeRegex::Matcher matcher{*regex, all};
        for (const auto piece : text.pieces) {
            matcher.match(piece.begin, piece.end, found);
            piece_done(piece);
        }
        return;
    }
    const auto* words = std::get_if<WordPattern>(&pattern);
    const auto* literal = std::get_if<std::string>(&pattern);
    for (const auto piece : text.pieces) {
        const std::string_view until = all.substr(0, piece.end);
        for (std::size_t at = piece.begin; words != nullptr && at < piece.end;) {
            const std::size_t end = words->match(until, at);
            found(at, end);
            at = end;
        }
        for (std::size_t at = piece.begin; literal != nullptr && !literal->empty();) {
            at = until.find(*literal, at);
            if (at == std::string_view::npos)
                break;
            found(at, at + literal->size());
            at += literal->size();
        }
        piece_done(piece);
    }
}

/// Cuts pieces at what matches a pattern, or with `invert` at what lies between matches.
class Split final : public PreTokenizer {
public:
    Split(SplitPattern pattern, SplitBehavior behavior, bool invert)
        : pattern_{std::move(pattern)}, behavior_{behavior}, invert_{invert} {}

    void pre_tokenize(PreTokenized& text) const override {
        std::vector<PreTokenized::Piece> cut;
        cut.reserve(text.pieces.size() + text.text.text().size() / 4);
        Splitter splitter{behavior_, cut};
        std::size_t done = text.pieces.empty() ? 0 : text.pieces.front().begin;
        std::size_t next = 0;
        match_pieces(
            pattern_, text,
            [&](std::size_t begin, std::size_t end) {
                splitter.take(done, begin, invert_);
                splitter.take(begin, end, !invert_);
                done = end;
            },
            [&](PreTokenized::Piece piece) {
                splitter.take(done, piece.end, invert_);
                splitter.next_piece();
                if (++next < text.pieces.size())
                    done = text.pieces[next].begin;
            });
        text.pieces = std::move(cut);
    }

private:
    SplitPattern pattern_;
    SplitBehavior behavior_;
    bool invert_;
};

}  // namespace xzoo::text
