// embed, classify, fill-mask and bench against the library itself.
#include <algorithm>
#include <cmath>
#include <string>

#include "cli/run_cli.hpp"
#include "xzoo/nn/pooling.hpp"
#include "xzoo/text/tokenizer.hpp"
#include "zoo/bert.hpp"

using namespace xzoo;
using namespace xzoo::test;

namespace {

constexpr const char* german = "Nach dem Regen roch der Garten nach Erde und nassem Gras.";
constexpr const char* english = "After the rain the whole garden smelled of earth and wet grass.";

/// A folder with a masked language model of random weights, of a type that the program knows.
void write_masked_lm(const fs::path& folder) {
    BertForMaskedLM<bert_tiny>{}.random_init(5).save_pretrained(folder);
    for (const char* name : {"tokenizer.json", "tokenizer_config.json"})
        fs::copy_file(language_model_dir() / name, folder / name);
}

std::vector<float> floats(const boost::json::value& list) {
    std::vector<float> values;
    for (const boost::json::value& value : list.as_array())
        values.push_back(static_cast<float>(number(value)));
    return values;
}

}  // namespace

TEST_CASE("classify names languages with the model that the program carries", "[cli]") {
    const Result result = run_xzoo({"classify", german, english});
    REQUIRE(result.code == 0);
    CHECK(result.err.empty());
    const std::vector<std::string> lines = result.lines();
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].starts_with("de\t0."));
    CHECK(lines[0].ends_with(std::string{'\t'} + german));
    CHECK(lines[1].starts_with("en\t0."));
}

TEST_CASE("a model is its folder or its file of weights, wherever one stands", "[cli]") {
    const fs::path folder = language_model_dir();
    const std::string expected = succeeded(run_xzoo({"classify", german})).out;
    for (const fs::path& model : {folder, folder / "model.safetensors"})
        CHECK(run_xzoo({"classify", "--model", model.string(), german}).out == expected);
    for (const char* model : {".", "model.safetensors"})
        CHECK(run_xzoo({"classify", "--model", model, german}, "", folder).out == expected);
    CHECK(succeeded(run_xzoo({"tokenize", "--model", "tokenizer.json", german}, "", folder)).out ==
          succeeded(run_xzoo({"tokenize", "--model", folder.string(), german})).out);
}

TEST_CASE("classify says the same in every precision", "[cli]") {
    const std::string expected = succeeded(run_xzoo({"classify", "--json", german})).out;
    for (const char* precision : {"bf16", "i8"}) {
        const std::string found =
            succeeded(run_xzoo({"classify", "--json", "--precision", precision, german})).out;
        CHECK(found != expected);  // other weights, other probabilities
        CHECK(contains(found, "\"de\""));
    }
    CHECK(run_xzoo({"classify", "--precision", "q4", german}).code == 2);
}

TEST_CASE("classify gives the oracle's probabilities", "[cli]") {
    const boost::json::value expected =
        boost::json::parse(read_file(language_model_dir() / "expected.json"));
    std::string input;
    for (const boost::json::value& sentence : expected.at("sentences").as_array())
        input += string_of(sentence.at("text")) + '\n';
    const auto answers = run_xzoo({"classify", "--json", "--top-k", "0"}, input).objects();
    const boost::json::array& sentences = expected.at("sentences").as_array();
    const boost::json::object config =
        boost::json::parse(read_file(language_model_dir() / "config.json")).as_object();
    REQUIRE(answers.size() == sentences.size());
    for (std::size_t i = 0; i < answers.size(); ++i) {
        CHECK(string_of(answers[i].at("label")) == string_of(sentences[i].at("predicted")));
        const std::vector<float> logits = floats(sentences[i].at("logits"));
        double sum = 0.0;
        for (const float logit : logits)
            sum += std::exp(double{logit});
        const boost::json::object& scores = answers[i].at("scores").as_object();
        REQUIRE(scores.size() == logits.size());
        for (std::size_t label = 0; label < logits.size(); ++label) {
            const std::string name =
                string_of(config.at("id2label").as_object().at(std::to_string(label)));
            CHECK(std::abs(number(scores.at(name)) - std::exp(double{logits[label]}) / sum) < 1e-4);
        }
    }
}

