// The text of a manifest file, changed in one place and left alone in all others.
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace xzoo::cli {

/// JSON as the manifest files lay it out: on one line what fits there, else a line a member.
/// indent: spaces in front of the line that the value begins on.
std::string manifest_layout(const boost::json::value& value, std::size_t indent);

/// The text of a manifest with an entry put in, where entries are sorted by name. The first entry
/// of a file becomes its default.
/// name     of the entry, which `entry` holds.
/// replace  puts it in place of the entry of this name, if there is one.
/// Errors  ArgumentError: there is such an entry, and it is not to be replaced; FileError: the text
///         is no manifest.
std::string with_entry(std::string_view manifest, const std::string& where, const std::string& name,
                       const boost::json::value& entry, bool replace);

}  // namespace xzoo::cli
