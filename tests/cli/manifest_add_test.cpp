// xzoo manifest add: what it writes, the generator reads.
#include <string>

#include "cli/run_cli.hpp"

using namespace xzoo::test;

namespace {

constexpr const char* commit = "0123456789abcdef0123456789abcdef01234567";

/// A copy of the project's manifest.
void copy_manifest(const fs::path& to) {
    const fs::path from = project_dir() / "weights_manifest";
    for (const fs::directory_entry& entry : fs::directory_iterator{from})
        if (entry.path().extension() == ".json")
            fs::copy_file(entry.path(), to / entry.path().filename());
    fs::copy(from / "embedded", to / "embedded", fs::copy_options::recursive);
}

Result add(const fs::path& manifest, const std::string& name, std::vector<std::string> more) {
    std::vector<std::string> arguments{"manifest",
                                       "add",
                                       (data_dir() / "models" / "tiny_bert").string(),
                                       "--manifest",
                                       manifest.string(),
                                       "--name",
                                       name};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_xzoo(arguments);
}

Result add_published(const fs::path& manifest, const std::string& name,
                     std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--repository", "me/tiny", "--revision", commit, "--license", "mit"});
    return add(manifest, name, more);
}

Result generate(const fs::path& manifest, const fs::path& output) {
    const fs::path generator = fs::path{XZOO_CLI_PATH}.parent_path() / "xzoo-generate";
    return run_program(generator.string(), {"manifest", manifest.string(), output.string()});
}

boost::json::object entry_of(const fs::path& file, const std::string& name) {
    const boost::json::value json = boost::json::parse(read_file(file));
    for (const boost::json::value& entry : json.at("entries").as_array())
        if (string_of(entry.at("name")) == name)
            return entry.as_object();
    return {};
}

}  // namespace

TEST_CASE("an added entry has hashes, config and tensors, and generates", "[cli][manifest]") {
    const TempFolder folder;
    copy_manifest(folder.path());
    const fs::path file = folder.path() / "bert.json";
    const std::string before = read_file(file);
    for (const std::string name : {"aaa_first", "minimal", "zzz_last"}) {
        const Result result = add_published(folder.path(), name);
        INFO(result.err);
        REQUIRE(result.code == 0);
    }
    const boost::json::object entry = entry_of(file, "minimal");
    CHECK(string_of(entry.at("revision")) == commit);
    CHECK(number(entry.at("config").at("hidden_size")) == 8);
    CHECK(string_of(entry.at("config").at("torch_dtype")) == "bfloat16");
    CHECK(entry.at("tensors").as_array().size() > 10);
    CHECK(string_of(entry.at("files").at(0).at("sha256")).size() == 64);

    const Result generated = generate(folder.path(), folder.path() / "out");
    INFO(generated.err);
    REQUIRE(generated.code == 0);
    const std::string header = read_file(folder.path() / "out/xzoo/weights/bert.hpp");
    CHECK(contains(header, "struct Weights<BertWeights::minimal>"));
    CHECK(header.find("aaa_first,") < header.find("minimal,"));
    CHECK(header.find("minimal,") < header.find("zzz_last,"));

    // All other bytes are as they were.
    std::string after = read_file(file);
    for (const std::string name : {"aaa_first", "minimal", "zzz_last"}) {
        const std::size_t begin = after.find("    {\n      \"name\": \"" + name);
        const std::size_t end = after.find("\n    }", begin) + 6;
        REQUIRE(begin != std::string::npos);
        if (after[end] == ',')
            after.erase(begin, end + 2 - begin);
        else
            after.erase(begin - 2, end - begin + 2);
    }
    CHECK(after == before);
}