TEST_CASE("texts come from arguments, files and standard input, in this order", "[cli]") {
    const TempFolder folder;
    const std::string file = folder.write("texts", "first line\r\n\nthird [MASK] line").string();
    const Result result =
        run_xzoo({"classify", "--json", file, "an argument", "-", "--text", file, "--text=[a,b]",
                  "--text=", "list", "++", "{}", "%%", "--file", file, "--", "--dashes"},
                 "from input\n");
    REQUIRE(result.code == 0);
    std::vector<std::string> texts;
    for (const boost::json::object& object : result.objects())
        texts.push_back(string_of(object.at("text")));
    const std::vector<std::string> expected{"first line",
                                            "",
                                            "third [MASK] line",
                                            "an argument",
                                            "from input",
                                            "list",
                                            "++",
                                            "{}",
                                            "%%",
                                            "--dashes",
                                            file,
                                            "[a,b]",
                                            "",
                                            "first line",
                                            "",
                                            "third [MASK] line"};
    CHECK(texts == expected);
    CHECK(succeeded(run_xzoo({"classify"}, "")).out.empty());
    for (const std::string text : {"++", "{}", ""}) {  // each alone, too
        const auto alone = succeeded(run_xzoo({"classify", "--json", text}, "input")).objects();
        REQUIRE(alone.size() == 1);
        CHECK(string_of(alone[0].at("text")) == text);
    }
    CHECK(run_xzoo({"classify", "--file", "no/such/file"}).code == 1);
}

TEST_CASE("bytes that are no UTF-8 become the replacement character", "[cli]") {
    const auto objects = run_xzoo({"classify", "--json"}, "caf\xe9 noir\n").objects();
    REQUIRE(objects.size() == 1);
    CHECK(string_of(objects[0].at("text")) == "caf\xef\xbf\xbd noir");
}

TEST_CASE("the batch size changes no label and hardly a score", "[cli]") {
    std::string input;
    for (std::size_t i = 0; i < 20; ++i)
        input += std::string{i % 3 == 0 ? german : english} + std::string(i, 'x') + '\n';
    const auto one = run_xzoo({"classify", "--json", "--batch-size", "1"}, input).objects();
    const auto many =
        run_xzoo({"classify", "--json", "--batch-size", "7", "--threads", "2"}, input).objects();
    REQUIRE(one.size() == 20);
    REQUIRE(many.size() == 20);
    for (std::size_t i = 0; i < one.size(); ++i) {
        CHECK(one[i].at("label") == many[i].at("label"));
        CHECK(std::abs(number(one[i].at("score")) - number(many[i].at("score"))) < 1e-4);
    }
}

TEST_CASE("pairs are two texts of a line", "[cli]") {
    const auto pairs = run_xzoo({"classify", "--json", "--pairs"}, "one text\tanother\n").objects();
    REQUIRE(pairs.size() == 1);
    CHECK(string_of(pairs[0].at("pair")) == "another");
    const Result missing = run_xzoo({"classify", "--pairs"}, "no tab\n");
    CHECK(missing.code == 1);
    CHECK(contains(missing.err, "standard input, line 1"));
}

TEST_CASE("embed gives the library's sentence embeddings", "[cli]") {
    constexpr auto config = Weights<BertWeights::language_id>::config;
    const auto model = Bert<config>{}.from_pretrained(language_model_dir());
    const auto tokenizer = Tokenizer::from_pretrained(language_model_dir());
    const EncodingBatch tokens = tokenizer.encode_batch({german, english});
    const std::pair<const char*, Pooling> poolings[]{{"mean", Pooling::mean},
                                                     {"cls", Pooling::cls},
                                                     {"last", Pooling::last},
                                                     {"max", Pooling::max}};
    for (const auto& [name, pooling] : poolings) {
        INFO("pooling " << name);
        const xt::xtensor<float, 2> expected = sentence_embeddings(
            model, {.input_ids = tokens.ids, .attention_mask = tokens.attention_mask},
            {.pooling = pooling, .normalize = true});
        const auto found =
            run_xzoo({"embed", "--json", "--normalize", "--pooling", name, german, english})
                .objects();
        REQUIRE(found.size() == 2);
        for (std::size_t i = 0; i < 2; ++i)
            require_close(floats(found[i].at("embedding")),
                          std::span{expected.data() + i * config.hidden_size, config.hidden_size},
                          1e-6);
    }
    CHECK(run_xzoo({"embed", german}).lines().size() == 1);
}

