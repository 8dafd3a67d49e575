// config.json to a config struct and back, by the struct's list of fields.
#pragma once

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "xzoo/core/config.hpp"
#include "xzoo/core/dtype.hpp"
#include "xzoo/core/error.hpp"
#include "xzoo/core/fit.hpp"
#include "xzoo/io/config_values.hpp"
#include "xzoo/io/json_text.hpp"

namespace xzoo::io {

namespace detail {

/// Options of Hugging Face's configs that change what a model computes, and the value with which
/// they do not: a config struct without such a field has models that know no other value.
inline std::vector<std::pair<std::string_view, boost::json::value>> neutral_options() {
    return {{"add_cross_attention", false},          {"is_decoder", false},
            {"is_encoder_decoder", false},           {"position_embedding_type", "absolute"},
            {"pruned_heads", boost::json::object{}}, {"quantization_config", nullptr},
            {"use_bidirectional_attention", false}};
}

template <class Config>
void find_foreign_options(const boost::json::object& json, std::vector<std::string>& faults) {
    for (const auto& [key, neutral] : neutral_options()) {
        const boost::json::value* value = json.if_contains(key);
        bool is_field = false;
        Config config{};
        visit_fields(config, [&, wanted = key](std::string_view field, const auto&) {
            is_field = is_field || field == wanted;
        });
        if (value && !is_field && !value->is_null() && *value != neutral)
            faults.push_back(std::string{key} + ": expected " + boost::json::serialize(neutral) +
                             ", the only value that the models implement, found " +
                             boost::json::serialize(*value));
    }
}

/// HF: the label map decides, num_labels only where there is no map.
inline std::string take_num_labels(const boost::json::object& json, std::size_t& field) {
    const boost::json::value* map = json.if_contains("id2label");
    if (map && !map->is_null()) {
        if (!map->is_object())
            return "id2label: expected an object, found " + boost::json::serialize(*map);
        field = map->get_object().size();
    } else if (const boost::json::value* value = json.if_contains("num_labels")) {
        const std::string expected = take_value(*value, field);
        if (!expected.empty())
            return "num_labels: expected " + expected + ", found " + boost::json::serialize(*value);
    }
    return {};
}

/// Keeps the file's label names where there are as many as labels, else makes up names as Hugging
/// Face does.
inline void put_num_labels(boost::json::object& json, std::size_t count) {
    json.erase("num_labels");
    const boost::json::value* map = json.if_contains("id2label");
    const bool fits = map && map->is_object() && map->get_object().size() == count;
    constexpr std::size_t class_default = 2;
    if (fits || (count == class_default && (!map || map->is_null())))
        return;
    boost::json::object names;
    boost::json::object ids;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string label = "LABEL_" + std::to_string(i);
        names[std::to_string(i)] = label;
        ids[label] = i;
    }
    json["id2label"] = std::move(names);
    json["label2id"] = std::move(ids);
}

/// PyTorch's name of an element type, as config.json has it: "float32".
inline std::string torch_name(Dtype dtype) {
    switch (dtype) {
        case Dtype::f64:
            return "float64";
        case Dtype::f32:
            return "float32";
        case Dtype::f16:
            return "float16";
        case Dtype::bf16:
            return "bfloat16";
        default:
            throw ArgumentError{"config.json: weights cannot be saved as " +
                                std::string{name(dtype)}};
    }
}

inline std::string joined(const std::string& head, const std::vector<std::string>& lines) {
    std::string text = head;
    for (const std::string& line : lines)
        text += "\n  " + line;
    return text;
}

template <class Config>
void find_broken_rules(const Config& config, std::vector<std::string>& faults) {
    visit_rules(config, [&](bool holds, const char* text, const auto&... values) {
        if (holds)
            return;
        std::string found;
        ((found += (found.empty() ? "" : ", ") + std::string{values.name} + " is " +
                   field_text(values.value)),
         ...);
        faults.push_back(std::string{text} + " (" + found + ")");
    });
}

template <class Config>
void take_fields(const boost::json::object& json, std::string_view model_type, Config& config,
                 std::vector<std::string>& faults) {
    if (const boost::json::value* type = json.if_contains("model_type"))
        if (!type->is_string() || type->get_string() != model_type)
            faults.push_back("model_type: expected \"" + std::string{model_type} + "\", found " +
                             boost::json::serialize(*type));
    visit_fields(config, [&](std::string_view field, auto& value) {
        if (field == "num_labels") {
            if constexpr (std::is_same_v<std::remove_reference_t<decltype(value)>, std::size_t>)
                if (std::string fault = take_num_labels(json, value); !fault.empty())
                    faults.push_back(std::move(fault));
        } else if (const boost::json::value* found = find_field<Config>(json, field)) {
            if (found->is_null() && is_nullable<Config>(field)) {
                if constexpr (!std::is_enum_v<std::remove_reference_t<decltype(value)>>)
                    value = std::remove_reference_t<decltype(value)>{};
                return;
            }
            const std::string expected = take_value(*found, value);
            if (!expected.empty())
                faults.push_back(std::string{field} + ": expected " + expected + ", found " +
                                 boost::json::serialize(*found));
        }
    });
    find_foreign_options<Config>(json, faults);
}

}  // namespace detail

