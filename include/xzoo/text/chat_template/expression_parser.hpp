#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/chat_template/expressions.hpp>
#include <xzoo/text/chat_template/filters.hpp>
#include <xzoo/text/chat_template/postfix_expressions.hpp>
#include <xzoo/text/chat_template/token_stream.hpp>

namespace xzoo::text::jinja {

/// Makes expressions of tokens, with Jinja's precedence. Each function reads one level of it.
/// Errors  ChatTemplateError: no expression; a filter, a test or a form of call that is not
///         supported; nested too deeply.
/// Source  Jinja 3.1, jinja2/parser.py.
class ExpressionParser {
public:
    explicit ExpressionParser(TokenStream& tokens) : tokens_{tokens} {}

    /// a if b else c
    ExpressionPtr expression() {
        const TokenStream::Level level{tokens_};
        ExpressionPtr value = without_condition();
        while (tokens_.current().is_name("if")) {
            const Position at = tokens_.next().at;
            ExpressionPtr condition = without_condition();
            ExpressionPtr otherwise = tokens_.skip_name("else") ? expression() : nullptr;
            value =
                make<Conditional>(at, std::move(condition), std::move(value), std::move(otherwise));
        }
        return value;
    }

    /// a or b; what stands where an inline if may not.
    ExpressionPtr without_condition() {
        return logic("or", true,
                     [this] { return logic("and", false, [this] { return negation(); }); });
    }

    /// One expression, or a tuple without brackets.
    ExpressionPtr tuple(bool with_condition = true) {
        const auto one = [&] { return with_condition ? expression() : without_condition(); };
        const Position at = tokens_.current().at;
        ExpressionPtr first = one();
        if (!tokens_.current().is_symbol(","))
            return first;
        std::vector<ExpressionPtr> items;
        items.push_back(std::move(first));
        while (tokens_.skip_symbol(",") && !ends_tuple())
            items.push_back(one());
        return make<SequenceLiteral>(at, std::move(items), true);
    }

    /// |filter|filter(...), applied to `value`.
    ExpressionPtr filters(ExpressionPtr value) {
        while (tokens_.skip_symbol("|")) {
            const Token name = dotted_name();
            const Operation* filter = find_filter(name.text);
            if (filter == nullptr)
                tokens_.fail_at(name.at, "the filter '" + name.text + "' is not supported");
            value = make<Application>(name.at, std::move(value), *filter, optional_arguments());
        }
        return value;
    }

private:
    template <class Node, class... Parts>
    ExpressionPtr make(Position at, Parts&&... parts) {
        auto node = std::make_unique<const Node>(at, std::forward<Parts>(parts)...);
        tokens_.check_depth(node->depth(), at);
        return node;
    }

    template <class Operand>
    ExpressionPtr logic(std::string_view word, bool is_or, Operand operand) {
        const Position at = tokens_.current().at;
        std::vector<ExpressionPtr> operands;
        do
            operands.push_back(operand());
        while (tokens_.skip_name(word));
        if (operands.size() == 1)
            return std::move(operands[0]);
        return make<Logic>(at, std::move(operands), is_or);
    }

    ExpressionPtr negation() {
        if (!tokens_.current().is_name("not"))
            return comparison();
        const TokenStream::Level level{tokens_};
        const Position at = tokens_.next().at;
        return make<Not>(at, negation());
    }

    std::optional<Comparison::Step> comparison_step() {
        static constexpr std::pair<std::string_view, Relation> relations[] = {
            {"==", Relation::eq}, {"!=", Relation::ne}, {"<", Relation::lt},
            {"<=", Relation::le}, {">", Relation::gt},  {">=", Relation::ge}};
        for (const auto& [symbol, relation] : relations) {
            if (tokens_.skip_symbol(symbol))
                return Comparison::Step{Comparison::Kind::relation, relation};
        }
        if (tokens_.skip_name("in"))
            return Comparison::Step{Comparison::Kind::in, {}};
        if (tokens_.current().is_name("not") && tokens_.following().is_name("in")) {
            tokens_.next();
            tokens_.next();
            return Comparison::Step{Comparison::Kind::not_in, {}};
        }
        return std::nullopt;
    }

    ExpressionPtr comparison() {
        std::vector<ExpressionPtr> operands;
        std::vector<Comparison::Step> steps;
        operands.push_back(sum());
        const Position at = tokens_.current().at;
        while (const auto step = comparison_step()) {
            steps.push_back(*step);
            operands.push_back(sum());
        }
        if (steps.empty())
            return std::move(operands[0]);
        return make<Comparison>(at, std::move(operands), std::move(steps));
    }

    template <class Operand>
    ExpressionPtr arithmetic(std::initializer_list<Operator> operators, Operand operand) {
        ExpressionPtr left = operand();
        for (;;) {
            const auto* found = std::find_if(
                operators.begin(), operators.end(),
                [this](Operator op) { return tokens_.current().is_symbol(symbol(op)); });
            if (found == operators.end())
                return left;
            const Position at = tokens_.next().at;
            left = make<Arithmetic>(at, *found, std::move(left), operand());
        }
    }

    ExpressionPtr sum() {
        return arithmetic({Operator::add, Operator::subtract}, [this] { return concatenation(); });
    }

    ExpressionPtr concatenation() {
        const Position at = tokens_.current().at;
        std::vector<ExpressionPtr> operands;
        do
            operands.push_back(product());
        while (tokens_.skip_symbol("~"));
        if (operands.size() == 1)
            return std::move(operands[0]);
        return make<Concatenation>(at, std::move(operands));
    }

    ExpressionPtr product() {
        return arithmetic(
            {Operator::multiply, Operator::divide, Operator::floor_divide, Operator::modulo},
            [this] { return arithmetic({Operator::power}, [this] { return unary(true); }); });
    }

    ExpressionPtr unary(bool with_filters) {
        const TokenStream::Level level{tokens_};
        ExpressionPtr value;
        if (tokens_.current().is_symbol("-") || tokens_.current().is_symbol("+")) {
            const Token sign = tokens_.next();
            value = make<Sign>(sign.at, unary(false), sign.text == "-");
        } else {
            value = primary();
        }
        value = postfix(std::move(value));
        return with_filters ? filters_and_tests(std::move(value)) : std::move(value);
    }

    // parse_primary.hpp
    ExpressionPtr primary();
    ExpressionPtr name();
    ExpressionPtr string_literal();
    ExpressionPtr integer_literal();
    ExpressionPtr real_literal();
    ExpressionPtr in_parentheses();
    ExpressionPtr list_literal();
    ExpressionPtr dict_literal();

    // parse_postfix.hpp
    bool ends_tuple() const;
    ExpressionPtr postfix(ExpressionPtr value);
    ExpressionPtr filters_and_tests(ExpressionPtr value);
    ExpressionPtr call(ExpressionPtr callee);
    ExpressionPtr attribute(ExpressionPtr object);
    ExpressionPtr subscript(ExpressionPtr object);
    ExpressionPtr optional_bound();
    ExpressionPtr test(ExpressionPtr value);
    ArgumentList arguments();
    ArgumentList optional_arguments();
    ArgumentList test_arguments();
    void argument(ArgumentList& arguments);
    Token dotted_name();

    TokenStream& tokens_;
};

}  // namespace xzoo::text::jinja
