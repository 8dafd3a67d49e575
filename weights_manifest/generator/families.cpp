#include "weights_manifest/generator/families.hpp"

#include <array>
#include <type_traits>

#include "weights_manifest/generator/cpp_text.hpp"
#include "xzoo/core/rope_scaling.hpp"
#include "xzoo/io/config_json.hpp"
#include "zoo/config/albert.hpp"
#include "zoo/config/bert.hpp"
#include "zoo/config/bloom.hpp"
#include "zoo/config/distilbert.hpp"
#include "zoo/config/electra.hpp"
#include "zoo/config/falcon.hpp"
#include "zoo/config/gpt2.hpp"
#include "zoo/config/gpt_neox.hpp"
#include "zoo/config/gptj.hpp"
#include "zoo/config/llama.hpp"
#include "zoo/config/mpnet.hpp"
#include "zoo/config/olmo.hpp"
#include "zoo/config/openai_gpt.hpp"
#include "zoo/config/opt.hpp"
#include "zoo/config/phi.hpp"
#include "zoo/config/phi3.hpp"
#include "zoo/config/roberta.hpp"
#include "zoo/config/starcoder2.hpp"
#include "zoo/config/xlm_roberta.hpp"

namespace xzoo::generator {

namespace {

template <class Enum>
constexpr std::string_view enum_name = "";
template <>
constexpr std::string_view enum_name<Activation> = "Activation";
template <>
constexpr std::string_view enum_name<PositionEmbedding> = "PositionEmbedding";
template <>
constexpr std::string_view enum_name<SummaryType> = "SummaryType";
template <>
constexpr std::string_view enum_name<RopeType> = "RopeType";
template <>
constexpr std::string_view enum_name<Phi3RopeType> = "Phi3RopeType";

template <class Value>
std::string value_text(const Value& value, std::size_t indent);

/// The braces that initialise a struct, without fields that have the class's default.
template <class Config>
std::string braces(const Config& config, std::size_t indent) {
    const Config defaults{};
    const std::string margin(indent, ' ');
    std::string text;
    visit_fields(config, [&](std::string_view field, const auto& value) {
        bool is_default = false;
        visit_fields(defaults, [&, field](std::string_view other, const auto& default_value) {
            if constexpr (std::is_same_v<decltype(value), decltype(default_value)>)
                is_default = is_default || (field == other && value == default_value);
        });
        if (!is_default)
            text += margin + "    ." + std::string{field} + " = " + value_text(value, indent + 4) +
                    ",\n";
    });
    return text.empty() ? "{}" : "{\n" + text + margin + "}";
}

template <class Value>
std::string value_text(const Value& value, std::size_t indent) {
    if constexpr (NestedConfig<Value>) {
        return braces(value, indent);
    } else if constexpr (NumberList<Value>) {
        std::string items;
        for (std::size_t i = 0; i < value.size; ++i)
            items += (i == 0 ? "" : ", ") + value_text(value.values[i], indent);
        return "{" + std::to_string(value.size) + ", {" + items + "}}";
    } else {
        return cpp_value(value, enum_name<Value>);
    }
}

template <class Config>
std::string config_text(const boost::json::object& json, const std::string& where) {
    return braces(io::read_config<Config>(json, where), 4);
}

template <class Config>
bool has_field(std::string_view name) {
    bool found = false;
    const Config config{};
    visit_fields(config,
                 [&](std::string_view field, const auto&) { found = found || field == name; });
    if constexpr (requires { Config::aliases; }) {
        for (const FieldAlias& alias : Config::aliases)
            found = found || alias.name == name;
    }
    if constexpr (requires { Config::ignored; }) {
        for (const std::string_view field : Config::ignored)
            found = found || field == name;
    }
    return found;
}

using Names = std::string_view;
constexpr std::array bert_suffixes{Names{"Model"},
                                   Names{"ForPreTraining"},
                                   Names{"ForMaskedLM"},
                                   Names{"LMHeadModel"},
                                   Names{"ForNextSentencePrediction"},
                                   Names{"ForSequenceClassification"},
                                   Names{"ForMultipleChoice"},
                                   Names{"ForTokenClassification"},
                                   Names{"ForQuestionAnswering"}};
constexpr std::array roberta_suffixes{Names{"Model"},
                                      Names{"ForMaskedLM"},
                                      Names{"ForCausalLM"},
                                      Names{"ForSequenceClassification"},
                                      Names{"ForMultipleChoice"},
                                      Names{"ForTokenClassification"},
                                      Names{"ForQuestionAnswering"}};
constexpr std::array masked_suffixes{Names{"Model"},
                                     Names{"ForMaskedLM"},
                                     Names{"ForSequenceClassification"},
                                     Names{"ForMultipleChoice"},
                                     Names{"ForTokenClassification"},
                                     Names{"ForQuestionAnswering"}};
constexpr std::array pretrained_suffixes{Names{"Model"},
                                         Names{"ForPreTraining"},
                                         Names{"ForMaskedLM"},
                                         Names{"ForSequenceClassification"},
                                         Names{"ForMultipleChoice"},
                                         Names{"ForTokenClassification"},
                                         Names{"ForQuestionAnswering"}};

constexpr std::array llama_suffixes{Names{"Model"}, Names{"ForCausalLM"},
                                    Names{"ForSequenceClassification"},
                                    Names{"ForTokenClassification"}};
constexpr std::array gpt2_suffixes{Names{"Model"}, Names{"LMHeadModel"},
                                   Names{"ForSequenceClassification"},
                                   Names{"ForTokenClassification"}};
constexpr std::array openai_gpt_suffixes{Names{"Model"}, Names{"LMHeadModel"},
                                         Names{"ForSequenceClassification"}};
constexpr std::array generating_suffixes{Names{"Model"}, Names{"ForCausalLM"},
                                         Names{"ForSequenceClassification"}};
constexpr std::array olmo_suffixes{Names{"Model"}, Names{"ForCausalLM"}};

template <class Config>
constexpr Family family(std::string_view file, std::string_view enumeration,
                        std::string_view config_type, std::string_view hub_prefix,
                        std::string_view prefix, std::span<const std::string_view> suffixes,
                        bool optional_pooler) {
    return {Config::model_type,
            file,
            enumeration,
            config_type,
            hub_prefix,
            prefix,
            suffixes,
            optional_pooler,
            config_text<Config>,
            has_field<Config>};
}

constexpr std::array all_families{
    family<AlbertConfig>("albert", "AlbertWeights", "AlbertConfig", "Albert", "Albert",
                         pretrained_suffixes, true),
    family<BertConfig>("bert", "BertWeights", "BertConfig", "Bert", "Bert", bert_suffixes, true),
    family<BloomConfig>("bloom", "BloomWeights", "BloomConfig", "Bloom", "Bloom", llama_suffixes,
                        false),
    family<DistilBertConfig>("distilbert", "DistilBertWeights", "DistilBertConfig", "DistilBert",
                             "DistilBert", masked_suffixes, false),
    family<ElectraConfig>("electra", "ElectraWeights", "ElectraConfig", "Electra", "Electra",
                          pretrained_suffixes, false),
    family<FalconConfig>("falcon", "FalconWeights", "FalconConfig", "Falcon", "Falcon",
                         llama_suffixes, false),
    family<Gpt2Config>("gpt2", "Gpt2Weights", "Gpt2Config", "GPT2", "Gpt2", gpt2_suffixes, false),
    family<GptNeoXConfig>("gpt_neox", "GptNeoXWeights", "GptNeoXConfig", "GPTNeoX", "GptNeoX",
                          llama_suffixes, false),
    family<GptJConfig>("gptj", "GptJWeights", "GptJConfig", "GPTJ", "GptJ", generating_suffixes,
                       false),
    family<LlamaConfig>("llama", "LlamaWeights", "LlamaConfig", "Llama", "Llama", llama_suffixes,
                        false),
    family<MpnetConfig>("mpnet", "MpnetWeights", "MpnetConfig", "MPNet", "Mpnet", masked_suffixes,
                        true),
    family<OlmoConfig>("olmo", "OlmoWeights", "OlmoConfig", "Olmo", "Olmo", olmo_suffixes, false),
    family<OpenAiGptConfig>("openai_gpt", "OpenAiGptWeights", "OpenAiGptConfig", "OpenAIGPT",
                            "OpenAiGpt", openai_gpt_suffixes, false),
    family<OptConfig>("opt", "OptWeights", "OptConfig", "OPT", "Opt", generating_suffixes, false),
    family<PhiConfig>("phi", "PhiWeights", "PhiConfig", "Phi", "Phi", llama_suffixes, false),
    family<Phi3Config>("phi3", "Phi3Weights", "Phi3Config", "Phi3", "Phi3", llama_suffixes, false),
    family<RobertaConfig>("roberta", "RobertaWeights", "RobertaConfig", "Roberta", "Roberta",
                          roberta_suffixes, true),
    family<Starcoder2Config>("starcoder2", "Starcoder2Weights", "Starcoder2Config", "Starcoder2",
                             "Starcoder2", llama_suffixes, false),
    family<XlmRobertaConfig>("xlm_roberta", "XlmRobertaWeights", "XlmRobertaConfig", "XLMRoberta",
                             "XlmRoberta", roberta_suffixes, true),
};

}  // namespace

std::string Family::model_name(std::string_view architecture) const {
    if (!architecture.starts_with(hub_prefix))
        return {};
    for (const std::string_view suffix : suffixes)
        if (architecture.substr(hub_prefix.size()) == suffix)
            return std::string{prefix} + std::string{suffix == "Model" ? "" : suffix};
    return {};
}

std::string Family::architectures() const {
    std::string text;
    for (const std::string_view suffix : suffixes)
        text += (text.empty() ? "" : ", ") + std::string{hub_prefix} + std::string{suffix};
    return text;
}

std::span<const Family> families() {
    return all_families;
}

const Family* find_family(std::string_view model_type) {
    for (const Family& family : all_families)
        if (family.model_type == model_type)
            return &family;
    return nullptr;
}

std::string model_types() {
    std::string text;
    for (const Family& family : all_families)
        text += (text.empty() ? "" : ", ") + std::string{family.model_type};
    return text;
}

}  // namespace xzoo::generator
