#include <filesystem>
#include <string>
#include <vector>

#include "tests/manifest/generator_support.hpp"

namespace {

namespace fs = std::filesystem;
using xzoo::test::generate;
using xzoo::test::quoted;
using xzoo::test::read_file;
using xzoo::test::RunResult;
using xzoo::test::TempFolder;

// A manifest of one entry without faults. Tests replace a piece of it.
const std::string good = R"({
  "family": "bert",
  "default": "first",
  "entries": [
    {
      "name": "first",
      "repository": "owner/name",
      "revision": "0123456789abcdef0123456789abcdef01234567",
      "license": "mit",
      "source": "a test",
      "config": {"model_type": "bert", "architectures": ["BertModel"], "hidden_size": 24},
      "files": [{"path": "sub/model.safetensors", "size": 5,
        "sha256": "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"}],
      "tensors": [{"name": "b", "dtype": "F32", "shape": [2, 3]},
                  {"name": "a", "dtype": "BOOL", "shape": []}],
      "metrics": [{"name": "accuracy", "value": "0.5", "condition": "on \"text\""}],
      "num_parameters": 7,
      "unverified": ["license"]
    }
  ]
})";

std::string with(const std::string& piece, const std::string& replacement) {
    std::string text = good;
    const std::size_t at = text.find(piece);
    INFO(piece);
    REQUIRE(at != std::string::npos);
    return text.replace(at, piece.size(), replacement);
}

/// The manifests of the project.
std::vector<fs::path> manifests() {
    std::vector<fs::path> files;
    for (const auto& file : fs::directory_iterator{XZOO_MANIFEST_DIR})
        if (file.path().extension() == ".json" && file.path().stem() != "schema")
            files.push_back(file.path());
    return files;
}

/// Manifests without entries for all families but BERT's.
void write_others(const TempFolder& folder) {
    for (const fs::path& file : manifests()) {
        if (file.stem() == "bert")
            continue;
        const std::string text = read_file(file);
        const std::string key = "\"family\": ";
        const std::size_t begin = text.find(key);
        REQUIRE(begin != std::string::npos);
        folder.write(
            "in/" + file.filename().string(),
            '{' + text.substr(begin, text.find(',', begin) - begin) + ", \"entries\": []}");
    }
}

RunResult generate_from(const TempFolder& folder, const std::string& bert) {
    write_others(folder);
    folder.write("in/bert.json", bert);
    return generate("manifest " + quoted(folder.path() / "in") + " " +
                    quoted(folder.path() / "out"));
}

/// The generator refuses a manifest and says where and why.
void refuses(const std::string& bert, const std::string& place, const std::string& problem) {
    const TempFolder folder;
    const RunResult result = generate_from(folder, bert);
    INFO(result.output);
    CHECK(result.code == 1);
    CHECK(result.output.find("xzoo-generate: error: ") == 0);
    CHECK(result.output.find(place) != std::string::npos);
    CHECK(result.output.find(problem) != std::string::npos);
    CHECK_FALSE(fs::exists(folder.path() / "out"));
}

const std::string entry = "bert.json: entry 'first'";

}  // namespace

TEST_CASE("the generated headers are those that the manifest gives, byte for byte", "[manifest]") {
    const TempFolder folder;
    const RunResult result =
        generate("manifest " + quoted(XZOO_MANIFEST_DIR) + " " + quoted(folder.path()));
    INFO(result.output);
    REQUIRE(result.code == 0);
    const fs::path built = XZOO_GENERATED_DIR;
    std::size_t compared = 0;
    for (const auto& file : fs::recursive_directory_iterator{folder.path()}) {
        if (!file.is_regular_file())
            continue;
        const fs::path relative = file.path().lexically_relative(folder.path());
        INFO(relative.string());
        CHECK(read_file(file.path()) == read_file(built / relative));
        ++compared;
    }
    CHECK(compared == manifests().size() + 1);
}

