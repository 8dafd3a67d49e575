#include "cli/loaded_model.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <utility>

#include "cli/embedded.hpp"
#include "cli/entries.hpp"
#include "cli/terminal.hpp"
#include "xzoo/core/error.hpp"
#include "xzoo/hub/locate.hpp"
#include "xzoo/hub/repository.hpp"
#include "xzoo/io/config_json.hpp"
#include "xzoo/io/json_text.hpp"
#include "xzoo/io/quote.hpp"
#include "xzoo/text/tokenizer.hpp"

namespace xzoo::cli {

namespace fs = std::filesystem;

namespace {

/// Where a model's parts come from.
struct Source {
    std::string config_json;
    std::string config_where;
    std::function<void(AnyModel&, const io::LoadOptions&)> load;
    std::function<Tokenizer()> tokenizer;
};

Source embedded_source() {
    return {.config_json = std::string{embedded_config()},
            .config_where = "the config that this program carries",
            .load =
                [](AnyModel& model, const io::LoadOptions& options) {
                    model.load(embedded_weights(), embedded_config(), options);
                },
            .tokenizer = [] { return Tokenizer::from_json(embedded_tokenizer()); }};
}

/// A folder, or a file of weights with its config.json beside it.
Source path_source(const fs::path& path) {
    const fs::path folder = fs::is_directory(path) ? path : path.parent_path();
    const std::string config = (folder / "config.json").string();
    return {.config_json = io::read_text(config),
            .config_where = config,
            .load = [path](AnyModel& model,
                           const io::LoadOptions& options) { model.load(path, options); },
            .tokenizer = [folder] { return Tokenizer::from_pretrained(folder); }};
}

Source entry_source(const WeightEntry& entry, const fs::path& directory) {
    if (entry.name == embedded_model_name && directory.empty())
        return embedded_source();
    const hub::LocatedFiles files = hub::locate(entry, directory);
    const fs::path folder = files.weights.parent_path();
    return {.config_json = files.config.empty() ? std::string{entry.config}
                                                : io::read_text(files.config.string()),
            .config_where = files.config.empty() ? "the manifest's config of " + full_name(entry)
                                                 : files.config.string(),
            .load = [&entry](AnyModel& model,
                             const io::LoadOptions& options) { model.load(entry, options); },
            .tokenizer = [folder] { return Tokenizer::from_pretrained(folder); }};
}

Source find_source(const ModelOptions& options) {
    if (options.model.empty())
        return embedded_source();
    if (fs::exists(options.model))
        return path_source(options.model);
    std::string problem;
    try {
        const WeightEntry& entry = find_entry(options.model);
        return entry_source(entry, options.directory);
    } catch (const ArgumentError& error) {
        problem = error.what();
    }
    if (hub::is_repository_id(options.model))
        if (const auto folder = hub::find_repository(hub::read_environment(), options.model))
            return path_source(*folder);
    throw ArgumentError{"--model: there is no folder and no repository in the cache called " +
                        io::quote_name(options.model) + "; " + problem};
}

/// Every parameter must have come from the checkpoint; what else it held (another head, a pooler)
/// does not matter for an answer.
void require_complete(const LoadReport& report, const ModelKind& kind) {
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
                           std::string{kind.description.class_name} + ": " + names,
                       report};
}

}  // namespace

struct LoadedModel::Parts {
    ModelKind kind;
    std::unique_ptr<AnyModel> model;
    Tokenizer tokenizer;
    std::size_t most_tokens;
    bool independent_labels;
    TokenBatch tokens;
};

