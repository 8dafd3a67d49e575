// generate against the library itself, and a real model's documented text.
#include <algorithm>
#include <cmath>
#include <string>

#include "cli/generate_support.hpp"
#include "xzoo/generation/score_text.hpp"
#include "xzoo/text/tokenizer.hpp"

using namespace xzoo;
using namespace xzoo::test;

namespace {

constexpr const char* beginning = "The garden ";

std::string library_text(const LlamaFolder& folder, const GenerationConfig& settings) {
    const auto model = SmallLlama{}.from_pretrained(folder.path());
    const auto tokenizer = Tokenizer::from_pretrained(folder.path());
    return model.generate(tokenizer(beginning), settings).text;
}

}  // namespace

TEST_CASE("generate writes the prompt and what the library continues it with", "[cli]") {
    const LlamaFolder folder;
    const std::string greedy = library_text(folder, {.max_new_tokens = 20});
    const std::vector<std::string> arguments{"generate", folder.path(), beginning,
                                             "--max-new-tokens", "20"};
    const Result result = run_xzoo(arguments);
    INFO(result.err);
    REQUIRE(result.code == 0);
    CHECK(result.out == beginning + greedy + '\n');
    CHECK(contains(result.err, "12 prompt tokens, first token after "));
    CHECK(contains(result.err, "then 19 at "));
    const auto with = [&](std::vector<std::string> more) {
        more.insert(more.begin(), arguments.begin(), arguments.end());
        return run_xzoo(more);
    };
    CHECK(with({"--stream"}).out == result.out);
    CHECK(with({"--only-new"}).out == greedy + '\n');
    CHECK(with({"--quiet"}).err.empty());
    CHECK(with({"--greedy", "--threads", "2"}).out == result.out);
    const Result sampled =
        with({"--temperature", "0.7", "--top-p", "0.9", "--top-k=30", "--seed", "11"});
    CHECK(contains(sampled.err, "seed 11"));
    CHECK(sampled.out == beginning +
                             library_text(folder, {.max_new_tokens = 20,
                                                   .temperature = 0.7F,
                                                   .top_k = 30,
                                                   .top_p = 0.9F,
                                                   .seed = 11}) +
                             '\n');
    CHECK(with({"--num-beams", "3", "--num-return-sequences", "2"}).code == 0);
}

TEST_CASE("the prompt comes from an argument, a file or standard input", "[cli]") {
    const LlamaFolder folder;
    const TempFolder texts;
    const std::string file = texts.write("prompt", std::string{beginning} + "\n").string();
    const std::vector<std::string> common{"--max-new-tokens", "3", "--quiet"};
    const auto with = [&](std::vector<std::string> arguments, std::string_view input = {}) {
        arguments.insert(arguments.begin(), "generate");
        arguments.insert(arguments.end(), common.begin(), common.end());
        return run_xzoo(arguments, input);
    };
    const std::string expected = with({folder.path(), beginning}).out;
    REQUIRE(expected.starts_with(beginning));
    CHECK(with({folder.path(), file}).out == expected);
    CHECK(with({folder.path(), "--file", file}).out == expected);
    CHECK(with({folder.path(), "--text", beginning}).out == expected);
    CHECK(with({folder.path()}, std::string{beginning} + "\n").out == expected);
    CHECK(with({folder.path(), "-"}, beginning).out == expected);
    CHECK(with({"--model", folder.path(), beginning}).out == expected);
    CHECK(with({beginning, "--model", folder.path()}).out == expected);
    CHECK(with({folder.path(), ""}).code == 0);  // begins with <s>
    const Result words = with({folder.path(), "two", "words"});
    CHECK(words.code == 2);
    CHECK(contains(words.err, "expected one prompt, found 2"));
    CHECK(with({folder.path(), "--file", "no/such/file"}).code == 1);
}

