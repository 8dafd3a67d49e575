// Whether tests/compile_fail has a mistake for every rule and every field of every config.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "tests/support.hpp"
#include "tests/temp_folder.hpp"
#include "xzoo/core/config.hpp"
#include "zoo/albert.hpp"
#include "zoo/bert.hpp"
#include "zoo/bloom.hpp"
#include "zoo/distilbert.hpp"
#include "zoo/electra.hpp"
#include "zoo/falcon.hpp"
#include "zoo/gemma.hpp"
#include "zoo/gemma2.hpp"
#include "zoo/gemma3_text.hpp"
#include "zoo/gpt2.hpp"
#include "zoo/gpt_neox.hpp"
#include "zoo/gptj.hpp"
#include "zoo/llama.hpp"
#include "zoo/mistral.hpp"
#include "zoo/mixtral.hpp"
#include "zoo/mpnet.hpp"
#include "zoo/olmo.hpp"
#include "zoo/openai_gpt.hpp"
#include "zoo/opt.hpp"
#include "zoo/phi.hpp"
#include "zoo/phi3.hpp"
#include "zoo/qwen2.hpp"
#include "zoo/qwen3.hpp"
#include "zoo/qwen3_moe.hpp"
#include "zoo/roberta.hpp"
#include "zoo/starcoder2.hpp"
#include "zoo/xlm_roberta.hpp"

namespace {

using namespace xzoo;

const std::filesystem::path tests_dir = test::data_dir().parent_path();

/// The texts that a file of compile-fail tests expects: config_FAMILY.cpp.
std::set<std::string> expected_texts(const std::string& family) {
    std::ifstream file{tests_dir / "compile_fail" / ("config_" + family + ".cpp")};
    INFO(family);
    REQUIRE(file);
    std::set<std::string> texts;
    const std::string mark = "// expect: ";
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(mark))
            texts.insert(line.substr(mark.size()));
    return texts;
}

/// Rules as "Config: ..." and fields as "'field' of the entry differs from the model's Config".
template <class Config>
std::vector<std::string> all_texts(const std::string& config_type) {
    std::vector<std::string> texts;
    const Config config{};
    visit_rules(config,
                [&](bool, const std::string& text, const auto&...) { texts.push_back(text); });
    visit_fields(config, [&](const std::string& field, const auto&) {
        texts.push_back('\'' + field + "' of the entry differs from the model's " + config_type);
    });
    return texts;
}

/// The configs that a test of this file has looked at.
std::set<std::string>& looked_at() {
    static std::set<std::string> configs;
    return configs;
}

template <class Config>
void every_rule_and_field_is_tested(const std::string& family, const std::string& config_type) {
    looked_at().insert(config_type);
    const std::set<std::string> expected = expected_texts(family);
    const std::vector<std::string> texts = all_texts<Config>(config_type);
    for (const std::string& text : texts) {
        INFO(text);
        CHECK(std::any_of(expected.begin(), expected.end(), [&](const std::string& known) {
            return text.starts_with(known) && known.size() > config_type.size() + 2;
        }));
    }
    CHECK(texts.size() == expected.size());
}

/// Without the name of the config: what families that are built alike have in common.
std::string without_config(std::string text, const std::string& config_type) {
    const std::size_t at = text.find(config_type);
    return at == std::string::npos ? text : text.erase(at, config_type.size());
}

/// Texts of config_decoders.cpp, in which a rule or field that families share is tested on one.
struct SharedTexts {
    std::set<std::string> found{};
    std::set<std::string> needed{};

    template <class Config>
    void add(const std::string& config_type) {
        looked_at().insert(config_type);
        for (const std::string& text : all_texts<Config>(config_type))
            needed.insert(without_config(text, config_type));
        for (const std::string& text : expected_texts("decoders"))
            if (text.find(config_type) != std::string::npos)
                found.insert(without_config(text, config_type));
    }
};

}  // namespace

TEST_CASE("every rule and every field of a config has a compile-fail test", "[io]") {
    every_rule_and_field_is_tested<AlbertConfig>("albert", "AlbertConfig");
    every_rule_and_field_is_tested<BertConfig>("bert", "BertConfig");
    every_rule_and_field_is_tested<BloomConfig>("bloom", "BloomConfig");
    every_rule_and_field_is_tested<DistilBertConfig>("distilbert", "DistilBertConfig");
    every_rule_and_field_is_tested<ElectraConfig>("electra", "ElectraConfig");
    every_rule_and_field_is_tested<FalconConfig>("falcon", "FalconConfig");
    every_rule_and_field_is_tested<Gpt2Config>("gpt2", "Gpt2Config");
    every_rule_and_field_is_tested<GptNeoXConfig>("gpt_neox", "GptNeoXConfig");
    every_rule_and_field_is_tested<GptJConfig>("gptj", "GptJConfig");
    every_rule_and_field_is_tested<MpnetConfig>("mpnet", "MpnetConfig");
    every_rule_and_field_is_tested<OlmoConfig>("olmo", "OlmoConfig");
    every_rule_and_field_is_tested<OpenAiGptConfig>("openai_gpt", "OpenAiGptConfig");
    every_rule_and_field_is_tested<OptConfig>("opt", "OptConfig");
    every_rule_and_field_is_tested<PhiConfig>("phi", "PhiConfig");
    every_rule_and_field_is_tested<Phi3Config>("phi3", "Phi3Config");
    every_rule_and_field_is_tested<RobertaConfig>("roberta", "RobertaConfig");
    every_rule_and_field_is_tested<Starcoder2Config>("starcoder2", "Starcoder2Config");
    every_rule_and_field_is_tested<XlmRobertaConfig>("xlm_roberta", "XlmRobertaConfig");

    SharedTexts shared;
    shared.add<GemmaConfig>("GemmaConfig");
    shared.add<Gemma2Config>("Gemma2Config");
    shared.add<Gemma3TextConfig>("Gemma3TextConfig");
    shared.add<LlamaConfig>("LlamaConfig");
    shared.add<MistralConfig>("MistralConfig");
    shared.add<MixtralConfig>("MixtralConfig");
    shared.add<Qwen2Config>("Qwen2Config");
    shared.add<Qwen3Config>("Qwen3Config");
    shared.add<Qwen3MoeConfig>("Qwen3MoeConfig");
    for (const std::string& text : shared.needed) {
        INFO(text);
        CHECK(std::any_of(shared.found.begin(), shared.found.end(),
                          [&](const std::string& known) { return text.starts_with(known); }));
    }

    // No family of the zoo was forgotten.
    std::set<std::string> configs;
    for (const auto& header : std::filesystem::directory_iterator{tests_dir.parent_path() / "zoo"})
        if (header.is_regular_file()) {
            const std::string text = test::read_file(header.path());
            const std::string macro = "\nXZOO_CONFIG_RULES(";
            if (const std::size_t at = text.find(macro); at != std::string::npos) {
                const std::size_t begin = at + macro.size();
                configs.insert(text.substr(begin, text.find(',', begin) - begin));
            }
        }
    CHECK(configs == looked_at());
}
