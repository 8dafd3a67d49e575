// A choice at run time among types that exist at compile time.
#include "xzoo/auto_model.hpp"

#include <string>

#include "cli/run_cli.hpp"
#include "zoo/bert.hpp"
#include "zoo/distilbert.hpp"

using namespace xzoo;
using namespace xzoo::test;

namespace {

constexpr BertConfig tiny{.vocab_size = 16,
                          .hidden_size = 8,
                          .num_hidden_layers = 1,
                          .num_attention_heads = 2,
                          .intermediate_size = 12,
                          .max_position_embeddings = 10,
                          .num_labels = 3};
using Models = ModelList<Bert<bert_base>, Bert<tiny>, BertForSequenceClassification<tiny>,
                         DistilBert<distilbert_base>>;

std::string chosen(const std::string& json, const std::string& class_name) {
    return with_model(Models{}, io::parse_object(json, "config.json"), "config.json", class_name,
                      []<class Model>() {
                          return Model::class_name + std::string{" "} +
                                 std::to_string(Model::num_parameters());
                      });
}

std::string refused(const std::string& json, const std::string& class_name) {
    try {
        chosen(json, class_name);
    } catch (const ConfigError& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("config.json chooses the model type", "[auto_model]") {
    CHECK(chosen(R"({"model_type": "bert"})", "BertModel") == "BertModel 109482240");
    CHECK(chosen(R"({"model_type": "distilbert"})", "") == "DistilBertModel 66362880");
    const fs::path folder = data_dir() / "models" / "tiny_bert";
    const auto count = [&](std::string_view class_name) {
        return with_model(Models{}, folder, class_name, [&]<class Model>() {
            const auto model = Model{}.from_pretrained(folder);
            return std::string{Model::class_name} + ' ' +
                   std::to_string(model.load_report().loaded);
        });
    };
    CHECK(count("").starts_with("BertForSequenceClassification "));
    CHECK(count("BertModel").starts_with("BertModel "));
}

TEST_CASE("the number of labels matters to classifiers of the class alone", "[auto_model]") {
    const std::string sizes =
        R"("model_type": "bert", "vocab_size": 16, "hidden_size": 8, "num_hidden_layers": 1,
           "num_attention_heads": 2, "intermediate_size": 12, "max_position_embeddings": 10,
           "num_labels": 7)";
    CHECK(chosen('{' + sizes + '}', "BertModel").starts_with("BertModel"));
    CHECK(chosen('{' + sizes + '}', "BertForSequenceClassification").starts_with("BertFor"));
    const std::string same =
        R"({"architectures": ["BertForSequenceClassification"], )" + sizes + '}';
    CHECK(contains(refused(same, "BertForSequenceClassification"),
                   "num_labels: the file has 7, the type has 3"));
}

TEST_CASE("a config without a type is refused with the nearest one and all others",
          "[auto_model]") {
    const std::string message = refused(
        R"({"model_type": "bert", "hidden_size": 8, "vocab_size": 17, "num_hidden_layers": 1,
            "num_attention_heads": 2, "intermediate_size": 12, "max_position_embeddings": 10})",
        "BertModel");
    CHECK(contains(message, "vocab_size: the file has 17, the type has 16"));
    CHECK_FALSE(contains(message, "hidden_size: the file"));
    CHECK(contains(message, "BertModel with the default config"));
    CHECK(contains(message, "xzoo_add_model"));
    CHECK(contains(refused(R"({"model_type": "gpt2"})", ""), "distilbert (DistilBertModel)"));
    CHECK(contains(refused(R"({"hidden_size": 8})", ""), "model_type"));
    CHECK(contains(refused(R"({"model_type": "bert", "hidden_size": 7})", "BertModel"),
                   "'num_attention_heads' must divide 'hidden_size'"));
}
