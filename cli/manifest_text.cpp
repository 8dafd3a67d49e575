#include "cli/manifest_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <vector>

#include "xzoo/core/error.hpp"
#include "xzoo/io/json_reader.hpp"
#include "xzoo/io/json_text.hpp"

namespace xzoo::cli {

namespace {

constexpr std::size_t widest_value = 118;  // on one line, without indentation: a file with its hash
constexpr std::size_t entry_indent = 4;

std::string on_one_line(const boost::json::value& value) {
    std::string text;
    if (value.is_object()) {
        for (const auto& member : value.get_object())
            text += (text.empty() ? "" : ", ") + boost::json::serialize(member.key()) + ": " +
                    on_one_line(member.value());
        return '{' + text + '}';
    }
    if (value.is_array()) {
        for (const auto& item : value.get_array())
            text += (text.empty() ? "" : ", ") + on_one_line(item);
        return '[' + text + ']';
    }
    return value.is_double() ? io::number_text(value.get_double()) : boost::json::serialize(value);
}

/// An entry of the text: its name and the bytes [begin, end) that it takes.
struct Place {
    std::string name;
    std::size_t begin = 0;
    std::size_t end = 0;
};

struct Places {
    std::vector<Place> entries;
    std::size_t list = 0;         // behind the '[' of "entries"
    std::size_t entries_key = 0;  // of the line with "entries"
    bool has_default = false;
};

std::string name_of(std::string_view entry, const std::string& where) {
    const boost::json::object json = io::parse_object(entry, where);
    const boost::json::value* name = json.if_contains("name");
    return name && name->is_string() ? std::string{name->get_string()} : std::string{};
}

Places find_places(std::string_view text, const std::string& where) {
    Places places;
    io::JsonReader reader{text};
    std::string key;
    bool found = false;
    reader.enter_object();
    while (reader.next_member(key)) {
        places.has_default = places.has_default || key == "default";
        if (key != "entries") {
            reader.skip();
            continue;
        }
        found = true;
        places.entries_key = text.rfind('\n', reader.position()) + 1;
        reader.enter_array();
        places.list = reader.position();
        while (reader.next_element()) {
            const std::size_t begin = text.find('{', reader.position());
            reader.skip();
            const std::size_t end = reader.position();
            places.entries.push_back({name_of(text.substr(begin, end - begin), where), begin, end});
        }
    }
    reader.finish();
    if (!found)
        throw FileError{where, "is no manifest: it has no 'entries'"};
    return places;
}

Places read_places(std::string_view text, const std::string& where) {
    try {
        return find_places(text, where);
    } catch (const io::JsonError& error) {
        throw FileError{where, std::string{"is not valid JSON: "} + error.what()};
    }
}

}  // namespace

std::string manifest_layout(const boost::json::value& value, std::size_t indent) {
    const bool is_list = value.is_array();
    std::string line = on_one_line(value);
    const bool has_members =
        is_list ? !value.get_array().empty() : value.is_object() && !value.get_object().empty();
    if (!has_members || line.size() <= widest_value)
        return line;
    std::string text{is_list ? '[' : '{'};
    const std::string inner = '\n' + std::string(indent + 2, ' ');
    if (is_list)
        for (const auto& item : value.get_array())
            text += (text.size() == 1 ? "" : ",") + inner + manifest_layout(item, indent + 2);
    else
        for (const auto& member : value.get_object())
            text += (text.size() == 1 ? "" : ",") + inner + boost::json::serialize(member.key()) +
                    ": " + manifest_layout(member.value(), indent + 2);
    return text + '\n' + std::string(indent, ' ') + (is_list ? ']' : '}');
}

std::string with_entry(std::string_view manifest, const std::string& where, const std::string& name,
                       const boost::json::value& entry, bool replace) {
    const Places places = read_places(manifest, where);
    const std::string text = manifest_layout(entry, entry_indent);
    const std::string margin(entry_indent, ' ');
    std::string changed{manifest};
    std::optional<std::size_t> before;  // the first entry that sorts behind the new one
    for (std::size_t i = 0; i < places.entries.size(); ++i) {
        const Place& place = places.entries[i];
        if (place.name == name) {
            if (!replace)
                throw ArgumentError{where + " has an entry '" + name +
                                    "' already; --replace puts this one in its place"};
            return changed.replace(place.begin, place.end - place.begin, text);
        }
        if (!before && place.name > name)
            before = i;
    }
    if (places.entries.empty())
        changed.insert(places.list, '\n' + margin + text + "\n  ");
    else if (before)
        changed.insert(places.entries[*before].begin, text + ",\n" + margin);
    else
        changed.insert(places.entries.back().end, ",\n" + margin + text);
    if (!places.has_default)
        changed.insert(places.entries_key, "  \"default\": \"" + name + "\",\n");
    return changed;
}

}  // namespace xzoo::cli
