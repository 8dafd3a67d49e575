// Filters of lists and dicts.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/chat_template/access.hpp>
#include <xzoo/text/chat_template/arithmetic.hpp>
#include <xzoo/text/chat_template/compare.hpp>
#include <xzoo/text/chat_template/evaluation.hpp>
#include <xzoo/text/chat_template/iterate.hpp>
#include <xzoo/text/chat_template/methods.hpp>
#include <xzoo/text/chat_template/operation.hpp>
#include <xzoo/text/chat_template/parse_number.hpp>
#include <xzoo/text/chat_template/text_operations.hpp>
#include <xzoo/text/chat_template/value.hpp>
#include <xzoo/text/chat_template/value_text.hpp>

namespace xzoo::text::jinja {

/// The value at the end of a path such as "function.name" or "content.0"; the value itself where
/// no path is given.
inline Value at_path(Evaluation& run, const Value& value, const Value* path) {
    if (path == nullptr || path->is_none())
        return value;
    if (path->text() == nullptr)
        return item(run, value, *path, {});
    Value found = value;
    for (const std::string_view part : split(*path->text(), ".", no_limit)) {
        const auto index = parse_integer(part);
        const Value key = index && part.find_first_not_of("0123456789") == std::string_view::npos
                              ? Value{*index}
                              : run.text(std::string{part});
        found = item(run, found, key, {});
    }
    return found;
}

/// What filters compare: text in lower case, unless case counts.
inline Value sort_key(Evaluation& run, const Value& value, bool case_sensitive) {
    if (case_sensitive || value.text() == nullptr)
        return value;
    run.spend(value.text()->size());
    return run.text(lower(*value.text()));
}

inline bool flag(const Bound& bound, std::size_t i) {
    return bound[i] != nullptr && truth(*bound[i]);
}

inline Value length_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "filter 'length'", arguments, {}};
    return length(run, value);
}

template <bool from_end>
Value end_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, from_end ? "filter 'last'" : "filter 'first'", arguments, {}};
    const std::int64_t index = from_end ? -1 : 0;
    return item(run, value.text() != nullptr ? value : Value{iterate(run, value)}, index, {});
}

inline Value join_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "filter 'join'", arguments, {"d", "attribute"}};
    const std::string separator = bound[0] != nullptr ? to_text(run, *bound[0]) : std::string{};
    std::string joined;
    bool first = true;
    const SequencePtr elements = iterate(run, value);
    for (const Value& part : elements->items) {
        run.take_bytes(separator.size());
        joined += first ? std::string{} : separator;
        joined += to_text(run, at_path(run, part, bound[1]));
        first = false;
    }
    return TextPtr{std::make_shared<const std::string>(std::move(joined))};
}

inline Value list_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "filter 'list'", arguments, {}};
    SequencePtr items = iterate(run, value);
    return items->is_tuple ? run.list(items->items) : Value{std::move(items)};
}

inline Value items_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "filter 'items'", arguments, {}};
    if (value.is_undefined())
        return run.list({});
    if (value.dict() == nullptr)
        bound.fail("wants a dict, not " + std::string{type_name(value)});
    return parts_of(run, *value.dict(), Part::items);
}

inline Value reverse_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "filter 'reverse'", arguments, {}};
    const SliceBounds backwards{.start = {}, .stop = {}, .step = -1};
    if (value.text() != nullptr)
        return slice(run, value, backwards);
    return slice(run, iterate(run, value), backwards);
}

/// Sorts by keys, each with its value; values of equal keys keep their order.
inline Value sorted(Evaluation& run, std::vector<std::pair<Value, Value>> keyed, bool descending) {
    std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
        return descending ? less(run, b.first, a.first) : less(run, a.first, b.first);
    });
    std::vector<Value> items;
    items.reserve(keyed.size());
    for (auto& [key, value] : keyed)
        items.push_back(std::move(value));
    return run.list(std::move(items));
}

