#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unicode/uchar.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "xzoo/text/utf8.hpp"

namespace xzoo::cli {

namespace {

/// Columns of one character. Source: Unicode Standard Annex #11; marks as wcwidth takes them.
std::size_t width_of(UChar32 c) {
    const int category = u_charType(c);
    if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK ||
        category == U_FORMAT_CHAR || category == U_CONTROL_CHAR)
        return 0;
    const int wide = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    return wide == U_EA_WIDE || wide == U_EA_FULLWIDTH ? 2 : 1;
}

/// Calls visit(end, width) for each character until it returns false.
template <class Visit>
void each_character(std::string_view text, Visit visit) {
    for (std::size_t at = 0; at < text.size();) {
        const int extent = text::utf8_extent(text, at);
        const std::size_t end = at + static_cast<std::size_t>(std::abs(extent));
        const std::size_t width =
            extent < 0 ? 1 : width_of(static_cast<UChar32>(text::decode_utf8(text, at).value));
        if (!visit(end, width))
            return;
        at = end;
    }
}

std::size_t columns_of(int file) {
    if (isatty(file) == 0)
        return 0;
    winsize size{};
    if (ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

}  // namespace

std::size_t terminal_width() {
    return columns_of(STDOUT_FILENO);
}

std::size_t display_width(std::string_view text) {
    std::size_t sum = 0;
    each_character(text, [&](std::size_t, std::size_t width) {
        sum += width;
        return true;
    });
    return sum;
}

std::string fit_width(std::string_view text, std::size_t columns) {
    if (display_width(text) <= columns)
        return std::string{text};
    constexpr std::string_view dots = "...";
    const std::size_t room = columns < dots.size() ? 0 : columns - dots.size();
    std::size_t used = 0;
    std::size_t kept = 0;
    each_character(text, [&](std::size_t end, std::size_t width) {
        if (used + width > room)
            return false;
        used += width;
        kept = end;
        return true;
    });
    return std::string{text.substr(0, kept)} + std::string{dots.substr(0, columns)};
}

std::string pad_right(std::string_view text, std::size_t columns) {
    const std::size_t width = display_width(text);
    return std::string{text} + std::string(columns > width ? columns - width : 0, ' ');
}

std::string pad_left(std::string_view text, std::size_t columns) {
    const std::size_t width = display_width(text);
    return std::string(columns > width ? columns - width : 0, ' ') + std::string{text};
}

std::string printable(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7f) {
            safe += c;
        } else {
            constexpr std::string_view digits = "0123456789abcdef";
            safe += "\\x";
            safe += digits[byte >> 4U];
            safe += digits[byte & 15U];
        }
    }
    return safe;
}

void report(std::string_view message) {
    std::string text;
    while (!message.empty()) {
        const std::size_t end = message.find('\n');
        text += printable(message.substr(0, end)) + '\n';
        message.remove_prefix(end == std::string_view::npos ? message.size() : end + 1);
    }
    std::cerr << "xzoo: " << text;
}

std::string grouped(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3;) {
        at -= 3;
        text.insert(at, ",");
    }
    return text;
}

std::string bytes_text(std::uint64_t bytes) {
    constexpr std::array<const char*, 5> units{"kB", "MB", "GB", "TB", "PB"};
    if (bytes < 1000)
        return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
    double value = static_cast<double>(bytes) / 1000.0;
    std::size_t unit = 0;
    while (value >= 999.95 && unit + 1 < units.size()) {
        value /= 1000.0;
        ++unit;
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f %s", value, units[unit]);
    return text.data();
}

ProgressBar::ProgressBar(std::string what)
    : what_{std::move(what)}, on_terminal_{isatty(STDERR_FILENO) != 0} {}

void ProgressBar::update(std::uint64_t done, std::uint64_t total) {
    if (!on_terminal_)
        return;
    const Clock::time_point now = Clock::now();
    if (now - start_ < std::chrono::seconds{1} || now - drawn_ < std::chrono::milliseconds{100})
        return;
    drawn_ = now;
    visible_ = true;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    if (total == 0) {
        std::fprintf(stderr, "\r\033[K%s %s, %.0f s", what_.c_str(), grouped(done).c_str(),
                     seconds);
    } else {
        const double share =
            static_cast<double>(std::min(done, total)) / static_cast<double>(total);
        constexpr std::size_t bar = 30;
        const auto filled = static_cast<std::size_t>(share * bar);
        const std::string text = std::string(filled, '#') + std::string(bar - filled, '.');
        const double left = share > 0.0 ? seconds / share - seconds : 0.0;
        std::fprintf(stderr, "\r\033[K%s [%s] %3.0f %%, %.0f s left", what_.c_str(), text.c_str(),
                     share * 100.0, left);
    }
    std::fflush(stderr);
}

void ProgressBar::clear() {
    if (!visible_)
        return;
    visible_ = false;
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
}

}  // namespace xzoo::cli
