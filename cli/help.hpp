// How help is laid out: CLI11's own form with lines that fit a terminal, and as a manual page.
// Included by arguments.cpp alone: CLI11 takes its time to compile.
#pragma once

#include <CLI/CLI.hpp>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "cli/help_texts.hpp"

namespace xzoo::cli {

/// Breaks a text into lines of so many columns.
inline std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
    std::vector<std::string> lines(1);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        const std::string_view word = text.substr(at, end - at);
        if (!lines.back().empty() && lines.back().size() + 1 + word.size() > columns)
            lines.emplace_back();
        lines.back() += (lines.back().empty() ? "" : " ") + std::string{word};
        at = end + 1;
    }
    return lines;
}

/// Names of an option and of its value: "--model NAME|DIR".
inline std::string option_heading(const CLI::Option& option) {
    std::string text =
        option.get_positional() ? option.get_name(true) : option.get_name(false, true);
    if (option.get_positional())
        text = option.get_type_name();
    else if (option.get_type_size() > 0)
        text += ' ' + option.get_type_name();
    if (option.get_positional() && option.get_expected_max() > 1)
        text += "...";
    return text;
}

/// What --help says of an option, with its default.
inline std::string option_text(const CLI::Option& option) {
    std::string text = option.get_description();
    if (!option.get_default_str().empty())
        text += " (default: " + option.get_default_str() + ')';
    return text;
}

class WrappingFormatter : public CLI::Formatter {
public:
    std::string make_option(const CLI::Option* option, bool) const override {
        return row(option_heading(*option), option_text(*option));
    }
    std::string make_subcommand(const CLI::App* command) const override {
        return row(command->get_name(), command->get_description());
    }
    std::string make_description(const CLI::App* app) const override {
        std::string text;
        for (const std::string& line : wrapped(app->get_description(), 79))
            text += line + '\n';
        return text + '\n';
    }
    std::string make_usage(const CLI::App* app, std::string) const override {
        return "Usage: " + usage(*app) + '\n';
    }

    /// "xzoo embed [OPTIONS] [FILE|TEXT...]"
    static std::string usage(const CLI::App& app) {
        std::string text;
        for (const CLI::App* at = &app; at != nullptr; at = at->get_parent())
            text = at->get_name() + (text.empty() ? "" : " ") + text;
        text += " [OPTIONS]";
        for (const CLI::Option* option : app.get_options())
            if (option->get_positional()) {
                const std::string name = option_heading(*option);
                text += option->get_required() ? ' ' + name : " [" + name + ']';
            }
        return text + (app.get_require_subcommand_min() > 0 ? " COMMAND" : "");
    }

private:
    static std::string row(std::string heading, const std::string& text) {
        constexpr std::size_t indent = 24;
        constexpr std::size_t columns = 79;
        std::string out = "  " + std::move(heading);
        if (out.size() + 2 > indent)
            out += '\n' + std::string(indent, ' ');
        else
            out.resize(indent, ' ');
        std::string between;
        for (const std::string& line : wrapped(text, columns - indent)) {
            out += between + line + '\n';
            between.assign(indent, ' ');
        }
        return out;
    }
};

namespace detail {

/// Text that roff takes as it stands.
inline std::string roff(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n'))
            out += "\\&";
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else
            out += c;
    }
    return out;
}

inline std::string man_options(const CLI::App& app) {
    std::string text;
    for (const CLI::Option* option : app.get_options())
        text +=
            ".TP\n.B " + roff(option_heading(*option)) + '\n' + roff(option_text(*option)) + '\n';
    return text;
}

inline std::string man_command(const CLI::App& app) {
    std::string text;
    if (!app.get_group().empty() && app.get_require_subcommand_min() == 0)
        text += ".SS " + roff(WrappingFormatter::usage(app)) + '\n' + roff(app.get_description()) +
                ".\n" + man_options(app) + ".PP\n.nf\n" + roff(app.get_footer()) + "\n.fi\n";
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        text += man_command(*command);
    return text;
}

}  // namespace detail

/// The manual page xzoo(1), made of the same texts as --help.
inline std::string man_page(const CLI::App& app) {
    std::string text = ".TH XZOO 1 \"\" \"xzoo " XZOO_VERSION
                       "\" \"User Commands\"\n"
                       ".SH NAME\nxzoo \\- transformer models from the command line\n"
                       ".SH SYNOPSIS\n.B xzoo\nCOMMAND [OPTIONS] [ARGUMENTS]\n.SH DESCRIPTION\n" +
                       detail::roff(app.get_description()) + "\n.SH OPTIONS\n" +
                       detail::man_options(app) + ".SH COMMANDS\n";
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        text += detail::man_command(*command);
    return text + ".SH NOTES\n.nf\n" + detail::roff(main_footer) + "\n.fi\n";
}

}  // namespace xzoo::cli
