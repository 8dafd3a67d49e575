// What Python's str methods do, over valid UTF-8.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <xzoo/text/chat_template/find_text.hpp>
#include <xzoo/text/unicode.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text::jinja {

enum class Ends { left, right, both };

/// Strips from `text` what `strips(code point)` is true for.
template <class Strips>
std::string_view strip_if(std::string_view text, Ends ends, Strips strips) {
    while (ends != Ends::right && !text.empty()) {
        const CodePoint c = decode_utf8(text, 0);
        if (!strips(c.value))
            break;
        text.remove_prefix(c.size);
    }
    while (ends != Ends::left && !text.empty()) {
        const CodePoint c = decode_utf8_before(text, text.size());
        if (!strips(c.value))
            break;
        text.remove_suffix(c.size);
    }
    return text;
}

inline std::string_view strip(std::string_view text, Ends ends) {
    return strip_if(text, ends, [](char32_t c) { return is_python_space(c); });
}

inline std::vector<char32_t> code_points(std::string_view text) {
    std::vector<char32_t> points;
    points.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint c = decode_utf8(text, at);
        points.push_back(c.value);
        at += c.size;
    }
    return points;
}

/// Strips all code points that occur in `characters`.
inline std::string_view strip(std::string_view text, Ends ends, std::string_view characters) {
    std::vector<char32_t> points = code_points(characters);
    std::sort(points.begin(), points.end());
    return strip_if(text, ends, [&](char32_t c) {
        return std::binary_search(points.begin(), points.end(), c);
    });
}

/// Most splits or replacements to make; Python's -1 is no_limit.
inline constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

/// Calls found(begin, end) for what lies between separators, of which the first `most` count.
template <class Text, class Found>
void for_each_part(Text text, Text separator, std::size_t most, Found found) {
    std::size_t begin = 0;
    if (most > 0 && separator.size() <= text.size()) {
        const TextFinder<Text> finder{separator};
        for (std::size_t end = finder.find(text, 0); end != std::string_view::npos && most > 0;
             --most) {
            found(begin, end);
            begin = end + separator.size();
            end = finder.find(text, begin);
        }
    }
    found(begin, text.size());
}

/// text.split(separator, most); the separator is not empty.
inline std::vector<std::string_view> split(std::string_view text, std::string_view separator,
                                           std::size_t most) {
    std::vector<std::string_view> parts;
    for_each_part(text, separator, most, [&](std::size_t begin, std::size_t end) {
        parts.push_back(text.substr(begin, end - begin));
    });
    return parts;
}

/// text.rsplit(separator, most): the last separators split.
inline std::vector<std::string_view> split_from_right(std::string_view text,
                                                      std::string_view separator,
                                                      std::size_t most) {
    std::vector<std::string_view> parts;
    for_each_part(Backwards{text}, Backwards{separator}, most,
                  [&](std::size_t begin, std::size_t end) {
                      parts.push_back(text.substr(text.size() - end, end - begin));
                  });
    std::reverse(parts.begin(), parts.end());
    return parts;
}

/// Bytes before the first code point that is white space, or that is not.
inline std::size_t find_space(std::string_view text, bool wanted) {
    std::size_t at = 0;
    while (at < text.size()) {
        const CodePoint c = decode_utf8(text, at);
        if (is_python_space(c.value) == wanted)
            break;
        at += c.size;
    }
    return at;
}

/// text.split(None, most): words between white space.
inline std::vector<std::string_view> split_words(std::string_view text, std::size_t most) {
    std::vector<std::string_view> words;
    text = strip(text, Ends::left);
    while (!text.empty() && words.size() < most) {
        const std::size_t end = find_space(text, true);
        words.push_back(text.substr(0, end));
        text = strip(text.substr(end), Ends::left);
    }
    if (!text.empty())
        words.push_back(text);
    return words;
}

/// What str.splitlines() breaks at, besides "\r\n".
inline bool is_line_break(char32_t c) noexcept {
    return (c >= 0x0AU && c <= 0x0DU) || (c >= 0x1CU && c <= 0x1EU) || c == 0x85U || c == 0x2028U ||
           c == 0x2029U;
}

