// xzoo generate
#include <unistd.h>

#include <array>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/json_line.hpp"
#include "cli/loaded_generator.hpp"
#include "cli/model_source.hpp"
#include "xzoo/core/error.hpp"

namespace xzoo::cli {

namespace {

std::string prompt_text(const InputOptions& input) {
    const std::vector<InputSource> sources = input_sources(input);
    if (sources.size() != 1)
        throw UsageError{"expected one prompt, found " + std::to_string(sources.size()) +
                         "; put a text of several words in quotes"};
    return read_whole(sources.front());
}

/// What was asked for; where neither it nor the model's files say how long a text may become, it
/// gets a length.
GenerationConfig with_length(GenerationConfig settings, const GenerationConfig& files) {
    constexpr std::size_t usual_length = 256;
    if (!settings.max_length && !settings.max_new_tokens && !files.max_length &&
        !files.max_new_tokens)
        settings.max_new_tokens = usual_length;
    return settings;
}

/// Errors  UsageError that names options, not fields: these are no settings.
void check_options(const GenerateCommand& options, const GenerationConfig& settings) {
    if (options.stream && *settings.num_return_sequences > 1)
        throw UsageError{
            "--stream writes one text as it comes, and --num-return-sequences asks for " +
            std::to_string(*settings.num_return_sequences)};
    if (options.top_log_probs > 0 && *settings.num_beams > 1)
        throw UsageError{"--top-log-probs contradicts --num-beams: beams have no alternatives"};
}

const char* reason_text(FinishReason reason) {
    static constexpr std::array names{"length",   "end_token", "stop_string",
                                      "max_time", "stopped",   "context_full"};
    return names[static_cast<std::size_t>(reason)];
}

JsonObject token_json(const Tokenizer& tokenizer, std::uint32_t id) {
    JsonObject object;
    object.add("id", id).add("token", token_name(tokenizer, id));
    return object;
}

/// The new tokens with their log-probabilities and those of alternatives.
std::string tokens_json(const Tokenizer& tokenizer, const GeneratedSequence& sequence,
                        std::size_t alternatives) {
    std::string list;
    const std::span<const std::uint32_t> ids = sequence.new_ids();
    for (std::size_t i = 0; i < ids.size(); ++i) {
        JsonObject object = token_json(tokenizer, ids[i]);
        object.add("log_prob", sequence.log_probs[i]);
        std::string top;
        for (std::size_t k = 0; k < alternatives; ++k) {
            const TokenLogProb& other = sequence.top_log_probs[i * alternatives + k];
            top += (top.empty() ? "" : ", ") +
                   token_json(tokenizer, other.id).add("log_prob", other.log_prob).text();
        }
        if (alternatives > 0)
            object.add_json("top", '[' + top + ']');
        list += (list.empty() ? "" : ", ") + object.text();
    }
    return '[' + list + ']';
}

std::string json_of(const LoadedGenerator& loaded, const std::string& prompt,
                    const GenerationResult& result, const GeneratedSequence& sequence) {
    const std::size_t count = sequence.new_ids().size();
    const std::size_t alternatives = count == 0 ? 0 : sequence.top_log_probs.size() / count;
    JsonObject object;
    object.add("prompt", prompt)
        .add("text", sequence.text)
        .add("finish_reason", reason_text(sequence.finish_reason));
    if (result.seed)
        object.add("seed", *result.seed);
    if (sequence.beam_score)
        object.add("beam_score", *sequence.beam_score);
    object.add("prompt_tokens", sequence.prompt_length);
    if (!sequence.log_probs.empty())
        object.add_json("tokens", tokens_json(loaded.tokenizer, sequence, alternatives));
    return object.text();
}

}  // namespace

int run(const GenerateCommand& options) {
    const std::string prompt = prompt_text(options.input);
    LoadedGenerator loaded = load_generator(options.model);
    const std::vector<std::uint32_t> ids = loaded.prompt(prompt);
    const GenerationConfig settings = with_length(options.settings, loaded.files);
    const GenerationConfig resolved = loaded.resolve(settings);
    check_options(options, resolved);
    const bool streams = *resolved.num_return_sequences == 1 && !options.json &&
                         (options.stream || isatty(STDOUT_FILENO) != 0);
    const std::string beginning = options.only_new ? std::string{} : prompt;

    GenerateOptions how = loaded.options(ids);
    if (options.json)
        how.log_probs = options.top_log_probs;
    if (streams) {
        std::cout << beginning << std::flush;
        how.on_text = [](std::size_t, std::string_view piece) {
            return static_cast<bool>(std::cout << piece << std::flush);
        };
    }
    const GenerationResult result = loaded.generate(ids, settings, how);
    for (const GeneratedSequence& sequence : result.sequences) {
        if (options.json) {
            std::cout << json_of(loaded, prompt, result, sequence) << '\n';
            continue;
        }
        if (!streams)
            std::cout << (&sequence == result.sequences.data() ? "" : "\n") << beginning
                      << sequence.text;
        std::cout << '\n';
    }
    std::cout.flush();
    if (!options.quiet)
        std::cerr << speed_text(result) << '\n';
    return exit_ok;
}

}  // namespace xzoo::cli