TEST_CASE("a good manifest becomes a header", "[manifest]") {
    const TempFolder folder;
    const RunResult result = generate_from(folder, good);
    INFO(result.output);
    REQUIRE(result.code == 0);
    const std::string header = read_file(folder.path() / "out/xzoo/weights/bert.hpp");
    for (const char* text :
         {"enum class BertWeights : std::uint16_t {\n    first,  // owner/name\n    default_ = "
          "first,",
          ".hidden_size = 24,", "using model = Bert<config>;",
          "{\"a\", Dtype::boolean, Shape{}},\n        {\"b\", Dtype::f32, Shape{2, 3}},",
          "{\"accuracy\", \"0.5\", \"on \\\"text\\\"\"}", ".num_parameters = 7,",
          ".unverified = \"license\"", "static constexpr WeightEntry entry{"}) {
        INFO(text);
        CHECK(header.find(text) != std::string::npos);
    }
    CHECK(read_file(folder.path() / "out/xzoo/weights/electra.hpp")
              .find("enum class ElectraWeights : std::uint16_t {\n};") != std::string::npos);
}

TEST_CASE("headers that would not change are not written", "[manifest]") {
    const TempFolder folder;
    REQUIRE(generate_from(folder, good).code == 0);
    const fs::path header = folder.path() / "out/xzoo/weights/bert.hpp";
    const fs::file_time_type long_ago{};
    fs::last_write_time(header, long_ago);
    REQUIRE(generate_from(folder, good).code == 0);
    CHECK(fs::last_write_time(header) == long_ago);
    REQUIRE(generate_from(folder, with("\"mit\"", "\"gpl\"")).code == 0);
    CHECK(fs::last_write_time(header) != long_ago);
}

TEST_CASE("a hash of a wrong length or alphabet is refused", "[manifest]") {
    refuses(with("ddeeff\"}", "ddeef\"}"), entry + ": files[0]",
            "'sha256': expected 64 hexadecimal digits, found 63 characters");
    refuses(with("ddeeff\"}", "ddeefg\"}"), entry, "'sha256': expected lower-case hexadecimal");
    refuses(with("ddeeff\"}", "ddeefF\"}"), entry, "'sha256': expected lower-case hexadecimal");
}

TEST_CASE("names that are there twice are refused", "[manifest]") {
    std::string twice = good;
    const std::size_t begin = twice.find("    {\n      \"name\"");
    const std::string first = twice.substr(begin, twice.find("\n  ]") - begin);
    twice.insert(begin, first + ",\n");
    refuses(twice, entry, "is there twice");
    refuses(with(R"("name": "b")", R"("name": "a")"), entry, "tensor 'a' is there twice");
    refuses(with(R"("license": "mit",)", R"("license": "mit", "license": "mit",)"), "bert.json",
            "key 'license' is there twice");
    refuses(with("\"files\": [", R"("files": [{"path": "sub/model.safetensors"}, )"), entry,
            "\"sub/model.safetensors\" is there twice");
}

TEST_CASE("names that cannot be enumerators are refused", "[manifest]") {
    for (const char* name :
         {"First", "1st", "a-b", "default", "default_", "a__b", "_a", "double"}) {
        const std::string text =
            with("\"name\": \"first\"", "\"name\": \"" + std::string{name} + '"');
        refuses(text, "bert.json: entry '" + std::string{name} + "'", "'name': expected");
    }
}

TEST_CASE("missing keys are named", "[manifest]") {
    refuses(with("\"name\": \"first\",", ""), "bert.json: entry number 1", "'name' is missing");
    refuses(with("\"repository\": \"owner/name\",", ""), entry, "'repository' is missing");
    refuses(with("\"revision\": \"0123456789abcdef0123456789abcdef01234567\",", ""), entry,
            "'revision' is missing");
    refuses(with("\"source\": \"a test\",", ""), entry, "'source' is missing");
    refuses(with("\"config\": {", "\"config_\": {"), entry, "unknown key 'config_'");
    refuses(with("\"model_type\": \"bert\", ", ""), entry + ": config", "'model_type' is missing");
    refuses(with("\"architectures\": [\"BertModel\"], ", ""), entry, "'architectures' is missing");
    refuses(with("\"path\": \"sub/model.safetensors\", ", ""), entry, "'path' is missing");
    refuses(with("\"family\": \"bert\",", ""), "bert.json", "'family' is missing");
    refuses(with("\"default\": \"first\",", ""), "bert.json", "'default' is missing");
    refuses(with("\"condition\": ", "\"conditions\": "), entry, "unknown key 'conditions'");
    refuses(with("\"sub/model.safetensors\"", "\"vocab.txt\""), entry,
            "'files' names no file of weights");
    refuses(with("\"mit\"", "null"), entry, "'license' is null: leave out what is not known");
}

