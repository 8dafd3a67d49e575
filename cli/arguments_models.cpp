// Arguments of the commands that show what the zoo knows, and of those that run encoders.
#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/help_texts.hpp"

namespace xzoo::cli {

namespace {

void add_model(CLI::App& app, ModelOptions& options, bool has_default) {
    CLI::Option* model = app.add_option(
        "--model", options.model,
        std::string{"An entry of the manifest, a repository in the cache, or a folder with "
                    "config.json, weights and tokenizer"} +
            (has_default ? "; the model that this program carries where none is named" : ""));
    model->type_name("NAME|DIR")->required(!has_default);
    add_directory(app, options.directory);
    add_choice(app, "--precision", options.precision, {"auto", "f32", "bf16", "i8"},
               "How weights are kept: f32, bf16, i8 (8 bits, a scale for each output), or auto, "
               "which is f32 where the weights are not packed");
    add_threads(app, options.threads);
    add_number(app, "--batch-size", options.batch_size, 1, 65536,
               "Texts that are computed together");
}

void add_top_k(CLI::App& app, std::size_t& top_k, const char* what) {
    add_number(app, "--top-k", top_k, 0, 1'000'000, what);
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
        .add_option("NAME", command.options().name,
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
        .add_option("PATH", command.options().paths,
                    "A checkpoint file, an index of shards, or a folder with one of them")
        ->required()
        ->type_name("PATH");
}

void add_embed(CLI::App& app, int& exit_code) {
    Command<EmbedOptions> command{app, "embed", "Turn each text into a vector", embed_examples,
                                  exit_code};
    EmbedOptions& options = command.options();
    add_input(command.app(), options.input);
    add_model(command.app(), options.model, true);
    add_choice(command.app(), "--pooling", options.pooling, {"mean", "cls", "last", "max"},
               "How a text's tokens become one vector: mean, cls (the first token), last or "
               "max");
    command.app().add_flag("--normalize", options.normalize, "Scale vectors to length 1");
    command.add_json();
}

void add_classify(CLI::App& app, int& exit_code) {
    Command<ClassifyOptions> command{app, "classify",
                                     "Give each text a label; the model that this program carries "
                                     "names the language",
                                     classify_examples, exit_code};
    ClassifyOptions& options = command.options();
    add_input(command.app(), options.input);
    command.app().add_flag("--pairs", options.input.pairs,
                           "A line holds two texts, with a tab between them");
    add_model(command.app(), options.model, true);
    add_top_k(command.app(), options.top_k, "Labels to show, best first; 0: all");
    command.add_json();
}

void add_fill_mask(CLI::App& app, int& exit_code) {
    Command<FillMaskOptions> command{app, "fill-mask",
                                     "Say which tokens fit where a text has the mask token",
                                     fill_mask_examples, exit_code};
    FillMaskOptions& options = command.options();
    add_input(command.app(), options.input);
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
    add.add_option("DIR", options.folder, "Folder with config.json and the weights")
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
    bench
        .add_option("NAME", options.name, "A config of the zoo, such as bert_base or smollm2_135m")
        ->required()
        ->type_name("NAME");
    add_number(bench, "--batch", options.batch, 1, 65536, "Texts in a batch");
    add_number(bench, "--length", options.length, 1, 1'000'000,
               "Tokens in a text; of a language model: in a prompt");
    add_number(bench, "--new-tokens", options.new_tokens, 1, 1'000'000,
               "Tokens that a language model then adds");
    add_choice(bench, "--precision", options.precision, {"f32", "bf16", "i8", "q8", "q4"},
               "How weights are kept: f32, bf16, i8 or, of language models, q8 and q4");
    add_threads(bench, options.threads);
    bench.add_option("--seconds", options.seconds, "How long to measure")
        ->check(between(0.0, 86400.0))
        ->type_name("S")
        ->capture_default_str();
    command.add_json();
}

}  // namespace

void add_model_commands(CLI::App& app, int& exit_code) {
    add_list(app, exit_code);
    add_info(app, exit_code);
    add_verify(app, exit_code);
    add_embed(app, exit_code);
    add_classify(app, exit_code);
    add_fill_mask(app, exit_code);
    add_manifest(app, exit_code);
    add_bench(app, exit_code);
}

}  // namespace xzoo::cli