TEST_CASE("generate --json has every new token with its log-probability", "[cli]") {
    const LlamaFolder folder;
    const auto found = run_xzoo({"generate", folder.path(), beginning, "--max-new-tokens", "6",
                                 "--json", "--top-log-probs", "2"})
                           .objects();
    REQUIRE(found.size() == 1);
    const boost::json::object& text = found.front();
    CHECK(string_of(text.at("prompt")) == beginning);
    CHECK(string_of(text.at("text")) == library_text(folder, {.max_new_tokens = 6}));
    CHECK(string_of(text.at("finish_reason")) == "length");
    CHECK(number(text.at("prompt_tokens")) == 12);
    const boost::json::array& tokens = text.at("tokens").as_array();
    REQUIRE(tokens.size() == 6);

    const auto model = SmallLlama{}.from_pretrained(folder.path());
    std::vector<std::uint32_t> ids{begin_id};
    for (const char c : std::string_view{beginning})
        ids.push_back(static_cast<unsigned char>(c));
    for (const boost::json::value& token : tokens)
        ids.push_back(static_cast<std::uint32_t>(number(token.at("id"))));
    const TextScore score = score_text(model.language_model(), ids);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const auto expected = double{score.log_probs[score.log_probs.size() - 6 + i]};
        CHECK(std::abs(number(tokens[i].at("log_prob")) - expected) < 1e-4);
        const boost::json::array& top = tokens[i].at("top").as_array();
        REQUIRE(top.size() == 2);
        CHECK(number(top[0].at("log_prob")) >= number(top[1].at("log_prob")));
        CHECK(number(top[0].at("log_prob")) >= number(tokens[i].at("log_prob")));
    }
    const auto several =
        run_xzoo({"generate", folder.path(), beginning, "--seed", "4", "--num-return-sequences",
                  "3", "--max-new-tokens", "5", "--json"})
            .objects();
    REQUIRE(several.size() == 3);
    CHECK(several[0].at("text") != several[1].at("text"));
    CHECK(number(several[0].at("seed")) == 4);
}

TEST_CASE("settings are read as a generation_config.json has them", "[cli]") {
    const LlamaFolder folder;
    const std::string greedy = library_text(folder, {.max_new_tokens = 20});
    const auto with = [&](std::vector<std::string> more) {
        const std::vector<std::string> first{"generate",         folder.path(), beginning,
                                             "--max-new-tokens", "20",          "--quiet",
                                             "--only-new"};
        more.insert(more.begin(), first.begin(), first.end());
        return run_xzoo(more);
    };
    const auto written = [&](std::vector<std::string> more) {
        return succeeded(with(std::move(more))).out;
    };
    const auto second = static_cast<unsigned char>(greedy[1]);
    const std::string id = std::to_string(second);
    CHECK(written({"--suppress-tokens", id}).find(greedy[1]) == std::string::npos);
    CHECK(written({"--bad-words-ids", "[" + id + "]"}).find(greedy[1]) == std::string::npos);
    CHECK(written({"--bad-words-ids=[[" + id + "]]"}).find(greedy[1]) == std::string::npos);
    CHECK(written({"--sequence-bias", "[[" + id + "], -100.0]"}).find(greedy[1]) ==
          std::string::npos);
    const std::string stop = greedy.substr(4, 2);
    CHECK(written({"--stop-strings", stop, "--stop-strings", "never"}) ==
          greedy.substr(0, greedy.find(stop)) + '\n');
    CHECK(written({"--eos-token-id", "257," + id}).size() <= 3);
    CHECK_FALSE(written({"--early-stopping", "never", "--num-beams", "2"}).empty());
}

