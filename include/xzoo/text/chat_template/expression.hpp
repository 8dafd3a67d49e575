#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include <xzoo/text/chat_template/error.hpp>
#include <xzoo/text/chat_template/evaluation.hpp>
#include <xzoo/text/chat_template/value.hpp>

namespace xzoo::text::jinja {

class Expression;
using ExpressionPtr = std::unique_ptr<const Expression>;

/// A part of a template that has a value. Immutable, so many threads may evaluate one.
class Expression {
public:
    explicit Expression(Position at) : at_{at} {}
    virtual ~Expression() = default;
    Expression(const Expression&) = delete;
    Expression& operator=(const Expression&) = delete;

    /// Errors  ChatTemplateError, at this place or inside; ChatRefusedError.
    Value evaluate(Evaluation& run) const {
        const Evaluation::Level level{run, at_};
        return compute(run);
    }

    Position at() const noexcept { return at_; }

    /// Levels of expressions from here down.
    std::size_t depth() const noexcept { return depth_; }

protected:
    virtual Value compute(Evaluation& run) const = 0;

    /// Makes `child`, which may be null, a part of this expression.
    ExpressionPtr adopt(ExpressionPtr child) {
        if (child != nullptr)
            depth_ = std::max(depth_, child->depth() + 1);
        return child;
    }

    std::vector<ExpressionPtr> adopt(std::vector<ExpressionPtr> children) {
        for (const ExpressionPtr& child : children)
            depth_ = std::max(depth_, child->depth() + 1);
        return children;
    }

private:
    Position at_;
    std::size_t depth_ = 1;
};

}  // namespace xzoo::text::jinja
