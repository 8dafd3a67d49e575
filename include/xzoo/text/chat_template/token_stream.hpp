#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/chat_template/error.hpp>
#include <xzoo/text/chat_template/token.hpp>

namespace xzoo::text::jinja {

/// Deepest nesting of expressions and statements in a template's source.
inline constexpr std::size_t max_source_depth = 200;

/// The tokens of a template, read once from front to back.
class TokenStream {
public:
    /// `tokens` ends with a token of kind end.
    TokenStream(const std::string& name, std::vector<Token> tokens)
        : name_{name}, tokens_{std::move(tokens)} {}

    const Token& current() const noexcept { return tokens_[at_]; }
    const Token& following() const noexcept {
        return tokens_[at_ + 1 < tokens_.size() ? at_ + 1 : at_];
    }

    /// The current token, which is then behind.
    Token next() {
        Token token = current();
        if (token.kind != Token::Kind::end)
            ++at_;
        return token;
    }

    bool skip_symbol(std::string_view text) { return skip(Token::Kind::symbol, text); }
    bool skip_name(std::string_view text) { return skip(Token::Kind::name, text); }

    void expect_symbol(std::string_view text) {
        if (!skip_symbol(text))
            fail("'" + std::string{text} + "' is expected");
    }

    void expect_name(std::string_view text) {
        if (!skip_name(text))
            fail("'" + std::string{text} + "' is expected");
    }

    Token expect(Token::Kind kind, std::string_view what) {
        if (current().kind != kind)
            fail(std::string{what} + " is expected");
        return next();
    }

    /// Fails at the current token, which the message names.
    [[noreturn]] void fail(const std::string& problem) const {
        fail_at(current().at, problem + ", found " + describe(current()));
    }

    [[noreturn]] void fail_at(Position at, const std::string& problem) const {
        throw ChatTemplateError{name_, at, problem};
    }

    /// One level of nesting for as long as this object lives.
    class Level {
    public:
        explicit Level(TokenStream& stream) : stream_{stream} {
            stream.check_depth(++stream.depth_, stream.current().at);
        }
        ~Level() { --stream_.depth_; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;

    private:
        TokenStream& stream_;
    };

    void check_depth(std::size_t depth, Position at) const {
        if (depth > max_source_depth)
            fail_at(at, "the template nests deeper than " + std::to_string(max_source_depth) +
                            " levels");
    }

private:
    bool skip(Token::Kind kind, std::string_view text) {
        const bool found = current().is(kind, text);
        at_ += found ? 1 : 0;
        return found;
    }

    const std::string& name_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
};

}  // namespace xzoo::text::jinja