TEST_CASE("settings that make no sense are refused", "[cli]") {
    const LlamaFolder folder;
    const auto with = [&](std::vector<std::string> more) {
        const std::vector<std::string> first{"generate", folder.path(), beginning,
                                             "--max-new-tokens", "20"};
        more.insert(more.begin(), first.begin(), first.end());
        return run_xzoo(more);
    };
    const std::vector<std::vector<std::string>> wrong{
        {"--max-new-tokens", "some"},
        {"--temperature", "hot"},
        {"--eos-token-id", "-1"},
        {"--bad-words-ids", "five"},
        {"--early-stopping", "later"},
        {"--sample", "--greedy"},
        {"--json", "--stream"},
        {"--top-log-probs", "2"},
        {"--precision", "f64"},
        {"--min-new-tokens", "30"},
        {"--seed", "{}"},
        {"--top-p="},
        {"--sample", "--num-return-sequences", "2", "--stream"},
        {"--num-beams", "2", "--json", "--top-log-probs", "2"}};
    for (const auto& arguments : wrong) {
        const Result result = with(arguments);
        INFO(arguments.front());
        CHECK(result.code == 2);
        CHECK(result.err.starts_with("xzoo: "));
        CHECK(result.out.empty());
    }
    CHECK(contains(with({"--min-new-tokens", "some"}).err,
                   "expected a whole number, not negative, found 'some'"));
    const Result senseless = with({"--temperature", "0"});
    CHECK(senseless.code == 2);
    CHECK(contains(senseless.err, "temperature: expected a positive number"));
    CHECK(run_xzoo({"generate", folder.path(), beginning, "--max-new-tokens", "0"}).code == 2);
    const Result several = with({"--sample", "--num-return-sequences", "2", "--stream"});
    CHECK(contains(several.err, "--stream writes one text as it comes"));
    const Result beams = with({"--num-beams", "2", "--json", "--top-log-probs", "2"});
    CHECK(contains(beams.err, "--top-log-probs contradicts --num-beams"));
    // What the model's files say makes no sense either, but is no usage.
    folder.folder().write("generation_config.json", R"({"temperature": -1.0, "do_sample": true})");
    CHECK(with({"--seed", "1"}).code == 1);
}

TEST_CASE("a seed is a seed, whatever number it is", "[cli]") {
    const LlamaFolder folder;
    const std::vector<std::string> arguments{"generate", folder.path(),      beginning, "--seed",
                                             "0",        "--max-new-tokens", "2"};
    CHECK(succeeded(run_xzoo(arguments)).err.ends_with(", seed 0\n"));
    std::vector<std::string> as_json = arguments;
    as_json.emplace_back("--json");
    const auto objects = succeeded(run_xzoo(as_json)).objects();
    REQUIRE(objects.size() == 1);
    CHECK(number(objects[0].at("seed")) == 0);
}

TEST_CASE("the precision follows the file unless it is named", "[cli]") {
    const LlamaFolder folder;
    const TempFolder narrow;
    SmallLlama{}
        .from_pretrained(folder.path())
        .save_pretrained(narrow.path(), {.dtype = Dtype::bf16});
    fs::copy_file(folder.folder().path() / "tokenizer.json", narrow.path() / "tokenizer.json");
    const auto text = [](const std::string& path, const char* precision) {
        return succeeded(run_xzoo({"generate", path, beginning, "--max-new-tokens", "30", "--quiet",
                                   "--json", "--cache", "f32", "--precision", precision}))
            .out;
    };
    const std::string wide = text(folder.path(), "f32");
    const std::string expected = text(folder.path(), "bf16");
    CHECK(wide != expected);
    CHECK(text(narrow.path().string(), "auto") == expected);
    // The same numbers, kept wider; processors with products of bfloat16 round inputs as well.
    if (!simd::has_bf16<simd::default_arch>)
        CHECK(text(narrow.path().string(), "f32") == expected);
    CHECK(text(folder.path(), "auto") == wide);
    for (const char* precision : {"i8", "q8", "q4"})
        CHECK_FALSE(text(folder.path(), precision).empty());
    // The weights themselves say it, not what a config.json claims.
    const fs::path config = folder.folder().path() / "config.json";
    boost::json::object claims = boost::json::parse(read_file(config)).as_object();
    claims["torch_dtype"] = "bfloat16";
    folder.folder().write("config.json", boost::json::serialize(claims));
    CHECK(text(folder.path(), "auto") == wide);
    succeeded(run_xzoo({"generate", folder.path(), beginning, "--cache", "bf16"}));
}

