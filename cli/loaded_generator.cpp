#include "cli/loaded_generator.hpp"

#include <array>
#include <cstdio>
#include <iostream>
#include <optional>
#include <utility>

#include "cli/commands.hpp"
#include "cli/model_source.hpp"
#include "cli/terminal.hpp"
#include "xzoo/core/error.hpp"
#include "xzoo/generation/generate.hpp"
#include "xzoo/io/quote.hpp"

namespace xzoo::cli {

namespace {

std::optional<Dtype> cache_dtype(const std::string& word) {
    if (word == "auto")
        return std::nullopt;
    return word == "bf16" ? Dtype::bf16 : word == "i8" ? Dtype::i8 : Dtype::f32;
}

/// What the model's files say, and of special tokens what only the tokenizer's say.
GenerationConfig settings_of_files(const AnyGenerator& generator, const Tokenizer& tokenizer,
                                   std::string_view generation_config) {
    GenerationFile file = generator.generation_config();
    if (!generation_config.empty())
        generation::fill_gaps(
            file.config,
            read_generation_config(generation_config, "generation_config.json").config);
    for (const std::string& note : file.notes)
        std::cerr << "xzoo: generation_config.json: " << printable(note) << '\n';
    const SpecialTokenIds& special = tokenizer.special_tokens();
    if (!file.config.bos_token_id)
        file.config.bos_token_id = special.bos;
    if (!file.config.eos_token_id && special.eos)
        file.config.eos_token_id = TokenIds{*special.eos};
    return file.config;
}

}  // namespace

std::vector<std::uint32_t> LoadedGenerator::prompt(std::string_view text) const {
    std::vector<std::uint32_t> ids = tokenizer.encode(text).ids;
    if (ids.empty() && files.bos_token_id)
        ids.push_back(*files.bos_token_id);
    return ids;
}

GenerateOptions LoadedGenerator::options(std::span<const std::uint32_t> before) {
    GenerateOptions options;
    options.model_config = files;
    options.new_cache = cache;
    options.workspace = &workspace;
    options.text_decoder = tokenizer.text_decoder(before);
    return options;
}

GenerationResult LoadedGenerator::generate(const std::vector<std::uint32_t>& ids,
                                           const GenerationConfig& settings,
                                           const GenerateOptions& options) const {
    return xzoo::generate(*model, {&ids, 1}, settings, options);
}

GenerationConfig LoadedGenerator::resolve(const GenerationConfig& settings) const {
    const std::size_t vocabulary = model->vocab_size();
    try {
        return generation::resolve_config(settings, files, vocabulary);
    } catch (const ArgumentError& error) {
        // Where the files alone make no sense, that is what is said.
        static_cast<void>(generation::resolve_config({}, files, vocabulary));
        throw UsageError{error.what()};
    }
}

nn::KvCache LoadedGenerator::make_cache(const GenerationConfig& settings,
                                        std::size_t capacity) const {
    CacheOptions how = cache;
    how.sequences = generation::cache_width(resolve(settings));
    const std::size_t positions = model->max_positions();
    how.capacity = positions == 0 || (capacity != 0 && capacity < positions) ? capacity : positions;
    return model->make_cache(how);
}

LoadedGenerator load_generator(const GeneratorOptions& options) {
    const ModelSource source = find_source(options.model, options.directory);
    const boost::json::object config = source.config();
    const GeneratorKind kind = choose_generator(source.generator_precision(options.precision),
                                                config, source.config_where);
    Tokenizer tokenizer = source.tokenizer();
    std::unique_ptr<AnyGenerator> generator = kind.make();
    source.load(*generator, kind.description.class_name, options.directory);
    std::unique_ptr<nn::LanguageModel> model = generator->language_model();
    require_fit(tokenizer, model->vocab_size());
    GenerationConfig files = settings_of_files(*generator, tokenizer, source.generation_config);
    return {.generator = std::move(generator),
            .model = std::move(model),
            .tokenizer = std::move(tokenizer),
            .files = std::move(files),
            .folder = source.folder,
            .cache = {.dtype = cache_dtype(options.cache)},
            .workspace = Workspace{options.threads}};
}

std::string speed_text(const GenerationResult& result) {
    std::array<char, 96> text{};
    std::string line = io::counted(result.prompt_tokens, "prompt token");
    if (result.cached_tokens > 0)
        line += " (" + std::to_string(result.cached_tokens) + " known)";
    std::snprintf(text.data(), text.size(), ", first token after %.1f ms",
                  1e3 * result.seconds_to_first_token);
    line += text.data();
    const double seconds = result.seconds - result.seconds_to_first_token;
    if (result.new_tokens > result.sequences.size() && seconds > 0.0) {
        const std::size_t later = result.new_tokens - result.sequences.size();
        std::snprintf(text.data(), text.size(), ", then %zu at %.1f tokens/s", later,
                      static_cast<double>(later) / seconds);
        line += text.data();
    }
    return result.seed ? line + ", seed " + std::to_string(*result.seed) : line;
}

}  // namespace xzoo::cli
