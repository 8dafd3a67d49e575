// Attributes, subscripts, slices, lengths and iteration, by Jinja's rules over Python's.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/chat_template/compare.hpp>
#include <xzoo/text/chat_template/evaluation.hpp>
#include <xzoo/text/chat_template/methods.hpp>
#include <xzoo/text/chat_template/value.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text::jinja {

/// An attribute of the variable `loop`; `name` is text of the template.
inline Value loop_attribute(Evaluation& run, const Loop& loop, std::string_view name) {
    const std::vector<Value>& items = loop.items->items;
    const auto index = static_cast<std::int64_t>(loop.index);
    const auto length = static_cast<std::int64_t>(items.size());
    if (name == "index")
        return index + 1;
    if (name == "index0")
        return index;
    if (name == "revindex")
        return length - index;
    if (name == "revindex0")
        return length - index - 1;
    if (name == "first")
        return index == 0;
    if (name == "last")
        return index + 1 == length;
    if (name == "length")
        return length;
    if (name == "previtem")
        return index > 0 ? items[loop.index - 1] : Value{Undefined{name}};
    if (name == "nextitem")
        return index + 1 < length ? items[loop.index + 1] : Value{Undefined{name}};
    run.fail("'loop." + std::string{name} + "' is not supported");
}

/// A method of the value's type, or undefined.
/// Errors  ChatTemplateError: Python has the method, and this language has not.
inline Value method_of(Evaluation& run, const Value& value, std::string_view name) {
    if (const Operation* operation = find_method(value, name))
        return MethodPtr{std::make_shared<const Method>(Method{value, operation})};
    if (is_other_method(value, name))
        run.fail("the method '" + std::string{name} + "' of a " + std::string{type_name(value)} +
                 " is not supported");
    return Undefined{name};
}

/// value.name; `name` is text of the template.
/// Errors  ChatTemplateError: the value is undefined.
inline Value attribute(Evaluation& run, const Value& value, std::string_view name) {
    if (const auto* undefined = value.get_if<Undefined>())
        run.fail_undefined(*undefined);
    if (auto* const* space = value.get_if<Namespace*>()) {
        const Value* found = run.find(**space, name);
        return found != nullptr ? *found : Value{Undefined{name}};
    }
    if (const Loop* loop = value.loop())
        return loop_attribute(run, *loop, name);
    Value method = method_of(run, value, name);
    if (method.is_undefined() && value.dict() != nullptr) {
        if (const Value* found = find(run, *value.dict(), name))
            return *found;
    }
    return method;
}

/// Where an index that may count from the end points, if that is inside.
inline std::optional<std::size_t> place(std::int64_t index, std::size_t size) noexcept {
    const auto count = static_cast<std::int64_t>(size);
    if (index < -count || index >= count)
        return std::nullopt;
    return static_cast<std::size_t>(index < 0 ? index + count : index);
}

/// Where each code point of `text` begins, and its end.
inline std::vector<std::size_t> code_point_starts(std::string_view text) {
    std::vector<std::size_t> starts;
    starts.reserve(text.size() + 1);
    for (std::size_t at = 0; at < text.size();) {
        starts.push_back(at);
        at += utf8_size_of_lead(static_cast<unsigned char>(text[at]));
    }
    starts.push_back(text.size());
    return starts;
}

inline Value character_at(Evaluation& run, std::string_view text, std::int64_t index) {
    run.read_bytes(text.size());
    const auto at = place(index, count_code_points(text));
    if (!at)
        return Undefined{};
    std::size_t byte = 0;
    for (std::size_t i = 0; i < *at; ++i)
        byte += utf8_size_of_lead(static_cast<unsigned char>(text[byte]));
    const std::size_t size = utf8_size_of_lead(static_cast<unsigned char>(text[byte]));
    return run.text(std::string{text.substr(byte, size)});
}

/// value[key]; `name` is what a missing value is called: text of the template, or empty.
inline Value item(Evaluation& run, const Value& value, const Value& key, std::string_view name) {
    if (const auto* undefined = value.get_if<Undefined>())
        run.fail_undefined(*undefined);
    if (const Dict* dict = value.dict()) {
        if (const Value* found = find(run, *dict, key))
            return *found;
    }
    if (const std::int64_t* index = key.integer()) {
        const Sequence* sequence = value.sequence();
        if (value.text() != nullptr)
            return character_at(run, *value.text(), *index);
        const auto at = sequence != nullptr ? place(*index, sequence->items.size()) : std::nullopt;
        return at ? sequence->items[*at] : Value{Undefined{name}};
    }
    if (const std::string* attribute_name = key.text()) {
        Value found = value.dict() != nullptr ? method_of(run, value, *attribute_name)
                                              : attribute(run, value, *attribute_name);
        if (!found.is_undefined())
            return found;
    }
    return Undefined{name};
}

/// The bounds of a slice; unset where none was written.
struct SliceBounds {
    std::optional<std::int64_t> start;
    std::optional<std::int64_t> stop;
    std::int64_t step = 1;
};

/// The elements that a slice takes from `size` ones, in order.
/// Source  CPython, PySlice_AdjustIndices.
inline std::vector<std::size_t> sliced(const SliceBounds& bounds, std::size_t size) {
    const auto length = static_cast<std::int64_t>(size);
    const bool back = bounds.step < 0;
    const auto clamp = [&](std::int64_t index) {
        if (index < 0)
            index = index < -length ? -1 : index + length;
        return std::clamp(index, back ? std::int64_t{-1} : std::int64_t{0},
                          back ? length - 1 : length);
    };
    const std::int64_t start = bounds.start ? clamp(*bounds.start) : back ? length - 1 : 0;
    const std::int64_t stop = bounds.stop ? clamp(*bounds.stop) : back ? -1 : length;
    std::vector<std::size_t> places;
    // A step longer than all there is takes one element; capping it keeps the sum in range.
    const std::int64_t step = std::clamp(bounds.step, -length - 1, length + 1);
    for (std::int64_t at = start; back ? at > stop : at < stop; at += step)
        places.push_back(static_cast<std::size_t>(at));
    return places;
}

/// value[start:stop:step]
/// Errors  ChatTemplateError: the value is neither text nor a list; the step is 0.
inline Value slice(Evaluation& run, const Value& value, const SliceBounds& bounds) {
    if (const auto* undefined = value.get_if<Undefined>())
        run.fail_undefined(*undefined);
    if (bounds.step == 0)
        run.fail("the step of a slice is 0");
    if (const std::string* text = value.text()) {
        run.spend(text->size());
        const std::vector<std::size_t> starts = code_point_starts(*text);
        std::string part;
        for (const std::size_t i : sliced(bounds, starts.size() - 1))
            part.append(*text, starts[i], starts[i + 1] - starts[i]);
        return run.text(std::move(part));
    }
    if (const Sequence* sequence = value.sequence()) {
        run.spend(sequence->items.size());
        std::vector<Value> part;
        for (const std::size_t i : sliced(bounds, sequence->items.size()))
            part.push_back(sequence->items[i]);
        return run.list(std::move(part), sequence->is_tuple);
    }
    run.fail("a " + std::string{type_name(value)} + " cannot be sliced");
}

}  // namespace xzoo::text::jinja
