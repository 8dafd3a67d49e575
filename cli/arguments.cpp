#include "cli/arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/terminal.hpp"
#include "xzoo/io/nearest_name.hpp"

namespace xzoo::cli {

namespace {

/// A number in a range, which --help does not repeat.
template <class Number>
CLI::Validator between(Number least, Number most) {
    return CLI::Range(least, most).description("");
}

/// One subcommand: the options it fills in live as long as the parser.
template <class Options>
class Command {
public:
    Command(CLI::App& parent, const char* name, const char* description, const char* examples,
            int& exit_code)
        : app_{*parent.add_subcommand(name, description)} {
        app_.footer(std::string{"Examples:\n"} + examples);
        app_.callback([options = options_, &exit_code] { exit_code = run(*options); });
    }
    CLI::App& app() { return app_; }
    Options& options() { return *options_; }

    void add_json() { app_.add_flag("--json", options().json, "Print JSON, an object a line"); }

private:
    CLI::App& app_;
    std::shared_ptr<Options> options_ = std::make_shared<Options>();
};

void add_directory(CLI::App& app, std::filesystem::path& directory) {
    app.add_option("--directory", directory,
                   "Folder to look for an entry's files in before the cache of Hugging Face's "
                   "tools (HF_HUB_CACHE, HF_HOME)")
        ->type_name("DIR");
}

void add_threads(CLI::App& app, int& threads) {
    app.add_option("--threads", threads, "Threads to compute with; 0: all cores")
        ->check(between(0, 1024))
        ->type_name("N")
        ->capture_default_str();
}

void add_model(CLI::App& app, ModelOptions& options, bool has_default) {
    CLI::Option* model = app.add_option(
        "--model", options.model,
        std::string{"An entry of the manifest, a repository in the cache, or a folder with "
                    "config.json, weights and tokenizer"} +
            (has_default ? "; the model that this program carries where none is named" : ""));
    model->type_name("NAME|DIR")->required(!has_default);
    add_directory(app, options.directory);
    add_threads(app, options.threads);
    app.add_option("--batch-size", options.batch_size, "Texts that are computed together")
        ->check(between(1, 65536))
        ->type_name("N")
        ->capture_default_str();
}

void add_input(CLI::App& app, InputOptions& options, bool may_be_pairs) {
    app.add_option("input", options.arguments,
                   "A text; the name of a file, which is read line by line; - for standard input, "
                   "which is also read where no text is given")
        ->type_name("FILE|TEXT");
    app.add_option("--text", options.texts, "A text, even if a file has this name")
        ->type_name("TEXT")
        ->allow_extra_args(false)
        ->take_all();
    app.add_option("--file", options.files, "A file, read line by line")
        ->type_name("FILE")
        ->allow_extra_args(false)
        ->take_all();
    if (may_be_pairs)
        app.add_flag("--pairs", options.pairs, "A line holds two texts, with a tab between them");
}

void add_top_k(CLI::App& app, std::size_t& top_k, const char* what) {
    app.add_option("--top-k", top_k, what)
        ->check(between(0, 1'000'000))
        ->type_name("N")
        ->capture_default_str();
}

void add_list(CLI::App& app, int& exit_code) {
    Command<ListOptions> command{app, "list", "List the checkpoints that the manifest knows",
                                 list_examples, exit_code};
    command.app()
        .add_option("--family", command.options().family, "Only entries of this model type: bert")
        ->type_name("TYPE");
    command.add_json();
}

void add_info(CLI::App& app, int& exit_code) {
    Command<InfoOptions> command{app, "info",
                                 "Show all that the manifest says about a checkpoint, and which of "
                                 "its files are on this machine",
                                 info_examples, exit_code};
    command.app()
        .add_option("name", command.options().name,
                    "An entry (bge_m3, BertWeights::base_uncased) or its repository")
        ->required()
        ->type_name("NAME");
    add_directory(command.app(), command.options().directory);
    command.add_json();
}

void add_verify(CLI::App& app, int& exit_code) {
    Command<VerifyOptions> command{
        app, "verify",
        "Check that checkpoints are sound: one line each that says what is in it or what is wrong",
        verify_examples, exit_code};
    command.app()
        .add_option("path", command.options().paths,
                    "A checkpoint file, an index of shards, or a folder with one of them")
        ->required()
        ->type_name("PATH");
}

void add_embed(CLI::App& app, int& exit_code) {
    Command<EmbedOptions> command{app, "embed", "Turn each text into a vector", embed_examples,
                                  exit_code};
    EmbedOptions& options = command.options();
    add_input(command.app(), options.input, false);
    add_model(command.app(), options.model, true);
    command.app()
        .add_option("--pooling", options.pooling,
                    "How a text's tokens become one vector: mean, cls (the first token), last or "
                    "max")
        ->check(CLI::IsMember({"mean", "cls", "last", "max"}).description(""))
        ->type_name("KIND")
        ->capture_default_str();
    command.app().add_flag("--normalize", options.normalize, "Scale vectors to length 1");
    command.add_json();
}

void add_classify(CLI::App& app, int& exit_code) {
    Command<ClassifyOptions> command{app, "classify",
                                     "Give each text a label; the model that this program carries "
                                     "names the language",
                                     classify_examples, exit_code};
    ClassifyOptions& options = command.options();
    add_input(command.app(), options.input, true);
    add_model(command.app(), options.model, true);
    add_top_k(command.app(), options.top_k, "Labels to show, best first; 0: all");
    command.add_json();
}

void add_fill_mask(CLI::App& app, int& exit_code) {
    Command<FillMaskOptions> command{app, "fill-mask",
                                     "Say which tokens fit where a text has the mask token",
                                     fill_mask_examples, exit_code};
    FillMaskOptions& options = command.options();
    add_input(command.app(), options.input, false);
    add_model(command.app(), options.model, false);
    add_top_k(command.app(), options.top_k, "Tokens to show for each mask, best first; 0: all");
    command.add_json();
}

void add_manifest(CLI::App& app, int& exit_code) {
    CLI::App& manifest = *app.add_subcommand("manifest", "Work on the weights manifest");
    manifest.require_subcommand(1);
    Command<ManifestAddOptions> command{manifest, "add",
                                        "Write an entry for a checkpoint: hashes of its files, its "
                                        "config and its table of tensors",
                                        manifest_add_examples, exit_code};
    ManifestAddOptions& options = command.options();
    CLI::App& add = command.app();
    add.add_option("folder", options.folder, "Folder with config.json and the weights")
        ->required()
        ->type_name("DIR");
    add.add_option("--name", options.name, "Name of the entry, a C++ identifier")
        ->required()
        ->type_name("NAME");
    add.add_option("--family", options.family, "File of the manifest; default: the model_type")
        ->type_name("TYPE");
    add.add_option("--repository", options.repository, "Where it is published: OWNER/NAME")
        ->type_name("ID");
    add.add_option("--revision", options.revision, "The commit that the files are from")
        ->type_name("HASH");
    add.add_option("--license", options.license, "SPDX identifier")->type_name("ID");
    add.add_option("--source", options.source, "Where the facts come from")->type_name("TEXT");
    add.add_option("--manifest", options.manifest, "Folder of the manifest")
        ->type_name("DIR")
        ->capture_default_str();
    add.add_flag("--replace", options.replace, "Replace an entry of this name");
}

void add_bench(CLI::App& app, int& exit_code) {
    Command<BenchOptions> command{app, "bench",
                                  "Measure tokens per second of a named config with random weights",
                                  bench_examples, exit_code};
    BenchOptions& options = command.options();
    CLI::App& bench = command.app();
    bench.add_option("name", options.name, "A config of the zoo, such as bert_base")
        ->required()
        ->type_name("NAME");
    bench.add_option("--batch", options.batch, "Texts in a batch")
        ->check(between(1, 65536))
        ->type_name("N")
        ->capture_default_str();
    bench.add_option("--length", options.length, "Tokens in a text")
        ->check(between(1, 1'000'000))
        ->type_name("N")
        ->capture_default_str();
    add_threads(bench, options.threads);
    bench.add_option("--seconds", options.seconds, "How long to measure")
        ->check(between(0.0, 86400.0))
        ->type_name("S")
        ->capture_default_str();
    command.add_json();
}

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
    add_list(app, exit_code);
    add_info(app, exit_code);
    add_verify(app, exit_code);
    add_embed(app, exit_code);
    add_classify(app, exit_code);
    add_fill_mask(app, exit_code);
    add_manifest(app, exit_code);
    add_bench(app, exit_code);
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
