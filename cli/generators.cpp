#include "cli/generators.hpp"

#include <array>

namespace xzoo::cli {

std::vector<GeneratorKind> all_generators() {
    std::vector<GeneratorKind> all;
    constexpr std::array families{
        &bloom_generators,       &falcon_generators,  &gemma_generators,     &gemma2_generators,
        &gemma3_text_generators, &gpt2_generators,    &gpt_neox_generators,  &gptj_generators,
        &llama_generators,       &mistral_generators, &mixtral_generators,   &olmo_generators,
        &openai_gpt_generators,  &opt_generators,     &phi_generators,       &phi3_generators,
        &qwen2_generators,       &qwen3_generators,   &starcoder2_generators};
    for (const auto family : families) {
        const std::vector<GeneratorKind> kinds = family();
        all.insert(all.end(), kinds.begin(), kinds.end());
    }
    return all;
}

GeneratorKind choose_generator(Precision precision, const boost::json::object& config,
                               const std::string& where) {
    std::vector<GeneratorKind> kinds;
    std::vector<ModelDescription> descriptions;
    for (const GeneratorKind& kind : all_generators())
        if (kind.precision == precision) {
            kinds.push_back(kind);
            descriptions.push_back(kind.description);
        }
    return kinds[choose_model(descriptions, config, where)];
}

}  // namespace xzoo::cli
