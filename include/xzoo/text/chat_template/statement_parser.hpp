#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/chat_template/expression_parser.hpp>
#include <xzoo/text/chat_template/parse_postfix.hpp>
#include <xzoo/text/chat_template/parse_primary.hpp>
#include <xzoo/text/chat_template/statements.hpp>
#include <xzoo/text/chat_template/token_stream.hpp>

namespace xzoo::text::jinja {

/// Makes the statements of a whole template.
/// Errors  ChatTemplateError: a statement that is unknown, not supported, broken or without its
///         end; nested too deeply.
/// Source  Jinja 3.1, jinja2/parser.py.
class StatementParser {
public:
    StatementParser(const std::string& name, std::vector<Token> tokens)
        : tokens_{name, std::move(tokens)}, expressions_{tokens_} {}

    Body parse() { return body({}); }

private:
    /// What lies around a statement.
    enum class Place { top, inside, loop };

    /// Puts the parser at another place for as long as this object lives.
    class At {
    public:
        At(StatementParser& parser, Place place)
            : parser_{parser}, outer_{std::exchange(parser.place_, place)} {}
        ~At() { parser_.place_ = outer_; }
        At(const At&) = delete;
        At& operator=(const At&) = delete;

    private:
        StatementParser& parser_;
        Place outer_;
    };

    /// Statements up to a tag that begins with one of `ends`, whose word is then the current token;
    /// up to the end of the template where there are no ends.
    Body body(std::initializer_list<std::string_view> ends) {
        const TokenStream::Level level{tokens_};
        const Position opened = tokens_.current().at;
        Body statements;
        for (;;) {
            Token token = tokens_.next();
            if (token.kind == Token::Kind::end) {
                if (ends.size() > 0)
                    tokens_.fail_at(
                        opened, "the block misses its '" + std::string{*(ends.end() - 1)} + "'");
                return statements;
            }
            if (token.kind == Token::Kind::data) {
                statements.push_back(std::make_unique<Data>(token.at, std::move(token.text)));
            } else if (token.kind == Token::Kind::output_begin) {
                statements.push_back(std::make_unique<Output>(token.at, expressions_.tuple()));
                tokens_.expect(Token::Kind::output_end, "'}}'");
            } else if (std::any_of(ends.begin(), ends.end(), [this](std::string_view end) {
                           return tokens_.current().is_name(end);
                       })) {
                return statements;
            } else {
                statements.push_back(statement());
                end_tag();
            }
        }
    }

    /// The statements of a block up to `end`, the last of its tags.
    Body body_until(std::string_view end) {
        end_tag();
        Body statements = body({end});
        tokens_.next();
        return statements;
    }

    void end_tag() { tokens_.expect(Token::Kind::block_end, "'%}'"); }

    std::unique_ptr<const Statement> statement() {
        const Token word = tokens_.expect(Token::Kind::name, "the name of a statement");
        if (word.text == "if")
            return if_statement(word.at);
        if (word.text == "for")
            return for_statement(word.at);
        if (word.text == "set")
            return set_statement(word.at);
        if (word.text == "macro")
            return macro_statement(word.at);
        if (word.text == "generation")
            return generation_statement(word.at);
        if (word.text == "break" || word.text == "continue") {
            if (place_ != Place::loop)
                tokens_.fail_at(word.at, "'" + word.text + "' stands outside of a loop");
            const Flow flow = word.text == "break" ? Flow::break_loop : Flow::continue_loop;
            return std::make_unique<Jump>(word.at, flow);
        }
        tokens_.fail_at(word.at, "the statement '" + word.text + "' is not supported");
    }

    std::unique_ptr<const Statement> if_statement(Position at) {
        std::vector<If::Branch> branches;
        bool more = true;
        while (more) {
            ExpressionPtr condition = expressions_.tuple(false);
            end_tag();
            branches.push_back({std::move(condition), body({"elif", "else", "endif"})});
            const Token word = tokens_.next();
            more = word.text == "elif";
            if (word.text == "else")
                branches.push_back({nullptr, body_until("endif")});
        }
        return std::make_unique<If>(at, std::move(branches));
    }