TEST_CASE("an entry is not added twice, but may be replaced", "[cli][manifest]") {
    const TempFolder folder;
    copy_manifest(folder.path());
    const fs::path file = folder.path() / "bert.json";
    REQUIRE(add_published(folder.path(), "mine").code == 0);
    const std::string once = read_file(file);
    const Result again = add_published(folder.path(), "mine");
    CHECK(again.code == 1);
    CHECK(contains(again.err, "--replace"));
    CHECK(read_file(file) == once);
    REQUIRE(add_published(folder.path(), "mine", {"--replace", "--source", "a lab"}).code == 0);
    CHECK(string_of(entry_of(file, "mine").at("source")) == "a lab");
    CHECK(generate(folder.path(), folder.path() / "out").code == 0);
}

TEST_CASE("the first entry of a family becomes its default", "[cli][manifest]") {
    const TempFolder folder;
    copy_manifest(folder.path());
    folder.write(
        "bert.json",
        "{\n  \"$schema\": \"schema.json\",\n  \"family\": \"bert\",\n  \"entries\": []\n}\n");
    REQUIRE(add_published(folder.path(), "only").code == 0);
    const boost::json::value json = boost::json::parse(read_file(folder.path() / "bert.json"));
    CHECK(string_of(json.at("default")) == "only");
    CHECK(generate(folder.path(), folder.path() / "out").code == 0);
}

TEST_CASE("what the generator would refuse is not written", "[cli][manifest]") {
    const TempFolder folder;
    copy_manifest(folder.path());
    const fs::path file = folder.path() / "bert.json";
    const std::string before = read_file(file);
    struct Refused {
        Result result;
        int code;
        std::string word;
    };
    const std::vector<Refused> refused{
        {add(folder.path(), "mine", {"--repository", "me/tiny", "--revision", "main"}), 1,
         "revision"},
        {add_published(folder.path(), "Not-A-Name"), 1, "name"},
        {add_published(folder.path(), "class"), 1, "name"},
        {add_published(folder.path(), "mine", {"--family", "gpt2"}), 1, "GPT2Model"},
        {add_published(folder.path(), "mine", {"--family", "roberta"}), 1, "roberta"},
        {add_published(folder.path(), "mine", {"--family", "gpt9"}), 2, "no family 'gpt9'"},
        {add(folder.path(), "mine", {}), 2, "--repository"},
        {run_xzoo({"manifest", "add", folder.path().string(), "--name", "mine", "--manifest",
                   folder.path().string()}),
         1, "config.json"}};
    for (const auto& [result, code, word] : refused) {
        INFO(result.err);
        CHECK(result.code == code);
        CHECK(contains(result.err, word));
    }
    CHECK(read_file(file) == before);
}

TEST_CASE("what is wrong with the manifest is told of the user's own files", "[cli][manifest]") {
    const TempFolder folder;
    copy_manifest(folder.path());
    const fs::path broken = folder.path() / "embedded" / "language_id" / "config.json";
    put_file(broken, "no JSON");
    const Result result = add_published(folder.path(), "mine");
    CHECK(result.code == 1);
    CHECK(contains(result.err, broken.string()));
}

TEST_CASE("a folder inside the manifest is an entry that ships with it", "[cli][manifest]") {
    const TempFolder folder;
    copy_manifest(folder.path());
    const fs::path inside = folder.path() / "embedded" / "tiny";
    fs::create_directory(inside);
    for (const char* name : {"config.json", "model.safetensors"})
        fs::copy_file(data_dir() / "models" / "tiny_bert" / name, inside / name);
    const Result result = run_xzoo({"manifest", "add", inside.string(), "--manifest",
                                    folder.path().string(), "--name", "tiny", "--license", "mit"});
    INFO(result.err);
    REQUIRE(result.code == 0);
    const boost::json::object entry = entry_of(folder.path() / "bert.json", "tiny");
    CHECK(string_of(entry.at("folder")) == "embedded/tiny");
    CHECK(entry.if_contains("tensors") == nullptr);
    const Result generated = generate(folder.path(), folder.path() / "out");
    INFO(generated.err);
    CHECK(generated.code == 0);
}
