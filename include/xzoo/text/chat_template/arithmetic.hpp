// The operators + - * / // % ** and unary minus, as Python has them for values of templates.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <xzoo/text/chat_template/evaluation.hpp>
#include <xzoo/text/chat_template/value.hpp>

namespace xzoo::text::jinja {

enum class Operator { add, subtract, multiply, divide, floor_divide, modulo, power };

constexpr std::string_view symbol(Operator op) noexcept {
    constexpr std::string_view symbols[] = {"+", "-", "*", "/", "//", "%", "**"};
    return symbols[static_cast<std::size_t>(op)];
}

inline double real(const Value& value) noexcept {
    if (const std::int64_t* integer = value.integer())
        return static_cast<double>(*integer);
    return *value.get_if<double>();
}

[[noreturn]] inline void fail_operands(Evaluation& run, Operator op, const Value& a,
                                       const Value& b) {
    for (const Value* side : {&a, &b}) {
        if (const auto* undefined = side->get_if<Undefined>())
            run.fail_undefined(*undefined);
    }
    if (op == Operator::modulo && a.text() != nullptr)
        run.fail("'%' of a string (printf formatting) is not supported");
    run.fail("'" + std::string{symbol(op)} + "' does not accept a " + std::string{type_name(a)} +
             " and a " + std::string{type_name(b)});
}

/// b to the power of a whole number >= 0, or nothing where it leaves 64 bits.
inline bool integer_power(std::int64_t base, std::int64_t exponent, std::int64_t& result) noexcept {
    result = 1;
    while (exponent > 0) {
        if ((exponent & 1) != 0 && __builtin_mul_overflow(result, base, &result))
            return false;
        exponent >>= 1;
        if (exponent > 0 && __builtin_mul_overflow(base, base, &base))
            return false;
    }
    return true;
}

inline std::int64_t floor_quotient(std::int64_t a, std::int64_t b) noexcept {
    const std::int64_t quotient = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

/// Errors  ChatTemplateError: division by zero; a result beyond 64 bits, where Python's integers
///         would grow.
inline Value integer_result(Evaluation& run, Operator op, std::int64_t a, std::int64_t b) {
    const bool divides = op == Operator::floor_divide || op == Operator::modulo;
    if (divides && b == 0)
        run.fail("a division by zero");
    std::int64_t result = 0;
    bool fits = true;
    if (op == Operator::add) {
        fits = !__builtin_add_overflow(a, b, &result);
    } else if (op == Operator::subtract) {
        fits = !__builtin_sub_overflow(a, b, &result);
    } else if (op == Operator::multiply) {
        fits = !__builtin_mul_overflow(a, b, &result);
    } else if (op == Operator::power) {
        fits = integer_power(a, b, result);
    } else if (b == -1) {  // the one quotient that overflows
        fits = op == Operator::modulo || a != std::numeric_limits<std::int64_t>::min();
        result = op == Operator::modulo || !fits ? 0 : -a;
    } else {
        const std::int64_t quotient = floor_quotient(a, b);
        result = op == Operator::floor_divide ? quotient : a - quotient * b;
    }
    if (!fits)
        run.fail("a whole number beyond 64 bits");
    return result;
}

/// Source  CPython, float_floor_div and float_rem: the remainder has the divisor's sign.
inline double floor_remainder(double a, double b, double* quotient) noexcept {
    double remainder = std::fmod(a, b);
    double whole = (a - remainder) / b;
    if (remainder == 0) {
        remainder = std::copysign(0.0, b);
    } else if ((b < 0) != (remainder < 0)) {
        remainder += b;
        whole -= 1.0;
    }
    if (whole == 0) {
        *quotient = std::copysign(0.0, a / b);
    } else {
        *quotient = std::floor(whole);
        if (whole - *quotient > 0.5)
            *quotient += 1.0;
    }
    return remainder;
}

inline Value real_result(Evaluation& run, Operator op, double a, double b) {
    const bool divides =
        op == Operator::divide || op == Operator::floor_divide || op == Operator::modulo;
    if ((divides && b == 0) || (op == Operator::power && a == 0 && b < 0))
        run.fail("a division by zero");
    if (op == Operator::add)
        return a + b;
    if (op == Operator::subtract)
        return a - b;
    if (op == Operator::multiply)
        return a * b;
    if (op == Operator::divide)
        return a / b;
    if (op == Operator::power) {
        const double result = std::pow(a, b);
        if (std::isfinite(a) && std::isfinite(b) && !std::isfinite(result))
            run.fail("a power beyond the real numbers");
        return result;
    }
    double quotient = 0;
    const double remainder = floor_remainder(a, b, &quotient);
    return op == Operator::modulo ? remainder : quotient;
}

inline Value number_result(Evaluation& run, Operator op, const Value& a, const Value& b) {
    const std::int64_t* first = a.integer();
    const std::int64_t* second = b.integer();
    const bool whole = first != nullptr && second != nullptr && op != Operator::divide &&
                       !(op == Operator::power && *second < 0);
    return whole ? integer_result(run, op, *first, *second)
                 : real_result(run, op, real(a), real(b));
}

/// Text or a list, `count` times over.
inline Value repeat(Evaluation& run, const Value& value, std::int64_t count) {
    const auto times = static_cast<std::size_t>(count < 0 ? 0 : count);
    const std::string* text = value.text();
    const std::size_t size = text != nullptr ? text->size() : value.sequence()->items.size();
    std::size_t total = 0;
    if (__builtin_mul_overflow(size, times, &total))
        total = std::numeric_limits<std::size_t>::max();
    if (text != nullptr) {
        run.take_bytes(total);
        std::string repeated;
        repeated.reserve(total);
        for (std::size_t i = 0; size > 0 && i < times; ++i)
            repeated += *text;
        return TextPtr{std::make_shared<const std::string>(std::move(repeated))};
    }
    run.spend(total);
    std::vector<Value> items;
    for (std::size_t i = 0; size > 0 && i < times; ++i)
        items.insert(items.end(), value.sequence()->items.begin(), value.sequence()->items.end());
    return run.list(std::move(items), value.sequence()->is_tuple);
}

/// Whether `value` can be repeated: text, a list or a tuple.
inline bool is_row(const Value& value) noexcept {
    return value.text() != nullptr || value.sequence() != nullptr;
}

/// Errors  ChatTemplateError: Python has no such operation for the two, or it fails.
inline Value calculate(Evaluation& run, Operator op, const Value& a, const Value& b) {
    if (a.is_number() && b.is_number())
        return number_result(run, op, a, b);
    if (op == Operator::add && a.text() != nullptr && b.text() != nullptr) {
        run.read_bytes(a.text()->size() + b.text()->size());
        return run.text(*a.text() + *b.text());
    }
    const Sequence* first = a.sequence();
    const Sequence* second = b.sequence();
    if (op == Operator::add && first != nullptr && second != nullptr &&
        first->is_tuple == second->is_tuple) {
        run.spend(first->items.size() + second->items.size());
        std::vector<Value> items = first->items;
        items.insert(items.end(), second->items.begin(), second->items.end());
        return run.list(std::move(items), first->is_tuple);
    }
    if (op == Operator::multiply && is_row(a) && b.integer() != nullptr)
        return repeat(run, a, *b.integer());
    if (op == Operator::multiply && is_row(b) && a.integer() != nullptr)
        return repeat(run, b, *a.integer());
    fail_operands(run, op, a, b);
}

inline Value negate(Evaluation& run, const Value& value) {
    if (const auto* fraction = value.get_if<double>())
        return -*fraction;
    if (value.integer() != nullptr)
        return integer_result(run, Operator::subtract, 0, *value.integer());
    if (const auto* undefined = value.get_if<Undefined>())
        run.fail_undefined(*undefined);
    run.fail("'-' does not accept a " + std::string{type_name(value)});
}

}  // namespace xzoo::text::jinja
