// The statements of a template.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/chat_template/compare.hpp>
#include <xzoo/text/chat_template/expression.hpp>
#include <xzoo/text/chat_template/iterate.hpp>
#include <xzoo/text/chat_template/operation.hpp>
#include <xzoo/text/chat_template/statement.hpp>
#include <xzoo/text/chat_template/target.hpp>
#include <xzoo/text/chat_template/value_text.hpp>

namespace xzoo::text::jinja {

/// Text outside of tags.
class Data final : public Statement {
public:
    Data(Position position, std::string text) : Statement{position}, text_{std::move(text)} {}

protected:
    Flow execute(Evaluation& run) const override {
        run.write(text_);
        return Flow::next;
    }

private:
    std::string text_;
};

/// {{ value }}
class Output final : public Statement {
public:
    Output(Position position, ExpressionPtr value)
        : Statement{position}, value_{std::move(value)} {}

protected:
    Flow execute(Evaluation& run) const override {
        write(run, value_->evaluate(run));
        return Flow::next;
    }

private:
    ExpressionPtr value_;
};

/// {% if %}, {% elif %}, {% else %}: the first branch whose condition holds.
class If final : public Statement {
public:
    struct Branch {
        ExpressionPtr condition;  ///< null for else
        Body body;
    };

    If(Position position, std::vector<Branch> branches)
        : Statement{position}, branches_{std::move(branches)} {}

protected:
    Flow execute(Evaluation& run) const override {
        for (const Branch& branch : branches_) {
            if (branch.condition == nullptr || truth(branch.condition->evaluate(run)))
                return render_all(run, branch.body);
        }
        return Flow::next;
    }

private:
    std::vector<Branch> branches_;
};

/// {% for target in iterable if filter %} body {% else %} otherwise {% endfor %}. Every round has
/// a scope of its own.
class For final : public Statement {
public:
    struct Parts {
        Target target;
        ExpressionPtr iterable;
        ExpressionPtr filter;  ///< or null
        Body body;
        Body otherwise;
    };

    For(Position position, Parts parts) : Statement{position}, parts_{std::move(parts)} {}

protected:
    Flow execute(Evaluation& run) const override {
        const Value iterable = parts_.iterable->evaluate(run);
        run.stand(at());
        SequencePtr items = iterate(run, iterable);
        if (parts_.filter != nullptr)
            items = filtered(run, *items);
        run.check_depth(items->depth + 1);  // the variable `loop` holds the items
        Evaluation::Scope scope{run};
        if (items->items.empty())
            return render_all(run, parts_.otherwise);
        for (std::size_t i = 0; i < items->items.size(); ++i) {
            scope.clear();
            parts_.target.assign(run, items->items[i]);
            run.set_variable("loop", LoopPtr{std::make_shared<const Loop>(Loop{items, i})});
            if (render_all(run, parts_.body) == Flow::break_loop)
                break;
        }
        return Flow::next;
    }

private:
    SequencePtr filtered(Evaluation& run, const Sequence& items) const {
        Evaluation::Scope scope{run};
        std::vector<Value> kept;
        for (const Value& item : items.items) {
            scope.clear();
            parts_.target.assign(run, item);
            if (truth(parts_.filter->evaluate(run)))
                kept.push_back(item);
        }
        return *run.list(std::move(kept)).get_if<SequencePtr>();
    }

    Parts parts_;
};

/// {% break %}, {% continue %}
class Jump final : public Statement {
public:
    Jump(Position position, Flow flow) : Statement{position}, flow_{flow} {}

protected:
    Flow execute(Evaluation&) const override { return flow_; }

private:
    Flow flow_;
};

/// {% set target = value %}
class Assignment final : public Statement {
public:
    Assignment(Position position, Target target, ExpressionPtr value)
        : Statement{position}, target_{std::move(target)}, value_{std::move(value)} {}

protected:
    Flow execute(Evaluation& run) const override {
        target_.assign(run, value_->evaluate(run));
        return Flow::next;
    }

private:
    Target target_;
    ExpressionPtr value_;
};

/// {% set target | filters %} body {% endset %}. `value` says what becomes of the body's text,
/// which it finds in the variable captured_text.
class BlockAssignment final : public Statement {
public:
    /// No name that a template can write.
    static constexpr std::string_view captured_text = "{% set %}";

    BlockAssignment(Position position, Target target, ExpressionPtr value, Body body)
        : Statement{position},
          target_{std::move(target)},
          value_{std::move(value)},
          body_{std::move(body)} {}

protected:
    Flow execute(Evaluation& run) const override {
        target_.assign(run, filtered(run));
        return Flow::next;
    }

private:
    Value filtered(Evaluation& run) const {
        const Evaluation::Scope scope{run};
        run.set_variable(captured_text, run.text(run.capture([&] { render_all(run, body_); })));
        return value_->evaluate(run);
    }

    Target target_;
    ExpressionPtr value_;
    Body body_;
};

/// {% generation %} body {% endgeneration %}, which marks what the model wrote: the body in a scope
/// of its own.
class Generation final : public Statement {
public:
    Generation(Position position, Body body) : Statement{position}, body_{std::move(body)} {}

protected:
    Flow execute(Evaluation& run) const override {
        const Evaluation::Scope scope{run};
        return render_all(run, body_);
    }

private:
    Body body_;
};

/// {% macro name(parameters) %} body {% endmacro %}. Macros stand at the top of a template, so the
/// scope that they see beside their parameters is the root.
class Macro final : public Statement, public Callable {
public:
    struct Parameter {
        std::string name;
        ExpressionPtr otherwise;  ///< or null
    };

    Macro(Position position, std::string name, std::vector<Parameter> parameters, Body body)
        : Statement{position},
          name_{std::move(name)},
          parameters_{std::move(parameters)},
          body_{std::move(body)} {}

    Value call(Evaluation& run, const Arguments& arguments) const override {
        const Evaluation::Scope scope{run, run.root()};
        bind(run, arguments);
        return run.text(run.capture([&] { render_all(run, body_); }));
    }

protected:
    Flow execute(Evaluation& run) const override {
        run.set_variable(name_, static_cast<const Callable*>(this));
        return Flow::next;
    }

private:
    void bind(Evaluation& run, const Arguments& arguments) const {
        if (arguments.positional.size() > parameters_.size())
            run.fail("macro '" + name_ + "' takes at most " + std::to_string(parameters_.size()) +
                     " arguments");
        for (std::size_t i = 0; i < arguments.positional.size(); ++i)
            run.set_variable(parameters_[i].name, arguments.positional[i]);
        for (const auto& [name, value] : arguments.named)
            bind(run, name, value);
        for (const Parameter& parameter : parameters_) {
            if (run.find(run.frame(), parameter.name) != nullptr)
                continue;
            Value value = parameter.otherwise != nullptr ? parameter.otherwise->evaluate(run)
                                                         : Value{Undefined{parameter.name}};
            run.set_variable(parameter.name, std::move(value));
        }
    }

    void bind(Evaluation& run, std::string_view name, const Value& value) const {
        run.spend(parameters_.size() / 16);
        for (const Parameter& parameter : parameters_) {
            if (parameter.name != name)
                continue;
            if (run.find(run.frame(), name) != nullptr)
                run.fail("macro '" + name_ + "' gets its argument '" + parameter.name + "' twice");
            return run.set_variable(parameter.name, value);
        }
        run.fail("macro '" + name_ + "' has no argument '" + std::string{name} + "'");
    }

    std::string name_;
    std::vector<Parameter> parameters_;
    Body body_;
};

}  // namespace xzoo::text::jinja
