// A language model with its tokenizer and settings, found by what a user calls it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/generators.hpp"
#include "cli/options.hpp"
#include "xzoo/core/workspace.hpp"
#include "xzoo/generation/generate_options.hpp"
#include "xzoo/generation/generation_result.hpp"
#include "xzoo/text/tokenizer.hpp"

namespace xzoo::cli {

struct LoadedGenerator {
    std::unique_ptr<AnyGenerator> generator;
    std::unique_ptr<nn::LanguageModel> model;  // of the generator
    Tokenizer tokenizer;
    GenerationConfig files;        // what the model's files say
    std::filesystem::path folder;  // of its files; empty where the program carries them
    CacheOptions cache;            // how a cache keeps keys and values
    Workspace workspace;

    /// The ids of a text to continue; that of the first token where a text has none by itself.
    std::vector<std::uint32_t> prompt(std::string_view text) const;
    /// Options of generate() that are the same for all commands.
    /// before  the ids after which the text goes on; none: it is a text of its own.
    GenerateOptions options(std::span<const std::uint32_t> before = {});
    /// Continues a text; see xzoo::generate.
    GenerationResult generate(const std::vector<std::uint32_t>& ids,
                              const GenerationConfig& settings,
                              const GenerateOptions& options) const;
    /// The settings, with what the files and the defaults say where they leave something open.
    /// Errors  UsageError: the settings make no sense; ArgumentError: what the files say makes
    /// none.
    GenerationConfig resolve(const GenerationConfig& settings) const;
    /// A cache for one text under these settings, of so many tokens at most; 0: as many as the
    /// model has positions for.
    /// Errors  as resolve has them.
    nn::KvCache make_cache(const GenerationConfig& settings, std::size_t capacity) const;
};

/// Finds the model, chooses its type and loads it. Fields of its generation_config.json that have
/// no effect are noted on standard error.
/// Errors  what from_pretrained and Tokenizer throw; ArgumentError: nothing has this name.
LoadedGenerator load_generator(const GeneratorOptions& options);

/// "12 prompt tokens, first token after 3.1 ms, then 80 tokens at 512.3 tokens/s, seed 7"
std::string speed_text(const GenerationResult& result);

}  // namespace xzoo::cli
