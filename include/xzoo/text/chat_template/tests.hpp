// What may stand behind `is`.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <xzoo/text/chat_template/arithmetic.hpp>
#include <xzoo/text/chat_template/compare.hpp>
#include <xzoo/text/chat_template/evaluation.hpp>
#include <xzoo/text/chat_template/operation.hpp>
#include <xzoo/text/chat_template/value.hpp>

namespace xzoo::text::jinja {

inline bool is_text(const Value& value) {
    return value.text() != nullptr;
}
inline bool is_mapping(const Value& value) {
    return value.dict() != nullptr;
}
/// Undefined values are empty iterables and sequences, as in Jinja.
inline bool is_iterable(const Value& value) {
    return is_text(value) || is_mapping(value) || value.sequence() != nullptr ||
           value.is_undefined() || value.loop() != nullptr;
}
inline bool is_sequence(const Value& value) {
    return is_iterable(value) && value.loop() == nullptr;
}
inline bool is_callable(const Value& value) {
    return value.method() != nullptr || value.is<const Callable*>() || value.is_undefined() ||
           value.loop() != nullptr;
}
inline bool is_defined(const Value& value) {
    return !value.is_undefined();
}
inline bool is_true(const Value& value) {
    return value.is<bool>() && truth(value);
}
inline bool is_false(const Value& value) {
    return value.is<bool>() && !truth(value);
}
template <class T>
bool is_a(const Value& value) {
    return value.is<T>();
}

template <bool (*holds)(const Value&)>
Value plain_test(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "the test", arguments, {}};
    return holds(value);
}

inline bool is_number(const Value& value) {
    return value.is_number();
}

inline Value in_test(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "test 'in'", arguments, {"seq"}, 1};
    return contains(run, *bound[0], value);
}

inline Value remainder_of(Evaluation& run, const Value& value, const Value& divisor) {
    return calculate(run, Operator::modulo, value, divisor);
}

template <std::int64_t remainder>
Value parity_test(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "the test", arguments, {}};
    return equal(run, remainder_of(run, value, std::int64_t{2}), remainder);
}

inline Value divisibleby_test(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "test 'divisibleby'", arguments, {"num"}, 1};
    return equal(run, remainder_of(run, value, *bound[0]), std::int64_t{0});
}

enum class Relation { eq, ne, lt, le, gt, ge };

inline bool related(Evaluation& run, Relation relation, const Value& a, const Value& b) {
    switch (relation) {
        case Relation::eq:
            return equal(run, a, b);
        case Relation::ne:
            return !equal(run, a, b);
        case Relation::lt:
            return less(run, a, b);
        case Relation::gt:
            return less(run, b, a);
        case Relation::le:
            return less(run, a, b) || equal(run, a, b);
        case Relation::ge:
            return less(run, b, a) || equal(run, a, b);
    }
    return false;
}

template <Relation relation>
Value relation_test(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "the test", arguments, {"other"}, 1};
    return related(run, relation, value, *bound[0]);
}

inline constexpr std::array tests{
    Operation{"defined", &plain_test<&is_defined>},
    Operation{"undefined", &plain_test<&is_a<Undefined>>},
    Operation{"none", &plain_test<&is_a<None>>},
    Operation{"string", &plain_test<&is_text>},
    Operation{"mapping", &plain_test<&is_mapping>},
    Operation{"iterable", &plain_test<&is_iterable>},
    Operation{"sequence", &plain_test<&is_sequence>},
    Operation{"callable", &plain_test<&is_callable>},
    Operation{"number", &plain_test<&is_number>},
    Operation{"integer", &plain_test<&is_a<std::int64_t>>},
    Operation{"float", &plain_test<&is_a<double>>},
    Operation{"boolean", &plain_test<&is_a<bool>>},
    Operation{"true", &plain_test<&is_true>},
    Operation{"false", &plain_test<&is_false>},
    Operation{"in", &in_test},
    Operation{"odd", &parity_test<1>},
    Operation{"even", &parity_test<0>},
    Operation{"divisibleby", &divisibleby_test},
    Operation{"eq", &relation_test<Relation::eq>},
    Operation{"equalto", &relation_test<Relation::eq>},
    Operation{"==", &relation_test<Relation::eq>},
    Operation{"ne", &relation_test<Relation::ne>},
    Operation{"!=", &relation_test<Relation::ne>},
    Operation{"lt", &relation_test<Relation::lt>},
    Operation{"lessthan", &relation_test<Relation::lt>},
    Operation{"<", &relation_test<Relation::lt>},
    Operation{"le", &relation_test<Relation::le>},
    Operation{"<=", &relation_test<Relation::le>},
    Operation{"gt", &relation_test<Relation::gt>},
    Operation{"greaterthan", &relation_test<Relation::gt>},
    Operation{">", &relation_test<Relation::gt>},
    Operation{"ge", &relation_test<Relation::ge>},
    Operation{">=", &relation_test<Relation::ge>},
};

inline const Operation* find_test(std::string_view name) noexcept {
    return find_operation(tests, name);
}

}  // namespace xzoo::text::jinja
