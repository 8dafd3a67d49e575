// Results as JSON, a line each: objects whose fields keep the order in which they are added.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "xzoo/io/json_text.hpp"
#include "xzoo/io/json_writer.hpp"
#include "xzoo/text/utf8.hpp"

namespace xzoo::cli {

/// A string. JSON is UTF-8; what is none, in the name of a file perhaps, becomes U+FFFD.
inline std::string json_value(std::string_view text) {
    if (text::is_valid_utf8(text))
        return io::json_string(text);
    std::string repaired;
    text::append_lossy(repaired, text);
    return io::json_string(repaired);
}
inline std::string json_value(const char* text) {
    return json_value(std::string_view{text});
}
inline std::string json_value(const std::string& text) {
    return json_value(std::string_view{text});
}
inline std::string json_value(bool value) {
    return value ? "true" : "false";
}

template <std::integral Number>
requires(!std::same_as<Number, bool>) std::string json_value(Number value) {
    return std::to_string(value);
}

/// The shortest text that reads back as the same number; JSON knows no infinity and no NaN.
template <std::floating_point Number>
std::string json_value(Number value) {
    return value - value == Number{0} ? io::number_text(value) : "null";
}

/// An array of whatever json_value knows.
template <class Items>
std::string json_array(const Items& items) {
    std::string text = "[";
    for (const auto& item : items)
        text += (text.size() == 1 ? "" : ", ") + json_value(item);
    return text + ']';
}

/// An object on one line.
class JsonObject {
public:
    template <class Value>
    JsonObject& add(std::string_view key, const Value& value) {
        return add_json(key, json_value(value));
    }
    /// The value is JSON already: an array or another object.
    JsonObject& add_json(std::string_view key, std::string_view json) {
        text_ += text_.empty() ? "" : ", ";
        text_ += json_value(key);
        text_ += ": ";
        text_ += json;
        return *this;
    }
    /// The same, where the value is there at all.
    JsonObject& add_known(std::string_view key, std::string_view value) {
        return value.empty() ? *this : add(key, value);
    }

    std::string text() const { return '{' + text_ + '}'; }

private:
    std::string text_;
};

}  // namespace xzoo::cli