inline std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint c = decode_utf8(text, at);
        const std::size_t end = at;
        at += c.size;
        if (!is_line_break(c.value))
            continue;
        if (c.value == U'\r' && at < text.size() && text[at] == '\n')
            ++at;
        lines.push_back(text.substr(begin, end - begin));
        begin = at;
    }
    if (begin < text.size())
        lines.push_back(text.substr(begin));
    return lines;
}

/// Bytes of the longest text that text.replace(from, to, most) can be.
inline std::size_t replaced_size(std::string_view text, std::string_view from, std::string_view to,
                                 std::size_t most) {
    std::size_t count = 0;
    if (from.empty()) {
        count = std::min(most, count_code_points(text) + 1);
    } else {
        for_each_part(text, from, most, [&](std::size_t, std::size_t) { ++count; });
        --count;
    }
    std::size_t grown = 0;
    if (__builtin_mul_overflow(count, to.size(), &grown) ||
        __builtin_add_overflow(grown, text.size(), &grown))
        return no_limit;
    return grown;
}

inline std::string replace(std::string_view text, std::string_view from, std::string_view to,
                           std::size_t most) {
    std::string out;
    if (from.empty()) {  // before every code point and at the end
        std::size_t at = 0;
        for (; at < text.size() && most > 0; --most) {
            const std::size_t size = utf8_size_of_lead(static_cast<unsigned char>(text[at]));
            out += to;
            out += text.substr(at, size);
            at += size;
        }
        out += text.substr(at);
        return most > 0 ? out + std::string{to} : out;
    }
    bool first = true;
    for (const std::string_view part : split(text, from, most)) {
        if (!first)
            out += to;
        out += part;
        first = false;
    }
    return out;
}

inline std::string lower(std::string_view text) {
    return change_case(text, LetterCase::lower);
}

inline std::string upper(std::string_view text) {
    return change_case(text, LetterCase::upper);
}

/// The first code point in title case; the others are dropped.
inline std::string title_letter(std::string_view text) {
    const CodePoint c = decode_utf8(text, 0);
    std::string out;
    if (const char32_t title = to_title(c.value); title != c.value) {
        append_utf8(out, title);
        return out;
    }
    const std::string capitals = upper(text.substr(0, c.size));  // "SS" of a sharp s
    const std::size_t first = utf8_size_of_lead(static_cast<unsigned char>(capitals[0]));
    return capitals.substr(0, first) + lower(std::string_view{capitals}.substr(first));
}

/// str.capitalize()
inline std::string capitalize(std::string_view text) {
    if (text.empty())
        return {};
    const std::size_t first = utf8_size_of_lead(static_cast<unsigned char>(text[0]));
    return title_letter(text) + lower(text.substr(first));
}

/// str.title(): a letter that follows no letter is a capital.
inline std::string title(std::string_view text) {
    std::string out;
    bool inside = false;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint c = decode_utf8(text, at);
        const std::string_view letter = text.substr(at, c.size);
        out += inside ? lower(letter) : title_letter(letter);
        inside = is_cased(c.value);
        at += c.size;
    }
    return out;
}

/// The filter `title`: a word begins after white space and any of -({[<.
inline std::string title_words(std::string_view text) {
    constexpr std::string_view brackets = "-({[<";
    std::string out;
    std::size_t word = 0;  // where the word, or what separates words, begins
    bool between = false;
    const auto put = [&](std::size_t end) {
        if (word == end)
            return;
        const std::size_t first = utf8_size_of_lead(static_cast<unsigned char>(text[word]));
        out +=
            upper(text.substr(word, first)) + lower(text.substr(word + first, end - word - first));
        word = end;
    };
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint c = decode_utf8(text, at);
        const bool separates =
            is_python_space(c.value) || brackets.find(text[at]) != std::string_view::npos;
        if (separates != between)
            put(at);
        between = separates;
        at += c.size;
    }
    put(text.size());
    return out;
}

/// The filter `escape`.
inline std::string escape_html(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&#34;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

}  // namespace xzoo::text::jinja
