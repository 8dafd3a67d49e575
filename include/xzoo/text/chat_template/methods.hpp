// The methods of strings, dicts and lists that templates call.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/chat_template/compare.hpp>
#include <xzoo/text/chat_template/evaluation.hpp>
#include <xzoo/text/chat_template/iterate.hpp>
#include <xzoo/text/chat_template/operation.hpp>
#include <xzoo/text/chat_template/text_operations.hpp>
#include <xzoo/text/chat_template/value.hpp>

namespace xzoo::text::jinja {

inline const std::string& self_text(const Value& self) {
    return *self.text();
}

/// A count whose negative values mean all.
inline std::size_t limit(std::int64_t count) noexcept {
    return count < 0 ? no_limit : static_cast<std::size_t>(count);
}

/// `text` without white space at its ends, or without the characters that the first argument has.
inline Value stripped(Evaluation& run, const Bound& bound, std::string_view text, Ends ends) {
    run.read_bytes(text.size());
    if (bound.unless_none(0) == nullptr)
        return run.text(std::string{strip(text, ends)});
    const std::string_view characters = bound.text(0, "");
    run.spend(characters.size());  // they are sorted
    return run.text(std::string{strip(text, ends, characters)});
}

template <Ends ends>
Value strip_method(Evaluation& run, const Value& self, const Arguments& arguments) {
    const Bound bound{run, "strip", arguments, {"chars"}};
    return stripped(run, bound, self_text(self), ends);
}

inline Value list_of_texts(Evaluation& run, const std::vector<std::string_view>& parts) {
    std::vector<Value> items;
    items.reserve(parts.size());
    for (const std::string_view part : parts)
        items.push_back(run.text(std::string{part}));
    return run.list(std::move(items));
}

template <bool from_right>
Value split_method(Evaluation& run, const Value& self, const Arguments& arguments) {
    const std::string_view callee = from_right ? "rsplit" : "split";
    const Bound bound{run, callee, arguments, {"sep", "maxsplit"}};
    const std::string& text = self_text(self);
    const std::size_t most = limit(bound.integer(1, -1));
    run.spend(text.size());
    if (bound.unless_none(0) == nullptr) {
        if (from_right && most != no_limit)
            bound.fail("with a limit wants a separator");
        return list_of_texts(run, split_words(text, most));
    }
    const std::string_view separator = bound.text(0, "");
    if (separator.empty())
        bound.fail("wants a separator that is not empty");
    return list_of_texts(
        run, from_right ? split_from_right(text, separator, most) : split(text, separator, most));
}

inline Value splitlines_method(Evaluation& run, const Value& self, const Arguments& arguments) {
    const Bound bound{run, "splitlines", arguments, {}};
    run.spend(self_text(self).size());
    return list_of_texts(run, split_lines(self_text(self)));
}

/// startswith and endswith, with one string or a tuple of them.
template <bool at_end>
Value affix_method(Evaluation& run, const Value& self, const Arguments& arguments) {
    const Bound bound{run, at_end ? "endswith" : "startswith", arguments, {"affix"}, 1};
    const std::string& text = self_text(self);
    const auto has = [&](const Value& affix) {
        if (affix.text() == nullptr)
            bound.fail("wants strings, not " + std::string{type_name(affix)});
        run.read_bytes(affix.text()->size());
        return at_end ? text.ends_with(*affix.text()) : text.starts_with(*affix.text());
    };
    const Sequence* several = bound[0]->sequence();
    if (several == nullptr || !several->is_tuple)
        return has(*bound[0]);
    return std::any_of(several->items.begin(), several->items.end(), has);
}

/// A method without arguments that makes one text of another.
template <std::string (*convert)(std::string_view)>
Value text_method(Evaluation& run, const Value& self, const Arguments& arguments) {
    const Bound bound{run, "the method", arguments, {}};
    run.spend(self_text(self).size());
    return run.text(convert(self_text(self)));
}

inline Value replaced(Evaluation& run, std::string_view text, std::string_view from,
                      std::string_view to, std::int64_t count) {
    run.spend(text.size());
    run.take_bytes(replaced_size(text, from, to, limit(count)));
    return TextPtr{std::make_shared<const std::string>(replace(text, from, to, limit(count)))};
}

inline Value replace_method(Evaluation& run, const Value& self, const Arguments& arguments) {
    const Bound bound{run, "replace", arguments, {"old", "new", "count"}, 2};
    return replaced(run, self_text(self), bound.text(0, ""), bound.text(1, ""),
                    bound.integer(2, -1));
}

/// find and rfind: code points before the occurrence, or -1.
template <bool from_right>
Value find_method(Evaluation& run, const Value& self, const Arguments& arguments) {
    const Bound bound{run, from_right ? "rfind" : "find", arguments, {"sub"}, 1};
    const std::string_view text = self_text(self);
    run.spend(text.size());
    const std::string_view wanted = bound.text(0, "");
    const std::size_t at = from_right ? find_last_text(text, wanted) : find_text(text, wanted);
    return at == std::string_view::npos
               ? std::int64_t{-1}
               : static_cast<std::int64_t>(count_code_points(text.substr(0, at)));
}

inline Value count_method(Evaluation& run, const Value& self, const Arguments& arguments) {
    const Bound bound{run, "count", arguments, {"sub"}, 1};
    const std::string_view text = self_text(self);
    run.spend(text.size());
    const std::string_view wanted = bound.text(0, "");
    const std::size_t count =
        wanted.empty() ? count_code_points(text) + 1 : split(text, wanted, no_limit).size() - 1;
    return static_cast<std::int64_t>(count);
}

inline Value join_method(Evaluation& run, const Value& self, const Arguments& arguments) {
    const Bound bound{run, "join", arguments, {"iterable"}, 1};
    std::string joined;
    bool first = true;
    const SequencePtr elements = iterate(run, *bound[0]);
    for (const Value& part : elements->items) {
        if (part.text() == nullptr)
            bound.fail("joins strings, not " + std::string{type_name(part)});
        run.take_bytes(self_text(self).size() + part.text()->size());
        joined += first ? std::string{} : self_text(self);
        joined += *part.text();
        first = false;
    }
    return run.text(std::move(joined));
}

/// removeprefix and removesuffix
template <bool at_end>
Value remove_method(Evaluation& run, const Value& self, const Arguments& arguments) {
    const Bound bound{run, at_end ? "removesuffix" : "removeprefix", arguments, {"affix"}, 1};
    std::string_view text = self_text(self);
    const std::string_view affix = bound.text(0, "");
    if (at_end && text.ends_with(affix))
        text.remove_suffix(affix.size());
    else if (!at_end && text.starts_with(affix))
        text.remove_prefix(affix.size());
    return run.text(std::string{text});
}

enum class Part { keys, values, items };

/// The keys, the values or the pairs of a dict, as a list.
inline Value parts_of(Evaluation& run, const Dict& dict, Part part) {
    std::vector<Value> parts;
    parts.reserve(dict.entries.size());
    for (const auto& [key, value] : dict.entries) {
        parts.push_back(part == Part::keys     ? key
                        : part == Part::values ? value
                                               : run.tuple(key, value));
    }
    return run.list(std::move(parts));
}

template <Part part>
Value parts_method(Evaluation& run, const Value& self, const Arguments& arguments) {
    const Bound bound{run, "the method", arguments, {}};
    return parts_of(run, *self.dict(), part);
}

inline Value get_method(Evaluation& run, const Value& self, const Arguments& arguments) {
    const Bound bound{run, "get", arguments, {"key", "default"}, 1};
    check_key(run, *bound[0]);
    if (const Value* found = find(run, *self.dict(), *bound[0]))
        return *found;
    return bound[1] != nullptr ? *bound[1] : Value{None{}};
}

inline constexpr std::array text_methods{
    Operation{"strip", &strip_method<Ends::both>},
    Operation{"lstrip", &strip_method<Ends::left>},
    Operation{"rstrip", &strip_method<Ends::right>},
    Operation{"split", &split_method<false>},
    Operation{"rsplit", &split_method<true>},
    Operation{"splitlines", &splitlines_method},
    Operation{"startswith", &affix_method<false>},
    Operation{"endswith", &affix_method<true>},
    Operation{"upper", &text_method<&upper>},
    Operation{"lower", &text_method<&lower>},
    Operation{"title", &text_method<&title>},
    Operation{"capitalize", &text_method<&capitalize>},
    Operation{"replace", &replace_method},
    Operation{"find", &find_method<false>},
    Operation{"rfind", &find_method<true>},
    Operation{"count", &count_method},
    Operation{"join", &join_method},
    Operation{"removeprefix", &remove_method<false>},
    Operation{"removesuffix", &remove_method<true>},
};

inline constexpr std::array dict_methods{
    Operation{"items", &parts_method<Part::items>},
    Operation{"keys", &parts_method<Part::keys>},
    Operation{"values", &parts_method<Part::values>},
    Operation{"get", &get_method},
};

inline const Operation* find_method(const Value& value, std::string_view name) noexcept {
    if (value.text() != nullptr)
        return find_operation(text_methods, name);
    if (value.dict() != nullptr)
        return find_operation(dict_methods, name);
    return nullptr;
}

/// Whether Python has a method of this name that is not among those above.
inline bool is_other_method(const Value& value, std::string_view name) noexcept {
    static constexpr std::string_view of_text[] = {
        "casefold",   "center",       "encode",    "expandtabs",  "format",    "format_map",
        "index",      "isalnum",      "isalpha",   "isascii",     "isdecimal", "isdigit",
        "islower",    "isidentifier", "isnumeric", "isprintable", "isspace",   "istitle",
        "isupper",    "ljust",        "maketrans", "partition",   "rindex",    "rjust",
        "rpartition", "swapcase",     "translate", "zfill"};
    static constexpr std::string_view of_dict[] = {"clear",   "copy",       "fromkeys", "pop",
                                                   "popitem", "setdefault", "update"};
    static constexpr std::string_view of_list[] = {"append", "clear",   "copy",   "count",
                                                   "extend", "index",   "insert", "pop",
                                                   "remove", "reverse", "sort"};
    const auto among = [name](std::span<const std::string_view> names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (value.text() != nullptr)
        return among(of_text);
    if (value.dict() != nullptr)
        return among(of_dict);
    return value.sequence() != nullptr && among(of_list);
}

}  // namespace xzoo::text::jinja
