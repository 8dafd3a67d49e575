#include "weights_manifest/generator/families.hpp"

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "weights_manifest/generator/cpp_text.hpp"
#include "xzoo/io/config_json.hpp"

#include "family_headers.inc"  // of all config types; written by CMake from the manifests

namespace xzoo::generator {

namespace {

/// The name of an enumeration of namespace xzoo, as the compiler spells it: "xzoo::RopeType".
template <class Enum>
constexpr std::string_view enum_name() {
    constexpr std::string_view text = __PRETTY_FUNCTION__;
    constexpr std::string_view before = "Enum = ";
    constexpr std::size_t begin = text.find(before) + before.size();
    return text.substr(begin, text.find_first_of(";]", begin) - begin);
}

template <class Value>
std::string value_text(const Value& value, std::size_t indent);

/// The braces that initialise a struct, without fields that have the class's default.
template <class Config>
std::string braces(const Config& config, std::size_t indent) {
    const Config defaults{};
    const std::string margin(indent, ' ');
    std::string text;
    visit_fields(config, [&](std::string_view field, const auto& value) {
        bool is_default = false;
        visit_fields(defaults, [&, field](std::string_view other, const auto& default_value) {
            if constexpr (std::is_same_v<decltype(value), decltype(default_value)>)
                is_default = is_default || (field == other && value == default_value);
        });
        if (!is_default)
            text += margin + "    ." + std::string{field} + " = " + value_text(value, indent + 4) +
                    ",\n";
    });
    return text.empty() ? "{}" : "{\n" + text + margin + "}";
}

template <class Value>
std::string value_text(const Value& value, std::size_t indent) {
    if constexpr (NestedConfig<Value>) {
        return braces(value, indent);
    } else if constexpr (ValueList<Value>) {
        std::string items;
        for (std::size_t i = 0; i < value.size; ++i)
            items += (i == 0 ? "" : ", ") + value_text(value.values[i], indent);
        return "{" + std::to_string(value.size) + ", {" + items + "}}";
    } else {
        return cpp_value(value, enum_name<Value>());
    }
}

template <class Config>
std::string config_text(const boost::json::object& json, const std::string& where) {
    return braces(io::read_config<Config>(json, where), 4);
}

template <class Config>
bool has_field(std::string_view name) {
    bool found = false;
    const Config config{};
    visit_fields(config,
                 [&](std::string_view field, const auto&) { found = found || field == name; });
    if constexpr (requires { Config::aliases; }) {
        for (const FieldAlias& alias : Config::aliases)
            found = found || alias.name == name;
    }
    if constexpr (requires { Config::ignored; }) {
        for (const std::string_view field : Config::ignored)
            found = found || field == name;
    }
    return found;
}

/// hub_prefix, prefix and suffixes as in Family.
template <class Config>
Family family(std::string_view file, std::string_view config_type, std::string_view hub_prefix,
              std::string_view prefix, std::vector<std::string_view> suffixes) {
    constexpr std::string_view ending = "Config";
    return {Config::model_type,
            file,
            std::string{config_type.substr(0, config_type.size() - ending.size())} + "Weights",
            config_type,
            hub_prefix,
            prefix,
            std::move(suffixes),
            config_text<Config>,
            has_field<Config>};
}

const std::vector<Family>& all_families() {
    static const std::vector<Family> families{
#include "family_table.inc"  // family<BertConfig>("bert", ...), ...; written by CMake as well
    };
    return families;
}

}  // namespace

std::string Family::model_name(std::string_view architecture) const {
    if (!architecture.starts_with(hub_prefix))
        return {};
    for (const std::string_view suffix : suffixes)
        if (architecture.substr(hub_prefix.size()) == suffix)
            return std::string{prefix} + std::string{suffix == "Model" ? "" : suffix};
    return {};
}

std::string Family::architectures() const {
    std::string text;
    for (const std::string_view suffix : suffixes)
        text += (text.empty() ? "" : ", ") + std::string{hub_prefix} + std::string{suffix};
    return text;
}

std::span<const Family> families() {
    return all_families();
}

const Family* find_family(std::string_view model_type) {
    for (const Family& family : all_families())
        if (family.model_type == model_type)
            return &family;
    return nullptr;
}

std::string model_types() {
    std::string text;
    for (const Family& family : all_families())
        text += (text.empty() ? "" : ", ") + std::string{family.model_type};
    return text;
}

}  // namespace xzoo::generator
