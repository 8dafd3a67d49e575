// Values from JSON, and the filter tojson: json.dumps of Python.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <xzoo/io/json_writer.hpp>
#include <xzoo/text/chat_template/compare.hpp>
#include <xzoo/text/chat_template/evaluation.hpp>
#include <xzoo/text/chat_template/value.hpp>
#include <xzoo/text/chat_template/value_text.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text::jinja {

/// Text of the caller's; each ill-formed sequence in it becomes U+FFFD, as in the tokenizers.
inline Value import_text(std::string_view text) {
    std::string valid;
    if (is_valid_utf8(text)) {
        valid = text;
    } else {
        for (std::size_t at = 0; at < text.size();) {
            const int extent = utf8_extent(text, at);
            const auto size = static_cast<std::size_t>(extent < 0 ? -extent : extent);
            if (extent > 0)
                valid += text.substr(at, size);
            else
                append_utf8(valid, replacement_character);
            at += size;
        }
    }
    return TextPtr{std::make_shared<const std::string>(std::move(valid))};
}

inline Value import_json(Evaluation& run, const boost::json::value& json, std::size_t level = 0);

inline Value import_json(Evaluation& run, const boost::json::array& array, std::size_t level = 0) {
    Sequence sequence;
    sequence.items.reserve(array.size());
    for (const boost::json::value& element : array)
        sequence.items.push_back(import_json(run, element, level + 1));
    sequence.depth = depth_of(sequence.items);
    return SequencePtr{std::make_shared<const Sequence>(std::move(sequence))};
}

inline Value import_json(Evaluation& run, const boost::json::object& object,
                         std::size_t level = 0) {
    Dict dict;
    dict.entries.reserve(object.size());
    for (const auto& member : object) {
        Value value = import_json(run, member.value(), level + 1);
        dict.depth = std::max(dict.depth, value.depth() + 1);
        dict.entries.emplace_back(import_text({member.key().data(), member.key().size()}),
                                  std::move(value));
    }
    return DictPtr{std::make_shared<const Dict>(std::move(dict))};
}

/// A value of the caller's. What it holds is not counted against the limits: the caller has it.
/// Errors  ChatTemplateError: nested too deeply; a whole number beyond 64 bits with a sign.
inline Value import_json(Evaluation& run, const boost::json::value& json, std::size_t level) {
    run.check_depth(level);
    if (json.is_null())
        return None{};
    if (json.is_bool())
        return json.get_bool();
    if (json.is_int64())
        return std::int64_t{json.get_int64()};
    if (json.is_double())
        return json.get_double();
    if (json.is_string())
        return import_text({json.get_string().data(), json.get_string().size()});
    if (json.is_array())
        return import_json(run, json.get_array(), level);
    if (json.is_object())
        return import_json(run, json.get_object(), level);
    const std::uint64_t large = json.get_uint64();
    if (large > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        run.fail("a whole number beyond 64 bits: " + std::to_string(large));
    return static_cast<std::int64_t>(large);
}

/// The arguments of json.dumps.
struct JsonStyle {
    bool ascii_only = false;
    bool sort_keys = false;
    bool multiline = false;
    std::string indent;  // of one level, where multiline
    std::string between_items = ", ";
    std::string after_key = ": ";
};

/// Writes values as json.dumps does.
/// Errors  ChatTemplateError: a value, or the key of a dict, that JSON does not have.
class JsonDumper {
public:
    JsonDumper(Evaluation& run, const JsonStyle& style) : run_{run}, style_{style} {}

    std::string dump(const Value& value) {
        append(value);
        return std::move(out_);
    }

private:
    void append(const Value& value) {
        run_.spend(1);
        const std::size_t before = out_.size();
        if (const std::string* text = value.text()) {
            run_.read_bytes(text->size());
            out_ += io::json_string(*text, style_.ascii_only);
        } else if (const Sequence* sequence = value.sequence()) {
            append(*sequence);
            return;  // counted element by element
        } else if (const Dict* dict = value.dict()) {
            append(*dict);
            return;
        } else if (value.is_none()) {
            out_ += "null";
        } else if (value.is_number()) {
            append_number(value);
        } else if (const auto* undefined = value.get_if<Undefined>()) {
            run_.fail_undefined(*undefined);
        } else {
            run_.fail("a " + std::string{type_name(value)} + " is not a value of JSON");
        }
        run_.take_bytes(out_.size() - before);
    }

    void append_number(const Value& value) {
        if (const bool* flag = value.get_if<bool>()) {
            out_ += *flag ? "true" : "false";
        } else if (const double* real = value.get_if<double>()) {
            out_ += std::isnan(*real)   ? "NaN"
                    : std::isinf(*real) ? (*real > 0 ? "Infinity" : "-Infinity")
                                        : real_text(*real);
        } else {
            out_ += std::to_string(*value.integer());
        }
    }

    /// Numbers, booleans and none become strings as keys.
    void append_key(const Value& key) {
        if (!key.is_number() && !key.is_none() && key.text() == nullptr)
            run_.fail("a " + std::string{type_name(key)} + " is not a key of JSON");
        const bool quotes = key.text() == nullptr;
        run_.take_bytes(quotes ? 2 : 0);
        out_ += quotes ? "\"" : "";
        append(key);
        out_ += quotes ? "\"" : "";
    }

    template <class Items, class Append>
    void append_items(char open, char close, const Items& items, Append append_one) {
        out_ += open;
        ++level_;
        bool first = true;
        for (const auto& one : items) {
            run_.take_bytes(style_.between_items.size() + 1 + level_ * style_.indent.size());
            out_ += first ? std::string{} : style_.between_items;
            new_line();
            append_one(one);
            first = false;
        }
        --level_;
        if (!first)
            new_line();
        out_ += close;
        run_.take_bytes(2);
    }

    void append(const Sequence& sequence) {
        append_items('[', ']', sequence.items, [this](const Value& value) { append(value); });
    }

    void append(const Dict& dict) {
        std::vector<const std::pair<Value, Value>*> entries;
        for (const auto& entry : dict.entries)
            entries.push_back(&entry);
        if (style_.sort_keys)
            std::stable_sort(entries.begin(), entries.end(), [this](const auto* a, const auto* b) {
                return less(run_, a->first, b->first);
            });
        append_items('{', '}', entries, [this](const auto* entry) {
            append_key(entry->first);
            run_.take_bytes(style_.after_key.size());
            out_ += style_.after_key;
            append(entry->second);
        });
    }

    void new_line() {
        if (!style_.multiline)
            return;
        out_ += '\n';
        for (std::size_t i = 0; i < level_; ++i)
            out_ += style_.indent;
    }

    Evaluation& run_;
    const JsonStyle& style_;
    std::string out_;
    std::size_t level_ = 0;
};

}  // namespace xzoo::text::jinja
