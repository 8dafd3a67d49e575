// Names, literals, operators and the inline if. What is called, subscripted or filtered is in
// postfix_expressions.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <xzoo/text/chat_template/arithmetic.hpp>
#include <xzoo/text/chat_template/compare.hpp>
#include <xzoo/text/chat_template/expression.hpp>
#include <xzoo/text/chat_template/functions.hpp>
#include <xzoo/text/chat_template/tests.hpp>
#include <xzoo/text/chat_template/value_text.hpp>

namespace xzoo::text::jinja {

class Literal final : public Expression {
public:
    Literal(Position position, Value value) : Expression{position}, value_{std::move(value)} {}

    /// The contents of a string literal, or null.
    const std::string* text() const noexcept { return value_.text(); }

protected:
    Value compute(Evaluation&) const override { return value_; }

private:
    Value value_;
};

class Name final : public Expression {
public:
    Name(Position position, std::string name) : Expression{position}, name_{std::move(name)} {}

protected:
    Value compute(Evaluation& run) const override {
        if (const Value* value = run.find_variable(name_))
            return *value;
        if (const Callable* function = find_function(name_))
            return function;
        if (is_other_global(name_))
            run.fail("'" + name_ + "' is not supported");
        return Undefined{name_};
    }

private:
    std::string name_;
};

/// [a, b] or (a, b).
class SequenceLiteral final : public Expression {
public:
    SequenceLiteral(Position position, std::vector<ExpressionPtr> items, bool is_tuple)
        : Expression{position}, items_{adopt(std::move(items))}, is_tuple_{is_tuple} {}

protected:
    Value compute(Evaluation& run) const override {
        std::vector<Value> values;
        values.reserve(items_.size());
        for (const ExpressionPtr& item : items_)
            values.push_back(item->evaluate(run));
        return run.list(std::move(values), is_tuple_);
    }

private:
    std::vector<ExpressionPtr> items_;
    bool is_tuple_;
};

/// {key: value, ...}: of equal keys the first place and the last value count.
class DictLiteral final : public Expression {
public:
    DictLiteral(Position position, std::vector<ExpressionPtr> keys,
                std::vector<ExpressionPtr> values)
        : Expression{position}, keys_{adopt(std::move(keys))}, values_{adopt(std::move(values))} {}

protected:
    Value compute(Evaluation& run) const override {
        std::vector<std::pair<Value, Value>> entries;
        for (std::size_t i = 0; i < keys_.size(); ++i) {
            Value key = keys_[i]->evaluate(run);
            Value value = values_[i]->evaluate(run);
            run.stand(keys_[i]->at());
            check_key(run, key);
            set(run, entries, std::move(key), std::move(value));
        }
        return run.dict(std::move(entries));
    }

private:
    static void set(Evaluation& run, std::vector<std::pair<Value, Value>>& entries, Value key,
                    Value value) {
        for (auto& [known, known_value] : entries) {
            if (equal(run, known, key)) {
                known_value = std::move(value);
                return;
            }
        }
        entries.emplace_back(std::move(key), std::move(value));
    }

