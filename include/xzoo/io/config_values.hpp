// Single values of a config.json: to a field of a config struct, and back.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/config.hpp"
#include "xzoo/io/json_text.hpp"

namespace xzoo::io {

namespace detail {

template <class T>
boost::json::value field_json(const T& value, bool nullable = false);

/// A field's value as messages show it.
template <class T>
std::string field_text(const T& value) {
    if constexpr (NestedConfig<T> || ValueList<T>)
        return boost::json::serialize(field_json(value));
    else if constexpr (std::is_same_v<T, bool>)
        return value ? "true" : "false";
    else if constexpr (std::is_enum_v<T>)
        return '"' + std::string{name(value)} + '"';
    else if constexpr (std::is_floating_point_v<T>)
        return number_text(value);
    else if constexpr (std::is_signed_v<T>)  // an id
        return value == -1 ? "null" : std::to_string(value);
    else
        return std::to_string(value);
}

inline double double_of(const std::string& text) {
    double value = 0.0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// The fields of a nested struct that have not their default, or null.
template <NestedConfig T>
boost::json::value nested_json(const T& value) {
    boost::json::object json;
    const T defaults{};
    visit_fields(value, [&](std::string_view field, const auto& item) {
        visit_fields(defaults, [&, field](std::string_view other, const auto& standard) {
            if constexpr (std::is_same_v<decltype(item), decltype(standard)>)
                if (field == other && !(item == standard))
                    json[field] = field_json(item);
        });
    });
    return json.empty() ? boost::json::value{} : boost::json::value(std::move(json));
}

/// A field's value as config.json states it. nullable: 0 and an empty list are null.
template <class T>
boost::json::value field_json(const T& value, bool nullable) {
    if constexpr (NestedConfig<T>) {
        return nested_json(value);
    } else if constexpr (ValueList<T>) {
        if (nullable && value.size == 0)
            return {};
        boost::json::array list;
        for (std::size_t i = 0; i < value.size; ++i)
            list.push_back(field_json(value.values[i]));
        return list;
    } else if constexpr (std::is_floating_point_v<T>) {
        if (nullable && value == T{})
            return {};
        return double_of(number_text(value));  // 1e-12, not the digits of its nearest float
    } else if constexpr (std::is_enum_v<T>) {
        return name(value);
    } else if constexpr (std::is_signed_v<T>) {
        return value == -1 ? boost::json::value{} : boost::json::value(value);
    } else {
        return nullable && value == T{} ? boost::json::value{} : boost::json::value(value);
    }
}

template <class Enum>
std::optional<Enum> enum_from_name(std::string_view text) {
    if constexpr (std::is_same_v<Enum, Activation>) {
        return activation_from_name(text);
    } else {
        for (std::size_t i = 0; i < enumerator_count<Enum>; ++i)
            if (name(static_cast<Enum>(i)) == text)
                return static_cast<Enum>(i);
        return std::nullopt;
    }
}

template <class Enum>
std::string enum_names() {
    std::size_t count = enumerator_count<Enum>;
    if constexpr (std::is_same_v<Enum, Activation>)
        count = activation_count;
    std::string names;
    for (std::size_t i = 0; i < count; ++i)
        names += (i == 0 ? "" : ", ") + std::string{name(static_cast<Enum>(i))};
    return names;
}

/// Puts a JSON value into a field. Result: what was expected, where the value is something else;
/// empty where it fits.
inline std::string take_value(const boost::json::value& json, std::size_t& field) {
    if (json.is_int64() && json.get_int64() >= 0)
        field = static_cast<std::size_t>(json.get_int64());
    else if (json.is_uint64())
        field = json.get_uint64();
    else
        return "a whole number, not negative";
    return {};
}
inline std::string take_value(const boost::json::value& json, long long& field) {
    if (json.is_null())
        field = -1;
    else if (json.is_int64())
        field = json.get_int64();
    else if (json.is_array() && json.get_array().size() == 1 && json.get_array()[0].is_int64())
        field = json.get_array()[0].get_int64();
    else
        return "a token id, a list of one, or null";
    return {};
}
inline std::string take_value(const boost::json::value& json, float& field) {
    if (!json.is_number())
        return "a number";
    const double value = json.to_number<double>();
    constexpr double largest = std::numeric_limits<float>::max();
    if (!(value >= -largest && value <= largest))
        return "a number in the range of float";
    field = static_cast<float>(value);
    return {};
}
inline std::string take_value(const boost::json::value& json, bool& field) {
    if (!json.is_bool() && !json.is_null())
        return "true or false";
    field = json.is_bool() && json.get_bool();
    return {};
}
template <class Enum>
requires std::is_enum_v<Enum> std::string take_value(const boost::json::value& json, Enum& field) {
    if (json.is_string()) {
        if (const auto known = enum_from_name<Enum>(json.get_string())) {
            field = *known;
            return {};
        }
    }
    if constexpr (std::is_same_v<Enum, Activation>) {
        if (json.is_null()) {
            field = Activation::identity;
            return {};
        }
    }
    return "one of " + enum_names<Enum>();
}
template <NestedConfig T>
std::string take_value(const boost::json::value& json, T& field);

template <ValueList T>
std::string take_value(const boost::json::value& json, T& field) {
    const boost::json::array* list = json.if_array();
    if (list == nullptr || list->size() > T::most)
        return "a list of at most " + std::to_string(T::most) + " items";
    field.size = list->size();
    for (std::size_t i = 0; i < list->size(); ++i)
        if (const std::string expected = take_value((*list)[i], field.values[i]); !expected.empty())
            return "a list whose items are " + expected;
    return {};
}

/// The value of a field under its own name or, where the struct has aliases, under another; null:
/// absent.
template <class Config>
const boost::json::value* find_field(const boost::json::object& json, std::string_view field) {
    if (const boost::json::value* value = json.if_contains(field))
        return value;
    if constexpr (requires { Config::aliases; }) {
        for (const FieldAlias& alias : Config::aliases)
            if (alias.field == field)
                if (const boost::json::value* value = json.if_contains(alias.name))
                    return value;
    }
    return nullptr;
}

template <NestedConfig T>
std::string take_value(const boost::json::value& json, T& field) {
    field = T{};
    if (json.is_null())
        return {};
    if (!json.is_object())
        return "an object or null";
    std::string expected;
    visit_fields(field, [&](std::string_view name, auto& value) {
        const boost::json::value* found = find_field<T>(json.get_object(), name);
        if (found == nullptr || found->is_null())
            return;
        if (const std::string wanted = take_value(*found, value);
            !wanted.empty() && expected.empty())
            expected = "an object whose '" + std::string{name} + "' is " + wanted;
    });
    return expected;
}

}  // namespace detail

}  // namespace xzoo::io
