#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/chat_template/error.hpp>
#include <xzoo/text/chat_template/normalize_source.hpp>
#include <xzoo/text/chat_template/string_literal.hpp>
#include <xzoo/text/chat_template/text_operations.hpp>
#include <xzoo/text/chat_template/token.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text::jinja {

/// Cuts a template into tokens and trims the text between them, with trim_blocks and lstrip_blocks.
/// Errors  ChatTemplateError: not UTF-8; a tag, comment or string without end; brackets that do not
///         match; a character that begins no token.
/// Source  Jinja 3.1, jinja2/lexer.py.
class Lexer {
public:
    Lexer(const std::string& name, std::string_view source)
        : name_{name}, source_{normalize_source(source)} {}

    std::vector<Token> run() {
        if (!is_valid_utf8(source_))
            fail("the template is not UTF-8");
        while (at_ < source_.size())
            read_data();
        add(Token::Kind::end, {});
        return std::move(tokens_);
    }

private:
    [[noreturn]] void fail(const std::string& problem) const {
        throw ChatTemplateError{name_, position_, problem};
    }

    std::string_view rest() const noexcept { return std::string_view{source_}.substr(at_); }

    /// Moves on by `size` bytes.
    void advance(std::size_t size) {
        for (const std::size_t end = at_ + size; at_ < end; ++at_) {
            const bool newline = source_[at_] == '\n';
            position_.line += newline ? 1 : 0;
            position_.column = newline ? 1 : position_.column + 1;
        }
    }

    void skip_space() { advance(find_space(rest(), false)); }

    bool skip(std::string_view text) {
        if (!rest().starts_with(text))
            return false;
        advance(text.size());
        return true;
    }

    void add(Token::Kind kind, std::string text) {
        tokens_.push_back({kind, std::move(text), position_});
    }

    /// Where the next tag begins, or the end.
    std::size_t find_tag() const noexcept {
        for (std::size_t at = source_.find('{', at_); at != std::string::npos;
             at = source_.find('{', at + 1)) {
            const char next = at + 1 < source_.size() ? source_[at + 1] : '\0';
            if (next == '%' || next == '{' || next == '#')
                return at;
        }
        return source_.size();
    }

    /// Adds the text up to `tag`, trimmed as the sign behind the tag's brackets says.
    void add_data(std::size_t tag) {
        std::string_view text = std::string_view{source_}.substr(at_, tag - at_);
        const char sign = tag + 2 < source_.size() ? source_[tag + 2] : '\0';
        if (tag < source_.size() && sign == '-') {
            text = strip(text, Ends::right);
        } else if (tag < source_.size() && sign != '+' && source_[tag + 1] != '{') {
            const std::size_t line = text.rfind('\n') + 1;  // 0 where there is none
            if ((line > 0 || line_starts_) &&
                find_space(text.substr(line), false) == text.size() - line)
                text = text.substr(0, line);
        }
        if (!text.empty())
            add(Token::Kind::data, std::string{text});
        advance(tag - at_);
    }

    void read_data() {
        add_data(find_tag());
        if (at_ == source_.size())
            return;
        const char kind = source_[at_ + 1];
        if (kind == '%') {
            if (const auto raw = raw_tag(at_, "raw"))
                return read_raw(*raw);
        }
        const Position opened = position_;
        advance(2);
        if (rest().starts_with('-') || rest().starts_with('+'))
            advance(1);
        if (kind == '#')
            return read_comment(opened);
        tokens_.push_back(
            {kind == '%' ? Token::Kind::block_begin : Token::Kind::output_begin, {}, opened});
        read_tag(kind, opened);
    }

    /// Moves behind an end that was found, and the white space that goes with it.
    void close(bool strips, std::size_t size, bool trims_newline) {
        advance(size);
        if (strips)
            skip_space();
        else if (trims_newline)
            skip("\n");
        line_starts_ = source_[at_ - 1] == '\n';
    }

    void read_comment(Position opened) {
        const std::size_t end = source_.find("#}", at_);
        if (end == std::string::npos) {
            position_ = opened;
            fail("the comment has no end");
        }
        const char sign = end > at_ ? source_[end - 1] : '\0';
        advance(end - at_);
        close(sign == '-', 2, sign != '+');
    }

    /// The tag "{% raw %}" or "{% endraw %}".
    struct RawTag {
        std::size_t size;
        bool strips;
        bool trims_newline;
    };

    /// The tag of `word` ("raw", "endraw") at the "{%" at `begin`, if that is what stands there.
    std::optional<RawTag> raw_tag(std::size_t begin, std::string_view word) const {
        const auto has = [this](std::size_t at, std::string_view text) {
            return std::string_view{source_}.substr(at).starts_with(text);
        };
        const auto after_space = [this](std::size_t at) {
            return at + find_space(std::string_view{source_}.substr(at), false);
        };
        std::size_t at = begin + 2;
        at = after_space(has(at, "-") || has(at, "+") ? at + 1 : at);
        if (!has(at, word))
            return std::nullopt;
        at = after_space(at + word.size());
        const bool strips = has(at, "-%}");
        const bool keeps = word == "endraw" && has(at, "+%}");
        if (!strips && !keeps && !has(at, "%}"))
            return std::nullopt;
        return RawTag{at + (strips || keeps ? 3 : 2) - begin, strips, word == "endraw" && !keeps};
    }

