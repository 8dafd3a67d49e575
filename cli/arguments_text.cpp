// Arguments of the commands that run language models and tokenizers.
#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/generation_settings.hpp"
#include "cli/help_texts.hpp"

namespace xzoo::cli {

namespace {

constexpr const char* model_option_help =
    "The model, where it is not the first argument; all arguments are then input";

/// what: help of the argument; option: that of --model.
void add_named_model(CLI::App& app, NamedModel& options, const char* what,
                     const char* option = model_option_help) {
    app.add_option_function<std::string>(
           "MODEL", [&options](const std::string& name) { options.first = name; }, what)
        ->type_name("MODEL");
    app.add_option("--model", options.model, option)->type_name("MODEL");
    add_directory(app, options.directory);
}

void add_generator(CLI::App& app, GeneratorOptions& options,
                   const char* model_option = model_option_help) {
    add_named_model(app, options,
                    "An entry of the manifest, a repository in the cache, or a folder with "
                    "config.json, weights and tokenizer",
                    model_option);
    add_choice(app, "--precision", options.precision, {"auto", "f32", "bf16", "i8", "q8", "q4"},
               "How weights are kept: f32, bf16, i8 (a scale for each output), q8 or q4 (a scale "
               "for 32 weights), or auto, which is bf16 where most of the file's weights have 16 "
               "bits, else f32");
    add_threads(app, options.threads);
}

void add_cache(CLI::App& app, GeneratorOptions& options) {
    add_choice(app, "--cache", options.cache, {"auto", "f32", "bf16", "i8"},
               "How keys and values are kept: f32, bf16, i8, or auto, which is f32 for weights in "
               "f32, else bf16");
}

void add_setting(CLI::App& app, GenerationConfig& settings, const GenerationOption& option) {
    const auto set = [&settings, option](const std::vector<std::string>& values) {
        const std::string fault = set_field(settings, option.field, values);
        if (!fault.empty())
            throw CLI::ValidationError{option_name(option), fault};
    };
    if (std::string_view{option.value}.empty()) {
        app.add_flag_callback(
            option_name(option), [set] { set({"true"}); }, option.help);
        return;
    }
    CLI::Option* added =
        app.add_option_function<std::vector<std::string>>(option_name(option), set, option.help);
    added->type_name(option.value)->allow_extra_args(false);
    if (option.repeats)
        added->take_all();
    else
        added->expected(1);
}

void add_settings(CLI::App& app, GenerationConfig& settings) {
    CLI::Option* sample = app.add_flag_callback(
        "--sample", [&settings] { settings.do_sample = true; }, "Sample tokens");
    app.add_flag_callback(
           "--greedy", [&settings] { settings.do_sample = false; },
           "Take the most probable token each time, even if the model's file says otherwise")
        ->excludes(sample);
    for (const GenerationOption& option : generation_options())
        add_setting(app, settings, option);
}

void add_generate(CLI::App& app, int& exit_code) {
    Command<GenerateCommand> command{app, "generate", "Continue a text with a language model",
                                     generate_examples, exit_code};
    GenerateCommand& options = command.options();
    CLI::App& generate = command.app();
    add_generator(generate, options.model);
    add_cache(generate, options.model);
    add_texts(generate, options.input,
              "The prompt; the name of a file that holds it; - for standard input, which is also "
              "read where no prompt is given",
              "A file that holds the prompt");
    add_settings(generate, options.settings);
    generate.add_flag("--only-new", options.only_new, "Do not repeat the prompt");
    CLI::Option* stream = generate.add_flag("--stream", options.stream,
                                            "Write the text as it comes, as on a terminal");
    generate.add_flag("--quiet", options.quiet, "Say nothing of speed and seed");
    command.add_json();
    generate.get_option("--json")->excludes(stream);
    generate
        .add_option("--top-log-probs", options.top_log_probs,
                    "With --json: alternatives to show for each token")
        ->check(between(0, 1'000'000))
        ->needs(generate.get_option("--json"))
        ->type_name("N");
}

void add_chat(CLI::App& app, int& exit_code) {
    Command<ChatCommand> command{app, "chat", "Hold a conversation with a language model",
                                 chat_examples, exit_code};
    ChatCommand& options = command.options();
    CLI::App& chat = command.app();
    add_generator(chat, options.model, "The model, where it is not the argument");
    add_cache(chat, options.model);
    chat.add_option("--system", options.system, "What the model is told before the conversation")
        ->type_name("TEXT");
    chat.add_option("--template", options.chat_template,
                    "A file with a chat template (Jinja) instead of the one in the model's folder")
        ->type_name("FILE");
    add_number(chat, "--context", options.context, 0, 100'000'000,
               "Tokens that are remembered, the oldest messages are dropped; 0: all that the "
               "model has positions for");
    chat.add_flag("--stats", options.stats, "Say how fast each answer was");
    add_settings(chat, options.settings);
}

constexpr const char* tokenizer_help =
    "An entry of the manifest, a repository in the cache, a folder with a tokenizer, or a "
    "tokenizer's file";

void add_tokenize(CLI::App& app, int& exit_code) {
    Command<TokenizeOptions> command{app, "tokenize", "Turn texts into token ids",
                                     tokenize_examples, exit_code};
    TokenizeOptions& options = command.options();
    CLI::App& tokenize = command.app();
    add_named_model(tokenize, options.model, tokenizer_help);
    add_input(tokenize, options.input);
    add_choice(tokenize, "--show", options.show, {"ids", "tokens", "table", "count"},
               "What to print: ids, tokens, table or count");
    tokenize.add_flag("--no-special-tokens", options.no_special_tokens,
                      "Only tokens of the text, not what a model expects round it");
    tokenize.add_flag("--code-points", options.code_points,
                      "Offsets count characters (code points) instead of bytes");
    command.add_json();
}

void add_detokenize(CLI::App& app, int& exit_code) {
    Command<DetokenizeOptions> command{app, "detokenize", "Turn token ids into texts",
                                       detokenize_examples, exit_code};
    DetokenizeOptions& options = command.options();
    CLI::App& detokenize = command.app();
    add_named_model(detokenize, options.model, tokenizer_help);
    add_texts(detokenize, options.input,
              "Ids; the name of a file with a text's ids on each line; - for standard input, which "
              "is also read where no ids are given",
              "A file with a text's ids on each line");
    detokenize.add_flag("--skip-special-tokens", options.skip_special_tokens,
                        "Leave out tokens that are not of the text");
    command.add_json();
}

void add_perplexity(CLI::App& app, int& exit_code) {
    Command<PerplexityOptions> command{app, "perplexity",
                                       "Say how well a language model predicts texts",
                                       perplexity_examples, exit_code};
    PerplexityOptions& options = command.options();
    CLI::App& perplexity = command.app();
    add_generator(perplexity, options.model);
    perplexity
        .add_option("FILE", options.input.arguments,
                    "A file, which is one text; - for standard input, which is also read where no "
                    "file is given")
        ->type_name("FILE");
    perplexity.add_option("--text", options.input.texts, "A text")
        ->type_name("TEXT")
        ->allow_extra_args(false)
        ->take_all();
    add_number(perplexity, "--window", options.window, 0, 100'000'000,
               "Tokens that are read at once; 0: as many as the model has positions for");
    add_number(perplexity, "--stride", options.stride, 0, 100'000'000,
               "Tokens between the beginnings of two windows; 0: half a window");
    perplexity.add_flag("--quiet", options.quiet, "Say nothing of speed");
    command.add_json();
}

void add_pack(CLI::App& app, int& exit_code) {
    Command<PackOptions> command{app, "pack",
                                 "Write a model's weights as the kernels of this CPU read them",
                                 pack_examples, exit_code};
    PackOptions& options = command.options();
    add_named_model(command.app(), options.model,
                    "An entry of the manifest, a repository in the cache, or a folder with "
                    "config.json, weights and tokenizer",
                    "The model, where it is not the argument");
    command.app()
        .add_option("--output", options.output, "The folder that the packed model goes to")
        ->required()
        ->type_name("FOLDER");
    add_choice(command.app(), "--precision", options.precision,
               {"auto", "f32", "bf16", "i8", "q8", "q4"},
               "How weights are kept; q8 and q4 are for language models. auto: bf16 where most of "
               "a language model's file has 16 bits, else f32");
    add_choice(command.app(), "--task", options.task,
               {"auto", "generate", "embed", "classify", "fill-mask"},
               "What the model is for: generate, embed, classify, fill-mask, or auto, what its "
               "config says");
}

}  // namespace

void add_text_commands(CLI::App& app, int& exit_code) {
    add_generate(app, exit_code);
    add_chat(app, exit_code);
    add_tokenize(app, exit_code);
    add_detokenize(app, exit_code);
    add_perplexity(app, exit_code);
    add_pack(app, exit_code);
}

}  // namespace xzoo::cli
