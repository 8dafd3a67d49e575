// Filters of text and numbers.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/chat_template/arithmetic.hpp>
#include <xzoo/text/chat_template/compare.hpp>
#include <xzoo/text/chat_template/evaluation.hpp>
#include <xzoo/text/chat_template/methods.hpp>
#include <xzoo/text/chat_template/operation.hpp>
#include <xzoo/text/chat_template/parse_number.hpp>
#include <xzoo/text/chat_template/text_operations.hpp>
#include <xzoo/text/chat_template/value.hpp>
#include <xzoo/text/chat_template/value_json.hpp>
#include <xzoo/text/chat_template/value_text.hpp>

namespace xzoo::text::jinja {

inline Value default_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "filter 'default'", arguments, {"default_value", "boolean"}};
    const bool missing =
        value.is_undefined() || (bound[1] != nullptr && truth(*bound[1]) && !truth(value));
    if (!missing)
        return value;
    return bound[0] != nullptr ? *bound[0] : run.text({});
}

inline Value trim_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "filter 'trim'", arguments, {"chars"}};
    return stripped(run, bound, to_text(run, value), Ends::both);
}

/// A filter without arguments that makes one text of another.
template <std::string (*convert)(std::string_view)>
Value text_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "the filter", arguments, {}};
    const std::string text = to_text(run, value);
    run.spend(text.size());
    return run.text(convert(text));
}

/// `string`; and `safe`, since nothing is ever escaped here but by `escape`.
inline Value string_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "filter 'string'", arguments, {}};
    return value.text() != nullptr ? value : run.text(to_text(run, value));
}

inline Value replace_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "filter 'replace'", arguments, {"old", "new", "count"}, 2};
    return replaced(run, to_text(run, value), to_text(run, *bound[0]), to_text(run, *bound[1]),
                    bound.integer(2, -1));
}

/// `width` spaces, or the text itself. No more than are allowed.
inline std::string indentation(Evaluation& run, const Value& width) {
    if (width.text() != nullptr)
        return *width.text();
    const std::int64_t count = width.integer() != nullptr ? *width.integer() : 0;
    const auto spaces = static_cast<std::size_t>(count < 0 ? 0 : count);
    run.take_bytes(spaces);
    return std::string(spaces, ' ');
}

inline Value indent_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "filter 'indent'", arguments, {"width", "first", "blank"}};
    if (bound[0] != nullptr && bound[0]->text() == nullptr && bound[0]->integer() == nullptr)
        bound.fail_type(0, "a whole number or a string");
    if (value.text() == nullptr)
        bound.fail("wants a string, not " + std::string{type_name(value)});
    const std::string indent = indentation(run, bound[0] != nullptr ? *bound[0] : std::int64_t{4});
    const bool blank = bound[2] != nullptr && truth(*bound[2]);
    const std::string text = *value.text() + '\n';
    run.spend(text.size());
    std::string out = bound[1] != nullptr && truth(*bound[1]) ? indent : std::string{};
    bool first = true;
    for (const std::string_view line : split_lines(text)) {
        run.take_bytes(indent.size());
        if (!first)
            out += '\n' + (blank || !line.empty() ? indent : std::string{});
        out += line;
        first = false;
    }
    return run.text(std::move(out));
}

inline Value tojson_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{
        run, "filter 'tojson'", arguments, {"ensure_ascii", "indent", "separators", "sort_keys"}};
    JsonStyle style;
    style.ascii_only = bound[0] != nullptr && truth(*bound[0]);
    style.sort_keys = bound[3] != nullptr && truth(*bound[3]);
    if (const Value* indent = bound.unless_none(1)) {
        if (indent->text() == nullptr && indent->integer() == nullptr)
            bound.fail_type(1, "a whole number or a string");
        style.multiline = true;
        style.indent = indentation(run, *indent);
        style.between_items = ",";
    }
    if (const Value* separators = bound.unless_none(2)) {
        const Sequence* pair = separators->sequence();
        if (pair == nullptr || pair->items.size() != 2 || pair->items[0].text() == nullptr ||
            pair->items[1].text() == nullptr)
            bound.fail_type(2, "two strings");
        style.between_items = *pair->items[0].text();
        style.after_key = *pair->items[1].text();
        run.read_bytes(style.between_items.size() + style.after_key.size());
    }
    return TextPtr{std::make_shared<const std::string>(JsonDumper{run, style}.dump(value))};
}

