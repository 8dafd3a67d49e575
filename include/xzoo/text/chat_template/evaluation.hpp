#pragma once

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/chat_template/error.hpp>
#include <xzoo/text/chat_template/value.hpp>

namespace xzoo {

/// What a rendering may use up before it is an error; templates come from strangers.
struct ChatTemplateLimits {
    std::size_t steps = 20'000'000;            ///< expressions, list elements, 64-byte pieces
    std::size_t bytes = std::size_t{1} << 28;  ///< of all text made on the way, output included
};

}  // namespace xzoo

namespace xzoo::text::jinja {

/// Deepest nesting of expressions, statements and macro calls while a template runs.
inline constexpr std::size_t max_run_depth = 400;
/// Deepest nesting of lists and dicts.
inline constexpr std::size_t max_value_depth = 100;

/// The variables of a scope. Names are text of the template or of the caller's variables.
struct Frame : NamedValues<std::string_view> {
    Frame* parent = nullptr;
};

/// One rendering of a template: its variables, its output, what it has used up, and where it is.
class Evaluation {
public:
    Evaluation(std::string_view name, const ChatTemplateLimits& limits,
               const std::optional<std::tm>& now)
        : now_{now}, name_{name}, steps_left_{limits.steps}, bytes_left_{limits.bytes} {}
    Evaluation(const Evaluation&) = delete;
    Evaluation& operator=(const Evaluation&) = delete;

    /// Says where the template is; messages of fail() name this place.
    void stand(Position at) noexcept { at_ = at; }

    [[noreturn]] void fail(const std::string& problem) const {
        throw ChatTemplateError{std::string{name_}, at_, problem};
    }

    [[noreturn]] void refuse(std::string message) const {
        throw ChatRefusedError{std::string{name_}, at_, std::move(message)};
    }

    /// Fails because `value` is undefined, which an operation does not accept.
    [[noreturn]] void fail_undefined(const Undefined& value) const {
        fail(value.name.empty() ? "an undefined value is used"
                                : "'" + std::string{value.name} + "' is undefined");
    }

    void spend(std::size_t steps) {
        if (steps > steps_left_)
            fail("the template takes more steps than are allowed");
        steps_left_ -= steps;
    }

    /// Counts text before it is made; work over it counts as steps.
    void take_bytes(std::size_t bytes) {
        if (bytes > bytes_left_)
            fail("the template makes more text than is allowed");
        bytes_left_ -= bytes;
        spend(bytes / 64);
    }

    /// Counts the reading of text.
    void read_bytes(std::size_t bytes) { spend(1 + bytes / 64); }

    Value text(std::string text) {
        take_bytes(text.size());
        return TextPtr{std::make_shared<const std::string>(std::move(text))};
    }

    Value list(std::vector<Value> items, bool is_tuple = false) {
        spend(items.size());
        const std::size_t depth = depth_of(items);
        check_depth(depth);
        return SequencePtr{
            std::make_shared<const Sequence>(Sequence{std::move(items), is_tuple, depth})};
    }

    Value dict(std::vector<std::pair<Value, Value>> entries) {
        spend(entries.size());
        std::size_t depth = 1;
        for (const auto& entry : entries)
            depth = std::max({depth, entry.first.depth() + 1, entry.second.depth() + 1});
        check_depth(depth);
        return DictPtr{std::make_shared<const Dict>(Dict{std::move(entries), depth})};
    }

    Value tuple(Value first, Value second) {
        std::vector<Value> items;
        items.reserve(2);
        items.push_back(std::move(first));
        items.push_back(std::move(second));
        return list(std::move(items), true);
    }

    /// A namespace that lives as long as this rendering, so that namespaces may hold each other.
    Namespace& make_namespace() { return namespaces_.emplace_back(); }

    void check_depth(std::size_t depth) const {
        if (depth > max_value_depth)
            fail("values are nested deeper than " + std::to_string(max_value_depth) + " levels");
    }

    /// Appends to the output.
    void write(std::string_view text) {
        take_bytes(text.size());
        output_ += text;
    }

    /// What `render` writes, instead of writing it to the output.
    template <class Render>
    std::string capture(Render render) {
        std::string outer = std::exchange(output_, {});
        render();
        return std::exchange(output_, std::move(outer));
    }

    std::string& output() noexcept { return output_; }

    /// The value of a name, or null. Looking at a few names takes a step.
    template <class Name>
    Value* find(NamedValues<Name>& values, std::string_view name) {
        spend(values.entries.size() / 16);
        return values.find(name);
    }

    template <class Name>
    void set(NamedValues<Name>& values, std::string_view name, Value value) {
        if (Value* known = find(values, name))
            *known = std::move(value);
        else
            values.entries.emplace_back(name, std::move(value));
    }

    /// Sets a variable of the innermost scope.
    void set_variable(std::string_view name, Value value) { set(frame(), name, std::move(value)); }

    /// The variable of the innermost scope that has it, or null.
    const Value* find_variable(std::string_view name) {
        const Value* value = nullptr;
        std::size_t names = 0;  // looked at
        for (Frame* frame = frame_; frame != nullptr && value == nullptr; frame = frame->parent) {
            value = frame->find(name);
            names += frame->entries.size() + 1;
        }
        spend(names / 16);
        return value;
    }

    Frame& root() noexcept { return root_; }
    Frame& frame() noexcept { return *frame_; }

    const std::optional<std::tm>& now() const noexcept { return now_; }

    /// A scope inside `parent` for as long as this object lives.
    class Scope {
    public:
        Scope(Evaluation& run, Frame& parent) : run_{run}, outer_{run.frame_}, frame_{{}, &parent} {
            run.frame_ = &frame_;
        }
        explicit Scope(Evaluation& run) : Scope{run, run.frame()} {}
        ~Scope() { run_.frame_ = outer_; }
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;

        void clear() noexcept { frame_.entries.clear(); }

    private:
        Evaluation& run_;
        Frame* outer_;
        Frame frame_;
    };

    /// One level of nesting for as long as this object lives.
    class Level {
    public:
        Level(Evaluation& run, Position at) : run_{run} {
            run.stand(at);
            run.spend(1);
            if (run.depth_ == max_run_depth)
                run.fail("the template nests deeper than " + std::to_string(max_run_depth) +
                         " levels");
            ++run.depth_;
        }
        ~Level() { --run_.depth_; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;

    private:
        Evaluation& run_;
    };

private:
    std::deque<Namespace> namespaces_;
    Frame root_;
    Frame* frame_ = &root_;
    std::string output_;
    std::optional<std::tm> now_;
    std::string_view name_;
    Position at_;
    std::size_t steps_left_;
    std::size_t bytes_left_;
    std::size_t depth_ = 0;
};

}  // namespace xzoo::text::jinja
