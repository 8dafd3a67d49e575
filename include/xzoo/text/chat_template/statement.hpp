#pragma once

#include <memory>
#include <vector>

#include <xzoo/text/chat_template/error.hpp>
#include <xzoo/text/chat_template/evaluation.hpp>

namespace xzoo::text::jinja {

/// How a statement ends: with the next one, or by break or continue of the loop around it.
enum class Flow { next, break_loop, continue_loop };

/// A part of a template that writes text or changes variables. Immutable, as expressions are.
class Statement {
public:
    explicit Statement(Position at) : at_{at} {}
    virtual ~Statement() = default;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    /// Errors  ChatTemplateError, at this place or inside; ChatRefusedError.
    Flow render(Evaluation& run) const {
        const Evaluation::Level level{run, at_};
        return execute(run);
    }

    Position at() const noexcept { return at_; }

protected:
    virtual Flow execute(Evaluation& run) const = 0;

private:
    Position at_;
};

using Body = std::vector<std::unique_ptr<const Statement>>;

inline Flow render_all(Evaluation& run, const Body& body) {
    for (const auto& statement : body) {
        if (const Flow flow = statement->render(run); flow != Flow::next)
            return flow;
    }
    return Flow::next;
}

}  // namespace xzoo::text::jinja
