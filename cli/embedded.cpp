#include "cli/embedded.hpp"

#include <array>

#include "language_id.hpp"
#ifdef XZOO_HAS_LANGUAGE_MODEL
#include "language_model.hpp"
#endif

namespace xzoo::cli {

namespace {

std::string_view text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

const EmbeddedModel* find_embedded(std::string_view entry) {
    static const std::array models{EmbeddedModel{"language_id", language_id::model_safetensors(),
                                                 text_of(language_id::config_json()),
                                                 text_of(language_id::tokenizer_json())}};
    for (const EmbeddedModel& model : models)
        if (model.entry == entry)
            return &model;
    return nullptr;
}

}  // namespace xzoo::cli
