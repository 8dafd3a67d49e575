// Reflection for configs: one list of a struct's field names serves JSON in both directions, the
// comparison of a file with a type and the compile-time comparison of two configs; one list of its
// rules serves the compiler (static_assert) and readers of config.json (visit_rules).
#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>

#include "xzoo/core/rules.hpp"

// Applies macro(config, field) to each of up to 40 names. Flat rather than recursive, so that a
// failed assertion is not buried under lines about expanded macros.
#define XZOO_EACH(macro, config, ...)                                                              \
    XZOO_EACH_40(macro, config, __VA_ARGS__, , , , , , , , , , , , , , , , , , , , , , , , , , , , \
                 , , , , , , , , , , , )
#define XZOO_EACH_ONE(macro, config, ...) __VA_OPT__(macro(config, __VA_ARGS__))
// clang-format off
#define XZOO_EACH_40(macro, config,                                                                \
                     f00, f01, f02, f03, f04, f05, f06, f07, f08, f09, f10, f11, f12, f13, f14,    \
                     f15, f16, f17, f18, f19, f20, f21, f22, f23, f24, f25, f26, f27, f28, f29,    \
                     f30, f31, f32, f33, f34, f35, f36, f37, f38, f39, ...)                        \
    XZOO_EACH_ONE(macro, config, f00) XZOO_EACH_ONE(macro, config, f01)                            \
    XZOO_EACH_ONE(macro, config, f02) XZOO_EACH_ONE(macro, config, f03)                            \
    XZOO_EACH_ONE(macro, config, f04) XZOO_EACH_ONE(macro, config, f05)                            \
    XZOO_EACH_ONE(macro, config, f06) XZOO_EACH_ONE(macro, config, f07)                            \
    XZOO_EACH_ONE(macro, config, f08) XZOO_EACH_ONE(macro, config, f09)                            \
    XZOO_EACH_ONE(macro, config, f10) XZOO_EACH_ONE(macro, config, f11)                            \
    XZOO_EACH_ONE(macro, config, f12) XZOO_EACH_ONE(macro, config, f13)                            \
    XZOO_EACH_ONE(macro, config, f14) XZOO_EACH_ONE(macro, config, f15)                            \
    XZOO_EACH_ONE(macro, config, f16) XZOO_EACH_ONE(macro, config, f17)                            \
    XZOO_EACH_ONE(macro, config, f18) XZOO_EACH_ONE(macro, config, f19)                            \
    XZOO_EACH_ONE(macro, config, f20) XZOO_EACH_ONE(macro, config, f21)                            \
    XZOO_EACH_ONE(macro, config, f22) XZOO_EACH_ONE(macro, config, f23)                            \
    XZOO_EACH_ONE(macro, config, f24) XZOO_EACH_ONE(macro, config, f25)                            \
    XZOO_EACH_ONE(macro, config, f26) XZOO_EACH_ONE(macro, config, f27)                            \
    XZOO_EACH_ONE(macro, config, f28) XZOO_EACH_ONE(macro, config, f29)                            \
    XZOO_EACH_ONE(macro, config, f30) XZOO_EACH_ONE(macro, config, f31)                            \
    XZOO_EACH_ONE(macro, config, f32) XZOO_EACH_ONE(macro, config, f33)                            \
    XZOO_EACH_ONE(macro, config, f34) XZOO_EACH_ONE(macro, config, f35)                            \
    XZOO_EACH_ONE(macro, config, f36) XZOO_EACH_ONE(macro, config, f37)                            \
    XZOO_EACH_ONE(macro, config, f38) XZOO_EACH_ONE(macro, config, f39)
// clang-format on

// A field's value as a template argument that both compilers show readably.
#if defined(__clang__)
#define XZOO_ARGUMENT(value) (detail::argument<detail::real_in_class(value)>)
#else
#define XZOO_ARGUMENT(value) value
#endif

