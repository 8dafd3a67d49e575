#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <xzoo/text/tokenizer_error.hpp>

namespace xzoo::text {

/// A value inside a JSON file that knows where it stands, so that every fault names its place. Must
/// not outlive the JsonFile.
class JsonNode {
public:
    JsonNode(const boost::json::value& value, const std::string& file, std::string path)
        : value_{&value}, file_{&file}, path_{std::move(path)} {}

    [[noreturn]] void fail(const std::string& detail) const {
        throw TokenizerError{*file_, path_, detail};
    }

    const std::string& file() const noexcept { return *file_; }
    const std::string& path() const noexcept { return path_; }

    /// The member `key`, unless it is missing or null.
    std::optional<JsonNode> find(std::string_view key) const {
        const boost::json::value* member = object().if_contains(key);
        if (member == nullptr || member->is_null())
            return std::nullopt;
        return JsonNode{*member, *file_, member_path(key)};
    }

    bool has(std::string_view key) const { return object().contains(key); }

    JsonNode at(std::string_view key) const {
        const boost::json::value* member = object().if_contains(key);
        if (member == nullptr)
            fail("has no '" + std::string{key} + "'");
        return JsonNode{*member, *file_, member_path(key)};
    }

    const boost::json::array& array() const {
        const boost::json::array* array = value_->if_array();
        if (array == nullptr)
            fail("is not an array");
        return *array;
    }

    std::vector<JsonNode> items() const {
        std::vector<JsonNode> nodes;
        nodes.reserve(array().size());
        for (const boost::json::value& item : array())
            nodes.emplace_back(item, *file_, path_ + '[' + std::to_string(nodes.size()) + ']');
        return nodes;
    }

    const boost::json::object& object() const {
        const boost::json::object* object = value_->if_object();
        if (object == nullptr)
            fail("is not an object");
        return *object;
    }

    bool is_object() const noexcept { return value_->is_object(); }
    bool is_string() const noexcept { return value_->is_string(); }
    bool is_array() const noexcept { return value_->is_array(); }
    bool is_bool() const noexcept { return value_->is_bool(); }

    std::string string() const {
        const boost::json::string* string = value_->if_string();
        if (string == nullptr)
            fail("is not a string");
        return {string->data(), string->size()};
    }

    bool boolean() const {
        if (!value_->is_bool())
            fail("is neither true nor false");
        return value_->get_bool();
    }

    /// A whole number from 0 to `limit`.
    std::uint64_t number(std::uint64_t limit) const {
        const std::optional<std::uint64_t> value = whole();
        if (!value || *value > limit)
            fail("is not a whole number from 0 to " + std::to_string(limit));
        return *value;
    }

    std::uint32_t id() const { return static_cast<std::uint32_t>(number(max_id)); }

    /// A whole number, or nothing where it is negative, broken or larger than 64 bits.
    std::optional<std::uint64_t> whole() const {
        if (value_->is_uint64())
            return value_->get_uint64();
        if (value_->is_int64() && value_->get_int64() >= 0)
            return static_cast<std::uint64_t>(value_->get_int64());
        return std::nullopt;
    }

    std::optional<bool> find_boolean(std::string_view key) const {
        const auto member = find(key);
        return member ? std::optional{member->boolean()} : std::nullopt;
    }

    bool boolean_or(std::string_view key, bool otherwise) const {
        return find_boolean(key).value_or(otherwise);
    }

    /// A number, whole or not.
    double real() const {
        boost::system::error_code fault;
        const double value = value_->to_number<double>(fault);
        if (fault)
            fail("is not a number");
        return value;
    }

    std::string string_or(std::string_view key, std::string otherwise) const {
        const auto member = find(key);
        return member ? member->string() : std::move(otherwise);
    }

    static constexpr std::uint64_t max_id = 0xFFFFFFFEU;

private:
    std::string member_path(std::string_view key) const {
        std::string path = path_.empty() ? std::string{} : path_ + '.';
        path.append(key.substr(0, 80));
        return path;
    }

    const boost::json::value* value_;
    const std::string* file_;
    std::string path_;
};

/// A parsed JSON text. Nesting deeper than 64, ill-formed UTF-8 and lone surrogates are faults; of
/// a key that occurs twice the last value counts.
class JsonFile {
public:
    static constexpr std::size_t max_depth = 64;

    JsonFile(std::string name, std::string_view contents)
        : name_{std::move(name)},
          memory_{std::make_unique<boost::json::monotonic_resource>(contents.size() / 2 + 1024)} {
        boost::json::parse_options options;
        options.max_depth = max_depth;
        boost::system::error_code fault;
        value_ = std::make_unique<boost::json::value>(
            boost::json::parse(contents, fault, memory_.get(), options));
        if (fault)
            throw TokenizerError{name_, "", describe(fault)};
    }

    JsonNode root() const { return {*value_, name_, ""}; }

private:
    static std::string describe(const boost::system::error_code& fault) {
        if (fault == boost::json::error::too_deep)
            return "is nested deeper than " + std::to_string(max_depth) + " levels";
        return "is not JSON: " + fault.message();
    }

    std::string name_;
    std::unique_ptr<boost::json::monotonic_resource> memory_;
    std::unique_ptr<boost::json::value> value_;  // in memory_, so destroyed before it
};

/// What files without a "type" tell about it: the first kind whose keys are all there.
struct KindByKeys {
    std::string_view type;
    std::initializer_list<std::string_view> keys;
};

/// The "type" of a component; in legacy files, which have none, what its keys tell.
inline std::string type_of(const JsonNode& node, std::initializer_list<KindByKeys> legacy) {
    if (node.find("type"))
        return node.at("type").string();
    for (const KindByKeys& kind : legacy) {
        bool all = true;
        for (const std::string_view key : kind.keys)
            all = all && node.has(key);
        if (all)
            return std::string{kind.type};
    }
    node.fail("has no 'type', and its keys are not those of a known legacy component");
}

/// The components listed under `key`, each made by `load`.
template <class Component, class Load>
std::vector<std::unique_ptr<const Component>> load_all(const JsonNode& node, std::string_view key,
                                                       Load load) {
    std::vector<std::unique_ptr<const Component>> all;
    for (const JsonNode& item : node.at(key).items())
        all.push_back(load(item));
    return all;
}

[[noreturn]] inline void unsupported(const JsonNode& node, const std::string& type) {
    node.fail("is of type '" + type + "', which is not supported");
}

}  // namespace xzoo::text
