#include "xzoo/io/config_json.hpp"

#include <string>
#include <vector>

#include "tests/support.hpp"
#include "zoo/albert.hpp"
#include "zoo/bert.hpp"
#include "zoo/distilbert.hpp"
#include "zoo/electra.hpp"
#include "zoo/mpnet.hpp"
#include "zoo/roberta.hpp"
#include "zoo/xlm_roberta.hpp"

namespace {

using namespace xzoo;

template <class Config>
Config read(const std::string& text) {
    return io::read_config<Config>(io::parse_object(text, "config.json"), "config.json");
}

template <class Config>
std::string error_of(const std::string& text) {
    try {
        read<Config>(text);
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "no error";
}

template <class Config>
std::string difference(const Config& type, const std::string& class_name, const std::string& text) {
    try {
        io::compare_config(type, class_name, Config::model_type, io::parse_object(text, "c.json"),
                           "c.json");
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "";
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("fields that config.json lacks have the class's default", "[io]") {
    CHECK(read<BertConfig>("{}") == bert_base);
    CHECK(read<RobertaConfig>("{}") == RobertaConfig{});
    CHECK(read<XlmRobertaConfig>("{}").vocab_size == 30522);
    CHECK(read<AlbertConfig>(R"({"hidden_size": 768, "num_attention_heads": 12,
                                 "intermediate_size": 3072, "unknown": [1, {}]})") == albert_base);
}

TEST_CASE("config.json values of each type reach their fields", "[io]") {
    const auto config = read<ElectraConfig>(R"({
        "model_type": "electra", "vocab_size": 99, "hidden_act": "swish", "layer_norm_eps": 1,
        "summary_activation": null, "pad_token_id": null, "is_decoder": true,
        "add_cross_attention": null, "position_embedding_type": "absolute"})");
    CHECK(config == ElectraConfig{.vocab_size = 99,
                                  .hidden_act = Activation::silu,
                                  .layer_norm_eps = 1.0F,
                                  .summary_activation = Activation::identity,
                                  .pad_token_id = -1,
                                  .is_decoder = true});
    CHECK(read<RobertaConfig>(R"({"eos_token_id": [7], "layer_norm_eps": 1e-05})") ==
          RobertaConfig{.layer_norm_eps = 1e-5F, .eos_token_id = 7});
}

TEST_CASE("the label map decides how many labels there are", "[io]") {
    CHECK(read<BertConfig>(R"({"num_labels": 5})").num_labels == 5);
    CHECK(read<BertConfig>(R"({"id2label": {"0": "a", "1": "b", "2": "c"}, "num_labels": 5})")
              .num_labels == 3);
    CHECK(read<BertConfig>(R"({"id2label": null, "num_labels": 4})").num_labels == 4);
    CHECK(contains(error_of<BertConfig>(R"({"id2label": ["a"]})"),
                   "id2label: expected an object, found [\"a\"]"));
    CHECK(contains(error_of<BertConfig>(R"({"num_labels": "3"})"),
                   "num_labels: expected a whole number, not negative, found \"3\""));
}

TEST_CASE("labels come in the order of their ids", "[io]") {
    const auto labels = [](const char* text) {
        return io::labels(io::parse_object(text, "c"), "c");
    };
    using Names = std::vector<std::string>;
    CHECK(labels(R"({"id2label": {"10": "k", "2": "c", "0": "a", "1": "b", "3": "d", "4": "e",
                     "5": "f", "6": "g", "7": "h", "8": "i", "9": "j"}})") ==
          Names{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"});
    CHECK(labels("{}") == Names{"LABEL_0", "LABEL_1"});
    CHECK(labels(R"({"num_labels": 3})") == Names{"LABEL_0", "LABEL_1", "LABEL_2"});
    CHECK_THROWS_AS(labels(R"({"id2label": {"0": "a", "2": "b"}})"), ConfigError);
    CHECK_THROWS_AS(labels(R"({"id2label": {"0": "a", "00": "b"}})"), ConfigError);
    CHECK_THROWS_AS(labels(R"({"id2label": {"0": 7}})"), ConfigError);
    CHECK_THROWS_AS(labels(R"({"num_labels": 1000000000000})"), ConfigError);
}

TEST_CASE("values of another type are named with field, expectation and finding", "[io]") {
    const std::string error = error_of<BertConfig>(R"({
        "hidden_size": "768", "num_hidden_layers": -1, "num_attention_heads": 12.5,
        "hidden_act": "gelo", "layer_norm_eps": "1e-12", "pad_token_id": true,
        "is_decoder": "no", "vocab_size": null, "tie_word_embeddings": 1})");
    CHECK(contains(error, "config.json is no usable bert config:"));
    for (const char* line :
         {"hidden_size: expected a whole number, not negative, found \"768\"",
          "num_hidden_layers: expected a whole number, not negative, found -1",
          "num_attention_heads: expected a whole number, not negative, found 1.25E1",
          "hidden_act: expected one of linear, gelu, ",
          "layer_norm_eps: expected a number, found \"1e-12\"",
          "pad_token_id: expected a token id, a list of one, or null, found true",
          "is_decoder: expected true or false, found \"no\"",
          "vocab_size: expected a whole number, not negative, found null",
          "tie_word_embeddings: expected true or false, found 1"}) {
        INFO(error);
        CHECK(contains(error, std::string{"\n  "} + line));
    }
    CHECK(contains(error_of<BertConfig>(R"({"layer_norm_eps": 1e300})"), "range of float"));
    CHECK(contains(error_of<RobertaConfig>(R"({"eos_token_id": [1, 2]})"),
                   "eos_token_id: expected a token id, a list of one, or null, found [1,2]"));
}

TEST_CASE("another model_type is an error", "[io]") {
    CHECK(contains(error_of<RobertaConfig>(R"({"model_type": "xlm-roberta"})"),
                   "model_type: expected \"roberta\", found \"xlm-roberta\""));
    CHECK(read<XlmRobertaConfig>(R"({"model_type": "xlm-roberta"})") == XlmRobertaConfig{});
}

TEST_CASE("options that would change the numbers are not swallowed", "[io]") {
    CHECK(contains(error_of<BertConfig>(R"({"pruned_heads": {"1": [0, 2]}})"),
                   "pruned_heads: expected {}, the only value that the models implement, found "
                   "{\"1\":[0,2]}"));
    CHECK(read<BertConfig>(R"({"pruned_heads": {}, "quantization_config": null})") == bert_base);
    CHECK(contains(error_of<BertConfig>(R"({"quantization_config": {"bits": 4}})"),
                   "quantization_config"));
    CHECK(contains(error_of<MpnetConfig>(R"({"is_decoder": true})"), "is_decoder: expected false"));
    CHECK(contains(error_of<DistilBertConfig>(R"({"position_embedding_type": "relative_key"})"),
                   "position_embedding_type: expected \"absolute\""));
}

TEST_CASE("a rule that a config.json breaks is told with the compiler's text and the values",
          "[io]") {
    CHECK(contains(error_of<BertConfig>(R"({"num_attention_heads": 5})"),
                   "BertConfig: 'num_attention_heads' must divide 'hidden_size' "
                   "(num_attention_heads is 5, hidden_size is 768)"));
    CHECK(contains(error_of<BertConfig>(R"({"position_embedding_type": "relative_key"})"),
                   "BertConfig: 'position_embedding_type' must be absolute "
                   "(position_embedding_type is \"relative_key\")"));
    const std::string two = error_of<XlmRobertaConfig>(
        R"({"max_position_embeddings": 2, "pad_token_id": 1, "bos_token_id": 30522})");
    CHECK(
        contains(two, "XlmRobertaConfig: 'max_position_embeddings' must be above 'pad_token_id'"));
    CHECK(contains(two, "(bos_token_id is 30522, vocab_size is 30522)"));
}

TEST_CASE("all fields in which a file differs from a type are in one error", "[io]") {
    CHECK(difference(bert_base, "BertModel", R"({"hidden_size": 1024, "layer_norm_eps": 0.5,
                                                 "hidden_act": "relu", "pad_token_id": null})") ==
          "c.json does not describe BertModel as it is typed here:\n"
          "  hidden_size: the file has 1024, the type has 768\n"
          "  hidden_act: the file has \"relu\", the type has \"gelu\"\n"
          "  layer_norm_eps: the file has 0.5, the type has 1e-12\n"
          "  pad_token_id: the file has null, the type has 0");
    CHECK(difference(bert_base, "BertModel", R"({"pruned_heads": {"0": [1]}})") != "");
    CHECK(difference(bert_base, "BertModel", "{}").empty());
}

TEST_CASE("labels and causal attention matter to the class that wrote a file alone", "[io]") {
    const auto text = [](const char* architecture) {
        return R"({"num_labels": 5, "is_decoder": true, "architectures": [")" +
               std::string{architecture} + "\"]}";
    };
    const std::string classifier = "BertForSequenceClassification";
    CHECK(difference(bert_base, classifier, text("BertLMHeadModel")).empty());
    const std::string same = difference(bert_base, classifier, text(classifier.c_str()));
    CHECK(contains(same, "num_labels: the file has 5, the type has 2"));
    CHECK(contains(same, "is_decoder: the file has true, the type has false"));
    CHECK_FALSE(contains(difference(bert_base, "BertModel", text("BertModel")), "num_labels"));
}

