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

// CLI11 takes "[a,b]" for a list, even in a text such as "[MASK]", "++" for the end of a command
// and "--text=" for an option whose value comes next, and loses its way at a "--" behind a text: a
// mark in front makes an argument a plain text.
constexpr char plain = '\x1f';

std::vector<std::string> marked(int argc, const char* const* argv) {
    std::vector<std::string> arguments;
    bool only_texts = false;
    for (int i = 1; i < argc; ++i) {
        std::string argument = argv[i];
        if (argument == "--" && !std::exchange(only_texts, true))
            continue;
        const std::size_t equals = argument.starts_with("--") ? argument.find('=') : argument.npos;
        if (only_texts || argument == "++" || argument.starts_with('['))
            argument.insert(argument.begin(), plain);
        else if (equals != argument.npos &&
                 (argument.substr(equals) == "=" || argument.compare(equals, 2, "=[") == 0))
            argument.insert(equals + 1, 1, plain);
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

/// The command that arguments name, as far as there is one.
struct NamedCommand {
    std::string path;                  // "manifest add ", with a space behind each word
    std::string unknown;               // the next word, where it should be a command and is not
    std::vector<std::string> choices;  // what it could have been
};

NamedCommand named_command(const CLI::App& app, int argc, const char* const* argv) {
    NamedCommand named;
    const CLI::App* at = &app;
    for (int i = 1; i < argc && at->get_require_subcommand_min() > 0; ++i) {
        named.choices.clear();
        const CLI::App* next = nullptr;
        for (const CLI::App* command : at->get_subcommands([](const CLI::App*) { return true; })) {
            named.choices.push_back(command->get_name());
            if (command->get_name() == argv[i])
                next = command;
        }
        if (next == nullptr) {
            named.unknown = argv[i][0] == '-' ? "" : argv[i];
            break;
        }
        named.path += next->get_name() + ' ';
        at = next;
    }
    return named;
}

/// Says what is wrong with the arguments and where help is to be found.
int refuse(const NamedCommand& named, std::string problem) {
    if (!named.unknown.empty()) {
        const std::vector<std::string_view> names{named.choices.begin(), named.choices.end()};
        const std::string near{io::nearest_name(named.unknown, names)};
        problem = "there is no command '" + named.path + named.unknown + '\'' +
                  (near.empty() ? "" : "; did you mean '" + named.path + near + "'?");
    }
    std::erase(problem, plain);
    report(problem);
    std::cerr << "Try 'xzoo " << named.path << "--help'.\n";
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
        return refuse(named_command(app, argc, argv), error.what());
    } catch (const UsageError& error) {
        return refuse(named_command(app, argc, argv), error.what());
    }
    return exit_code;
}

}  // namespace xzoo::cli
