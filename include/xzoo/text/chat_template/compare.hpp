// Truth, equality, order and membership, as Python has them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <xzoo/text/chat_template/evaluation.hpp>
#include <xzoo/text/chat_template/find_text.hpp>
#include <xzoo/text/chat_template/value.hpp>

namespace xzoo::text::jinja {

inline bool truth(const Value& value) noexcept {
    if (const bool* flag = value.get_if<bool>())
        return *flag;
    if (const auto* integer = value.get_if<std::int64_t>())
        return *integer != 0;
    if (const auto* real = value.get_if<double>())
        return *real != 0.0;
    if (const std::string* text = value.text())
        return !text->empty();
    if (const Sequence* sequence = value.sequence())
        return !sequence->items.empty();
    if (const Dict* dict = value.dict())
        return !dict->entries.empty();
    return !value.is_undefined() && !value.is_none();
}

/// A number without loss: long double holds all 64-bit integers and all doubles.
inline long double number(const Value& value) noexcept {
    if (const std::int64_t* integer = value.integer())
        return static_cast<long double>(*integer);
    return static_cast<long double>(*value.get_if<double>());
}

inline bool equal(Evaluation& run, const Value& a, const Value& b);

inline bool equal(Evaluation& run, const Sequence& a, const Sequence& b) {
    return a.is_tuple == b.is_tuple &&
           std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
                      [&](const Value& x, const Value& y) { return equal(run, x, y); });
}

/// The value of a key, or null.
inline const Value* find(Evaluation& run, const Dict& dict, const Value& key) {
    run.spend(dict.entries.size() / 4);
    for (const auto& [known, value] : dict.entries) {
        if (equal(run, known, key))
            return &value;
    }
    return nullptr;
}

inline const Value* find(Evaluation& run, const Dict& dict, std::string_view key) {
    run.spend(dict.entries.size() / 4);
    for (const auto& [known, value] : dict.entries) {
        if (known.text() != nullptr && *known.text() == key)
            return &value;
    }
    return nullptr;
}

inline bool equal(Evaluation& run, const Dict& a, const Dict& b) {
    return a.entries.size() == b.entries.size() &&
           std::all_of(a.entries.begin(), a.entries.end(), [&](const auto& entry) {
               const Value* other = find(run, b, entry.first);
               return other != nullptr && equal(run, entry.second, *other);
           });
}

/// a == b. Values of different types are unequal, but numbers compare by value.
inline bool equal(Evaluation& run, const Value& a, const Value& b) {
    run.spend(1);
    if (a.is_number() && b.is_number())
        return number(a) == number(b);
    if (a.data().index() != b.data().index())
        return false;
    if (const std::string* text = a.text()) {
        run.read_bytes(text->size());
        return *text == *b.text();
    }
    if (const Sequence* sequence = a.sequence())
        return equal(run, *sequence, *b.sequence());
    if (const Dict* dict = a.dict())
        return equal(run, *dict, *b.dict());
    if (auto* const* space = a.get_if<Namespace*>())
        return *space == *b.get_if<Namespace*>();
    if (const auto* callable = a.get_if<const Callable*>())
        return *callable == *b.get_if<const Callable*>();
    return a.is_none() || a.is_undefined();
}

/// a < b.
/// Errors  ChatTemplateError: Python has no order for the two.
inline bool less(Evaluation& run, const Value& a, const Value& b) {
    run.spend(1);
    if (a.is_number() && b.is_number())
        return number(a) < number(b);
    if (a.text() != nullptr && b.text() != nullptr) {
        run.read_bytes(a.text()->size());
        return *a.text() < *b.text();  // UTF-8 orders as code points do
    }
    const Sequence* first = a.sequence();
    const Sequence* second = b.sequence();
    if (first != nullptr && second != nullptr && first->is_tuple == second->is_tuple) {
        const std::size_t common = std::min(first->items.size(), second->items.size());
        for (std::size_t i = 0; i < common; ++i) {
            if (!equal(run, first->items[i], second->items[i]))
                return less(run, first->items[i], second->items[i]);
        }
        return first->items.size() < second->items.size();
    }
    for (const Value* side : {&a, &b}) {
        if (const auto* undefined = side->get_if<Undefined>())
            run.fail_undefined(*undefined);
    }
    run.fail("a " + std::string{type_name(a)} + " and a " + std::string{type_name(b)} +
             " have no order");
}

/// Errors  ChatTemplateError: Python has no hash of the value, so it is no key of a dict.
inline void check_key(Evaluation& run, const Value& key) {
    const Sequence* sequence = key.sequence();
    if (key.dict() != nullptr || (sequence != nullptr && !sequence->is_tuple))
        run.fail("a " + std::string{type_name(key)} + " is no key of a dict");
    if (sequence != nullptr) {
        run.spend(sequence->items.size());
        for (const Value& part : sequence->items)
            check_key(run, part);
    }
}

/// item in container.
/// Errors  ChatTemplateError: the container contains nothing, or only text.
inline bool contains(Evaluation& run, const Value& container, const Value& item) {
    if (const std::string* text = container.text()) {
        if (item.text() == nullptr)
            run.fail("'in' of a string wants a string, not " + std::string{type_name(item)});
        run.read_bytes(text->size());
        return find_text(*text, *item.text()) != std::string::npos;
    }
    if (const Sequence* sequence = container.sequence()) {
        run.spend(sequence->items.size());
        return std::any_of(sequence->items.begin(), sequence->items.end(),
                           [&](const Value& known) { return equal(run, known, item); });
    }
    if (const Dict* dict = container.dict()) {
        check_key(run, item);
        return find(run, *dict, item) != nullptr;
    }
    if (container.is_undefined())
        return false;
    run.fail("a " + std::string{type_name(container)} + " contains nothing");
}

}  // namespace xzoo::text::jinja