TEST_CASE("a saved config.json keeps what the original said besides", "[io]") {
    const std::string original = R"({"architectures": ["BertModel"], "hidden_dropout_prob": 0.1,
        "id2label": {"0": "no", "1": "yes", "2": "maybe"}, "label2id": {"no": 0, "yes": 1,
        "maybe": 2}, "custom": {"b": [1, 2.5], "a": "\u00e9"}, "torch_dtype": "float16"})";
    const auto text =
        io::config_text(BertConfig{.layer_norm_eps = 1e-5F, .pad_token_id = -1, .num_labels = 3},
                        "BertForTokenClassification", "bert", original, Dtype::bf16);
    CHECK(contains(text, "\n  \"architectures\": [\n    \"BertForTokenClassification\"\n  ],\n"));
    CHECK(contains(text,
                   "\n  \"custom\": {\n    \"a\": \"\xc3\xa9\",\n    \"b\": [\n      1,\n      "
                   "2.5\n    ]\n  },\n"));
    CHECK(contains(text, "\n  \"layer_norm_eps\": 1e-05,\n"));
    CHECK(contains(text, "\n  \"pad_token_id\": null,\n"));
    CHECK(contains(text, "\n  \"torch_dtype\": \"bfloat16\",\n"));
    CHECK(contains(text, "\"2\": \"maybe\""));
    CHECK(contains(text, "\"hidden_dropout_prob\": 0.1"));
    CHECK(text.back() == '\n');
}

