// What follows a value: attributes, subscripts, slices, calls, filters and tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/chat_template/access.hpp>
#include <xzoo/text/chat_template/expression.hpp>
#include <xzoo/text/chat_template/expressions.hpp>
#include <xzoo/text/chat_template/operation.hpp>

namespace xzoo::text::jinja {

/// object.name
class Attribute final : public Expression {
public:
    Attribute(Position position, ExpressionPtr object, std::string name)
        : Expression{position}, object_{adopt(std::move(object))}, name_{std::move(name)} {}

protected:
    Value compute(Evaluation& run) const override {
        const Value object = object_->evaluate(run);
        run.stand(at());
        return attribute(run, object, name_);
    }

private:
    ExpressionPtr object_;
    std::string name_;
};

/// object[key]
class Subscript final : public Expression {
public:
    Subscript(Position position, ExpressionPtr object, ExpressionPtr key)
        : Expression{position}, object_{adopt(std::move(object))}, key_{adopt(std::move(key))} {}

protected:
    Value compute(Evaluation& run) const override {
        const Value object = object_->evaluate(run);
        const Value key = key_->evaluate(run);
        run.stand(at());
        return item(run, object, key, key_name());
    }

private:
    /// The key where the template itself names it.
    std::string_view key_name() const {
        const auto* literal = dynamic_cast<const Literal*>(key_.get());
        const std::string* text = literal != nullptr ? literal->text() : nullptr;
        return text != nullptr ? std::string_view{*text} : std::string_view{};
    }

    ExpressionPtr object_;
    ExpressionPtr key_;
};

/// object[start:stop:step]; parts that were not written are null.
class Slice final : public Expression {
public:
    Slice(Position position, ExpressionPtr object, ExpressionPtr start, ExpressionPtr stop,
          ExpressionPtr step)
        : Expression{position},
          object_{adopt(std::move(object))},
          start_{adopt(std::move(start))},
          stop_{adopt(std::move(stop))},
          step_{adopt(std::move(step))} {}

protected:
    Value compute(Evaluation& run) const override {
        const Value object = object_->evaluate(run);
        SliceBounds bounds;
        bounds.start = bound(run, start_.get());
        bounds.stop = bound(run, stop_.get());
        bounds.step = bound(run, step_.get()).value_or(1);
        run.stand(at());
        return slice(run, object, bounds);
    }

private:
    static std::optional<std::int64_t> bound(Evaluation& run, const Expression* expression) {
        if (expression == nullptr)
            return std::nullopt;
        const Value value = expression->evaluate(run);
        if (value.is_none())
            return std::nullopt;
        if (value.integer() == nullptr)
            run.fail("a bound of a slice is a " + std::string{type_name(value)});
        return *value.integer();
    }

    ExpressionPtr object_;
    ExpressionPtr start_;
    ExpressionPtr stop_;
    ExpressionPtr step_;
};

/// Most arguments of a call, and parameters of a macro: names are looked for one by one.
inline constexpr std::size_t most_arguments = 255;

/// The arguments of a call as they are written. Their depth counts for the expression that has
/// them.
struct ArgumentList {
    std::vector<ExpressionPtr> positional;
    std::vector<std::string> names;
    std::vector<ExpressionPtr> named;  // by names

    Arguments evaluate(Evaluation& run) const {
        Arguments arguments;
        arguments.positional.reserve(positional.size());
        for (const ExpressionPtr& argument : positional)
            arguments.positional.push_back(argument->evaluate(run));
        for (std::size_t i = 0; i < names.size(); ++i)
            arguments.named.emplace_back(names[i], named[i]->evaluate(run));
        return arguments;
    }
};

/// callee(arguments)
class Call final : public Expression {
public:
    Call(Position position, ExpressionPtr callee, ArgumentList arguments)
        : Expression{position},
          callee_{adopt(std::move(callee))},
          arguments_{adopt(std::move(arguments.positional)), std::move(arguments.names),
                     adopt(std::move(arguments.named))} {}

protected:
    Value compute(Evaluation& run) const override {
        const Value callee = callee_->evaluate(run);
        const Arguments arguments = arguments_.evaluate(run);
        run.stand(at());
        if (const auto* callable = callee.get_if<const Callable*>())
            return (*callable)->call(run, arguments);
        if (const Method* method = callee.method())
            return method->operation->apply(run, method->self, arguments);
        if (const auto* undefined = callee.get_if<Undefined>())
            run.fail_undefined(*undefined);
        run.fail("a " + std::string{type_name(callee)} + " is called");
    }

private:
    ExpressionPtr callee_;
    ArgumentList arguments_;
};

/// subject|filter(arguments), or subject is test(arguments).
class Application final : public Expression {
public:
    Application(Position position, ExpressionPtr subject, const Operation& operation,
                ArgumentList arguments)
        : Expression{position},
          subject_{adopt(std::move(subject))},
          operation_{&operation},
          arguments_{adopt(std::move(arguments.positional)), std::move(arguments.names),
                     adopt(std::move(arguments.named))} {}

protected:
    Value compute(Evaluation& run) const override {
        const Value subject = subject_->evaluate(run);
        const Arguments arguments = arguments_.evaluate(run);
        run.stand(at());
        return operation_->apply(run, subject, arguments);
    }

private:
    ExpressionPtr subject_;
    const Operation* operation_;
    ArgumentList arguments_;
};

}  // namespace xzoo::text::jinja
