#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/chat_template/evaluation.hpp>
#include <xzoo/text/chat_template/value.hpp>

namespace xzoo::text::jinja {

/// What a call passes.
struct Arguments {
    std::vector<Value> positional;
    std::vector<std::pair<std::string_view, Value>> named;
};

/// A filter, a test or a method: what it is called and what it does with its subject.
struct Operation {
    std::string_view name;
    Value (*apply)(Evaluation& run, const Value& subject, const Arguments& arguments);
};

inline const Operation* find_operation(std::span<const Operation> all,
                                       std::string_view name) noexcept {
    for (const Operation& operation : all) {
        if (operation.name == name)
            return &operation;
    }
    return nullptr;
}

/// A macro or a global function.
class Callable {
public:
    virtual ~Callable() = default;
    virtual Value call(Evaluation& run, const Arguments& arguments) const = 0;
};

/// The arguments of a call by parameter. Refers to them, so must not outlive them.
class Bound {
public:
    static constexpr std::size_t most = 4;

    /// Errors  ChatTemplateError: too many, too few, unknown or repeated arguments.
    Bound(Evaluation& run, std::string_view callee, const Arguments& arguments,
          std::initializer_list<std::string_view> names, std::size_t required = 0)
        : run_{&run}, callee_{callee}, count_{names.size()} {
        std::copy(names.begin(), names.end(), names_.begin());
        if (arguments.positional.size() > names.size())
            fail("takes at most " + std::to_string(names.size()) + " arguments");
        for (std::size_t i = 0; i < arguments.positional.size(); ++i)
            values_[i] = &arguments.positional[i];
        for (const auto& [name, value] : arguments.named)
            bind(name, value);
        for (std::size_t i = 0; i < required; ++i) {
            if (values_[i] == nullptr)
                fail("misses its argument '" + std::string{names_[i]} + "'");
        }
    }

    /// The argument, or null where it was not passed.
    const Value* operator[](std::size_t i) const noexcept { return values_[i]; }

    /// The argument, or null where it was not passed or is none.
    const Value* unless_none(std::size_t i) const noexcept {
        return values_[i] == nullptr || values_[i]->is_none() ? nullptr : values_[i];
    }

    std::string_view text(std::size_t i, std::string_view otherwise) const {
        const Value* value = unless_none(i);
        if (value != nullptr && value->text() == nullptr)
            fail_type(i, "a string");
        return value == nullptr ? otherwise : std::string_view{*value->text()};
    }

    std::int64_t integer(std::size_t i, std::int64_t otherwise) const {
        const Value* value = unless_none(i);
        if (value != nullptr && value->integer() == nullptr)
            fail_type(i, "a whole number");
        return value == nullptr ? otherwise : *value->integer();
    }

    [[noreturn]] void fail_type(std::size_t i, std::string_view wanted) const {
        fail("wants " + std::string{wanted} + " as '" + std::string{names_[i]} + "', not " +
             std::string{type_name(*values_[i])});
    }

    [[noreturn]] void fail(const std::string& problem) const {
        run_->fail(std::string{callee_} + ' ' + problem);
    }

private:
    void bind(std::string_view name, const Value& value) {
        for (std::size_t i = 0; i < count_; ++i) {
            if (names_[i] != name)
                continue;
            if (values_[i] != nullptr)
                fail("gets its argument '" + std::string{name} + "' twice");
            values_[i] = &value;
            return;
        }
        fail("has no argument '" + std::string{name} + "'");
    }

    Evaluation* run_;
    std::string_view callee_;
    std::size_t count_;
    std::array<std::string_view, most> names_{};
    std::array<const Value*, most> values_{};
};

}  // namespace xzoo::text::jinja