TEST_CASE("paths that leave the repository are refused", "[manifest]") {
    for (const char* path : {"../model.safetensors", "/model.safetensors", "a/../../b.safetensors",
                             "C:model.safetensors", "a\\\\model.safetensors", "a//b.safetensors"})
        refuses(with("sub/model.safetensors", path), entry + ": files[0]", "'path' \"");
    refuses(with("\"owner/name\"", "\"../name\""), entry, "'repository'");
    refuses(with("\"repository\": \"owner/name\",", "\"folder\": \"../x\","), entry,
            "'folder' \"../x\"");
}

TEST_CASE("a config that the type does not know is refused", "[manifest]") {
    refuses(with("\"hidden_size\"", "\"hiden_size\""), entry + ": config",
            "unknown field 'hiden_size' of a bert config");
    refuses(with("\"hidden_size\": 24", "\"hidden_size\": \"24\""), entry,
            "hidden_size: expected a whole number, not negative, found \"24\"");
    refuses(with("\"hidden_size\": 24", "\"hidden_size\": 25"), entry,
            "BertConfig: 'num_attention_heads' must divide 'hidden_size' "
            "(num_attention_heads is 12, hidden_size is 25)");
    refuses(with("\"model_type\": \"bert\"", "\"model_type\": \"gpt2\""), entry,
            "model_type: expected \"bert\", found \"gpt2\"");
    refuses(with("\"BertModel\"", "\"BertForCooking\""), entry,
            "'architectures': expected one of BertModel, BertForPreTraining");
    refuses(with("[\"BertModel\"]", "[\"BertModel\", \"BertForMaskedLM\"]"), entry,
            "'architectures': expected a list of one class");
}

TEST_CASE("wrong values of other keys are refused", "[manifest]") {
    refuses(with("\"family\": \"bert\"", "\"family\": \"soup\""), "bert.json",
            "'family': expected one of albert, bert");
    refuses(with("\"family\": \"bert\"", "\"family\": \"roberta\""), "bert.json",
            "the manifest of roberta must be called roberta.json");
    refuses(with("\"default\": \"first\"", "\"default\": \"second\""), "bert.json",
            "'default' is \"second\", which is no entry");
    refuses(with("0123456789abcdef0123456789abcdef01234567", "main"), entry,
            "'revision': expected a commit of 40 hexadecimal digits, found \"main\"");
    refuses(with("\"size\": 5", "\"size\": 0"), entry, "'size': expected a whole number above 0");
    refuses(with("\"size\": 5", "\"size\": 5.5"), entry, "'size': expected a whole number above 0");
    refuses(with("\"F32\"", "\"F33\""), entry, "'dtype': expected an element type");
    refuses(with("[2, 3]", "[2, -3]"), entry, "'shape': expected sizes");
    refuses(with("[2, 3]", "[1, 2, 3, 4, 5]"), entry, "'shape': expected a list of at most 4");
    refuses(with("\"num_parameters\": 7", "\"num_parameters\": \"7\""), entry, "'num_parameters'");
    refuses(with("[\"license\"]", "\"license\""), entry, "'unverified': expected a list");
    refuses(with("\"entries\": [", "\"entries\": [7, "), "bert.json: entry number 1",
            "expected an object");
}

TEST_CASE("a branch may stand for a revision where the entry says that it is not verified",
          "[manifest]") {
    const TempFolder folder;
    std::string text = with("0123456789abcdef0123456789abcdef01234567", "main");
    text.replace(text.find("[\"license\"]"), 11, "[\"revision\"]");
    CHECK(generate_from(folder, text).code == 0);
}