    std::vector<ExpressionPtr> keys_;
    std::vector<ExpressionPtr> values_;
};

class Not final : public Expression {
public:
    Not(Position position, ExpressionPtr operand)
        : Expression{position}, operand_{adopt(std::move(operand))} {}

protected:
    Value compute(Evaluation& run) const override { return !truth(operand_->evaluate(run)); }

private:
    ExpressionPtr operand_;
};

/// a and b and c; a or b or c: the first operand that decides, as in Python.
class Logic final : public Expression {
public:
    Logic(Position position, std::vector<ExpressionPtr> operands, bool is_or)
        : Expression{position}, operands_{adopt(std::move(operands))}, is_or_{is_or} {}

protected:
    Value compute(Evaluation& run) const override {
        for (std::size_t i = 0; i + 1 < operands_.size(); ++i) {
            Value value = operands_[i]->evaluate(run);
            if (truth(value) == is_or_)
                return value;
        }
        return operands_.back()->evaluate(run);
    }

private:
    std::vector<ExpressionPtr> operands_;
    bool is_or_;
};

/// a ~ b ~ c
class Concatenation final : public Expression {
public:
    Concatenation(Position position, std::vector<ExpressionPtr> operands)
        : Expression{position}, operands_{adopt(std::move(operands))} {}

protected:
    Value compute(Evaluation& run) const override {
        std::string text;
        for (const ExpressionPtr& operand : operands_)
            text += to_text(run, operand->evaluate(run));
        return TextPtr{std::make_shared<const std::string>(std::move(text))};
    }

private:
    std::vector<ExpressionPtr> operands_;
};

/// a + b and the like.
class Arithmetic final : public Expression {
public:
    Arithmetic(Position position, Operator op, ExpressionPtr left, ExpressionPtr right)
        : Expression{position},
          left_{adopt(std::move(left))},
          right_{adopt(std::move(right))},
          operator_{op} {}

protected:
    Value compute(Evaluation& run) const override {
        const Value left = left_->evaluate(run);
        const Value right = right_->evaluate(run);
        run.stand(at());
        return calculate(run, operator_, left, right);
    }

private:
    ExpressionPtr left_;
    ExpressionPtr right_;
    Operator operator_;
};

/// -a, or +a, which only checks that a is a number.
class Sign final : public Expression {
public:
    Sign(Position position, ExpressionPtr operand, bool negates)
        : Expression{position}, operand_{adopt(std::move(operand))}, negates_{negates} {}

protected:
    Value compute(Evaluation& run) const override {
        Value value = operand_->evaluate(run);
        run.stand(at());
        Value negated = negate(run, value);
        return negates_ ? negated : negate(run, negated);
    }

private:
    ExpressionPtr operand_;
    bool negates_;
};

/// a < b <= c, a in b, a not in b: every neighbouring pair must hold.
class Comparison final : public Expression {
public:
    enum class Kind : std::uint8_t { relation, in, not_in };
    struct Step {
        Kind kind;
        Relation relation;
    };

    /// steps[i] stands between operands[i] and operands[i + 1].
    Comparison(Position position, std::vector<ExpressionPtr> operands, std::vector<Step> steps)
        : Expression{position}, operands_{adopt(std::move(operands))}, steps_{std::move(steps)} {}

protected:
    Value compute(Evaluation& run) const override {
        Value left = operands_[0]->evaluate(run);
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            Value right = operands_[i + 1]->evaluate(run);
            run.stand(at());
            if (!holds(run, steps_[i], left, right))
                return false;
            left = std::move(right);
        }
        return true;
    }

private:
    static bool holds(Evaluation& run, const Step& step, const Value& left, const Value& right) {
        return step.kind == Kind::relation ? related(run, step.relation, left, right)
                                           : contains(run, right, left) == (step.kind == Kind::in);
    }

    std::vector<ExpressionPtr> operands_;
    std::vector<Step> steps_;
};

/// a if condition else b; undefined where the condition is false and there is no else.
class Conditional final : public Expression {
public:
    Conditional(Position position, ExpressionPtr condition, ExpressionPtr value,
                ExpressionPtr otherwise)
        : Expression{position},
          condition_{adopt(std::move(condition))},
          value_{adopt(std::move(value))},
          otherwise_{adopt(std::move(otherwise))} {}

protected:
    Value compute(Evaluation& run) const override {
        if (truth(condition_->evaluate(run)))
            return value_->evaluate(run);
        return otherwise_ != nullptr ? otherwise_->evaluate(run) : Value{Undefined{}};
    }

private:
    ExpressionPtr condition_;
    ExpressionPtr value_;
    ExpressionPtr otherwise_;
};

}  // namespace xzoo::text::jinja
