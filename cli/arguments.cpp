#include "cli/arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/help.hpp"
#include "cli/terminal.hpp"
#include "xzoo/io/nearest_name.hpp"

namespace xzoo::cli {

namespace {

// CLI11 takes "[a,b]" for a list, even in a text such as "[MASK]", and loses its way at a "--"
// behind a text: a mark in front makes an argument a plain text.
constexpr char plain = '\x1f';

std::vector<std::string> marked(int argc, const char* const* argv) {
    std::vector<std::string> arguments;
    bool only_texts = false;
    for (int i = 1; i < argc; ++i) {
        std::string argument = argv[i];
        const std::size_t value = argument.starts_with("--") ? argument.find("=[") : 0;
        if (argument == "--" && !std::exchange(only_texts, true))
            continue;
        if (only_texts || argument.starts_with('['))
            argument.insert(argument.begin(), plain);
        else if (value != std::string::npos && value > 0)
            argument.insert(value + 1, 1, plain);
        arguments.push_back(std::move(argument));
    }
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
    return arguments;
}

void remove_marks(CLI::App& app) {
    for (CLI::Option* option : app.get_options())
        if (option->get_type_size() > 0)
            option->transform(
                [](std::string value) {
                    return value.starts_with(plain) ? value.substr(1) : value;
                },
                "");
    for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        remove_marks(*command);
}

/// Says what is wrong with the arguments and where help is to be found.
int refuse(const CLI::App& app, const CLI::ParseError& error, const std::string& first) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(command->get_name());
    const bool known = std::find(names.begin(), names.end(), first) != names.end();
    if (known || first.empty() || first.starts_with('-')) {
        std::cerr << "xzoo: " << printable(error.what()) << '\n';
    } else {
        const std::string near{
            io::nearest_name(first, std::vector<std::string_view>{names.begin(), names.end()})};
        std::cerr << "xzoo: there is no command '" << printable(first) << '\''
                  << (near.empty() ? "" : "; did you mean '" + near + "'?") << '\n';
    }
    std::cerr << "Try 'xzoo " << (known ? first + ' ' : "") << "--help'.\n";
    return exit_usage;
}

}  // namespace

int run_arguments(int argc, const char* const* argv) {
    CLI::App app{
        "Transformer models from the command line: what the zoo knows, what a file holds, "
        "what a model says."};
    app.name("xzoo");
    app.footer(main_footer);
    app.formatter(std::make_shared<WrappingFormatter>());
    app.set_version_flag("--version", "xzoo " XZOO_VERSION, "Print the version and stop");
    app.set_help_flag("-h,--help", "Print help and stop");
    app.require_subcommand(1);
    int exit_code = exit_ok;
    add_model_commands(app, exit_code);
    add_text_commands(app, exit_code);
    app.add_subcommand("man-page", "Print the manual page")->group("")->callback([&app] {
        std::cout << man_page(app);
    });
    remove_marks(app);
    try {
        app.parse(marked(argc, argv));
    } catch (const CLI::Success& help_or_version) {
        return app.exit(help_or_version, std::cout, std::cerr);
    } catch (const CLI::ParseError& error) {
        return refuse(app, error, argc > 1 ? argv[1] : "");
    }
    return exit_code;
}

}  // namespace xzoo::cli