TEST_CASE("a saved config.json reads back as the same config", "[io]") {
    const auto round_trip = [](const auto& config) {
        using Config = std::remove_cvref_t<decltype(config)>;
        const std::string text =
            io::config_text(config, "Class", Config::model_type, "", Dtype::f32);
        return read<Config>(text) == config;
    };
    CHECK(round_trip(BertConfig{.pad_token_id = -1, .is_decoder = true, .num_labels = 7}));
    CHECK(round_trip(roberta_large));
    CHECK(round_trip(xlm_roberta_bge_m3));
    CHECK(round_trip(DistilBertConfig{.activation = Activation::relu, .num_labels = 1}));
    CHECK(round_trip(mpnet_base));
    CHECK(round_trip(ElectraConfig{.summary_activation = Activation::identity}));
    CHECK(round_trip(albert_large));
}

TEST_CASE("a label map of another size is replaced when a config is saved", "[io]") {
    const auto text =
        io::config_text(BertConfig{.num_labels = 1}, "C", "bert",
                        R"({"id2label": {"0": "no", "1": "yes"}, "num_labels": 2})", Dtype::f32);
    const auto json = io::parse_object(text, "saved");
    CHECK(io::labels(json, "saved") == std::vector<std::string>{"LABEL_0"});
    CHECK_FALSE(json.contains("num_labels"));
}

TEST_CASE("DistilBERT's config also reads and never writes the names of other families", "[io]") {
    const std::string original = R"({"hidden_size": 48, "num_attention_heads": 4,
                                     "num_hidden_layers": 3})";
    const auto config = read<DistilBertConfig>(original);
    CHECK(config == DistilBertConfig{.n_layers = 3, .n_heads = 4, .dim = 48});
    const auto text = io::config_text(config, "C", "distilbert", original, Dtype::f32);
    CHECK_FALSE(contains(text, "hidden_size"));
    CHECK(contains(text, "\"dim\": 48"));
}

TEST_CASE("text that is no JSON object is refused", "[io]") {
    const auto refuses = [](const std::string& text) {
        try {
            io::parse_object(text, "c.json");
        } catch (const FileError& error) {
            return contains(error.what(), "c.json: is ");
        }
        return false;
    };
    CHECK(refuses(""));
    CHECK(refuses("{"));
    CHECK(refuses("[]"));
    CHECK(refuses("{\"a\": \"\xff\"}"));
    CHECK(refuses("{} {}"));
    std::string deep = "{\"a\": ";
    deep.append(64, '[').append(64, ']');
    CHECK(refuses(deep + "}"));
    CHECK_FALSE(refuses("{\"a\": " + std::string(60, '[') + std::string(60, ']') + "}"));
}