/// The classes that a checkpoint was saved from ("architectures"); empty where the file has none.
inline std::vector<std::string> architectures(const boost::json::object& json) {
    std::vector<std::string> classes;
    if (const boost::json::value* list = json.if_contains("architectures"))
        if (list->is_array())
            for (const boost::json::value& item : list->get_array())
                if (item.is_string())
                    classes.emplace_back(item.get_string());
    return classes;
}

/// Reads a config.json. Fields that are absent have the value of the class's default, as in Hugging
/// Face's files; null is no token for ids, no activation, and false for switches. Fields that the
/// struct has not are ignored, unless they would change what the model computes.
/// where: the file's name, for messages.
/// Errors  ConfigError with a line for each field of another type, each option that the models do
///         not implement and each broken rule; another model_type.
template <class Config>
Config read_config(const boost::json::object& json, const std::string& where) {
    Config config{};
    std::vector<std::string> faults;
    detail::take_fields(json, Config::model_type, config, faults);
    if (faults.empty()) {
        config = resolved(config);
        detail::find_broken_rules(config, faults);
    }
    if (!faults.empty())
        throw ConfigError{
            detail::joined(where + " is no usable " + Config::model_type + " config:", faults)};
    return config;
}

/// Compares a config.json with the config of a model's type. num_labels and is_decoder may differ
/// where the checkpoint was saved by another class ("architectures"): moving to another head is
/// legal; see config_field_matters.
/// Errors  ConfigError with a line for each field that differs: the file's value and the type's.
template <class Config>
void compare_config(const Config& type, std::string_view class_name, std::string_view model_type,
                    const boost::json::object& json, const std::string& where) {
    Config file{};
    std::vector<std::string> faults;
    detail::take_fields(json, model_type, file, faults);
    file = resolved(file);
    const Config whole = resolved(type);
    const std::vector<std::string> classes = architectures(json);
    const bool same_class = std::find(classes.begin(), classes.end(), class_name) != classes.end();
    visit_fields(file, [&](std::string_view field, const auto& in_file) {
        if (!config_field_matters(field, class_name, same_class))
            return;
        visit_fields(whole, [&, field](std::string_view other, const auto& in_type) {
            if constexpr (std::is_same_v<decltype(in_file), decltype(in_type)>)
                if (field == other && !(in_file == in_type))
                    faults.push_back(std::string{field} + ": the file has " +
                                     detail::field_text(in_file) + ", the type has " +
                                     detail::field_text(in_type));
        });
    });
    if (!faults.empty())
        throw ConfigError{detail::joined(
            where + " does not describe " + std::string{class_name} + " as it is typed here:",
            faults)};
}

/// More classes than any classifier has: names are not made up for more, whatever a file claims.
inline constexpr std::size_t most_labels = 1U << 20U;

/// Names of the classes of a classifier, in the order of its outputs (id2label); "LABEL_0", ...
/// where the file has no names.
/// Errors  ConfigError: an id that is no number from 0 to the number of labels - 1, or a name that
///         is no text.
inline std::vector<std::string> labels(const boost::json::object& json, const std::string& where) {
    std::size_t count = 2;
    if (const std::string fault = detail::take_num_labels(json, count); !fault.empty())
        throw ConfigError{where + ": " + fault};
    if (count > most_labels)
        throw ConfigError{where + ": num_labels: expected " + std::to_string(most_labels) +
                          " or less, found " + std::to_string(count)};
    std::vector<std::string> names(count);
    const boost::json::value* map = json.if_contains("id2label");
    if (!map || map->is_null()) {
        for (std::size_t i = 0; i < count; ++i)
            names[i] = "LABEL_" + std::to_string(i);
        return names;
    }
    std::vector<bool> named(count);
    for (const auto& [key, value] : map->get_object()) {
        std::size_t id = count;
        const char* end = key.data() + key.size();
        const auto read = std::from_chars(key.data(), end, id);
        if (read.ec != std::errc{} || read.ptr != end || id >= count || named[id] ||
            !value.is_string())
            throw ConfigError{where + ": id2label: expected names for the ids 0 to " +
                              std::to_string(count - 1) + ", found \"" + std::string{key} +
                              "\": " + boost::json::serialize(value)};
        named[id] = true;
        names[id] = std::string{value.get_string()};
    }
    return names;
}

/// The text of a config.json to save with a model: our fields as the type has them, the class, the
/// element type, and every other field of the config.json that the weights came with.
/// original: the text of that file; empty: there was none.
/// Errors  FileError: original is not a JSON object.
template <class Config>
std::string config_text(const Config& config, std::string_view class_name,
                        std::string_view model_type, std::string_view original, Dtype dtype) {
    boost::json::object json;
    if (!original.empty())
        json = parse_object(original, "config.json");
    if constexpr (requires { Config::aliases; }) {
        for (const FieldAlias& alias : Config::aliases)
            json.erase(alias.name);
    }
    visit_fields(config, [&](std::string_view field, const auto& value) {
        if (field != "num_labels")
            json[field] = detail::field_json(value, is_nullable<Config>(field));
        else if constexpr (std::is_same_v<decltype(value), const std::size_t&>)
            detail::put_num_labels(json, value);
    });
    json["architectures"] = boost::json::array{boost::json::value(class_name)};
    json["model_type"] = model_type;
    json["torch_dtype"] = detail::torch_name(dtype);
    return pretty_text(json);
}

}  // namespace xzoo::io
