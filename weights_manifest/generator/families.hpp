// What the generator knows of the zoo: its families, their config types and their classes.
#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xzoo::generator {

/// A family of models. The classes of Hugging Face are called PREFIX + suffix; ours have our prefix
/// and, for the base model, no suffix.
struct Family {
    std::string_view model_type;             // of config.json: "xlm-roberta"
    std::string_view file;                   // of headers and manifest: "xlm_roberta"
    std::string enumeration;                 // "XlmRobertaWeights"
    std::string_view config_type;            // "XlmRobertaConfig"
    std::string_view hub_prefix;             // "XLMRoberta"
    std::string_view prefix;                 // "XlmRoberta"
    std::vector<std::string_view> suffixes;  // "Model", "ForMaskedLM", ...

    /// Checks a config.json and gives the braces that initialise the config, without fields that
    /// have the class's default. Errors: ConfigError, see io::read_config.
    std::string (*config_text)(const boost::json::object& json, const std::string& where);
    /// Whether the config type has a field of this name, an alias for one, or ignores it.
    bool (*has_field)(std::string_view name);

    /// Our name of a class of Hugging Face: "XlmRobertaForMaskedLM"; empty: no such class.
    std::string model_name(std::string_view architecture) const;
    /// "BertModel, BertForPreTraining, ..."
    std::string architectures() const;
};

/// All families, sorted by file name.
std::span<const Family> families();

/// The family of a model_type; null: the zoo has no such models.
const Family* find_family(std::string_view model_type);

/// "albert, bert, ..."
std::string model_types();

}  // namespace xzoo::generator
