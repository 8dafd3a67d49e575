// What weights bring along: config.json and generation_config.json, or what stands in for them.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "support.hpp"
#include "temp_folder.hpp"
#include "zoo/bert.hpp"
#include "zoo/roberta.hpp"

using namespace xzoo;

namespace {

constexpr BertConfig bert{.vocab_size = 157,
                          .hidden_size = 48,
                          .num_hidden_layers = 2,
                          .num_attention_heads = 4,
                          .intermediate_size = 112,
                          .max_position_embeddings = 40,
                          .num_labels = 3};
constexpr RobertaConfig roberta{.vocab_size = 157,
                                .hidden_size = 48,
                                .num_hidden_layers = 1,
                                .num_attention_heads = 4,
                                .intermediate_size = 112,
                                .max_position_embeddings = 40,
                                .num_labels = 3};
using Classifier = BertForSequenceClassification<bert>;

std::string refusal(const std::filesystem::path& path) {
    try {
        Classifier{}.from_pretrained(path);
    } catch (const ConfigError& error) {
        return error.what();
    }
    return "nothing was thrown";
}

/// The labels of a model whose weights come without a config.json.
template <class Model>
std::vector<std::string> labels_without_config() {
    const test::TempFolder folder;
    Model{}.random_init(1).save_pretrained(folder.path());
    std::filesystem::remove(folder / "config.json");
    return Model{}.from_pretrained(folder.path()).labels();
}

}  // namespace

TEST_CASE("a file of weights comes with the configs beside it", "[zoo][pretrained]") {
    const test::TempFolder folder;
    Classifier{}.random_init(1).save_pretrained(folder.path(), {.max_shard_size = "40KB"});
    const std::filesystem::path path = folder / "config.json";
    auto json = boost::json::parse(io::read_text(path.string())).as_object();
    json["id2label"] = {{"0", "no"}, {"1", "yes"}, {"2", "maybe"}};
    io::write_file(path, boost::json::serialize(json));
    io::write_file(folder / "generation_config.json", R"({"eos_token_id": 2})");
    for (const char* file : {"", "model.safetensors.index.json"}) {
        INFO("file: " << file);
        const auto loaded = Classifier{}.from_pretrained(folder / file);
        CHECK(loaded.labels() == std::vector<std::string>{"no", "yes", "maybe"});
        CHECK(loaded.generation_json() == R"({"eos_token_id": 2})");
        CHECK(loaded.load_report().notes.empty());
    }
    json["hidden_size"] = 96;
    io::write_file(path, boost::json::serialize(json));
    CHECK(refusal(folder / "model.safetensors.index.json")
              .find("hidden_size: the file has 96, the type has 48") != std::string::npos);
}

TEST_CASE("classes that nobody named are numbered", "[zoo][pretrained]") {
    const std::vector<std::string> three{"LABEL_0", "LABEL_1", "LABEL_2"};
    CHECK(labels_without_config<Classifier>() == three);
    CHECK(labels_without_config<RobertaForSequenceClassification<roberta>>() == three);
    CHECK(labels_without_config<Bert<bert>>().empty());
    CHECK(Classifier{}.random_init(1).labels() == three);
}