TEST_CASE("fill-mask ranks the tokens of the library's logits", "[cli]") {
    const TempFolder folder;
    write_masked_lm(folder.path());
    const std::string sentence = "the [MASK] of the garden is [MASK].";
    const Result result = run_xzoo({"fill-mask", "--model", folder.path().string(), "--top-k", "3",
                                    "--json", sentence, "another [MASK]"});
    INFO(result.err);
    REQUIRE(result.code == 0);
    const auto found = result.objects();
    REQUIRE(found.size() == 2);
    const boost::json::array& masks = found[0].at("masks").as_array();
    REQUIRE(masks.size() == 2);

    const auto model = BertForMaskedLM<bert_tiny>{}.from_pretrained(folder.path());
    const auto tokenizer = Tokenizer::from_pretrained(folder.path());
    const EncodingBatch tokens = tokenizer.encode_batch({sentence});
    const xt::xtensor<float, 3> logits = model({.input_ids = tokens.ids}).logits;
    for (const boost::json::value& mask : masks) {
        const auto position = static_cast<std::size_t>(number(mask.at("position")));
        CHECK(tokens.ids(0, position) == tokenizer.special_tokens().mask);
        const float* row = logits.data() + position * bert_tiny.vocab_size;
        const auto best = std::max_element(row, row + bert_tiny.vocab_size) - row;
        const boost::json::array& candidates = mask.at("candidates").as_array();
        REQUIRE(candidates.size() == 3);
        CHECK(static_cast<std::ptrdiff_t>(number(candidates[0].at("id"))) == best);
        CHECK(number(candidates[0].at("score")) >= number(candidates[1].at("score")));
    }
    const std::string filled = string_of(masks[0].at("candidates").at(0).at("text"));
    CHECK(filled.starts_with("the "));
    CHECK(filled.ends_with(" of the garden is [MASK]."));
}

TEST_CASE("fill-mask needs a mask, classify a classifier of the folder's size", "[cli]") {
    const TempFolder folder;
    write_masked_lm(folder.path());
    const Result no_mask = run_xzoo({"fill-mask", "--model", folder.path().string(), "nothing"});
    CHECK(no_mask.code == 1);
    CHECK(contains(no_mask.err, "[MASK]"));
    const Result no_head = run_xzoo({"classify", "--model", folder.path().string(), "nothing"});
    CHECK(no_head.code == 1);
    CHECK(contains(no_head.err, "hidden_size: the file has 128"));
    CHECK(contains(no_head.err, "xzoo_add_model"));
    CHECK(run_xzoo({"embed", "--model", folder.path().string(), "something"}).code == 0);
}

TEST_CASE("a folder of a type that is not compiled in is refused with what to do", "[cli]") {
    const std::string folder = (data_dir() / "models" / "tiny_bert").string();
    const Result result = run_xzoo({"classify", "--model", folder, "text"});
    CHECK(result.code == 1);
    CHECK(contains(result.err, "hidden_size: the file has 8, the type has "));
    CHECK(contains(result.err, "xzoo_add_model"));
    const Result unknown = run_xzoo({"classify", "--model", "no-such-model", "text"});
    CHECK(unknown.code == 1);
    CHECK(contains(unknown.err, "near it are"));
    const Result absent = run_xzoo({"embed", "--model", "BertWeights::base_uncased", "text"});
    CHECK(absent.code == 1);
    CHECK(contains(absent.err, "https://huggingface.co/google-bert/bert-base-uncased/resolve/"));
}

TEST_CASE("bench measures a named config", "[cli]") {
    const auto found = run_xzoo({"bench", "bert_tiny", "--length", "9", "--batch", "2", "--threads",
                                 "1", "--seconds", "0", "--json"})
                           .objects();
    REQUIRE(found.size() == 1);
    CHECK(number(found[0].at("runs")) == 1);
    CHECK(number(found[0].at("tokens_per_second")) > 0);
    const std::size_t parameters = Bert<bert_tiny, f32, false>::num_parameters();
    CHECK(number(found[0].at("num_parameters")) == static_cast<double>(parameters));
    CHECK(contains(run_xzoo({"bench", "bert_tiny", "--seconds", "0"}).out, "tokens/s"));
    CHECK(contains(run_xzoo({"bench", "bert_tin"}).err, "did you mean 'bert_tiny'?"));
    const Result too_long = run_xzoo({"bench", "bert_tiny", "--length", "513"});
    CHECK(too_long.code == 2);
    CHECK(contains(too_long.err, "512"));
}
