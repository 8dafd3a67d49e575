#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

#include <xzoo/text/unicode.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text {

/// The regular expressions that byte-level tokenizers split text with, matched by hand: those of
/// GPT-2, of tiktoken's cl100k and of what followed it, which are made of the same alternatives.
/// Every character is part of a match. Linear in the text.
class WordPattern {
public:
    /// The contraction that a match may be: 's, 't, 're, 've, 'm, 'll or 'd.
    enum class Case : std::uint8_t { lower, ascii, folded };

    struct Rules {
        Case contractions = Case::lower;
        bool letters_after_any = false;  // [^\r\n\p{L}\p{N}]?\p{L}+, else ' ?\p{L}+'
        std::size_t digits = 0;          // at most so many \p{N} in a match; 0: ' ?\p{N}+'
        bool take_line_ends = false;     // [\r\n]* after punctuation, and \s*[\r\n]+ of its own
    };

    explicit WordPattern(const Rules& rules) : rules_{rules} {}

    /// Recognises a regular expression; nothing where it is none of these.
    static std::optional<WordPattern> parse(std::string_view regex) {
        using enum Case;
        const auto contractions = take<Case>(
            regex, {{"'s|'t|'re|'ve|'m|'ll|'d", lower},
                    {"(?i:'s|'t|'re|'ve|'m|'ll|'d)", folded},
                    {"'(?i:[sdmt]|ll|ve|re)", folded},
                    {"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])", ascii}});
        const auto letters = take<bool>(regex, {{R"(| ?\p{L}+)", false},
                                                {R"(|[^\r\n\p{L}\p{N}]?\p{L}+)", true},
                                                {R"(|[^\r\n\p{L}\p{N}]?+\p{L}+)", true}});
        const auto digits = take<std::size_t>(
            regex, {{R"(| ?\p{N}+)", 0}, {R"(|\p{N}{1,3})", 3}, {R"(|\p{N})", 1}});
        const auto others = take<bool>(regex, {{R"(| ?[^\s\p{L}\p{N}]+[\r\n]*)", true},
                                               {R"(| ?[^\s\p{L}\p{N}]++[\r\n]*)", true},
                                               {R"(| ?[^\s\p{L}\p{N}]+)", false}});
        const auto line_ends =
            take<bool>(regex, {{R"(|\s*[\r\n]+)", true}, {R"(|\s*[\r\n])", true}, {"", false}});
        const auto spaces =
            take<bool>(regex, {{R"(|\s+(?!\S)|\s+)", true}, {R"(|\s+(?!\S))", true}});
        if (!contractions || !letters || !digits || !others || others != line_ends || !spaces ||
            !regex.empty())
            return std::nullopt;
        return WordPattern{{*contractions, *letters, *digits, *others}};
    }

    /// Where the match that begins at `at` ends; `at` < text.size(), valid UTF-8.
    std::size_t match(std::string_view text, std::size_t at) const noexcept {
        const Character first = character(text, at);
        if (text[at] == '\'') {
            if (const std::size_t size = contraction(text.substr(at + 1)); size > 0)
                return at + 1 + size;
        }
        const std::size_t next = at + first.size;
        const bool space = text[at] == ' ';
        if (first.kind == Kind::letter)
            return run(text, next, Kind::letter);
        const Kind after = next < text.size() ? character(text, next).kind : Kind::end;
        const bool may_lead =
            rules_.letters_after_any ? first.kind != Kind::number && !is_line_end(text[at]) : space;
        if (after == Kind::letter && may_lead)
            return run(text, next, Kind::letter);
        if (first.kind == Kind::number)
            return numbers(text, next);
        if (after == Kind::number && space && rules_.digits == 0)
            return run(text, next, Kind::number);
        if (first.kind == Kind::other || (space && after == Kind::other)) {
            const std::size_t end = run(text, next, Kind::other);
            return rules_.take_line_ends ? line_ends(text, end) : end;
        }
        return spaces(text, at);
    }

private:
    enum class Kind : std::uint8_t { letter, number, space, other, end };
    struct Character {
        Kind kind;
        std::size_t size;
    };

