#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace xzoo::text::jinja {

struct Sequence;
struct Dict;
struct Namespace;
struct Loop;
struct Method;
struct Operation;
class Callable;

/// The value of what does not exist. `name` is what was looked up, for messages: text of the
/// template, or empty.
struct Undefined {
    std::string_view name;
};

struct None {};

using TextPtr = std::shared_ptr<const std::string>;
using SequencePtr = std::shared_ptr<const Sequence>;
using DictPtr = std::shared_ptr<const Dict>;
using LoopPtr = std::shared_ptr<const Loop>;
using MethodPtr = std::shared_ptr<const Method>;

template <class T, class Variant>
inline constexpr bool is_alternative = false;
template <class T, class... All>
inline constexpr bool is_alternative<T, std::variant<All...>> = (std::is_same_v<T, All> || ...);

/// A value of a template: one of Python's, as far as templates meet them. All but namespaces are
/// immutable and shared, so copies are cheap. Text is valid UTF-8.
class Value {
public:
    using Data = std::variant<Undefined, None, bool, std::int64_t, double, TextPtr, SequencePtr,
                              DictPtr, Namespace*, LoopPtr, MethodPtr, const Callable*>;

    Value() = default;

    /// From exactly one of the alternatives: no conversions, which would turn pointers into bool.
    template <class T>
    requires is_alternative<T, Data> Value(T value)
        : data_{std::in_place_type<T>, std::move(value)} {}

    template <class T>
    const T* get_if() const noexcept {
        return std::get_if<T>(&data_);
    }
    template <class T>
    bool is() const noexcept {
        return std::holds_alternative<T>(data_);
    }

    const std::string* text() const noexcept { return pointee<TextPtr>(); }
    const Sequence* sequence() const noexcept { return pointee<SequencePtr>(); }
    const Dict* dict() const noexcept { return pointee<DictPtr>(); }
    const Loop* loop() const noexcept { return pointee<LoopPtr>(); }
    const Method* method() const noexcept { return pointee<MethodPtr>(); }

    bool is_undefined() const noexcept { return is<Undefined>(); }
    bool is_none() const noexcept { return is<None>(); }
    bool is_number() const noexcept {
        return is<std::int64_t>() || is<double>() || is<bool>();  // True is 1, as in Python
    }

    /// True, 1, or nothing where this is not a whole number.
    const std::int64_t* integer() const noexcept;

    /// How deeply containers nest in this value; 0 for what contains nothing.
    std::size_t depth() const noexcept;

    const Data& data() const noexcept { return data_; }

private:
    template <class Pointer>
    const typename Pointer::element_type* pointee() const noexcept {
        const Pointer* pointer = get_if<Pointer>();
        return pointer == nullptr ? nullptr : pointer->get();
    }

    Data data_;
};

/// A list or a tuple.
struct Sequence {
    std::vector<Value> items;
    bool is_tuple = false;
    std::size_t depth = 1;
};

/// Keys in the order in which they came, each once.
struct Dict {
    std::vector<std::pair<Value, Value>> entries;
    std::size_t depth = 1;
};

/// Values by name, few of them; Evaluation counts what looking for one takes. Name: what owns the
/// text, or a view of it.
template <class Name>
struct NamedValues {
    std::vector<std::pair<Name, Value>> entries;

    Value* find(std::string_view name) noexcept {
        for (auto& [key, value] : entries) {
            if (key == name)
                return &value;
        }
        return nullptr;
    }
};

/// What namespace() makes: the only value that changes.
struct Namespace : NamedValues<std::string> {};

/// The variable `loop` in one round of a loop.
struct Loop {
    SequencePtr items;
    std::size_t index;
};

/// A method and the value that it was asked of.
struct Method {
    Value self;
    const Operation* operation;
};

inline const std::int64_t* Value::integer() const noexcept {
    static constexpr std::int64_t bits[] = {0, 1};
    if (const bool* flag = get_if<bool>())
        return &bits[*flag ? 1 : 0];
    return get_if<std::int64_t>();
}

inline std::size_t Value::depth() const noexcept {
    if (sequence() != nullptr)
        return sequence()->depth;
    if (dict() != nullptr)
        return dict()->depth;
    if (loop() != nullptr)
        return loop()->items->depth + 1;
    return method() != nullptr ? method()->self.depth() + 1 : 0;
}

inline std::size_t depth_of(const std::vector<Value>& items) noexcept {
    std::size_t deepest = 0;
    for (const Value& item : items)
        deepest = std::max(deepest, item.depth());
    return deepest + 1;
}

/// Python's name of the value's type.
inline std::string_view type_name(const Value& value) noexcept {
    if (const Sequence* sequence = value.sequence())
        return sequence->is_tuple ? "tuple" : "list";
    static constexpr std::string_view names[] = {"Undefined", "NoneType",    "bool",   "int",
                                                 "float",     "str",         "list",   "dict",
                                                 "Namespace", "LoopContext", "method", "function"};
    return names[value.data().index()];
}

}  // namespace xzoo::text::jinja
