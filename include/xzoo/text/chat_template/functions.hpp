// The global functions: range, namespace, dict, raise_exception, strftime_now.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/chat_template/evaluation.hpp>
#include <xzoo/text/chat_template/operation.hpp>
#include <xzoo/text/chat_template/value.hpp>
#include <xzoo/text/chat_template/value_text.hpp>

namespace xzoo::text::jinja {

/// Source  Jinja's sandbox: range() makes no more elements than these.
inline constexpr std::size_t max_range = 100'000;

inline Value range_function(Evaluation& run, const Arguments& arguments) {
    const Bound bound{run, "range", arguments, {"start", "stop", "step"}, 1};
    const bool one = bound[1] == nullptr;
    const std::int64_t start = one ? 0 : bound.integer(0, 0);
    const std::int64_t stop = bound.integer(one ? 0 : 1, 0);
    const std::int64_t step = bound.integer(2, 1);
    if (step == 0)
        bound.fail("has a step of 0");
    std::vector<Value> items;
    for (std::int64_t at = start; step > 0 ? at < stop : at > stop;) {
        if (items.size() == max_range)
            bound.fail("has more than " + std::to_string(max_range) + " elements");
        items.push_back(at);
        if (__builtin_add_overflow(at, step, &at))
            break;
    }
    return run.list(std::move(items));
}

inline Value namespace_function(Evaluation& run, const Arguments& arguments) {
    if (!arguments.positional.empty())
        run.fail("namespace takes named arguments only");
    Namespace& space = run.make_namespace();
    for (const auto& [name, value] : arguments.named)
        run.set(space, name, value);
    return &space;
}

inline Value dict_function(Evaluation& run, const Arguments& arguments) {
    if (!arguments.positional.empty())
        run.fail("dict takes named arguments only");
    std::vector<std::pair<Value, Value>> entries;
    for (const auto& [name, value] : arguments.named)
        entries.emplace_back(run.text(std::string{name}), value);
    return run.dict(std::move(entries));
}

inline Value raise_function(Evaluation& run, const Arguments& arguments) {
    const Bound bound{run, "raise_exception", arguments, {"message"}, 1};
    run.refuse(to_text(run, *bound[0]));
}

inline std::tm local_time() {
    const std::time_t now = std::time(nullptr);
    std::tm fields{};
    ::localtime_r(&now, &fields);
    return fields;
}

/// Errors  ChatTemplateError: a conversion that is not one of the plain ones of ISO C.
inline Value strftime_function(Evaluation& run, const Arguments& arguments) {
    const Bound bound{run, "strftime_now", arguments, {"format"}, 1};
    constexpr std::string_view known = "aAbBcdHIjmMpSUwWxXyYZzeFTDR%";
    const std::tm now = run.now() ? *run.now() : local_time();
    const std::string format{bound.text(0, "")};
    std::string out;
    for (std::size_t at = 0; at < format.size(); ++at) {
        if (format[at] != '%') {
            out += format[at];
            continue;
        }
        ++at;
        if (at == format.size() || known.find(format[at]) == std::string_view::npos)
            bound.fail("does not support the format '" + format + "'");
        const char conversion[] = {'%', format[at], '\0'};
        std::array<char, 256> field;
        out.append(field.data(), std::strftime(field.data(), field.size(), conversion, &now));
    }
    return run.text(std::move(out));
}

/// A global function.
class Function final : public Callable {
public:
    using Body = Value (*)(Evaluation&, const Arguments&);
    constexpr Function(std::string_view name, Body body) : name_{name}, body_{body} {}

    std::string_view name() const noexcept { return name_; }
    Value call(Evaluation& run, const Arguments& arguments) const override {
        return body_(run, arguments);
    }

private:
    std::string_view name_;
    Body body_;
};

/// The global function of this name, or null.
inline const Callable* find_function(std::string_view name) noexcept {
    static const Function functions[] = {
        {"range", &range_function},
        {"namespace", &namespace_function},
        {"dict", &dict_function},
        {"raise_exception", &raise_function},
        {"strftime_now", &strftime_function},
    };
    for (const Function& function : functions) {
        if (function.name() == name)
            return &function;
    }
    return nullptr;
}

/// Whether Jinja has a global of this name that is not among those above.
inline bool is_other_global(std::string_view name) noexcept {
    static constexpr std::string_view names[] = {"lipsum", "cycler", "joiner",  "self",
                                                 "super",  "caller", "varargs", "kwargs"};
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

}  // namespace xzoo::text::jinja