    /// Takes the first of `spellings` that `regex` starts with off it.
    template <class Value>
    static std::optional<Value> take(
        std::string_view& regex,
        std::initializer_list<std::pair<std::string_view, Value>> spellings) {
        for (const auto& [spelling, value] : spellings) {
            if (!regex.starts_with(spelling))
                continue;
            regex.remove_prefix(spelling.size());
            return value;
        }
        return std::nullopt;
    }

    static constexpr std::array<Kind, 128> ascii_kinds = [] {
        std::array<Kind, 128> kinds{};
        for (std::size_t c = 0; c < kinds.size(); ++c) {
            const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            kinds[c] = letter                              ? Kind::letter
                       : c >= '0' && c <= '9'              ? Kind::number
                       : c == ' ' || (c >= 9 && c <= 0x0D) ? Kind::space
                                                           : Kind::other;
        }
        return kinds;
    }();

    static Character character(std::string_view text, std::size_t at) noexcept {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte < 0x80U)
            return {ascii_kinds[byte], 1};
        const CodePoint point = decode_utf8(text, at);
        const Kind kind = is_letter(point.value)        ? Kind::letter
                          : is_numeric(point.value)     ? Kind::number
                          : is_white_space(point.value) ? Kind::space
                                                        : Kind::other;
        return {kind, point.size};
    }

    static bool is_line_end(char byte) noexcept { return byte == '\r' || byte == '\n'; }

    static std::size_t run(std::string_view text, std::size_t at, Kind kind) noexcept {
        while (at < text.size()) {
            const Character next = character(text, at);
            if (next.kind != kind)
                break;
            at += next.size;
        }
        return at;
    }

    static std::size_t line_ends(std::string_view text, std::size_t at) noexcept {
        while (at < text.size() && is_line_end(text[at]))
            ++at;
        return at;
    }

    /// Number of bytes after the apostrophe.
    std::size_t contraction(std::string_view rest) const noexcept {
        for (const std::string_view ending : {"s", "t", "re", "ve", "m", "ll", "d"}) {
            if (rest.size() < ending.size())
                continue;
            bool same = true;
            for (std::size_t i = 0; i < ending.size(); ++i) {
                const char byte = rules_.contractions == Case::lower
                                      ? rest[i]
                                      : static_cast<char>(rest[i] | 0x20);
                same = same && byte == ending[i];
            }
            if (same)
                return ending.size();
        }
        // The long s, the only other character that folds to one of these letters.
        return rules_.contractions == Case::folded && rest.starts_with("\xC5\xBF") ? 2 : 0;
    }

    /// The end of a number of which one character is before `at`.
    std::size_t numbers(std::string_view text, std::size_t at) const noexcept {
        if (rules_.digits == 0)
            return run(text, at, Kind::number);
        for (std::size_t count = 1; count < rules_.digits && at < text.size(); ++count) {
            const Character next = character(text, at);
            if (next.kind != Kind::number)
                break;
            at += next.size;
        }
        return at;
    }

    /// White space up to its last line end, or all of it at the end of the text, or all but the
    /// last character, which goes with what follows.
    std::size_t spaces(std::string_view text, std::size_t at) const noexcept {
        std::size_t end = at;
        std::size_t last = at;
        std::size_t after_line_end = at;
        while (end < text.size()) {
            const Character next = character(text, end);
            if (next.kind != Kind::space)
                break;
            last = end;
            end += next.size;
            if (is_line_end(text[last]))
                after_line_end = end;
        }
        if (rules_.take_line_ends && after_line_end > at)
            return after_line_end;
        return end == text.size() || last == at ? end : last;
    }

    Rules rules_;
};

}  // namespace xzoo::text
