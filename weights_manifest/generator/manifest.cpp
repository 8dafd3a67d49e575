#include "weights_manifest/generator/manifest.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "weights_manifest/generator/cpp_text.hpp"
#include "weights_manifest/generator/facts.hpp"
#include "weights_manifest/generator/json_fields.hpp"
#include "xzoo/io/json_text.hpp"
#include "xzoo/io/safe_path.hpp"

namespace xzoo::generator {

namespace fs = std::filesystem;

namespace {

// Fields of config.json that say nothing about parameters or numbers; a manifest may state them.
constexpr std::array<std::string_view, 49> passive_config_fields{"_sliding_window_pattern",
                                                                 "architectures",
                                                                 "attention_dropout",
                                                                 "attention_probs_dropout_prob",
                                                                 "attn_pdrop",
                                                                 "bos_token_id",
                                                                 "cache_implementation",
                                                                 "classifier_dropout",
                                                                 "classifier_dropout_prob",
                                                                 "dropout",
                                                                 "embd_pdrop",
                                                                 "eos_token_id",
                                                                 "finetuning_task",
                                                                 "gradient_checkpointing",
                                                                 "hidden_dropout_prob",
                                                                 "id2label",
                                                                 "init_std",
                                                                 "initializer_range",
                                                                 "is_llama_config",
                                                                 "label2id",
                                                                 "layerdrop",
                                                                 "model_type",
                                                                 "n_ctx",
                                                                 "n_special",
                                                                 "num_labels",
                                                                 "output_past",
                                                                 "output_router_logits",
                                                                 "predict_special_tokens",
                                                                 "prefix",
                                                                 "pretraining_tp",
                                                                 "problem_type",
                                                                 "qa_dropout",
                                                                 "resid_pdrop",
                                                                 "rope_interleaved",
                                                                 "router_aux_loss_coef",
                                                                 "seq_classif_dropout",
                                                                 "summary_activation",
                                                                 "summary_first_dropout",
                                                                 "summary_last_dropout",
                                                                 "summary_proj_to_labels",
                                                                 "summary_type",
                                                                 "summary_use_proj",
                                                                 "tie_weights_",
                                                                 "tokenizer_class",
                                                                 "torch_dtype",
                                                                 "transformers_version",
                                                                 "use_bidirectional_attention",
                                                                 "use_cache",
                                                                 "use_mrope"};

template <class Range>
bool contains(const Range& range, std::string_view text) {
    return std::find(range.begin(), range.end(), text) != range.end();
}

bool is_identifier(std::string_view name) {
    const bool letters = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
    return letters && !name.empty() && name.front() >= 'a' && name.front() <= 'z' &&
           name.back() != '_' && name.find("__") == std::string_view::npos && !is_cpp_keyword(name);
}

bool is_commit(std::string_view revision) {
    return revision.size() == 40 &&
           revision.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

void read_origin(const Fields& entry, Entry& result) {
    if (entry.has("folder"))
        return;  // it ships with the project
    result.repository = entry.text("repository");
    result.revision = entry.text("revision");
    const std::size_t slash = result.repository.find('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == result.repository.size() ||
        result.repository.find('/', slash + 1) != std::string::npos ||
        !io::unsafe_relative_path(result.repository).empty())
        entry.wrong("repository", "OWNER/NAME", entry.get("repository"));
    if (!is_commit(result.revision) && !contains(result.unverified, "revision"))
        entry.fail("'revision': expected a commit of 40 hexadecimal digits, found \"" +
                   result.revision +
                   "\"; a branch is no pinned revision, so list it in "
                   "'unverified'");
}

void read_config(const Fields& entry, const Family& family, const boost::json::object& config,
                 Entry& result) {
    const Fields fields{config, entry.where() + ": config"};
    for (const auto& member : config)
        if (!may_be_in_config(family, member.key()))
            fields.fail("unknown field '" + std::string{member.key()} + "' of a " +
                        std::string{family.model_type} + " config");
    fields.get("model_type");
    const boost::json::value& classes = fields.get("architectures");
    if (!classes.is_array() || classes.get_array().size() != 1 ||
        !classes.get_array()[0].is_string())
        fields.wrong("architectures", "a list of one class", classes);
    result.architecture = std::string{classes.get_array()[0].get_string()};
    result.model = family.model_name(result.architecture);
    if (result.model.empty())
        fields.wrong("architectures", "one of " + family.architectures(), classes);
    result.config_json = io::pretty_text(config);
    try {
        result.config_braces = family.config_text(config, entry.where());
    } catch (const ConfigError& error) {
        throw ManifestError{error.what()};
    }
}

void read_unverified(const Fields& entry, Entry& result) {
    for (const boost::json::value& item : entry.list_or_empty("unverified")) {
        if (!item.is_string() || item.get_string().empty())
            entry.wrong("unverified", "names of keys or config fields", item);
        result.unverified.emplace_back(item.get_string());
    }
}

boost::json::object config_of(const Fields& entry, const fs::path& folder) {
    if (folder.empty())
        return entry.object("config");
    if (entry.has("config"))
        entry.fail("the config of an entry with a folder is its config.json: leave it out");
    boost::json::object config = read_json(folder / "config.json");
    return config;
}

fs::path folder_of(const Fields& entry, const fs::path& manifest) {
    if (!entry.has("folder"))
        return {};
    const std::string folder = entry.text("folder");
    if (const std::string_view problem = io::unsafe_relative_path(folder); !problem.empty())
        entry.fail("'folder' \"" + folder + "\" " + std::string{problem});
    for (const char* key : {"repository", "revision"})
        if (entry.has(key))
            entry.fail("has a 'folder' and a '" + std::string{key} + "': one of them is enough");
    return manifest.parent_path() / folder;
}

Entry read_facts(const Fields& entry, const Family& family, const fs::path& manifest) {
    entry.allow_only({"name", "repository", "revision", "folder", "license", "source", "config",
                      "files", "tensors", "metrics", "num_parameters", "unverified"});
    Entry result;
    result.name = entry.text("name");
    const fs::path folder = folder_of(entry, manifest);
    read_unverified(entry, result);
    read_origin(entry, result);
    result.license = entry.text_or_empty("license");
    result.source = entry.text("source");
    read_config(entry, family, config_of(entry, folder), result);
    result.files = read_files(entry, folder);
    result.tensors = read_tensors(entry, result.files, folder);
    result.metrics = read_metrics(entry, folder);
    result.num_parameters = entry.number_or_zero("num_parameters");
    return result;
}

Entry read_entry(const Fields& entry, const Family& family, const fs::path& manifest) {
    try {
        return read_facts(entry, family, manifest);
    } catch (const ManifestError&) {
        throw;
    } catch (const Error& error) {  // of a file in the entry's folder
        throw ManifestError{entry.where() + ": " + error.what()};
    }
}

std::string entry_place(const std::string& file, const boost::json::array& entries, std::size_t i) {
    const boost::json::value* name =
        entries[i].is_object() ? entries[i].get_object().if_contains("name") : nullptr;
    if (name && name->is_string())
        return file + ": entry '" + std::string{name->get_string()} + '\'';
    return file + ": entry number " + std::to_string(i + 1);
}

}  // namespace

bool may_be_in_config(const Family& family, std::string_view field) {
    return contains(passive_config_fields, field) || family.has_field(field);
}

void check_name(const std::string& name) {
    if (!is_free_identifier(name))
        throw ManifestError{"NAME: expected a C++ identifier, found \"" + name + '"'};
}

bool Entry::verifiable() const {
    return std::any_of(files.begin(), files.end(), [](const FileFacts& file) {
        return is_weight_file(file.path) && !file.sha256.empty();
    });
}

Manifest read_manifest(const fs::path& file) {
    return parse_manifest(io::read_text(file.string()), file);
}

Manifest parse_manifest(std::string_view text, const fs::path& file) {
    const std::string name = file.filename().string();
    const boost::json::object json = parse_json(text, file.string());
    const Fields root{json, name};
    root.allow_only({"$schema", "family", "classes", "default", "entries"});
    Manifest manifest;
    manifest.family = find_family(root.text("family"));
    if (!manifest.family)
        root.wrong("family", "one of " + model_types(), root.get("family"));
    if (file.stem() != manifest.family->file)
        root.fail("the manifest of " + root.text("family") + " must be called " +
                  std::string{manifest.family->file} + ".json");
    root.get("entries");
    const boost::json::array entries = root.list_or_empty("entries");
    std::set<std::string> names;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const std::string place = entry_place(name, entries, i);
        if (!entries[i].is_object())
            throw ManifestError{place + ": expected an object"};
        const Fields entry{entries[i].get_object(), place};
        if (!is_identifier(entry.text("name")))
            entry.fail(
                "'name': expected lower-case letters, digits and single underscores, as "
                "an enumerator can be called");
        if (!names.insert(entry.text("name")).second)
            entry.fail("is there twice");
        manifest.entries.push_back(read_entry(entry, *manifest.family, file));
    }
    manifest.default_name = root.text_or_empty("default");
    if (!manifest.default_name.empty() && !names.contains(manifest.default_name))
        root.fail("'default' is \"" + manifest.default_name + "\", which is no entry");
    if (manifest.default_name.empty() && !entries.empty())
        root.fail("'default' is missing");
    std::sort(manifest.entries.begin(), manifest.entries.end(),
              [](const Entry& a, const Entry& b) { return a.name < b.name; });
    return manifest;
}

}  // namespace xzoo::generator