TEST_CASE("text that is no JSON is refused", "[manifest]") {
    refuses(good.substr(0, good.size() - 2), "bert.json", "is not valid JSON");
    refuses(with("a test", "a \xff test"), "bert.json", "is not valid JSON");
    refuses("[]", "bert.json", "is JSON, but not an object");
    refuses("", "bert.json", "is not valid JSON");
    const TempFolder folder;
    write_others(folder);
    const RunResult result =
        generate("manifest " + quoted(folder.path() / "in") + " " + quoted(folder.path() / "out"));
    CHECK(result.code == 1);
    CHECK(result.output.find("bert.json: cannot be opened") != std::string::npos);
}

TEST_CASE("a folder that is not there is named", "[manifest]") {
    const TempFolder folder;
    const RunResult result = generate("manifest " + quoted(folder.path() / "absent") + " " +
                                      quoted(folder.path() / "out"));
    CHECK(result.code == 1);
    CHECK(result.output.find("absent: cannot be read as a folder: No such file") !=
          std::string::npos);
}

TEST_CASE("a manifest of a family that the zoo has not got is refused", "[manifest]") {
    const TempFolder folder;
    folder.write("in/gpt9.json", "{}");
    const RunResult result = generate_from(folder, good);
    CHECK(result.code == 1);
    CHECK(result.output.find("gpt9.json: the zoo has no family of this name") != std::string::npos);
}

TEST_CASE("facts of an entry with a folder are measured, not stated", "[manifest]") {
    const fs::path tiny = xzoo::test::data_dir() / "models/tiny_bert";
    const TempFolder folder;
    for (const char* name : {"config.json", "model.safetensors"})
        folder.write("in/tiny/" + std::string{name}, read_file(tiny / name));
    folder.write("in/tiny/metrics.json", R"({"by length": {"long": 0.75, "n": [12]}})");
    const std::string start = R"({"family": "bert", "default": "tiny", "entries": [
        {"name": "tiny", "folder": "tiny", "source": "a test", )";
    const std::string files =
        R"("files": [{"path": "model.safetensors"}, {"path": "config.json"}])";
    const auto metric = [](const std::string& pointer) {
        return R"(, "metrics": [{"name": "accuracy", "file": "metrics.json", "pointer": ")" +
               pointer + R"(", "condition": "long"}])";
    };
    const RunResult result =
        generate_from(folder, start + files + metric("/by length/long") + "}]}");
    INFO(result.output);
    REQUIRE(result.code == 0);
    const std::string header = read_file(folder.path() / "out/xzoo/weights/bert.hpp");
    CHECK(header.find("{\"model.safetensors\", " +
                      std::to_string(fs::file_size(tiny / "model.safetensors"))) !=
          std::string::npos);
    CHECK(header.find("{\"classifier.weight\", Dtype::bf16, Shape{3, 8}}") != std::string::npos);
    CHECK(header.find("{\"accuracy\", \"0.75\", \"long\"}") != std::string::npos);

    const auto fails = [&](const std::string& manifest, const std::string& problem) {
        const RunResult refused = generate_from(folder, manifest);
        INFO(refused.output);
        CHECK(refused.code == 1);
        CHECK(refused.output.find("entry 'tiny'") != std::string::npos);
        CHECK(refused.output.find(problem) != std::string::npos);
    };
    fails(start + files + metric("/by length/short") + "}]}", "finds no number or text");
    fails(start + files + R"(, "config": {}}]})", "leave it out");
    fails(start + files + R"(, "tensors": []}]})", "leave them out");
    fails(start + R"("files": [{"path": "model.safetensors", "size": 3}]}]})", "leave them out");
    fails(start + R"("files": [{"path": "other.safetensors"}]}]})", "cannot be opened");
    folder.write("in/tiny/model.safetensors", read_file(tiny / "model.safetensors").substr(0, 999));
    fails(start + files + "}]}", "model.safetensors");
}