LoadedModel::LoadedModel(Task task, const ModelOptions& options) {
    const Source source = find_source(options);
    const boost::json::object config = io::parse_object(source.config_json, source.config_where);
    ModelKind kind = choose_kind(task, config, source.config_where);
    Tokenizer tokenizer = source.tokenizer();
    if (tokenizer.id_end() > kind.vocab_size)
        throw ArgumentError{
            "the tokenizer has ids up to " + std::to_string(tokenizer.id_end() - 1) +
            ", but 'vocab_size' of the model is " + std::to_string(kind.vocab_size)};
    std::unique_ptr<AnyModel> model = kind.make(options.threads);
    ProgressBar bar{"loading"};
    source.load(*model, {.strict = false,
                         .directory = options.directory,
                         .progress = [&](auto done, auto total) { bar.update(done, total); }});
    bar.clear();
    require_complete(model->report(), kind);
    const boost::json::value* problem = config.if_contains("problem_type");
    const bool independent =
        model->labels().size() == 1 ||
        (problem && problem->is_string() && problem->get_string() == "multi_label_classification");
    const std::size_t most =
        std::min(kind.max_tokens, tokenizer.model_max_length().value_or(kind.max_tokens));
    parts_ = std::make_unique<Parts>(
        Parts{std::move(kind), std::move(model), std::move(tokenizer), most, independent, {}});
}

LoadedModel::~LoadedModel() = default;

Answer LoadedModel::run(std::span<const Text> texts) {
    const EncodeOptions options{.truncation = Truncation::longest_first,
                                .max_length = parts_->most_tokens};
    std::vector<Encoding> encodings;
    std::size_t length = 0;
    for (const Text& text : texts) {
        encodings.push_back(text.is_pair
                                ? parts_->tokenizer.encode(text.first, text.second, options)
                                : parts_->tokenizer.encode(text.first, options));
        length = std::max(length, encodings.back().size());
    }
    const SpecialTokenIds& special = parts_->tokenizer.special_tokens();
    TokenBatch& tokens = parts_->tokens;
    tokens.batch = texts.size();
    tokens.length = length;
    tokens.ids.assign(tokens.batch * length, special.pad.value_or(0));
    tokens.types.assign(tokens.batch * length, 0);
    tokens.mask.assign(tokens.batch * length, 0.0F);
    Answer answer{.batch = tokens.batch, .length = length};
    for (std::size_t i = 0; i < encodings.size(); ++i) {
        const Encoding& encoding = encodings[i];
        std::copy(encoding.ids.begin(), encoding.ids.end(), tokens.ids.data() + i * length);
        std::copy(encoding.type_ids.begin(), encoding.type_ids.end(),
                  tokens.types.data() + i * length);
        std::fill_n(tokens.mask.data() + i * length, encoding.size(), 1.0F);
        for (std::size_t t = 0; t < encoding.size(); ++t)
            if (special.mask && encoding.ids[t] == *special.mask)
                answer.masks.push_back({i, t, encoding.offsets[t].begin, encoding.offsets[t].end});
    }
    answer.values = parts_->model->run(tokens);
    answer.mask = tokens.mask;
    const bool per_token = parts_->kind.task != Task::classify;
    answer.width = answer.values.size() / (tokens.batch * (per_token ? length : 1));
    return answer;
}

const std::vector<std::string>& LoadedModel::labels() const {
    return parts_->model->labels();
}

bool LoadedModel::has_independent_labels() const {
    return parts_->independent_labels;
}

std::string LoadedModel::token_text(std::uint32_t id) const {
    return parts_->tokenizer.decode(std::span{&id, 1}, {.skip_special_tokens = false});
}

std::string LoadedModel::token_name(std::uint32_t id) const {
    try {
        return std::string{parts_->tokenizer.id_to_token(id)};
    } catch (const TokenizerError&) {  // models may have more rows than the tokenizer has tokens
        return "[id " + std::to_string(id) + ']';
    }
}

std::string LoadedModel::mask_token() const {
    const auto id = parts_->tokenizer.special_tokens().mask;
    if (!id)
        throw ArgumentError{"the model's tokenizer has no mask token"};
    return token_name(*id);
}

}  // namespace xzoo::cli
