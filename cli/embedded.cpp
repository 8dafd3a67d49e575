#include "cli/embedded.hpp"

#include "language_id.hpp"

namespace xzoo::cli {

namespace {

std::string_view text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::span<const std::byte> embedded_weights() {
    return language_id::model_safetensors();
}
std::string_view embedded_config() {
    return text_of(language_id::config_json());
}
std::string_view embedded_tokenizer() {
    return text_of(language_id::tokenizer_json());
}

}  // namespace xzoo::cli
