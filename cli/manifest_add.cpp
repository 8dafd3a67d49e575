// xzoo manifest add
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "cli/commands.hpp"
#include "cli/manifest_text.hpp"
#include "cli/terminal.hpp"
#include "weights_manifest/generator/facts.hpp"
#include "weights_manifest/generator/families.hpp"
#include "weights_manifest/generator/manifest.hpp"
#include "xzoo/core/error.hpp"
#include "xzoo/io/json_text.hpp"
#include "xzoo/io/mapped_file.hpp"
#include "xzoo/io/output_file.hpp"
#include "xzoo/io/sha256.hpp"

namespace xzoo::cli {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

// Files of a checkpoint besides its weights; others in the folder are not part of it.
constexpr std::array<std::string_view, 14> companions{"config.json",
                                                      "generation_config.json",
                                                      "tokenizer.json",
                                                      "tokenizer_config.json",
                                                      "special_tokens_map.json",
                                                      "added_tokens.json",
                                                      "vocab.txt",
                                                      "vocab.json",
                                                      "merges.txt",
                                                      "tokenizer.model",
                                                      "spiece.model",
                                                      "sentencepiece.bpe.model",
                                                      "modules.json",
                                                      "sentence_bert_config.json"};

template <class Range>
bool contains(const Range& range, std::string_view text) {
    return std::find(range.begin(), range.end(), text) != range.end();
}

/// Names of the checkpoint's files: weights first, each group sorted.
std::vector<std::string> checkpoint_files(const fs::path& folder) {
    std::vector<std::string> weights;
    std::vector<std::string> others;
    std::error_code error;
    fs::directory_iterator entries{folder, error};
    if (error)
        throw FileError{folder.string(), "cannot be read as a folder: " + error.message()};
    for (const fs::directory_entry& entry : entries) {
        const std::string name = entry.path().filename().string();
        if (!entry.is_regular_file(error))
            continue;
        if (generator::is_weight_file(name))
            weights.push_back(name);
        else if (contains(companions, name) || name.ends_with(".safetensors.index.json"))
            others.push_back(name);
    }
    // Beside a checkpoint under its usual name, other safetensors files are no part of it.
    const bool usual = fs::exists(folder / "model.safetensors") ||
                       fs::exists(folder / "model.safetensors.index.json");
    if (usual)
        std::erase_if(weights, [](const std::string& name) {
            return name.ends_with(".safetensors") && !name.starts_with("model");
        });
    std::sort(weights.begin(), weights.end());
    std::sort(others.begin(), others.end());
    weights.insert(weights.end(), others.begin(), others.end());
    return weights;
}

json::object measured(const fs::path& folder, const std::string& name, ProgressBar& bar) {
    const io::MappedFile file{folder / name};
    const auto bytes = file.bytes();
    io::Sha256 hash;
    constexpr std::size_t piece = 1U << 24U;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        hash.update(bytes.subspan(at, std::min(piece, bytes.size() - at)));
        bar.update(at, bytes.size());
    }
    return {{"path", name}, {"size", bytes.size()}, {"sha256", hash.finish()}};
}

json::array files_json(const fs::path& folder, bool in_manifest) {
    json::array list;
    for (const std::string& name : checkpoint_files(folder)) {
        ProgressBar bar{"hashing " + name};
        if (in_manifest)  // the generator measures what ships with the manifest
            list.push_back(json::object{{"path", name}});
        else
            list.push_back(measured(folder, name, bar));
    }
    return list;
}

