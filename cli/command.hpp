// Pieces of which the arguments of subcommands are made. Included by the files arguments*.cpp
// alone: CLI11 takes its time to compile.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "cli/commands.hpp"

namespace xzoo::cli {

/// A number in a range, which --help does not repeat.
template <class Number>
CLI::Validator between(Number least, Number most) {
    return CLI::Range(least, most).description("");
}

/// A number in a range; --help shows its default.
template <class Number>
void add_number(CLI::App& app, const char* name, Number& value, int least, int most,
                const char* what) {
    app.add_option(name, value, what)
        ->check(between(least, most))
        ->type_name("N")
        ->capture_default_str();
}

/// One of some words, which `what` names; --help shows the default.
inline void add_choice(CLI::App& app, const char* name, std::string& value,
                       std::initializer_list<const char*> words, const char* what) {
    app.add_option(name, value, what)
        ->check(CLI::IsMember(std::vector<std::string>(words.begin(), words.end())).description(""))
        ->type_name("KIND")
        ->capture_default_str();
}

/// The model is what --model names; else the first argument, which otherwise belongs to the input.
/// Errors  CLI::RequiredError: there is none.
template <class Options>
void settle_model(Options& options) {
    NamedModel& model = options.model;
    if (model.model.empty()) {
        if (!model.first || model.first->empty())
            throw CLI::RequiredError{"MODEL"};
        model.model = *std::exchange(model.first, {});
    } else if (model.first) {
        if constexpr (requires { options.input; })
            options.input.arguments.insert(options.input.arguments.begin(), *model.first);
        else
            throw CLI::ExtrasError{{*model.first}};
    }
}

/// One subcommand: the options it fills in live as long as the parser.
template <class Options>
class Command {
public:
    Command(CLI::App& parent, const char* name, const char* description, const char* examples,
            int& exit_code)
        : app_{*parent.add_subcommand(name, description)} {
        app_.footer(std::string{"Examples:\n"} + examples);
        app_.callback([options = options_, &exit_code] {
            if constexpr (requires { options->model.first; })
                settle_model(*options);
            exit_code = run(*options);
        });
    }
    CLI::App& app() { return app_; }
    Options& options() { return *options_; }

    void add_json() { app_.add_flag("--json", options().json, "Print JSON, an object a line"); }

private:
    CLI::App& app_;
    std::shared_ptr<Options> options_ = std::make_shared<Options>();
};

inline void add_directory(CLI::App& app, std::filesystem::path& directory) {
    app.add_option("--directory", directory,
                   "Folder to look for an entry's files in before the cache of Hugging Face's "
                   "tools (HF_HUB_CACHE, HF_HOME)")
        ->type_name("DIR");
}

inline void add_threads(CLI::App& app, int& threads) {
    add_number(app, "--threads", threads, 0, 1024, "Threads to compute with; 0: all cores");
}

/// input, file: what help says of the argument and of --file.
inline void add_texts(CLI::App& app, InputOptions& options, const char* input, const char* file) {
    app.add_option("FILE|TEXT", options.arguments, input)->type_name("FILE|TEXT");
    app.add_option("--text", options.texts, "A text, even if a file has this name")
        ->type_name("TEXT")
        ->allow_extra_args(false)
        ->take_all();
    app.add_option("--file", options.files, file)
        ->type_name("FILE")
        ->allow_extra_args(false)
        ->take_all();
}

inline void add_input(CLI::App& app, InputOptions& options) {
    add_texts(app, options,
              "A text; the name of a file, which is read line by line; - for standard input, which "
              "is also read where no text is given",
              "A file, read line by line");
}

}  // namespace xzoo::cli
