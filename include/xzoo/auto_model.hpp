// A choice at run time among types that exist at compile time: which of a program's model types
// does this config.json describe?
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "xzoo/core/error.hpp"
#include "xzoo/core/fit.hpp"
#include "xzoo/io/config_json.hpp"

namespace xzoo {

/// The model types among which a program can choose. Every type is compiled into the program, so
/// list those that are needed: ModelList<Bert<bert_tiny>, Bert<bert_base>>.
template <class... Models>
struct ModelList {};

/// A field of a config and its value, as messages show it.
struct ConfigField {
    std::string_view name;
    std::string text;

    friend bool operator==(const ConfigField&, const ConfigField&) = default;
};

/// What a choice must know of a model type.
struct ModelDescription {
    std::string_view class_name;             // "BertForMaskedLM"
    std::string_view model_type;             // "bert"
    std::vector<ConfigField> (*config)();    // of the type
    std::vector<ConfigField> (*defaults)();  // of the type's family
    /// The same fields out of a config.json of the family. Errors: ConfigError.
    std::vector<ConfigField> (*read)(const boost::json::object& json, const std::string& where);
};

namespace detail {

template <class Config>
std::vector<ConfigField> config_fields(const Config& config) {
    std::vector<ConfigField> fields;
    const Config whole = resolved(config);
    visit_fields(whole, [&](std::string_view field, const auto& value) {
        fields.push_back({field, io::detail::field_text(value)});
    });
    return fields;
}

template <class Config>
std::vector<ConfigField> default_fields() {
    return config_fields(Config{});
}

template <class Config>
std::vector<ConfigField> read_fields(const boost::json::object& json, const std::string& where) {
    return config_fields(io::read_config<Config>(json, where));
}

/// "hidden_size: the file has 144, the type has 128", a line each.
inline std::vector<std::string> differing_fields(const ModelDescription& model,
                                                 std::span<const ConfigField> file,
                                                 std::span<const std::string> architectures) {
    const bool same_class = std::find(architectures.begin(), architectures.end(),
                                      model.class_name) != architectures.end();
    const std::vector<ConfigField> type = model.config();
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < type.size(); ++i)
        if (config_field_matters(type[i].name, model.class_name, same_class) &&
            type[i].text != file[i].text)
            lines.push_back(std::string{type[i].name} + ": the file has " + file[i].text +
                            ", the type has " + type[i].text);
    return lines;
}

inline void append_unique(std::vector<std::string>& list, std::string text) {
    if (std::find(list.begin(), list.end(), text) == list.end())
        list.push_back(std::move(text));
}

inline std::string join(std::span<const std::string> parts, std::string_view between) {
    std::string text;
    for (const std::string& part : parts)
        text += (text.empty() ? std::string{} : std::string{between}) + part;
    return text;
}

}  // namespace detail

/// The description of a model type.
template <class Model>
ModelDescription describe_model() {
    using Config = std::remove_cvref_t<decltype(Model::config)>;
    return {.class_name = Model::class_name,
            .model_type = Model::model_type,
            .config = [] { return detail::config_fields(Model::config); },
            .defaults = &detail::default_fields<Config>,
            .read = &detail::read_fields<Config>};
}

/// A model type in words: "BertModel with hidden_size 128, num_hidden_layers 2", of which only the
/// fields are named that differ from the family's defaults.
inline std::string describe(const ModelDescription& model) {
    const std::vector<ConfigField> fields = model.config();
    const std::vector<ConfigField> defaults = model.defaults();
    std::string text;
    for (std::size_t i = 0; i < fields.size(); ++i)
        if (fields[i] != defaults[i])
            text += (text.empty() ? " with " : ", ") + std::string{fields[i].name} + ' ' +
                    fields[i].text;
    return std::string{model.class_name} + (text.empty() ? " with the default config" : text);
}

