#pragma once

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include "xzoo/core/error.hpp"
#include "xzoo/io/quote.hpp"

namespace xzoo::io {

/// Bytes of a size as users of transformers write it: a number and one of KB, MB, GB, TB (powers
/// of 1000) or KiB, MiB, GiB, TiB (powers of 1024): "5GB", "1.5 GB", "200MiB". As there, a
/// lower-case b after K, M, G or T counts bits: "8Gb" is "1GB".
/// Source  huggingface_hub/serialization/_base.py, transformers/utils/hub.py
/// Errors  ArgumentError for everything else, and for what does not fit into 63 bits.
inline std::uint64_t parse_size(std::string_view text) {
    const auto fail = [text]() -> std::uint64_t {
        throw ArgumentError{
            concat({"size ", quote_name(text),
                    " is not a number with one of the units KB, MB, GB, TB, KiB, MiB, GiB "
                    "or TiB"})};
    };
    const auto trim = [](std::string_view part) {
        while (!part.empty() && part.front() == ' ')
            part.remove_prefix(1);
        while (!part.empty() && part.back() == ' ')
            part.remove_suffix(1);
        return part;
    };
    std::string_view number = trim(text);
    if (number.size() < 3)
        return fail();
    const char last = number.back();
    const bool binary = number[number.size() - 2] == 'i' || number[number.size() - 2] == 'I';
    const std::size_t unit_at = number.size() - (binary ? 3 : 2);
    constexpr std::string_view units = "KMGT";
    const std::size_t unit = units.find(static_cast<char>(std::toupper(number[unit_at])));
    if (unit == std::string_view::npos || (last != 'B' && last != 'b'))
        return fail();
    number = trim(number.substr(0, unit_at));
    double value = 0.0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc{} || end != number.data() + number.size())
        return fail();
    const double bytes = value * std::pow(binary ? 1024.0 : 1000.0, static_cast<double>(unit + 1));
    if (!(bytes >= 0.0) || bytes >= 0x1.0p63)
        return fail();
    const auto whole = static_cast<std::uint64_t>(bytes);
    return last == 'b' && !binary ? whole / 8 : whole;
}

}  // namespace xzoo::io
