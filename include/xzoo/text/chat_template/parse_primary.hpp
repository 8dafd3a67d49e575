// The part of ExpressionParser that reads names, literals and what stands in brackets.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <xzoo/text/chat_template/expression_parser.hpp>
#include <xzoo/text/chat_template/parse_number.hpp>

namespace xzoo::text::jinja {

inline ExpressionPtr ExpressionParser::primary() {
    const Token& token = tokens_.current();
    switch (token.kind) {
        case Token::Kind::name:
            return name();
        case Token::Kind::string:
            return string_literal();
        case Token::Kind::integer:
            return integer_literal();
        case Token::Kind::real:
            return real_literal();
        default:
            break;
    }
    if (token.is_symbol("("))
        return in_parentheses();
    if (token.is_symbol("["))
        return list_literal();
    if (token.is_symbol("{"))
        return dict_literal();
    tokens_.fail("an expression is expected");
}

inline ExpressionPtr ExpressionParser::name() {
    Token token = tokens_.next();
    if (token.text == "true" || token.text == "True")
        return make<Literal>(token.at, true);
    if (token.text == "false" || token.text == "False")
        return make<Literal>(token.at, false);
    if (token.text == "none" || token.text == "None")
        return make<Literal>(token.at, None{});
    return make<Name>(token.at, std::move(token.text));
}

/// Neighbouring strings are one.
inline ExpressionPtr ExpressionParser::string_literal() {
    Token token = tokens_.next();
    while (tokens_.current().kind == Token::Kind::string)
        token.text += tokens_.next().text;
    return make<Literal>(token.at, TextPtr{std::make_shared<const std::string>(token.text)});
}

inline ExpressionPtr ExpressionParser::integer_literal() {
    const Token token = tokens_.next();
    const auto value = parse_integer(token.text);
    const bool leading_zero = token.text.starts_with('0') && value != 0;
    if (!value || leading_zero)
        tokens_.fail_at(token.at, "the whole number '" + token.text +
                                      (value ? "' begins with 0" : "' is beyond 64 bits"));
    return make<Literal>(token.at, *value);
}

inline ExpressionPtr ExpressionParser::real_literal() {
    const Token token = tokens_.next();
    const auto value = parse_real(token.text);
    if (!value)
        tokens_.fail_at(token.at, "the number '" + token.text + "' is out of range");
    return make<Literal>(token.at, *value);
}

inline ExpressionPtr ExpressionParser::in_parentheses() {
    const Position at = tokens_.next().at;
    ExpressionPtr value = tokens_.current().is_symbol(")")
                              ? make<SequenceLiteral>(at, std::vector<ExpressionPtr>{}, true)
                              : tuple();
    tokens_.expect_symbol(")");
    return value;
}

inline ExpressionPtr ExpressionParser::list_literal() {
    const Position at = tokens_.next().at;
    std::vector<ExpressionPtr> items;
    while (!tokens_.current().is_symbol("]")) {
        items.push_back(expression());
        if (!tokens_.skip_symbol(","))
            break;
    }
    tokens_.expect_symbol("]");
    return make<SequenceLiteral>(at, std::move(items), false);
}

inline ExpressionPtr ExpressionParser::dict_literal() {
    const Position at = tokens_.next().at;
    std::vector<ExpressionPtr> keys;
    std::vector<ExpressionPtr> values;
    while (!tokens_.current().is_symbol("}")) {
        keys.push_back(expression());
        tokens_.expect_symbol(":");
        values.push_back(expression());
        if (!tokens_.skip_symbol(","))
            break;
    }
    tokens_.expect_symbol("}");
    return make<DictLiteral>(at, std::move(keys), std::move(values));
}

}  // namespace xzoo::text::jinja
