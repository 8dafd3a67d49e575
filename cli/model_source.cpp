#include "cli/model_source.hpp"

#include <algorithm>
#include <system_error>

#include "cli/embedded.hpp"
#include "cli/entries.hpp"
#include "cli/terminal.hpp"
#include "xzoo/core/error.hpp"
#include "xzoo/hub/locate.hpp"
#include "xzoo/hub/repository.hpp"
#include "xzoo/io/config_json.hpp"
#include "xzoo/io/json_text.hpp"
#include "xzoo/io/packed_file.hpp"
#include "xzoo/io/quote.hpp"

namespace xzoo::cli {

namespace fs = std::filesystem;

namespace {

/// Whether there is something of this name. A name that no file can have is none.
/// Errors  FileError: there may be, but this user must not look.
bool is_there(const fs::path& path) {
    std::error_code error;
    const bool found = fs::exists(path, error);
    if (error == std::errc::permission_denied)
        throw FileError{path.string(), "cannot be looked at: " + error.message()};
    return found;
}

/// The folder that a file lies in.
fs::path folder_of(const fs::path& file) {
    const fs::path folder = file.parent_path();
    return folder.empty() ? fs::path{"."} : folder;
}

ModelSource embedded_source(const EmbeddedModel& files) {
    return {.config_json = std::string{files.config},
            .config_where = "the config that this program carries",
            .generation_config = files.generation_config,
            .folder = {},
            .tokenizer_json = files.tokenizer,
            .open_weights =
                [&files] { return io::Checkpoint::from_span(files.weights, "the embedded file"); },
            .load_weights =
                [&files](Loadable& model, const io::LoadOptions& options) {
                    model.load(files.weights, files.config, options);
                },
            .tokenizer = [&files] { return Tokenizer::from_json(files.tokenizer); }};
}

/// A folder, or a file of weights with its config.json beside it.
ModelSource path_source(const fs::path& path) {
    std::error_code error;
    const fs::path folder = fs::is_directory(path, error) ? path : folder_of(path);
    const std::string config = (folder / "config.json").string();
    return {.config_json = io::read_text(config),
            .config_where = config,
            .folder = folder,
            .open_weights = [path] { return io::Checkpoint::open(path); },
            .load_weights = [path](Loadable& model,
                                   const io::LoadOptions& options) { model.load(path, options); },
            .tokenizer = [folder] { return Tokenizer::from_pretrained(folder); }};
}

ModelSource entry_source(const WeightEntry& entry, const fs::path& directory) {
    if (const EmbeddedModel* files = find_embedded(entry.name); files && directory.empty())
        return embedded_source(*files);
    const hub::LocatedFiles files = hub::locate(entry, directory);
    const fs::path folder = folder_of(files.weights);
    return {
        .config_json =
            files.config.empty() ? std::string{entry.config} : io::read_text(files.config.string()),
        .config_where = files.config.empty() ? "the manifest's config of " + full_name(entry)
                                             : files.config.string(),
        .folder = folder,
        .open_weights = [file = files.weights] { return io::Checkpoint::open(file); },
        .load_weights = [&entry](Loadable& model,
                                 const io::LoadOptions& options) { model.load(entry, options); },
        .tokenizer = [folder] { return Tokenizer::from_pretrained(folder); }};
}

/// Every parameter must have come from the checkpoint; what else it held (another head, a pooler)
/// does not matter for an answer.
void require_complete(const LoadReport& report, std::string_view class_name) {
    if (report.missing.empty())
        return;
    constexpr std::size_t shown = 5;
    std::string names;
    for (std::size_t i = 0; i < std::min(shown, report.missing.size()); ++i)
        names += (i == 0 ? "" : ", ") + report.missing[i];
    if (report.missing.size() > shown)
        names += ", ...";
    throw WeightsError{"the checkpoint has no weights for " +
                           io::counted(report.missing.size(), "parameter") + " of " +
                           std::string{class_name} + ": " + names,
                       report};
}

/// Whether most bytes of the weights are BF16 or F16.
bool has_16_bit_weights(const io::Checkpoint& checkpoint) {
    std::uint64_t narrow = 0;  // bytes
    for (const io::TensorView& tensor : checkpoint.tensors())
        if (tensor.dtype == Dtype::bf16 || tensor.dtype == Dtype::f16)
            narrow += tensor.bytes.size();
    return narrow > checkpoint.total_size() / 2;
}

}  // namespace

boost::json::object ModelSource::config() const {
    return io::parse_object(config_json, config_where);
}

std::optional<Precision> ModelSource::packed_precision() const {
    const io::Checkpoint checkpoint = open_weights();
    if (!io::is_packed(checkpoint))
        return std::nullopt;
    return precision_named(io::packed_facts(checkpoint).precision);
}

Precision ModelSource::encoder_precision(const std::string& word) const {
    const std::optional<Precision> named = precision_named(word);
    return named ? *named : packed_precision().value_or(Precision::f32);
}

Precision ModelSource::generator_precision(const std::string& word) const {
    if (const std::optional<Precision> named = precision_named(word))
        return *named;
    if (const std::optional<Precision> packed = packed_precision())
        return *packed;
    return has_16_bit_weights(open_weights()) ? Precision::bf16 : Precision::f32;
}

void ModelSource::load(Loadable& model, std::string_view class_name,
                       const fs::path& directory) const {
    ProgressBar bar{"loading"};
    load_weights(model, {.strict = false,
                         .directory = directory,
                         .progress = [&](auto done, auto total) { bar.update(done, total); }});
    bar.clear();
    require_complete(model.report(), class_name);
}

ModelSource find_source(const std::string& name, const fs::path& directory) {
    if (name.empty())
        return embedded_source(*find_embedded(default_model_name));
    if (is_there(name))
        return path_source(name);
    std::string problem;
    try {
        const WeightEntry& entry = find_entry(name);
        return entry_source(entry, directory);
    } catch (const ArgumentError& error) {
        problem = error.what();
    }
    if (hub::is_repository_id(name))
        if (const auto folder = hub::find_repository(hub::read_environment(), name))
            return path_source(*folder);
    throw ArgumentError{"there is no folder and no repository in the cache called " +
                        io::quote_name(name) + "; " + problem};
}

Tokenizer find_tokenizer(const std::string& name, const fs::path& directory) {
    return is_there(name) ? Tokenizer::from_pretrained(name)
                          : find_source(name, directory).tokenizer();
}

void require_fit(const Tokenizer& tokenizer, std::size_t vocab_size) {
    if (tokenizer.id_end() > vocab_size)
        throw ArgumentError{"the tokenizer has ids up to " +
                            std::to_string(tokenizer.id_end() - 1) +
                            ", but 'vocab_size' of the model is " + std::to_string(vocab_size)};
}

std::string token_name(const Tokenizer& tokenizer, std::uint32_t id) {
    try {
        return std::string{tokenizer.id_to_token(id)};
    } catch (const TokenizerError&) {
        return "[id " + std::to_string(id) + ']';
    }
}

}  // namespace xzoo::cli
