#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>

#include "tests/manifest/generator_support.hpp"
#include "three_labels.hpp"
#include "tiny_files.hpp"
#include "xzoo/io/sha256.hpp"

namespace {

namespace fs = std::filesystem;
using xzoo::test::generate;
using xzoo::test::quoted;
using xzoo::test::read_file;
using xzoo::test::RunResult;
using xzoo::test::TempFolder;

const fs::path tiny_dir = xzoo::test::data_dir() / "models/tiny_bert";

/// Generates a header from a config.json; options as the generator takes them.
RunResult generate_model(const TempFolder& folder, const std::string& config,
                         const std::string& options = "", const std::string& name = "my_model") {
    folder.write("config.json", config);
    return generate("model " + name + " " + quoted(folder.path() / "config.json") + " " +
                    quoted(folder.path() / "my_model.hpp") + " " + options);
}

void refuses(const RunResult& result, int code, const std::string& problem) {
    INFO(result.output);
    CHECK(result.code == code);
    CHECK(result.output.find(problem) != std::string::npos);
}

}  // namespace

TEST_CASE("a generated model has the config, the class and the weights of its files",
          "[manifest]") {
    STATIC_REQUIRE(three_labels::config == xzoo::BertConfig{.vocab_size = 16,
                                                            .hidden_size = 8,
                                                            .num_hidden_layers = 1,
                                                            .num_attention_heads = 2,
                                                            .intermediate_size = 12,
                                                            .max_position_embeddings = 10,
                                                            .num_labels = 3});
    STATIC_REQUIRE(std::is_same_v<three_labels::Model,
                                  xzoo::BertForSequenceClassification<three_labels::config>>);
    STATIC_REQUIRE(three_labels::entry.tensors.size() == xzoo::params<three_labels::Model>.size());
    CHECK(three_labels::entry.files[0].size == fs::file_size(tiny_dir / "model.safetensors"));
}

TEST_CASE("the parameter count of an entry is that of its model", "[manifest]") {
    using Language = xzoo::Weights<xzoo::BertWeights::language_id>;
    STATIC_REQUIRE(xzoo::param_count<Language::model>() == Language::entry.num_parameters);
    STATIC_REQUIRE(xzoo::CheckWeights<Language::model, xzoo::BertWeights::language_id>::checked);
    using PreTraining = xzoo::Weights<xzoo::BertWeights::pre_train_base>;
    STATIC_REQUIRE(xzoo::param_count<PreTraining::model>() == PreTraining::entry.num_parameters);
}

TEST_CASE("a generated model loads the weights that it was made from", "[manifest]") {
    three_labels::Model model;
    model.from_pretrained(three_labels::entry, xzoo::LoadOptions{.directory = tiny_dir});
    CHECK(model.load_report().complete());
    CHECK(model.labels() == std::vector<std::string>{"no", "yes", "maybe"});
}

TEST_CASE("embedded files are in the program, aligned, with names and hashes", "[manifest]") {
    CHECK(tiny_files::files.size() == 4);  // config.json and three of weights
    for (const xzoo::EmbeddedFile& file : tiny_files::files) {
        INFO(file.name);
        const std::string on_disk = read_file(tiny_dir / file.name);
        REQUIRE(file.size == on_disk.size());
        CHECK(std::memcmp(file.data, on_disk.data(), file.size) == 0);
        CHECK(reinterpret_cast<std::uintptr_t>(file.data) % 64 == 0);
        CHECK(xzoo::io::sha256_hex(file.bytes()) == file.sha256);
    }
    CHECK(tiny_files::model_safetensors().data() != tiny_files::config_json().data());
}

TEST_CASE("a generated model loads weights that are embedded in the program", "[manifest]") {
    const auto config = tiny_files::config_json();
    three_labels::Model model;
    model.from_span(tiny_files::model_safetensors(),
                    {reinterpret_cast<const char*>(config.data()), config.size()});
    CHECK(model.load_report().complete());
}