TEST_CASE("a file of weights brings its generation_config.json", "[cli]") {
    const LlamaFolder folder;
    folder.folder().write("generation_config.json", R"({"max_new_tokens": 3})");
    const std::string file = (folder.folder().path() / "model.safetensors").string();
    const auto found =
        succeeded(run_xzoo({"generate", file, beginning, "--json", "--quiet"})).objects();
    REQUIRE(found.size() == 1);
    CHECK(found[0].at("tokens").as_array().size() == 3);
}

TEST_CASE("fields of the model's files that have no effect are noted", "[cli]") {
    const LlamaFolder folder;
    folder.folder().write("generation_config.json",
                          R"({"eos_token_id": 257, "max_new_tokens": 4, "temperatur": 0.5})");
    const Result result = run_xzoo({"generate", folder.path(), beginning, "--json"});
    CHECK(result.code == 0);
    CHECK(contains(result.err, "'temperatur' is not known and has no effect"));
    REQUIRE(result.objects().size() == 1);
    CHECK(result.objects()[0].at("tokens").as_array().size() <= 4);
    folder.folder().write("generation_config.json", R"({"dola_layers": "high"})");
    const Result unsupported = run_xzoo({"generate", folder.path(), beginning});
    CHECK(unsupported.code == 1);
    CHECK(contains(unsupported.err, "dola_layers: is not supported"));
}

TEST_CASE("a model that cannot be run is refused", "[cli]") {
    CHECK(run_xzoo({"generate"}).code == 2);
    const Result unknown = run_xzoo({"generate", "no-such-model", "text"});
    CHECK(unknown.code == 1);
    CHECK(contains(unknown.err, "near it are"));
    const Result encoder = run_xzoo({"generate", language_model_dir().string(), "text"});
    CHECK(encoder.code == 1);
    CHECK(contains(encoder.err, "LlamaForCausalLM"));
    const LlamaFolder folder;
    fs::remove(folder.folder().path() / "tokenizer.json");
    CHECK(run_xzoo({"generate", folder.path(), "text"}).code == 1);
}

TEST_CASE("the published TinyStories model writes its documented text", "[cli]") {
    if (!has_shared("models/llama-stories260K"))
        return;
    const fs::path folder = shared_dir() / "models" / "llama-stories260K";
    std::string expected = read_file(folder / "expected_greedy.txt");
    while (expected.ends_with('\n'))
        expected.pop_back();
    const Result result = run_xzoo(
        {"generate", folder.string(), "Once upon a time", "--max-new-tokens", "256", "--greedy"});
    INFO(result.err);
    REQUIRE(result.code == 0);
    CHECK(result.out.substr(0, expected.size()) == expected);
    const Result alone =
        run_xzoo({"generate", folder.string(), "", "--max-new-tokens", "256", "--greedy"});
    CHECK(alone.out == expected + '\n');
}

TEST_CASE("the model that the program carries writes the oracle's text", "[cli]") {
    const fs::path folder = project_dir() / "weights_manifest" / "embedded" / "language_model";
    const boost::json::value expected = boost::json::parse(read_file(folder / "expected.json"));
    for (const boost::json::value& text : expected.at("prompts").as_array()) {
        const std::string prompt = string_of(text.at("prompt"));
        const std::string tokens = std::to_string(text.at("greedy").as_array().size());
        const Result result =
            run_xzoo({"generate", "LlamaWeights::language_model", "--text", prompt, "--greedy",
                      "--max-new-tokens", tokens, "--only-new", "--precision", "f32"});
        INFO(result.err);
        CHECK(result.out == string_of(text.at("text")) + '\n');
    }
    // As its generation_config.json says, it samples.
    const auto sampled =
        run_xzoo({"generate", "language_model", "The", "--max-new-tokens", "4", "--json"})
            .objects();
    REQUIRE(sampled.size() == 1);
    CHECK(sampled[0].contains("seed"));
}
