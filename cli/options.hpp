// What the command line asks for: one struct a subcommand, filled in by arguments.cpp, carried out
// by the command of the same name.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "xzoo/generation/generation_config.hpp"

namespace xzoo::cli {

struct ListOptions {
    std::string family;  // empty: all
    bool json = false;
};

struct InfoOptions {
    std::string name;
    std::filesystem::path directory;  // where to look for files before the cache
    bool json = false;
};

struct VerifyOptions {
    std::vector<std::filesystem::path> paths;
};

/// Which model, where its files may be, and how it runs.
struct ModelOptions {
    std::string model;  // an entry, a repository in the cache or a folder; empty: the embedded one
    std::filesystem::path directory;
    int threads = 0;                 // 0: as many as there are cores
    std::string precision = "auto";  // f32, bf16, i8, or that of packed weights
    std::size_t batch_size = 32;
};

/// Where texts come from, in this order; standard input where nothing is named.
struct InputOptions {
    std::vector<std::string> arguments;  // texts, files that exist, or "-" for standard input
    std::vector<std::string> texts;
    std::vector<std::string> files;
    bool pairs = false;  // a line holds two texts, with a tab between them
};

struct EmbedOptions {
    ModelOptions model;
    InputOptions input;
    std::string pooling = "mean";  // mean, cls, last or max
    bool normalize = false;
    bool json = false;
};

struct ClassifyOptions {
    ModelOptions model;
    InputOptions input;
    std::size_t top_k = 1;  // 0: all labels
    bool json = false;
};

struct FillMaskOptions {
    ModelOptions model;
    InputOptions input;
    std::size_t top_k = 5;
    bool json = false;
};

/// Which model, for commands that have no default: what --model names, or else the first argument.
struct NamedModel {
    std::string model;                 // an entry, a repository in the cache, a folder or a file
    std::optional<std::string> first;  // argument; belongs to the input where --model is there
    std::filesystem::path directory;
};

/// Which language model, and how it runs.
struct GeneratorOptions : NamedModel {
    std::string precision = "auto";  // f32, bf16, i8, q8, q4, or as its file has them
    std::string cache = "auto";      // how keys and values are kept: f32, bf16, i8, or as fits
    int threads = 0;
};

struct GenerateCommand {
    GeneratorOptions model;
    InputOptions input;  // one text
    GenerationConfig settings;
    std::size_t top_log_probs = 0;  // alternatives of each token, with --json
    bool only_new = false;          // the prompt is not repeated
    bool stream = false;            // also where standard output is no terminal
    bool quiet = false;             // nothing on speed
    bool json = false;
};

struct ChatCommand {
    GeneratorOptions model;
    GenerationConfig settings;
    std::string system;                   // empty: no system message
    std::filesystem::path chat_template;  // empty: that of the model's folder
    std::size_t context = 4096;           // tokens of a conversation; 0: all that the model has
    bool stats = false;
};

struct TokenizeOptions {
    NamedModel model;
    InputOptions input;
    std::string show = "ids";  // ids, tokens, table or count
    bool no_special_tokens = false;
    bool code_points = false;  // offsets count characters instead of bytes
    bool json = false;
};

struct DetokenizeOptions {
    NamedModel model;
    InputOptions input;
    bool skip_special_tokens = false;
    bool json = false;
};

struct PerplexityOptions {
    GeneratorOptions model;
    InputOptions input;
    std::size_t window = 0;  // tokens; 0: as many as the model has positions for
    std::size_t stride = 0;  // 0: half the window
    bool quiet = false;
    bool json = false;
};

struct PackOptions {
    NamedModel model;
    std::filesystem::path output;    // a folder
    std::string precision = "auto";  // as its file has them
    std::string task = "auto";       // as its config says
};

struct ManifestAddOptions {
    std::filesystem::path folder;
    std::string name;
    std::string family;  // empty: from model_type of config.json
    std::string repository;
    std::string revision;
    std::string license;
    std::string source;
    std::filesystem::path manifest = "weights_manifest";
    bool replace = false;
};

struct BenchOptions {
    std::string name;
    std::size_t batch = 1;
    std::size_t length = 128;
    std::size_t new_tokens = 32;    // of language models
    std::string precision = "f32";  // bf16, i8; q8, q4 of language models
    int threads = 0;
    double seconds = 3.0;
    bool json = false;
};

}  // namespace xzoo::cli
