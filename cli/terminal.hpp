// What is particular about a terminal: widths of text, and a bar that shows how far work is.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace xzoo::cli {

/// Columns of the terminal behind standard output; 0 where there is none.
std::size_t terminal_width();

/// Columns that a terminal needs for UTF-8 text: two for East Asian wide characters, none for
/// marks that stand on the letter before them.
std::size_t display_width(std::string_view text);

/// The beginning of a text that fits into so many columns, with "..." where it was cut.
std::string fit_width(std::string_view text, std::size_t columns);

/// The text, padded with spaces to so many columns.
std::string pad_right(std::string_view text, std::size_t columns);
std::string pad_left(std::string_view text, std::size_t columns);

/// Text that cannot move the cursor or forge a line: control characters become \xNN.
std::string printable(std::string_view text);

/// Prints a message of one or more lines to standard error, under the program's name.
void report(std::string_view message);

/// 1234567 as "1,234,567".
std::string grouped(std::uint64_t number);
/// A number of bytes in units of 1000: "437.9 MB".
std::string bytes_text(std::uint64_t bytes);

/// A bar on standard error, if that is a terminal, for work that takes longer than a second.
class ProgressBar {
public:
    explicit ProgressBar(std::string what);
    ~ProgressBar() { clear(); }
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    /// total 0: not known.
    void update(std::uint64_t done, std::uint64_t total);
    /// Takes the bar off the screen, before a result is printed or at the end.
    void clear();

private:
    using Clock = std::chrono::steady_clock;

    std::string what_;
    Clock::time_point start_ = Clock::now();
    Clock::time_point drawn_ = start_;
    bool on_terminal_;
    bool visible_ = false;
};

}  // namespace xzoo::cli