    void read_raw(const RawTag& begin) {
        const Position opened = position_;
        close(begin.strips, begin.size, begin.trims_newline);
        for (std::size_t tag = source_.find("{%", at_); tag != std::string::npos;
             tag = source_.find("{%", tag + 2)) {
            if (const auto end = raw_tag(tag, "endraw")) {
                add_data(tag);
                return close(end->strips, end->size, end->trims_newline);
            }
        }
        position_ = opened;
        fail("the block 'raw' has no end");
    }

    /// Reads tokens up to the end of a tag of `kind`, '%' or '{'.
    void read_tag(char kind, Position opened) {
        const std::string_view end = kind == '%' ? "%}" : "}}";
        std::string brackets;  // that are open, each as what closes it
        for (;;) {
            if (at_ == source_.size()) {
                position_ = opened;
                fail("the tag has no end");
            }
            const std::string_view here = rest();
            const bool signed_end = (here[0] == '-' || (here[0] == '+' && kind == '%')) &&
                                    here.substr(1).starts_with(end);
            if (brackets.empty() && (signed_end || here.starts_with(end))) {
                add(kind == '%' ? Token::Kind::block_end : Token::Kind::output_end, {});
                close(here[0] == '-', signed_end ? 3 : 2, kind == '%' && here[0] != '+');
                return;
            }
            if (const std::size_t space = find_space(here, false); space > 0)
                advance(space);
            else
                read_token(brackets);
        }
    }

    static bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
    static bool is_letter(char c) noexcept {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    void read_token(std::string& brackets) {
        const char c = source_[at_];
        if (is_letter(c)) {
            const auto end =
                std::find_if_not(source_.begin() + static_cast<std::ptrdiff_t>(at_), source_.end(),
                                 [](char x) { return is_letter(x) || is_digit(x); });
            const std::size_t size = static_cast<std::size_t>(end - source_.begin()) - at_;
            if (size > longest_name)
                fail("the name has more than " + std::to_string(longest_name) + " characters");
            take(Token::Kind::name, size);
        } else if (is_digit(c)) {
            read_number();
        } else if (c == '"' || c == '\'') {
            read_string(c);
        } else {
            read_symbol(brackets);
        }
    }

    /// Adds the next `size` bytes as a token.
    void take(Token::Kind kind, std::size_t size) {
        add(kind, std::string{rest().substr(0, size)});
        advance(size);
    }

    /// Bytes of digits, with single underscores between them, from `at` on.
    std::size_t digits(std::size_t at) const noexcept {
        const std::size_t begin = at;
        while (at < source_.size() &&
               (is_digit(source_[at]) || (at > begin && source_[at] == '_' &&
                                          at + 1 < source_.size() && is_digit(source_[at + 1]))))
            ++at;
        return at - begin;
    }

    void read_number() {
        const bool after_dot = !tokens_.empty() && tokens_.back().is_symbol(".");
        std::size_t size = digits(at_);
        bool real = false;
        if (const std::size_t fraction = after_dot ? 0 : digits(at_ + size + 1);
            fraction > 0 && source_[at_ + size] == '.') {
            size += 1 + fraction;
            real = true;
        }
        if (const std::size_t exponent = after_dot ? 0 : exponent_size(at_ + size); exponent > 0) {
            size += exponent;
            real = true;
        }
        take(real ? Token::Kind::real : Token::Kind::integer, size);
    }

    std::size_t exponent_size(std::size_t at) const noexcept {
        if (at >= source_.size() || (source_[at] != 'e' && source_[at] != 'E'))
            return 0;
        const bool has_sign =
            at + 1 < source_.size() && (source_[at + 1] == '-' || source_[at + 1] == '+');
        const std::size_t size = digits(at + (has_sign ? 2 : 1));
        return size == 0 ? 0 : size + (has_sign ? 2 : 1);
    }

    void read_string(char quote) {
        std::size_t end = at_ + 1;
        while (end < source_.size() && source_[end] != quote)
            end += source_[end] == '\\' ? 2 : 1;
        if (end >= source_.size())
            fail("the string has no end");
        std::string fault;
        auto text = unescape(rest().substr(1, end - at_ - 1), fault);
        if (!text)
            fail("the escape '" + fault + "' in a string is not supported");
        add(Token::Kind::string, std::move(*text));
        advance(end + 1 - at_);
    }

    void read_symbol(std::string& brackets) {
        static constexpr std::string_view longest_first[] = {
            "**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<",
            ">",  "=",  ".",  ",",  ":",  "|",  "(", ")", "[", "]", "{", "}"};
        for (const std::string_view symbol : longest_first) {
            if (!rest().starts_with(symbol))
                continue;
            balance(symbol[0], brackets);
            return take(Token::Kind::symbol, symbol.size());
        }
        const std::size_t size = utf8_size_of_lead(static_cast<unsigned char>(source_[at_]));
        fail("the character '" + std::string{rest().substr(0, size)} + "' is not supported");
    }

    void balance(char symbol, std::string& brackets) const {
        if (symbol == '(' || symbol == '[' || symbol == '{') {
            brackets += symbol == '(' ? ')' : symbol == '[' ? ']' : '}';
        } else if (symbol == ')' || symbol == ']' || symbol == '}') {
            if (brackets.empty() || brackets.back() != symbol)
                fail(std::string{"the bracket '"} + symbol + "' closes nothing");
            brackets.pop_back();
        }
    }

    const std::string& name_;
    std::string source_;
    std::size_t at_ = 0;
    Position position_;
    bool line_starts_ = true;
    std::vector<Token> tokens_;
};

}  // namespace xzoo::text::jinja