    std::unique_ptr<const Statement> for_statement(Position at) {
        For::Parts parts;
        parts.target = target();
        tokens_.expect_name("in");
        parts.iterable = expressions_.tuple(false);
        if (tokens_.skip_name("if"))
            parts.filter = expressions_.expression();
        if (tokens_.current().is_name("recursive"))
            tokens_.fail_at(tokens_.current().at, "a 'recursive' loop is not supported");
        end_tag();
        {
            const At inside{*this, Place::loop};
            parts.body = body({"else", "endfor"});
        }
        if (tokens_.next().text == "else")
            parts.otherwise = body_until("endfor");
        return std::make_unique<For>(at, std::move(parts));
    }

    /// One target, or several with commas between them, with or without parentheses.
    Target target() {
        const TokenStream::Level level{tokens_};
        Target first = one_target();
        if (!tokens_.current().is_symbol(","))
            return first;
        Target several;
        several.at = first.at;
        several.parts.push_back(std::move(first));
        while (tokens_.skip_symbol(",") && !ends_targets())
            several.parts.push_back(one_target());
        return several;
    }

    bool ends_targets() const {
        const Token& token = tokens_.current();
        return token.is_name("in") || token.is_symbol("=") || token.is_symbol(")");
    }

    Target one_target() {
        if (tokens_.skip_symbol("(")) {
            Target inner = target();
            tokens_.expect_symbol(")");
            return inner;
        }
        Token name = tokens_.expect(Token::Kind::name, "a variable");
        static constexpr std::string_view constants[] = {"true", "false", "none",
                                                         "True", "False", "None"};
        if (std::find(std::begin(constants), std::end(constants), name.text) != std::end(constants))
            tokens_.fail_at(name.at, "'" + name.text + "' is no variable");
        Target one{name.at, std::move(name.text), {}, {}};
        if (tokens_.skip_symbol("."))
            one.attribute = tokens_.expect(Token::Kind::name, "the name of an attribute").text;
        return one;
    }

    std::unique_ptr<const Statement> set_statement(Position at) {
        Target assigned = target();
        if (tokens_.skip_symbol("="))
            return std::make_unique<Assignment>(at, std::move(assigned), expressions_.tuple());
        ExpressionPtr value = expressions_.filters(
            std::make_unique<Name>(at, std::string{BlockAssignment::captured_text}));
        const At inside{*this, Place::inside};
        return std::make_unique<BlockAssignment>(at, std::move(assigned), std::move(value),
                                                 body_until("endset"));
    }

    std::unique_ptr<const Statement> generation_statement(Position at) {
        const At inside{*this, Place::inside};
        return std::make_unique<Generation>(at, body_until("endgeneration"));
    }

    std::unique_ptr<const Statement> macro_statement(Position at) {
        if (place_ != Place::top)
            tokens_.fail_at(at, "a 'macro' inside of another block is not supported");
        Token name = tokens_.expect(Token::Kind::name, "the name of a macro");
        std::vector<Macro::Parameter> list = parameters();
        const At inside{*this, Place::inside};
        return std::make_unique<Macro>(at, std::move(name.text), std::move(list),
                                       body_until("endmacro"));
    }

    std::vector<Macro::Parameter> parameters() {
        std::vector<Macro::Parameter> list;
        tokens_.expect_symbol("(");
        while (!tokens_.current().is_symbol(")")) {
            if (!list.empty())
                tokens_.expect_symbol(",");
            Token name = tokens_.expect(Token::Kind::name, "the name of a parameter");
            if (list.size() == most_arguments)
                tokens_.fail_at(name.at, "there are more than " + std::to_string(most_arguments) +
                                             " parameters");
            const bool known = std::any_of(list.begin(), list.end(), [&](const auto& parameter) {
                return parameter.name == name.text;
            });
            if (known)
                tokens_.fail_at(name.at, "the parameter '" + name.text + "' is there twice");
            ExpressionPtr otherwise =
                tokens_.skip_symbol("=") ? expressions_.expression() : nullptr;
            if (otherwise == nullptr && !list.empty() && list.back().otherwise != nullptr)
                tokens_.fail_at(name.at, "the parameter '" + name.text + "' misses its default");
            list.push_back({std::move(name.text), std::move(otherwise)});
        }
        tokens_.expect_symbol(")");
        return list;
    }

    TokenStream tokens_;
    ExpressionParser expressions_;
    Place place_ = Place::top;
};

}  // namespace xzoo::text::jinja
