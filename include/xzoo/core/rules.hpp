// Rules that a config must keep. Each is stated once, as a function of values: a static_assert on
// Holds<Rule, values...> shows the values in the diagnostic of GCC and Clang, and the same function
// judges a config.json at run time. XZOO_CONFIG_RULES (core/config.hpp) makes both from one line.
#pragma once

#include <cstddef>

namespace xzoo {

/// True where Rule::holds(Values...):
/// static_assert(Holds<Divides, 12, 768>, "BertConfig: ...").
template <class Rule, auto... Values>
concept Holds = Rule::holds(Values...);

/// The value is a usable size.
struct Positive {
    static constexpr bool holds(std::size_t value) { return value > 0; }
};

/// The value is a positive, finite number.
struct PositiveReal {
    static constexpr bool holds(float value) { return value > 0.0F && value < 3.0e38F; }
};

/// The value is a positive, finite number, or 0, which stands for null.
struct PositiveRealOrNull {
    static constexpr bool holds(float value) { return value == 0.0F || PositiveReal::holds(value); }
};

/// The value is a positive, even size.
struct EvenSize {
    static constexpr bool holds(std::size_t value) { return value > 0 && value % 2 == 0; }
};

/// The first value divides the second without rest.
struct Divides {
    static constexpr bool holds(std::size_t divisor, std::size_t value) {
        return divisor > 0 && value % divisor == 0;
    }
};

/// The first value is not larger than the second.
struct NotAbove {
    static constexpr bool holds(std::size_t value, std::size_t limit) { return value <= limit; }
};

/// The value is Limit or less.
template <std::size_t Limit>
struct AtMost {
    static constexpr bool holds(std::size_t value) { return value <= Limit; }
};

/// The value is Limit or more.
template <std::size_t Limit>
struct AtLeast {
    static constexpr bool holds(std::size_t value) { return value >= Limit; }
};

/// A token id names a row of the vocabulary; -1 stands for null (the model has no such token).
struct InVocabulary {
    static constexpr bool holds(long long id, std::size_t vocabulary_size) {
        return id == -1 || (id >= 0 && static_cast<std::size_t>(id) < vocabulary_size);
    }
};

/// A token id that is not null.
struct NotNull {
    static constexpr bool holds(long long id) { return id != -1; }
};

/// Positions that are counted from padding id + 1 on leave at least one for a token.
struct RoomAfterPadding {
    static constexpr bool holds(std::size_t positions, long long pad_id) {
        if (pad_id < 0)
            return pad_id < -1 || positions > 0;
        return positions > 0 && positions - 1 > static_cast<std::size_t>(pad_id);
    }
};

/// The second value is true where the first is.
struct Implies {
    static constexpr bool holds(bool condition, bool value) { return value || !condition; }
};

/// A choice of which the models implement one.
template <auto Only>
struct Is {
    static constexpr bool holds(decltype(Only) value) { return value == Only; }
};

/// Two values are the same: of a field in a model's config and in a weights entry.
struct Same {
    template <class Model, class Entry>
    static constexpr bool holds(const Model& model, const Entry& entry) {
        return model == entry;
    }
};

/// A float as a template argument: Clang 14 takes floats only inside a class.
struct Real {
    float value;
    constexpr operator float() const { return value; }
    friend constexpr bool operator==(const Real&, const Real&) = default;
};

/// An enumerator as a template argument, for Clang 14: it shows enumerators by name only in types.
template <auto Value>
struct Enumerator {
    constexpr operator decltype(Value)() const { return Value; }
};

}  // namespace xzoo