json::array tensors_json(const fs::path& folder) {
    std::vector<generator::TensorFacts> tensors;
    const bool single = fs::exists(folder / "model.safetensors");  // others are variants of it
    for (const std::string& name : checkpoint_files(folder))
        if (name.ends_with(".safetensors") && (!single || name == "model.safetensors"))
            for (generator::TensorFacts& tensor : generator::read_tensor_table(folder / name))
                tensors.push_back(std::move(tensor));
    std::sort(tensors.begin(), tensors.end(),
              [](const auto& a, const auto& b) { return a.name < b.name; });
    json::array list;
    for (const generator::TensorFacts& tensor : tensors) {
        json::array shape;
        for (std::size_t i = 0; i < tensor.shape.rank; ++i)
            shape.push_back(static_cast<std::int64_t>(tensor.shape[i]));
        list.push_back(json::object{
            {"name", tensor.name}, {"dtype", name(tensor.dtype)}, {"shape", std::move(shape)}});
    }
    return list;
}

const generator::Family& family_of(const ManifestAddOptions& options, const json::object& config) {
    std::string type = options.family;
    if (const json::value* value = config.if_contains("model_type"))
        if (type.empty() && value->is_string())
            type = std::string{value->get_string()};
    const generator::Family* family = generator::find_family(type);
    if (family != nullptr)
        return *family;
    const std::string problem =
        "the zoo has no family '" + type + "'; it has: " + generator::model_types();
    if (!options.family.empty())
        throw UsageError{"--family: " + problem};
    throw ConfigError{type.empty() ? "config.json has no 'model_type': pass --family"
                                   : "config.json: " + problem};
}

/// The fields of config.json that say what the model is, sorted.
json::object config_json(const json::object& config, const generator::Family& family) {
    std::vector<std::string> names;
    for (const auto& member : config)
        if (!member.value().is_null() && generator::may_be_in_config(family, member.key()))
            names.emplace_back(member.key());
    std::sort(names.begin(), names.end());
    json::object kept;
    for (const std::string& name : names)
        kept[name] = config.at(name);
    return kept;
}

/// The path of a folder below the manifest's, with '/' between its parts; empty where it is not.
std::string path_in_manifest(const fs::path& folder, const fs::path& manifest) {
    const fs::path relative =
        fs::weakly_canonical(folder).lexically_relative(fs::weakly_canonical(manifest));
    const bool below = !relative.empty() && relative != "." && *relative.begin() != "..";
    return below ? relative.generic_string() : std::string{};
}

json::object entry_json(const ManifestAddOptions& options, const json::object& config,
                        const generator::Family& family) {
    json::object entry{{"name", options.name}};
    const std::string inside = path_in_manifest(options.folder, options.manifest);
    const bool published = !options.repository.empty();
    if (!published && inside.empty())
        throw UsageError{
            "say where the checkpoint is published (--repository and --revision), "
            "or put its folder below " +
            options.manifest.string()};
    if (published) {
        entry["repository"] = options.repository;
        entry["revision"] = options.revision;
    } else {
        entry["folder"] = inside;
    }
    if (!options.license.empty())
        entry["license"] = options.license;
    entry["source"] = !options.source.empty() ? options.source
                      : published             ? "https://huggingface.co/" + options.repository
                                              : inside;
    if (published)
        entry["config"] = config_json(config, family);
    entry["files"] = files_json(options.folder, !published);
    if (published)
        entry["tensors"] = tensors_json(options.folder);
    return entry;
}

}  // namespace

int run(const ManifestAddOptions& options) {
    std::error_code error;
    if (!fs::is_directory(options.folder, error))
        throw FileError{options.folder.string(), "is no folder"};
    const json::object config = generator::read_json(options.folder / "config.json");
    const generator::Family& family = family_of(options, config);
    const fs::path file = options.manifest / (std::string{family.file} + ".json");
    if (!fs::exists(file, error))
        throw FileError{file.string(), "is not there: --manifest names the folder of the manifest"};
    const std::string text = with_entry(io::read_text(file.string()), file.string(), options.name,
                                        entry_json(options, config, family), options.replace);
    generator::parse_manifest(text, file);  // what the generator would refuse is not written
    io::write_file(file, text);
    std::cout << file.string() << ": " << family.enumeration << "::" << options.name
              << " written\n";
    return exit_ok;
}

}  // namespace xzoo::cli
