// generation_config.json, and what config.json says of special tokens.
#pragma once

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include "xzoo/core/error.hpp"
#include "xzoo/generation/generation_config.hpp"
#include "xzoo/generation/resolve_config.hpp"
#include "xzoo/io/json_text.hpp"
#include "xzoo/io/nearest_name.hpp"
#include "xzoo/io/quote.hpp"

namespace xzoo {

/// What a generation_config.json says.
struct GenerationFile {
    GenerationConfig config{};
    std::vector<std::string> notes{};  // on fields without effect, a sentence each
};

namespace generation::detail {

// take(json, value): puts a JSON value into a field's value. Result: what was expected, where the
// JSON is something else; empty where it fits.

inline std::string take(const boost::json::value& json, std::uint64_t& value) {
    if (json.is_int64() && json.get_int64() >= 0)
        value = static_cast<std::uint64_t>(json.get_int64());
    else if (json.is_uint64())
        value = json.get_uint64();
    else
        return "a whole number, not negative";
    return {};
}
inline std::string take(const boost::json::value& json, std::uint32_t& id) {
    std::uint64_t value = 0;
    if (!take(json, value).empty() || value >= std::numeric_limits<std::uint32_t>::max())
        return "a token id";
    id = static_cast<std::uint32_t>(value);
    return {};
}
inline std::string take(const boost::json::value& json, double& value) {
    if (!json.is_number())
        return "a number";
    value = json.to_number<double>();
    return std::isfinite(value) ? "" : "a finite number";
}
inline std::string take(const boost::json::value& json, float& value) {
    double wide = 0.0;
    std::string expected = take(json, wide);
    value = static_cast<float>(wide);
    return expected.empty() && !std::isfinite(value) ? "a number in the range of float" : expected;
}
inline std::string take(const boost::json::value& json, bool& value) {
    if (!json.is_bool())
        return "true or false";
    value = json.get_bool();
    return {};
}
inline std::string take(const boost::json::value& json, std::string& value) {
    if (!json.is_string())
        return "a string";
    value = std::string{json.get_string()};
    return {};
}
inline std::string take(const boost::json::value& json, EarlyStopping& value) {
    if (json.is_bool())
        value = json.get_bool() ? EarlyStopping::yes : EarlyStopping::no;
    else if (json.is_string() && json.get_string() == "never")
        value = EarlyStopping::never;
    else
        return "true, false or \"never\"";
    return {};
}
inline std::string take(const boost::json::value& json, SequenceBias& value);
template <class Item>
std::string take(const boost::json::value& json, std::vector<Item>& items) {
    if (!json.is_array())
        return "a list";
    for (const boost::json::value& item : json.get_array()) {
        const std::string expected = take(item, items.emplace_back());
        if (!expected.empty())
            return "a list, each element " + expected;
    }
    return {};
}
inline std::string take(const boost::json::value& json, SequenceBias& value) {
    const boost::json::array* pair = json.if_array();
    if (pair == nullptr || pair->size() != 2 || !take((*pair)[0], value.ids).empty() ||
        !take((*pair)[1], value.bias).empty())
        return "a list of token ids and a number";
    return {};
}
inline std::string take(const boost::json::value& json, ExponentialDecay& value) {
    const boost::json::array* pair = json.if_array();
    std::uint64_t start = 0;
    if (pair == nullptr || pair->size() != 2 || !take((*pair)[0], start).empty() ||
        !take((*pair)[1], value.factor).empty())
        return "a whole number and a number";
    value.start = start;
    return {};
}
inline std::string take(const boost::json::value& json, TokenIds& value) {
    std::vector<std::uint32_t>& ids = value;
    if (!json.is_array())
        return take(json, ids.emplace_back());
    return take(json, ids);
}

/// Some files say "none" with -1.
inline bool is_unset(std::string_view field, const boost::json::value& json) {
    return json.is_null() ||
           (field.ends_with("_token_id") && json.is_int64() && json.get_int64() == -1);
}

inline void take_field(const boost::json::object& json, const char* name, auto& field,
                       std::string& faults) {
    const boost::json::value* value = json.if_contains(name);
    if (value == nullptr || is_unset(name, *value))
        return;
    const std::string expected = take(*value, field.emplace());
    if (!expected.empty())
        faults += "\n  " + std::string{name} + ": expected " + expected + ", found " +
                  boost::json::serialize(*value).substr(0, 100);
}

struct FieldDefault {
    std::string_view field;
    double value = 0.0;  // of a number or a bool
};

/// Fields that would change the text in ways that are not offered here, unless they are null or
/// have these values.
inline constexpr std::array unsupported_fields{
    FieldDefault{"force_words_ids"},     FieldDefault{"constraints"},
    FieldDefault{"watermarking_config"}, FieldDefault{"dola_layers"},
    FieldDefault{"forced_decoder_ids"},  FieldDefault{"encoder_repetition_penalty", 1.0},
    FieldDefault{"token_healing"},       FieldDefault{"encoder_no_repeat_ngram_size"},
};

/// Fields that say how to compute, what to return or who wrote the file, not which text comes.
inline constexpr std::array<std::string_view, 27> harmless_fields{"transformers_version",
                                                                  "_from_model_config",
                                                                  "_commit_hash",
                                                                  "use_cache",
                                                                  "cache_implementation",
                                                                  "cache_config",
                                                                  "return_legacy_cache",
                                                                  "output_attentions",
                                                                  "output_hidden_states",
                                                                  "output_scores",
                                                                  "output_logits",
                                                                  "return_dict_in_generate",
                                                                  "low_memory",
                                                                  "is_assistant",
                                                                  "num_assistant_tokens_schedule",
                                                                  "assistant_confidence_threshold",
                                                                  "assistant_early_exit",
                                                                  "assistant_lookbehind",
                                                                  "target_lookbehind",
                                                                  "decoder_start_token_id",
                                                                  "disable_compile",
                                                                  "compile_config",
                                                                  "prefill_chunk_size",
                                                                  "generation_kwargs",
                                                                  "trust_remote_code",
                                                                  "_name_or_path",
                                                                  "model_type"};

inline bool has_default(const boost::json::value& json, double value) {
    return json.is_null() || (json.is_number() && json.to_number<double>() == value) ||
           (json.is_bool() && json.get_bool() == (value != 0.0));
}

inline std::string unknown_field(std::string_view field,
                                 const std::vector<std::string_view>& known) {
    const std::string_view near = io::nearest_name(field, known);
    return io::quote_name(field) + " is not known and has no effect" +
           (near.empty() ? "" : "; did you mean " + io::quote_name(near) + "?");
}

inline void check_other_fields(const boost::json::object& json, std::vector<std::string>& notes,
                               std::string& faults) {
    std::vector<std::string_view> known;
    const GenerationConfig config;
    visit_generation_fields([&](const char* name, const auto&) { known.push_back(name); }, config);
    for (const auto& member : json) {
        const std::string_view key{member.key().data(), member.key().size()};
        const auto* unsupported =
            std::find_if(unsupported_fields.begin(), unsupported_fields.end(),
                         [&](const FieldDefault& entry) { return entry.field == key; });
        if (unsupported != unsupported_fields.end()) {
            if (!has_default(member.value(), unsupported->value))
                faults += "\n  " + std::string{key} + ": is not supported, found " +
                          boost::json::serialize(member.value()).substr(0, 100);
        } else if (std::find(known.begin(), known.end(), key) == known.end() &&
                   std::find(harmless_fields.begin(), harmless_fields.end(), key) ==
                       harmless_fields.end()) {
            notes.push_back(unknown_field(key, known));
        }
    }
}

}  // namespace generation::detail

/// Reads the text of a generation_config.json. `where` is what errors call it.
/// Result  the fields that are set, and a note on each that has no effect.
/// Errors  FileError: not a JSON object. ConfigError: values of another type, and fields that would
///         change the text and are not supported (force_words_ids, ...), a line each.
inline GenerationFile read_generation_config(std::string_view text, const std::string& where) {
    const boost::json::object json = io::parse_object(text, where);
    GenerationFile file;
    std::string faults;
    visit_generation_fields(
        [&](const char* name, auto& field) {
            generation::detail::take_field(json, name, field, faults);
        },
        file.config);
    generation::detail::check_other_fields(json, file.notes, faults);
    if (!faults.empty())
        throw ConfigError{where + ":" + faults};
    if (!file.config.do_sample.value_or(false) && generation::asks_for_sampling(file.config))
        file.notes.emplace_back(
            "do_sample is not true, so the fields for sampling have no effect unless sampling is "
            "asked for");
    if (file.config.max_length && file.config.max_new_tokens)
        file.notes.emplace_back("max_length has no effect beside max_new_tokens");
    return file;
}

/// Sets one field by its name, to a value as a generation_config.json has it.
/// Result  empty; or what was expected, where the value is something else and the field stays as it
///         was: "a token id".
/// Errors  ArgumentError: no field has this name.
inline std::string set_generation_field(GenerationConfig& config, std::string_view name,
                                        const boost::json::value& value) {
    std::string expected;
    bool known = false;
    visit_generation_fields(
        [&](const char* field_name, auto& field) {
            if (field_name != name)
                return;
            known = true;
            typename std::remove_reference_t<decltype(field)>::value_type taken{};
            expected = generation::detail::take(value, taken);
            if (expected.empty())
                field = std::move(taken);
        },
        config);
    if (!known)
        throw ArgumentError{"generation config: there is no field " + io::quote_name(name)};
    return expected;
}

/// Sets the special tokens that `config` lacks to those of a config.json.
/// Errors  as read_generation_config.
inline void add_special_tokens(GenerationConfig& config, std::string_view config_json,
                               const std::string& where) {
    const boost::json::object json = io::parse_object(config_json, where);
    GenerationConfig tokens;
    std::string faults;
    generation::detail::take_field(json, "bos_token_id", tokens.bos_token_id, faults);
    generation::detail::take_field(json, "eos_token_id", tokens.eos_token_id, faults);
    generation::detail::take_field(json, "pad_token_id", tokens.pad_token_id, faults);
    if (!faults.empty())
        throw ConfigError{where + ":" + faults};
    generation::fill_gaps(config, tokens);
}

}  // namespace xzoo
