// The weights manifest: reading its JSON files and checking every statement in them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "weights_manifest/generator/families.hpp"
#include "xzoo/core/dtype.hpp"
#include "xzoo/core/error.hpp"
#include "xzoo/core/shape.hpp"

namespace xzoo::generator {

/// A manifest, a config.json or a weights file does not say what it must. One sentence that names
/// the file, the entry and the key.
class ManifestError : public Error {
public:
    using Error::Error;
};

/// A config.json is of a model_type or class that the zoo has not got.
class UnknownModel : public ManifestError {
public:
    using ManifestError::ManifestError;
};

struct FileFacts {
    std::string path;
    std::uint64_t size = 0;  // bytes; 0: not known
    std::string sha256;      // empty: not known
};

struct TensorFacts {
    std::string name;
    Dtype dtype = Dtype::f32;
    Shape shape;
};

struct MetricFacts {
    std::string name;
    std::string value;
    std::string condition;
};

/// An entry of a manifest; the counterpart of WeightEntry.
struct Entry {
    std::string name;
    std::string architecture;  // as Hugging Face calls it: "XLMRobertaForMaskedLM"
    std::string model;         // as the zoo calls it: "XlmRobertaForMaskedLM"
    std::string repository;
    std::string revision;
    std::string license;
    std::string source;
    std::string config_json;
    std::string config_braces;  // initialiser of the config struct
    std::vector<std::string> unverified;
    std::vector<FileFacts> files;
    std::vector<TensorFacts> tensors;  // sorted by name
    std::vector<MetricFacts> metrics;
    std::uint64_t num_parameters = 0;

    /// Whether a weight file has a hash.
    bool verifiable() const;
};

/// The manifest of a family.
struct Manifest {
    const Family* family = nullptr;
    std::string default_name;    // empty: no entry is the default
    std::vector<Entry> entries;  // sorted by name
};

/// Reads weights_manifest/FAMILY.json and the files of the folders that it names.
/// Errors  ManifestError.
Manifest read_manifest(const std::filesystem::path& file);

/// The same for a text that is to become the file.
Manifest parse_manifest(std::string_view text, const std::filesystem::path& file);

/// Reads the header of a safetensors file and checks the file whole.
/// Errors  WeightsError, FileError; ManifestError for a shape that the zoo has no room for.
std::vector<TensorFacts> read_tensor_table(const std::filesystem::path& file);

/// True for fields that an entry's config may have: those of the family's type, and those that say
/// nothing about parameters or numbers.
bool may_be_in_config(const Family& family, std::string_view field);

/// Checks the NAME of a header, which is that of a namespace: an identifier, no keyword, and no
/// namespace of the library.
/// Errors  ManifestError.
void check_name(const std::string& name);

/// True for files that hold weights, by their name.
bool is_weight_file(std::string_view path);

}  // namespace xzoo::generator