/// int(number), towards zero; nothing where that leaves 64 bits.
inline std::optional<std::int64_t> truncated(double number) noexcept {
    constexpr double bound = 9223372036854775808.0;  // 2^63
    if (!(number >= -bound && number < bound))
        return std::nullopt;
    return static_cast<std::int64_t>(number);
}

inline Value int_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "filter 'int'", arguments, {"default", "base"}};
    if (bound.integer(1, 10) != 10)
        bound.fail("supports base 10 only");
    if (const auto* undefined = value.get_if<Undefined>())
        run.fail_undefined(*undefined);
    if (value.integer() != nullptr)
        return *value.integer();
    std::optional<double> number;
    if (const auto* real = value.get_if<double>()) {
        number = *real;
    } else if (const std::string* text = value.text()) {
        run.spend(text->size());
        if (const auto integer = parse_integer(*text))
            return *integer;
        number = parse_real(*text);
    }
    if (!number || std::isnan(*number) || (value.text() != nullptr && std::isinf(*number)))
        return bound[0] != nullptr ? *bound[0] : Value{std::int64_t{0}};
    const auto whole = truncated(*number);
    if (!whole)
        run.fail("a whole number beyond 64 bits");
    return *whole;
}

inline Value float_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "filter 'float'", arguments, {"default"}};
    if (const auto* undefined = value.get_if<Undefined>())
        run.fail_undefined(*undefined);
    if (value.is_number())
        return real(value);
    if (const std::string* text = value.text()) {
        run.spend(text->size());
        if (const auto number = parse_real(*text))
            return *number;
    }
    return bound[0] != nullptr ? *bound[0] : Value{0.0};
}

inline Value abs_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "filter 'abs'", arguments, {}};
    if (!value.is_number())
        bound.fail("wants a number, not " + std::string{type_name(value)});
    if (const auto* real_number = value.get_if<double>())
        return std::abs(*real_number);
    return *value.integer() < 0 ? negate(run, value) : Value{*value.integer()};
}

/// The decimal of `precision` places nearest to `number`, halves to even.
inline double round_decimal(double number, int precision) {
    std::array<char, 512> digits{};  // the largest double has 309 digits before the point
    std::snprintf(digits.data(), digits.size(), "%.*f", precision, number);
    return parse_real(digits.data()).value_or(number);
}

inline Value round_filter(Evaluation& run, const Value& value, const Arguments& arguments) {
    const Bound bound{run, "filter 'round'", arguments, {"precision", "method"}};
    const std::int64_t precision = bound.integer(0, 0);
    const std::string_view method = bound.text(1, "common");
    if (precision < 0 || precision > 100)
        bound.fail("supports 0 to 100 places");
    if (!value.is_number())
        bound.fail("wants a number, not " + std::string{type_name(value)});
    if (method == "common") {
        if (value.integer() != nullptr)
            return *value.integer();
        const double number = real(value);
        return std::isfinite(number) ? round_decimal(number, static_cast<int>(precision)) : number;
    }
    if (method != "ceil" && method != "floor")
        bound.fail("knows the methods common, ceil and floor");
    const double scale = std::pow(10.0, static_cast<double>(precision));
    const double scaled = real(value) * scale;
    return (method == "ceil" ? std::ceil(scaled) : std::floor(scaled)) / scale;
}

inline constexpr std::array filters_of_text{
    Operation{"default", &default_filter},
    Operation{"d", &default_filter},
    Operation{"trim", &trim_filter},
    Operation{"upper", &text_filter<&upper>},
    Operation{"lower", &text_filter<&lower>},
    Operation{"capitalize", &text_filter<&capitalize>},
    Operation{"title", &text_filter<&title_words>},
    Operation{"escape", &text_filter<&escape_html>},
    Operation{"e", &text_filter<&escape_html>},
    Operation{"string", &string_filter},
    Operation{"safe", &string_filter},
    Operation{"replace", &replace_filter},
    Operation{"indent", &indent_filter},
    Operation{"tojson", &tojson_filter},
    Operation{"int", &int_filter},
    Operation{"float", &float_filter},
    Operation{"abs", &abs_filter},
    Operation{"round", &round_filter},
};

}  // namespace xzoo::text::jinja
