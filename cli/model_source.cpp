#include "cli/model_source.hpp"

#include <algorithm>

#include "cli/embedded.hpp"
#include "cli/entries.hpp"
#include "cli/terminal.hpp"
#include "xzoo/core/error.hpp"
#include "xzoo/hub/locate.hpp"
#include "xzoo/hub/repository.hpp"
#include "xzoo/io/config_json.hpp"
#include "xzoo/io/json_text.hpp"
#include "xzoo/io/quote.hpp"

namespace xzoo::cli {

namespace fs = std::filesystem;

namespace {

ModelSource embedded_source(const EmbeddedModel& files) {
    return {.config_json = std::string{files.config},
            .config_where = "the config that this program carries",
            .generation_config = files.generation_config,
            .folder = {},
            .load_weights =
                [&files](Loadable& model, const io::LoadOptions& options) {
                    model.load(files.weights, files.config, options);
                },
            .tokenizer = [&files] { return Tokenizer::from_json(files.tokenizer); }};
}

/// A folder, or a file of weights with its config.json beside it.
ModelSource path_source(const fs::path& path) {
    const fs::path folder = fs::is_directory(path) ? path : path.parent_path();
    const std::string config = (folder / "config.json").string();
    return {.config_json = io::read_text(config),
            .config_where = config,
            .folder = folder,
            .load_weights = [path](Loadable& model,
                                   const io::LoadOptions& options) { model.load(path, options); },
            .tokenizer = [folder] { return Tokenizer::from_pretrained(folder); }};
}

ModelSource entry_source(const WeightEntry& entry, const fs::path& directory) {
    if (const EmbeddedModel* files = find_embedded(entry.name); files && directory.empty())
        return embedded_source(*files);
    const hub::LocatedFiles files = hub::locate(entry, directory);
    const fs::path folder = files.weights.parent_path();
    return {
        .config_json =
            files.config.empty() ? std::string{entry.config} : io::read_text(files.config.string()),
        .config_where = files.config.empty() ? "the manifest's config of " + full_name(entry)
                                             : files.config.string(),
        .folder = folder,
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

}  // namespace

boost::json::object ModelSource::config() const {
    return io::parse_object(config_json, config_where);
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
    if (fs::exists(name))
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
    return fs::exists(name) ? Tokenizer::from_pretrained(name)
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