TEST_CASE("a config.json of another kind of model is told apart from a wrong one", "[manifest]") {
    const TempFolder folder;
    const RunResult unknown = generate_model(folder, R"({"model_type": "soup"})");
    refuses(unknown, 3, "model_type: expected one of albert, bert, ");
    refuses(unknown, 3, ", xlm-roberta, which the zoo has, found \"soup\"");
    refuses(generate_model(folder, R"({"model_type": "bert", "architectures": ["BertCooking"]})"),
            3, "class BertCooking: expected one of BertModel, BertForPreTraining");
    refuses(generate_model(folder, R"({"architectures": ["BertModel"]})"), 1,
            "'model_type' is missing");
    refuses(generate_model(folder, R"({"model_type": "bert"})"), 1,
            "'architectures' is missing, so name the model's class");
    refuses(generate_model(folder, R"({"model_type": "bert", "architectures": ["BertModel"],
                                       "num_attention_heads": 7})"),
            1, "BertConfig: 'num_attention_heads' must divide 'hidden_size'");
    refuses(generate_model(folder, "{"), 1, "is not valid JSON");
    CHECK_FALSE(fs::exists(folder.path() / "my_model.hpp"));
}

TEST_CASE("CLASS chooses the model, by Hugging Face's name or the zoo's", "[manifest]") {
    const TempFolder folder;
    const std::string config = R"({"model_type": "xlm-roberta", "unknown": 1,
                                   "architectures": ["XLMRobertaForMaskedLM"]})";
    const auto has = [&](const std::string& text) {
        return read_file(folder.path() / "my_model.hpp").find(text) != std::string::npos;
    };
    REQUIRE(generate_model(folder, config).code == 0);
    CHECK(has("using Model = XlmRobertaForMaskedLM<config>;"));
    CHECK(has("UnverifiedWeightEntry entry"));
    for (const char* name : {"XLMRobertaModel", "XlmRoberta"}) {
        REQUIRE(generate_model(folder, config, "--class " + std::string{name}).code == 0);
        CHECK(has("using Model = XlmRoberta<config>;"));
        CHECK(has(".architecture = \"XLMRobertaForMaskedLM\""));
    }
    refuses(generate_model(folder, config, "--class BertModel"), 3, "class BertModel: expected");
    refuses(generate_model(folder, config, "", "9lives"), 1, "expected a C++ identifier");
    refuses(generate_model(folder, config, "--colour red"), 2, "unknown option --colour");
}

TEST_CASE("a damaged weights file fails the build", "[manifest]") {
    const TempFolder folder;
    const std::string config = read_file(tiny_dir / "config.json");
    const std::string weights = read_file(tiny_dir / "model.safetensors");
    folder.write("short.safetensors", weights.substr(0, weights.size() - 2));
    refuses(
        generate_model(folder, config, "--weights " + quoted(folder.path() / "short.safetensors")),
        1, "short.safetensors: ");
    refuses(generate_model(folder, config, "--weights " + quoted(folder.path() / "no.safetensors")),
            1, "no.safetensors: cannot be opened");
}

TEST_CASE("files of one name cannot be embedded together", "[manifest]") {
    const TempFolder folder;
    folder.write("a/x.txt", "1");
    folder.write("b/x.txt", "2");
    const std::string out = quoted(folder.path() / "h.hpp") + " " + quoted(folder.path() / "s.cpp");
    refuses(generate("embed two " + out + " " + quoted(folder.path() / "a/x.txt") + " " +
                     quoted(folder.path() / "b/x.txt")),
            1, "two files are called 'x.txt'");
}

TEST_CASE("wrong usage of the generator shows how it is used", "[manifest]") {
    for (const char* arguments : {"", "manifest", "cook a b", "embed a b c", "model a b c --class",
                                  "model a b c --klass d"}) {
        const RunResult result = generate(arguments);
        INFO(arguments);
        CHECK(result.code == 2);
        CHECK(result.output.find("usage: xzoo-generate") != std::string::npos);
    }
    CHECK(generate("model a b c --klass d").output.find("unknown option --klass") !=
          std::string::npos);
}

TEST_CASE("a header is not called what no namespace can be called", "[manifest]") {
    const TempFolder folder;
    const std::string file = quoted(folder.write("x.txt", "1"));
    const std::string config =
        quoted(tiny_dir / "config.json") + ' ' + quoted(folder.path() / "h.hpp");
    for (const char* name : {"class", "co_await", "xor_eq", "std", "xzoo", "9th", "a-b", ""}) {
        const std::string quoted_name = quoted(fs::path{name});
        refuses(generate("model " + quoted_name + ' ' + config), 1, "expected a C++ identifier");
        refuses(generate("embed " + quoted_name + ' ' + quoted(folder.path() / "e.hpp") + ' ' +
                         quoted(folder.path() / "e.cpp") + ' ' + file),
                1, "expected a C++ identifier");
    }
    CHECK(generate("model classy " + config).code == 0);
}