namespace detail {

inline std::string no_model_of_type(std::span<const ModelDescription> models,
                                    std::string_view model_type, std::string_view class_name,
                                    const std::string& where) {
    std::vector<std::string> known;
    for (const ModelDescription& model : models)
        append_unique(known,
                      std::string{model.model_type} + " (" + std::string{model.class_name} + ')');
    return where + " is a config of \"" + std::string{model_type} + '"' +
           (class_name.empty() ? "" : ", to be loaded as " + std::string{class_name}) +
           "; compiled into this program are: " + (known.empty() ? "none" : join(known, ", "));
}

inline std::string no_such_config(std::span<const ModelDescription* const> models,
                                  const std::vector<ConfigField>& file,
                                  std::span<const std::string> architectures,
                                  const std::string& where) {
    const ModelDescription* nearest = models.front();
    std::vector<std::string> faults = differing_fields(*nearest, file, architectures);
    std::vector<std::string> known;
    for (const ModelDescription* model : models) {
        append_unique(known, describe(*model));
        std::vector<std::string> other = differing_fields(*model, file, architectures);
        if (other.size() < faults.size()) {
            nearest = model;
            faults = std::move(other);
        }
    }
    return where + " describes none of the model types that are compiled into this program." +
           "\nNearest is " + describe(*nearest) + ":\n  " + join(faults, "\n  ") +
           "\nCompiled in are:\n  " + join(known, "\n  ") +
           "\nxzoo_add_model(NAME my_model CONFIG " + where +
           ") in CMake makes a type of this config.";
}

}  // namespace detail

/// The position of the first model type that a config.json describes. num_labels and is_decoder may
/// differ as in from_pretrained (config_field_matters).
/// class_name  only types of this class are looked at; empty: all of them.
/// where       the file's name, for messages.
/// Errors  ConfigError: the config is broken, or no type has it; names the fields in which the
///         nearest type differs, and all types.
inline std::size_t choose_model(std::span<const ModelDescription> models,
                                const boost::json::object& json, const std::string& where,
                                std::string_view class_name = {}) {
    const boost::json::value* type = json.if_contains("model_type");
    if (!type || !type->is_string())
        throw ConfigError{where + ": expected a string 'model_type', found " +
                          (type ? boost::json::serialize(*type) : "none")};
    const std::string_view model_type = type->get_string();
    std::vector<const ModelDescription*> candidates;
    for (const ModelDescription& model : models)
        if (model.model_type == model_type &&
            (class_name.empty() || model.class_name == class_name))
            candidates.push_back(&model);
    if (candidates.empty())
        throw ConfigError{detail::no_model_of_type(models, model_type, class_name, where)};
    const std::vector<ConfigField> file = candidates.front()->read(json, where);
    const std::vector<std::string> architectures = io::architectures(json);
    for (const ModelDescription* model : candidates)
        if (detail::differing_fields(*model, file, architectures).empty())
            return static_cast<std::size_t>(model - models.data());
    throw ConfigError{detail::no_such_config(candidates, file, architectures, where)};
}

/// Calls use.template operator()<Model>() with the model type of the list that a config.json
/// describes, and returns what it returns; all types must give the same result type.
///
///     with_model(ModelList<Bert<bert_tiny>, Bert<bert_base>>{}, json, "config.json", "BertModel",
///                [&]<class Model>() { run(Model{}.from_pretrained(folder)); });
///
/// Errors  ConfigError, see choose_model.
template <class First, class... Models, class Use>
decltype(auto) with_model(ModelList<First, Models...>, const boost::json::object& json,
                          const std::string& where, std::string_view class_name, Use&& use) {
    const std::array descriptions{describe_model<First>(), describe_model<Models>()...};
    const std::size_t chosen = choose_model(descriptions, json, where, class_name);
    using Result = decltype(use.template operator()<First>());
    using Call = Result (*)(Use&);
    constexpr std::array<Call, 1 + sizeof...(Models)> calls{
        [](Use& f) -> Result { return f.template operator()<First>(); },
        [](Use& f) -> Result { return f.template operator()<Models>(); }...};
    return calls[chosen](use);
}

/// The same for a folder with a config.json.
/// class_name  empty: the class that saved the checkpoint ("architectures").
/// Errors  FileError: no config.json there; ConfigError.
template <class... Models, class Use>
decltype(auto) with_model(ModelList<Models...> models, const std::filesystem::path& folder,
                          std::string_view class_name, Use&& use) {
    const std::string where = (folder / "config.json").string();
    const boost::json::object json = io::parse_object(io::read_text(where), where);
    const std::vector<std::string> architectures = io::architectures(json);
    if (class_name.empty() && architectures.empty())
        throw ConfigError{where + " names no class in 'architectures': name the class to load"};
    return with_model(models, json, where, class_name.empty() ? architectures.front() : class_name,
                      std::forward<Use>(use));
}

}  // namespace xzoo
