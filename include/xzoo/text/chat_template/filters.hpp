// The table of all filters, and those that apply another filter or a test.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/chat_template/compare.hpp>
#include <xzoo/text/chat_template/evaluation.hpp>
#include <xzoo/text/chat_template/filters_list.hpp>
#include <xzoo/text/chat_template/filters_text.hpp>
#include <xzoo/text/chat_template/iterate.hpp>
#include <xzoo/text/chat_template/operation.hpp>
#include <xzoo/text/chat_template/tests.hpp>
#include <xzoo/text/chat_template/value.hpp>

namespace xzoo::text::jinja {

inline const Operation* find_filter(std::string_view name) noexcept;

/// The operation named by the first argument.
inline const Operation& named_operation(Evaluation& run, const Arguments& arguments,
                                        std::size_t which, std::string_view kind,
                                        const Operation* (*find)(std::string_view)) {
    const Value& name = arguments.positional[which];
    if (name.text() == nullptr)
        run.fail("the name of a " + std::string{kind} + " is not a string");
    const Operation* operation = find(*name.text());
    if (operation == nullptr)
        run.fail("the " + std::string{kind} + " '" + *name.text() + "' is not supported");
    return *operation;
}

inline Arguments without_first(const Arguments& arguments, std::size_t count) {
    const auto begin = arguments.positional.begin() + static_cast<std::ptrdiff_t>(count);
    return {{begin, arguments.positional.end()}, arguments.named};
}

/// What the filters below go through; those of Jinja do not look at what is false.
inline SequencePtr candidates(Evaluation& run, const Value& value) {
    return iterate(run, truth(value) ? value : Value{});
}

/// map(attribute=path, default=value), or map(filter, its arguments...).
inline Value map_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    std::vector<Value> items;
    if (arguments.positional.empty()) {
        const Bound bound{run, "filter 'map'", arguments, {"attribute", "default"}};
        if (bound[0] == nullptr)
            bound.fail("wants a filter or an attribute");
        const SequencePtr elements = candidates(run, value);
        for (const Value& element : elements->items) {
            const Value found = at_path(run, element, bound[0]);
            items.push_back(found.is_undefined() && bound.unless_none(1) != nullptr ? *bound[1]
                                                                                    : found);
        }
        return run.list(std::move(items));
    }
    const Operation& filter = named_operation(run, arguments, 0, "filter", &find_filter);
    const Arguments rest = without_first(arguments, 1);
    const SequencePtr elements = candidates(run, value);
    for (const Value& element : elements->items) {
        run.spend(1);
        items.push_back(filter.apply(run, element, rest));
    }
    return run.list(std::move(items));
}

/// select, reject (of the element) and selectattr, rejectattr (of an attribute of it): what passes
/// a test, or is true where no test is named.
template <bool keep, bool by_attribute>
Value select_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    constexpr std::size_t first = by_attribute ? 1 : 0;
    if (arguments.positional.size() < first)
        run.fail("the filter wants an attribute");
    const bool has_test = arguments.positional.size() > first;
    const Operation* test =
        has_test ? &named_operation(run, arguments, first, "test", &find_test) : nullptr;
    const Arguments rest = has_test ? without_first(arguments, first + 1) : Arguments{};
    std::vector<Value> items;
    const SequencePtr elements = candidates(run, value);
    for (const Value& element : elements->items) {
        run.spend(1);
        const Value subject =
            by_attribute ? at_path(run, element, &arguments.positional[0]) : element;
        const Value passes = test != nullptr ? test->apply(run, subject, rest) : subject;
        if (truth(passes) == keep)
            items.push_back(element);
    }
    return run.list(std::move(items));
}

inline constexpr std::array filters_by_name{
    Operation{"map", &map_filter},
    Operation{"select", &select_filter<true, false>},
    Operation{"reject", &select_filter<false, false>},
    Operation{"selectattr", &select_filter<true, true>},
    Operation{"rejectattr", &select_filter<false, true>},
};

inline const Operation* find_filter(std::string_view name) noexcept {
    if (const Operation* filter = find_operation(filters_of_text, name))
        return filter;
    if (const Operation* filter = find_operation(filters_of_lists, name))
        return filter;
    return find_operation(filters_by_name, name);
}

}  // namespace xzoo::text::jinja
