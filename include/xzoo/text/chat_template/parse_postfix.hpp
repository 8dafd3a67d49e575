// The part of ExpressionParser that reads what follows a value.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <xzoo/text/chat_template/expression_parser.hpp>
#include <xzoo/text/chat_template/parse_number.hpp>

namespace xzoo::text::jinja {

inline bool ExpressionParser::ends_tuple() const {
    const Token& token = tokens_.current();
    return token.kind == Token::Kind::block_end || token.kind == Token::Kind::output_end ||
           token.is_symbol(")");
}

inline ExpressionPtr ExpressionParser::postfix(ExpressionPtr value) {
    for (;;) {
        const Token& token = tokens_.current();
        if (token.is_symbol("."))
            value = attribute(std::move(value));
        else if (token.is_symbol("["))
            value = subscript(std::move(value));
        else if (token.is_symbol("("))
            value = call(std::move(value));
        else
            return value;
    }
}

inline ExpressionPtr ExpressionParser::filters_and_tests(ExpressionPtr value) {
    for (;;) {
        const Token& token = tokens_.current();
        if (token.is_symbol("|"))
            value = filters(std::move(value));
        else if (token.is_name("is"))
            value = test(std::move(value));
        else if (token.is_symbol("("))
            value = call(std::move(value));
        else
            return value;
    }
}

inline ExpressionPtr ExpressionParser::call(ExpressionPtr callee) {
    const Position at = callee->at();
    return make<Call>(at, std::move(callee), arguments());
}

inline ExpressionPtr ExpressionParser::attribute(ExpressionPtr object) {
    tokens_.expect_symbol(".");
    if (tokens_.current().kind == Token::Kind::integer) {
        const Position at = tokens_.current().at;
        return make<Subscript>(at, std::move(object), integer_literal());
    }
    Token name = tokens_.expect(Token::Kind::name, "the name of an attribute");
    return make<Attribute>(name.at, std::move(object), std::move(name.text));
}

/// A bound of a slice, or null where none is written.
inline ExpressionPtr ExpressionParser::optional_bound() {
    const Token& token = tokens_.current();
    return token.is_symbol(":") || token.is_symbol("]") ? nullptr : expression();
}

inline ExpressionPtr ExpressionParser::subscript(ExpressionPtr object) {
    const Position at = tokens_.next().at;
    ExpressionPtr start = optional_bound();
    if (start != nullptr && tokens_.skip_symbol("]"))
        return make<Subscript>(at, std::move(object), std::move(start));
    tokens_.expect_symbol(":");
    ExpressionPtr stop = optional_bound();
    ExpressionPtr step = tokens_.skip_symbol(":") ? optional_bound() : nullptr;
    tokens_.expect_symbol("]");
    return make<Slice>(at, std::move(object), std::move(start), std::move(stop), std::move(step));
}

inline Token ExpressionParser::dotted_name() {
    Token name = tokens_.expect(Token::Kind::name, "a name");
    while (tokens_.skip_symbol("."))
        name.text += '.' + tokens_.expect(Token::Kind::name, "a name").text;
    return name;
}

inline ExpressionPtr ExpressionParser::test(ExpressionPtr value) {
    tokens_.expect_name("is");
    const Position at = tokens_.current().at;
    const bool negated = tokens_.skip_name("not");
    const Token name = dotted_name();
    const Operation* found = find_test(name.text);
    if (found == nullptr)
        tokens_.fail_at(name.at, "the test '" + name.text + "' is not supported");
    value = make<Application>(name.at, std::move(value), *found, test_arguments());
    return negated ? make<Not>(at, std::move(value)) : std::move(value);
}

/// Arguments in parentheses, or one that follows without them.
inline ArgumentList ExpressionParser::test_arguments() {
    const Token& token = tokens_.current();
    if (token.is_symbol("("))
        return arguments();
    ArgumentList list;
    const bool begins = token.kind == Token::Kind::name || token.kind == Token::Kind::string ||
                        token.kind == Token::Kind::integer || token.kind == Token::Kind::real ||
                        token.is_symbol("[") || token.is_symbol("{");
    if (!begins || token.is_name("else") || token.is_name("or") || token.is_name("and"))
        return list;
    if (token.is_name("is"))
        tokens_.fail("tests cannot follow each other");
    list.positional.push_back(postfix(primary()));
    return list;
}

inline ArgumentList ExpressionParser::optional_arguments() {
    return tokens_.current().is_symbol("(") ? arguments() : ArgumentList{};
}

inline ArgumentList ExpressionParser::arguments() {
    tokens_.expect_symbol("(");
    ArgumentList list;
    while (!tokens_.current().is_symbol(")")) {
        argument(list);
        if (!tokens_.skip_symbol(","))
            break;
    }
    tokens_.expect_symbol(")");
    return list;
}

inline void ExpressionParser::argument(ArgumentList& arguments) {
    const Token& token = tokens_.current();
    if (token.is_symbol("*") || token.is_symbol("**"))
        tokens_.fail_at(token.at, "the argument '" + token.text + "...' is not supported");
    if (arguments.positional.size() + arguments.named.size() == most_arguments)
        tokens_.fail_at(token.at,
                        "there are more than " + std::to_string(most_arguments) + " arguments");
    if (token.kind == Token::Kind::name && tokens_.following().is_symbol("=")) {
        Token name = tokens_.next();
        tokens_.next();
        const auto& names = arguments.names;
        if (std::find(names.begin(), names.end(), name.text) != names.end())
            tokens_.fail_at(name.at, "the argument '" + name.text + "' is passed twice");
        arguments.names.push_back(std::move(name.text));
        arguments.named.push_back(expression());
        return;
    }
    if (!arguments.names.empty())
        tokens_.fail("an argument without a name follows one with a name");
    arguments.positional.push_back(expression());
}

}  // namespace xzoo::text::jinja
