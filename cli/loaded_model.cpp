#include "cli/loaded_model.hpp"

#include <algorithm>
#include <utility>

#include "cli/model_source.hpp"
#include "xzoo/core/error.hpp"

namespace xzoo::cli {

struct LoadedModel::Parts {
    ModelKind kind;
    std::unique_ptr<AnyModel> model;
    Tokenizer tokenizer;
    std::size_t most_tokens;
    bool independent_labels;
    TokenBatch tokens;
};

LoadedModel::LoadedModel(Task task, const ModelOptions& options) {
    const ModelSource source = find_source(options.model, options.directory);
    const boost::json::object config = source.config();
    ModelKind kind =
        choose_kind(task, source.encoder_precision(options.precision), config, source.config_where);
    Tokenizer tokenizer = source.tokenizer();
    require_fit(tokenizer, kind.vocab_size);
    std::unique_ptr<AnyModel> model = kind.make(options.threads);
    source.load(*model, kind.description.class_name, options.directory);
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
    return cli::token_name(parts_->tokenizer, id);
}

std::string LoadedModel::mask_token() const {
    const auto id = parts_->tokenizer.special_tokens().mask;
    if (!id)
        throw ArgumentError{"the model's tokenizer has no mask token"};
    return token_name(*id);
}

}  // namespace xzoo::cli
