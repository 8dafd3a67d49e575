// Members of JSON objects, with errors that say where they are.
#pragma once

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "weights_manifest/generator/manifest.hpp"

namespace xzoo::generator {

/// An object of a manifest and its place, e.g. "bert.json: entry 'base_uncased'".
class Fields {
public:
    Fields(const boost::json::object& json, std::string where)
        : json_{json}, where_{std::move(where)} {}

    const std::string& where() const { return where_; }

    [[noreturn]] void fail(const std::string& problem) const {
        throw ManifestError{where_ + ": " + problem};
    }

    /// Errors  ManifestError for a key that is none of these, or null.
    void allow_only(std::initializer_list<std::string_view> keys) const {
        for (const auto& member : json_) {
            const std::string_view key{member.key().data(), member.key().size()};
            if (std::find(keys.begin(), keys.end(), key) == keys.end())
                fail("unknown key '" + std::string{key} + "'");
            if (member.value().is_null())
                fail("'" + std::string{key} + "' is null: leave out what is not known");
        }
    }

    bool has(std::string_view key) const { return json_.if_contains(key) != nullptr; }

    const boost::json::value& get(std::string_view key) const {
        const boost::json::value* value = json_.if_contains(key);
        if (!value)
            fail("'" + std::string{key} + "' is missing");
        return *value;
    }

    std::string text(std::string_view key) const {
        const boost::json::value& value = get(key);
        if (!value.is_string() || value.get_string().empty())
            wrong(key, "text that is not empty", value);
        return std::string{value.get_string()};
    }
    std::string text_or_empty(std::string_view key) const { return has(key) ? text(key) : ""; }

    /// 0 where the key is absent; a number that is there must be positive.
    std::uint64_t number_or_zero(std::string_view key) const {
        if (!has(key))
            return 0;
        const boost::json::value& value = get(key);
        if (value.is_int64() && value.get_int64() > 0)
            return static_cast<std::uint64_t>(value.get_int64());
        wrong(key, "a whole number above 0", value);
    }

    const boost::json::object& object(std::string_view key) const {
        const boost::json::value& value = get(key);
        if (!value.is_object())
            wrong(key, "an object", value);
        return value.get_object();
    }

    /// An empty list where the key is absent.
    boost::json::array list_or_empty(std::string_view key) const {
        if (!has(key))
            return {};
        const boost::json::value& value = get(key);
        if (!value.is_array())
            wrong(key, "a list", value);
        return value.get_array();
    }

    [[noreturn]] void wrong(std::string_view key, const std::string& expected,
                            const boost::json::value& found) const {
        fail("'" + std::string{key} + "': expected " + expected + ", found " +
             boost::json::serialize(found));
    }

private:
    const boost::json::object& json_;
    std::string where_;
};

/// Element i of a list, which must be an object.
inline Fields element(const Fields& owner, std::string_view key, const boost::json::array& list,
                      std::size_t i) {
    if (!list[i].is_object())
        owner.wrong(key, "objects", list[i]);
    return {list[i].get_object(),
            owner.where() + ": " + std::string{key} + '[' + std::to_string(i) + ']'};
}

}  // namespace xzoo::generator
