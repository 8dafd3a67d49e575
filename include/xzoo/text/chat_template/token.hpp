#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <xzoo/text/chat_template/error.hpp>

namespace xzoo::text::jinja {

/// Most characters of a name in a template, so that comparing names is no work to speak of.
inline constexpr std::size_t longest_name = 255;

/// A piece of a template's source.
struct Token {
    enum class Kind : std::uint8_t {
        data,         ///< text between tags, white space already trimmed
        block_begin,  ///< {%
        block_end,
        output_begin,  ///< {{
        output_end,
        name,
        string,  ///< its contents, escapes resolved
        integer,
        real,
        symbol,  ///< an operator or a bracket
        end,     ///< of the template
    };

    Kind kind = Kind::end;
    std::string text;
    Position at;

    bool is(Kind wanted, std::string_view wanted_text) const noexcept {
        return kind == wanted && text == wanted_text;
    }
    bool is_symbol(std::string_view wanted) const noexcept { return is(Kind::symbol, wanted); }
    bool is_name(std::string_view wanted) const noexcept { return is(Kind::name, wanted); }
};

/// The token as messages call it.
inline std::string describe(const Token& token) {
    switch (token.kind) {
        case Token::Kind::data:
            return "text";
        case Token::Kind::block_begin:
            return "'{%'";
        case Token::Kind::block_end:
            return "'%}'";
        case Token::Kind::output_begin:
            return "'{{'";
        case Token::Kind::output_end:
            return "'}}'";
        case Token::Kind::string:
            return "a string";
        case Token::Kind::end:
            return "the end of the template";
        default:
            return "'" + token.text + "'";
    }
}

}  // namespace xzoo::text::jinja
