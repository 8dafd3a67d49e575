// The reader of generation_config.json on any text: it throws a FileError or a ConfigError, or
// returns settings that resolve to a config without gaps or are refused as a whole.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "xzoo/generation/read_generation_config.hpp"

namespace {

void require(bool condition) {
    if (!condition)
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    try {
        xzoo::GenerationFile file = xzoo::read_generation_config(text, "fuzz");
        xzoo::add_special_tokens(file.config, text, "fuzz");
        const xzoo::GenerationConfig config =
            xzoo::generation::resolve_config({}, file.config, 1000);
        require(*config.max_length > 0 && config.max_new_tokens != 0U);
        require(*config.num_beams % *config.num_beam_groups == 0);
        require(*config.top_p >= 0.0F && *config.top_p <= 1.0F && *config.temperature > 0.0F);
        require(*config.num_return_sequences == 1 || *config.num_beams > 1 || *config.do_sample);
        if (config.bad_words_ids)
            for (const auto& word : *config.bad_words_ids)
                for (const std::uint32_t id : word)
                    require(id < 1000);
    } catch (const xzoo::FileError&) {
    } catch (const xzoo::ConfigError&) {
    } catch (const xzoo::ArgumentError&) {
    }
    return 0;
}
