// What the command line asks for: one struct a subcommand, filled in by arguments.cpp, carried out
// by the command of the same name.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

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
    int threads = 0;  // 0: as many as there are cores
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
    int threads = 0;
    double seconds = 3.0;
    bool json = false;
};

}  // namespace xzoo::cli