/// By one or several attributes, "role,content". As in Jinja, keys are lists, so that even values
/// without an order may be equal.
inline Value sort_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "filter 'sort'", arguments, {"reverse", "case_sensitive", "attribute"}};
    std::vector<Value> paths;
    if (const Value* path = bound.unless_none(2); path == nullptr || path->text() == nullptr) {
        paths.push_back(path == nullptr ? Value{None{}} : *path);
    } else {
        for (const std::string_view part : split(*path->text(), ",", no_limit))
            paths.push_back(run.text(std::string{part}));
    }
    std::vector<std::pair<Value, Value>> keyed;
    const SequencePtr elements = iterate(run, value);
    for (const Value& element : elements->items) {
        std::vector<Value> keys;
        for (const Value& path : paths)
            keys.push_back(sort_key(run, at_path(run, element, &path), flag(bound, 1)));
        keyed.emplace_back(run.list(std::move(keys)), element);
    }
    return sorted(run, std::move(keyed), flag(bound, 0));
}

inline Value dictsort_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "filter 'dictsort'", arguments, {"case_sensitive", "by", "reverse"}};
    const std::string_view by = bound.text(1, "key");
    if (by != "key" && by != "value")
        bound.fail("sorts by 'key' or 'value'");
    if (value.dict() == nullptr)
        bound.fail("wants a dict, not " + std::string{type_name(value)});
    std::vector<std::pair<Value, Value>> keyed;
    for (const auto& [key, element] : value.dict()->entries)
        keyed.emplace_back(sort_key(run, by == "key" ? key : element, flag(bound, 0)),
                           run.tuple(key, element));
    return sorted(run, std::move(keyed), flag(bound, 2));
}

inline Value unique_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "filter 'unique'", arguments, {"case_sensitive", "attribute"}};
    std::vector<Value> seen;
    std::vector<Value> items;
    const SequencePtr elements = iterate(run, value);
    for (const Value& element : elements->items) {
        Value key = sort_key(run, at_path(run, element, bound[1]), flag(bound, 0));
        check_key(run, key);
        const bool known = std::any_of(seen.begin(), seen.end(),
                                       [&](const Value& other) { return equal(run, other, key); });
        if (known)
            continue;
        seen.push_back(std::move(key));
        items.push_back(element);
    }
    return run.list(std::move(items));
}

/// The first of the least, or of the greatest.
template <bool greatest>
Value extreme_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run,
                      greatest ? "filter 'max'" : "filter 'min'",
                      arguments,
                      {"case_sensitive", "attribute"}};
    Value best = Undefined{};
    Value best_key;
    bool first = true;
    const SequencePtr elements = iterate(run, value);
    for (const Value& element : elements->items) {
        Value key = sort_key(run, at_path(run, element, bound[1]), flag(bound, 0));
        if (first || (greatest ? less(run, best_key, key) : less(run, key, best_key))) {
            best = element;
            best_key = std::move(key);
        }
        first = false;
    }
    return best;
}

inline Value sum_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "filter 'sum'", arguments, {"attribute", "start"}};
    Value sum = bound[1] != nullptr ? *bound[1] : Value{std::int64_t{0}};
    if (sum.text() != nullptr)
        bound.fail("does not join strings");
    const SequencePtr elements = iterate(run, value);
    for (const Value& element : elements->items)
        sum = calculate(run, Operator::add, sum, at_path(run, element, bound[0]));
    return sum;
}

inline constexpr std::array filters_of_lists{
    Operation{"length", &length_filter},     Operation{"count", &length_filter},
    Operation{"first", &end_filter<false>},  Operation{"last", &end_filter<true>},
    Operation{"join", &join_filter},         Operation{"list", &list_filter},
    Operation{"items", &items_filter},       Operation{"reverse", &reverse_filter},
    Operation{"sort", &sort_filter},         Operation{"dictsort", &dictsort_filter},
    Operation{"unique", &unique_filter},     Operation{"min", &extreme_filter<false>},
    Operation{"max", &extreme_filter<true>}, Operation{"sum", &sum_filter},
};

}  // namespace xzoo::text::jinja
