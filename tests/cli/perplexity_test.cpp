// perplexity and bench of language models against the library itself.
#include <cmath>
#include <string>
#include <vector>

#include "cli/generate_support.hpp"
#include "xzoo/generation/score_text.hpp"
#include "xzoo/text/tokenizer.hpp"

using namespace xzoo;
using namespace xzoo::test;

namespace {

bool close(double found, double expected) {
    return std::abs(found - expected) <= 1e-4 * std::abs(expected);
}

}  // namespace

TEST_CASE("perplexity is the library's, of each file as one text", "[cli]") {
    const LlamaFolder folder;
    const TempFolder texts;
    const std::string text = "Nothing grows here.\nNothing at all.";
    const std::string file = texts.write("text", text + "\n").string();
    std::string longer;
    while (longer.size() < 1000)
        longer += text;
    const std::string other = texts.write("longer", longer).string();
    const Result result = run_xzoo({"perplexity", folder.path(), file, other, "--json"});
    INFO(result.err);
    REQUIRE(result.code == 0);
    CHECK(contains(result.err, "tokens/s"));
    const auto found = result.objects();
    REQUIRE(found.size() == 2);
    const auto model = SmallLlama{}.from_pretrained(folder.path());
    const auto tokenizer = Tokenizer::from_pretrained(folder.path());
    const auto score = [&](const std::string& of, const ScoreOptions& how) {
        return score_text(model.language_model(), tokenizer.encode(of).ids, how);
    };
    const TextScore expected = score(text, {});
    CHECK(string_of(found[0].at("file")) == file);
    CHECK(number(found[0].at("tokens")) == static_cast<double>(text.size()));
    CHECK(close(number(found[0].at("perplexity")), expected.perplexity()));
    CHECK(close(number(found[0].at("bits_per_byte")), std::log2(expected.perplexity())));
    CHECK(close(number(found[1].at("perplexity")), score(longer, {}).perplexity()));
    const auto narrow = run_xzoo({"perplexity", other, "--model", folder.path(), "--window", "64",
                                  "--stride", "16", "--json", "--quiet"});
    CHECK(narrow.err.empty());
    CHECK(close(number(narrow.objects().at(0).at("perplexity")),
                score(longer, {.window = 64, .stride = 16}).perplexity()));
    CHECK(run_xzoo({"perplexity", folder.path()}, text).out.ends_with("\t-\n"));
    for (const std::vector<std::string>& window : std::vector<std::vector<std::string>>{
             {"--window", "1"}, {"--window", "513"}, {"--window", "9", "--stride", "9"}}) {
        std::vector<std::string> arguments{"perplexity", folder.path(), file};
        arguments.insert(arguments.end(), window.begin(), window.end());
        const Result refused = run_xzoo(arguments);
        CHECK(refused.code == 2);
        CHECK(contains(refused.err, window.size() > 2 ? "--stride: " : "--window: "));
    }
    const std::string odd = texts.write("caf\xe9", text).string();  // in Latin-1
    const auto named = succeeded(run_xzoo({"perplexity", folder.path(), odd, "--json"})).objects();
    REQUIRE(named.size() == 1);
    CHECK(string_of(named[0].at("file")).ends_with("caf\xef\xbf\xbd"));
    CHECK(run_xzoo({"perplexity", folder.path(), "no/such/file"}).code == 1);
    CHECK(run_xzoo({"perplexity", folder.path(), "--text", ""}).code == 1);
}

TEST_CASE("bench measures prefill and decode of a language model", "[cli]") {
    for (const char* precision : {"f32", "bf16", "i8", "q8", "q4"}) {
        const auto found =
            run_xzoo({"bench", "stories_260k", "--precision", precision, "--length", "17",
                      "--new-tokens", "5", "--batch", "2", "--seconds", "0", "--json"})
                .objects();
        REQUIRE(found.size() == 1);
        CHECK(string_of(found[0].at("precision")) == precision);
        CHECK(number(found[0].at("prefill_tokens_per_second")) > 0);
        CHECK(number(found[0].at("decode_tokens_per_second")) > 0);
        const std::size_t parameters = SmallLlama::num_parameters();
        CHECK(number(found[0].at("num_parameters")) == static_cast<double>(parameters));
    }
    CHECK(contains(run_xzoo({"bench", "stories_260k", "--seconds", "0"}).out, "decode: "));
    CHECK(contains(run_xzoo({"bench", "stories_260"}).err, "did you mean 'stories_260k'?"));
    const Result too_long = run_xzoo({"bench", "stories_260k", "--length", "500"});
    CHECK(too_long.code == 2);
    CHECK(contains(too_long.err, "512"));
    CHECK(run_xzoo({"bench", "bert_tiny", "--precision", "q4"}).code == 2);
    CHECK(run_xzoo({"bench", "bert_tiny", "--precision", "i8", "--seconds", "0"}).code == 0);
}