#define XZOO_VISIT_FIELD(config, field) visit(#field, self.field);
#define XZOO_COMPARE_FIELD(config, field)                                              \
    static_assert(Holds<Same, XZOO_ARGUMENT(Model.field), XZOO_ARGUMENT(Entry.field)>, \
                  "weights manifest: '" #field                                         \
                  "' of the entry differs from the model's " #config);

/// Lists the fields of a config struct, once: put it behind the struct, in namespace xzoo.
/// Defines visit_fields(config, visit), which calls visit(name, value) for each, and
/// SameConfig<Model, Entry>, whose instantiation fails to compile with the name of a field and
/// both values where two configs differ.
#define XZOO_CONFIG_FIELDS(config, ...)                        \
    template <class Self, class Visit>                         \
    requires std::is_same_v<std::remove_const_t<Self>, config> \
    constexpr void visit_fields(Self& self, Visit&& visit) {   \
        XZOO_EACH(XZOO_VISIT_FIELD, config, __VA_ARGS__)       \
    }                                                          \
    template <config Model, config Entry>                      \
    struct SameConfig<Model, Entry> {                          \
        XZOO_EACH(XZOO_COMPARE_FIELD, config, __VA_ARGS__)     \
        static constexpr bool checked = true;                  \
    }

#define XZOO_RULE_VALUES(field, ...) \
    XZOO_ARGUMENT(C.field) __VA_OPT__(, XZOO_ARGUMENT(C.__VA_ARGS__))
#define XZOO_RULE_FIELDS(field, ...) \
    NamedValue{#field, self.field} __VA_OPT__(, NamedValue{#__VA_ARGS__, self.__VA_ARGS__})
#define XZOO_ASSERT_RULE(config, text, rule, ...) \
    static_assert(Holds<rule, XZOO_RULE_VALUES(__VA_ARGS__)>, #config ": " text)
#define XZOO_VISIT_RULE(config, text, rule, field, ...)                              \
    visit(rule::holds(self.field __VA_OPT__(, self.__VA_ARGS__)), #config ": " text, \
          XZOO_RULE_FIELDS(field __VA_OPT__(, ) __VA_ARGS__))

/// States what must hold for a config, once: put it behind XZOO_CONFIG_FIELDS, in namespace xzoo.
/// list is a macro (rule, config) that calls rule(config, text, Rule, field) or
/// rule(config, text, Rule, field, other_field) for each rule, with a semicolon behind each; the
/// text names the fields. Defines the class template `rules`, whose instantiation with a config
/// fails to compile with the text and the values of a rule that is broken, and visit_rules(config,
/// visit), which calls visit(holds, text, NamedValue...) for each rule.
#define XZOO_CONFIG_RULES(config, rules, list)                      \
    template <config C>                                             \
    struct rules {                                                  \
        list(XZOO_ASSERT_RULE, config)                              \
    };                                                              \
    template <class Visit>                                          \
    constexpr void visit_rules(const config& self, Visit&& visit) { \
        list(XZOO_VISIT_RULE, config)                               \
    }                                                               \
    static_assert(std::is_class_v<config>)

namespace xzoo {

/// Compares two configs of one family at compile time; defined by XZOO_CONFIG_FIELDS.
template <auto Model, auto Entry>
struct SameConfig;

/// A field of a config that takes part in a rule.
template <class Value>
struct NamedValue {
    const char* name;
    Value value;
};
template <class Value>
NamedValue(const char*, Value) -> NamedValue<Value>;

/// How many enumerators a config's enumeration has, counted from 0; specialised beside each one.
template <class Enum>
inline constexpr std::size_t enumerator_count = 0;

/// Another name that config.json may use for a field.
struct FieldAlias {
    const char* name;
    const char* field;
};

/// A field whose value is a struct of its own, listed by XZOO_CONFIG_FIELDS: an object in
/// config.json, or null for all defaults.
template <class T>
concept NestedConfig = std::is_class_v<T> && requires(T& value) {
    visit_fields(value, [](const char*, auto&) {});
};

/// A field that is a list of numbers or names in config.json: it has `size` and `values`, an array.
template <class T>
concept ValueList = requires(T list) {
    list.size;
    list.values[0];
};

/// True for a field that may be null in config.json: the config lists it in `nullable`. Null is 0,
/// an empty list, or the default of an enumeration.
template <class Config>
constexpr bool is_nullable(std::string_view field) {
    if constexpr (requires { Config::nullable; }) {
        for (const std::string_view name : Config::nullable)
            if (name == field)
                return true;
    }
    return false;
}

/// The config with the values that follow from others filled in, where its fields say so (the head
/// size of many decoders, for example); two configs that are resolved alike are the same model.
template <class Config>
constexpr Config resolved(const Config& config) {
    if constexpr (requires { config.resolved(); })
        return config.resolved();
    else
        return config;
}

namespace detail {

template <class T>
constexpr auto real_in_class(T value) {
    if constexpr (std::is_floating_point_v<T>)
        return Real{value};
    else
        return value;
}

template <auto Value>
constexpr auto make_argument() {
    if constexpr (std::is_enum_v<decltype(Value)>)
        return Enumerator<Value>{};
    else
        return Value;
}
template <auto Value>
inline constexpr auto argument = make_argument<Value>();

}  // namespace detail

}  // namespace xzoo
