#include "cli/embedded.hpp"

#include <array>

#include "language_id.hpp"
#include "language_model.hpp"

namespace xzoo::cli {

namespace {

std::string_view text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

const EmbeddedModel* find_embedded(std::string_view entry) {
    static const std::array models{
        EmbeddedModel{.entry = "language_id",
                      .weights = language_id::model_safetensors(),
                      .config = text_of(language_id::config_json()),
                      .tokenizer = text_of(language_id::tokenizer_json()),
                      .generation_config = {}},
        EmbeddedModel{.entry = "language_model",
                      .weights = language_model::model_safetensors(),
                      .config = text_of(language_model::config_json()),
                      .tokenizer = text_of(language_model::tokenizer_json()),
                      .generation_config = text_of(language_model::generation_config_json())}};
    for (const EmbeddedModel& model : models)
        if (model.entry == entry)
            return &model;
    return nullptr;
}

bool is_embedded(std::string_view entry, std::string_view file) {
    const EmbeddedModel* model = find_embedded(entry);
    return model != nullptr &&
           (file == "model.safetensors" || file == "config.json" || file == "tokenizer.json" ||
            (file == "generation_config.json" && !model->generation_config.empty()));
}

}  // namespace xzoo::cli
