// Whole tokenizers against the results of the reference implementation, on shared data.
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>

#include <xzoo/text/tokenizer.hpp>

#include "text_support.hpp"

namespace {

using xzoo::Tokenizer;
using xzoo::test::has_shared;
using xzoo::test::Ids;
using xzoo::test::shared_dir;
namespace json = boost::json;

std::filesystem::path bert_dir() {
    return shared_dir() / "models/tokenizers/bert-base-uncased";
}

json::value golden(const char* name = "huggingface.json") {
    return json::parse(xzoo::text::read_whole_file(shared_dir() / "golden_tokenizers" / name));
}

/// Checks what `all` has under `name`: ids with and without special tokens, text, pairs.
void check_model(const Tokenizer& tokenizer, const json::value& all, const char* name) {
    const auto strings = json::value_to<std::vector<std::string>>(all.at("strings"));
    const json::object& expected = all.at("models").at(name).as_object();
    const bool with_special = expected.contains("plain");
    const auto plain =
        json::value_to<std::vector<Ids>>(expected.at(with_special ? "plain" : "ids"));
    const auto decoded = json::value_to<std::vector<std::string>>(expected.at("decoded"));
    std::vector<Ids> special;
    std::vector<std::vector<Ids>> pairs;
    if (with_special)
        special = json::value_to<std::vector<Ids>>(expected.at("with_special_tokens"));
    if (expected.contains("pairs_longest_first_24"))
        pairs =
            json::value_to<std::vector<std::vector<Ids>>>(expected.at("pairs_longest_first_24"));
    REQUIRE(plain.size() == strings.size());
    for (std::size_t i = 0; i < strings.size(); ++i) {
        INFO(name << ", string " << i << ": " << strings[i]);
        const auto encoding = tokenizer.encode(strings[i], {.add_special_tokens = false});
        CHECK(encoding.ids == plain[i]);
        CHECK(tokenizer.decode(encoding.ids, {.clean_up_tokenization_spaces = false}) ==
              decoded[i]);
        if (!special.empty())
            CHECK(tokenizer.encode(strings[i]).ids == special[i]);
        if (pairs.empty())
            continue;
        const auto pair =
            tokenizer.encode(strings[i], strings[strings.size() - 1 - i],
                             {.truncation = xzoo::Truncation::longest_first, .max_length = 24});
        CHECK(pair.ids == pairs[i][0]);
        CHECK(pair.type_ids == pairs[i][1]);
    }
}

/// Checks the strings of NAME.inp, which are parted by a separator, and the ids of NAME.out.
void check_pairs(const Tokenizer& tokenizer, const char* name) {
    const auto base = shared_dir() / "models/tokenizers/ggml-vocab" /
                      ("ggml-vocab-" + std::string{name} + ".gguf");
    const std::string inputs = xzoo::text::read_whole_file(base.string() + ".inp");
    std::istringstream outputs{xzoo::text::read_whole_file(base.string() + ".out")};
    const std::string separator = "\n__ggml_vocab_test__\n";
    std::size_t count = 0;
    for (std::size_t at = 0; at <= inputs.size(); ++count) {
        const std::size_t end = std::min(inputs.find(separator, at), inputs.size());
        const std::string text = inputs.substr(at, end - at);
        std::string line;
        if (!std::getline(outputs, line))
            break;  // what follows the last separator is no test
        std::istringstream numbers{line};
        const Ids expected{std::istream_iterator<std::uint32_t>{numbers}, {}};
        INFO(name << ", test " << count << ": " << text);
        CHECK(tokenizer.encode(text, {.add_special_tokens = false}).ids == expected);
        at = end + separator.size();
    }
    CHECK(count > 40);
}

std::filesystem::path tokenizers() {
    return shared_dir() / "models/tokenizers";
}

}  // namespace

TEST_CASE("bert-base-uncased tokenizes as the reference does, from tokenizer.json",
          "[text][bert]") {
    if (!has_shared("golden_tokenizers"))
        return;
    check_model(Tokenizer::from_pretrained(bert_dir()), golden(), "bert-base-uncased");
}

TEST_CASE("bert-base-uncased tokenizes as the reference does, from vocab.txt", "[text][bert]") {
    if (!has_shared("golden_tokenizers"))
        return;
    const auto all = golden();
    check_model(Tokenizer::from_pretrained(bert_dir() / "vocab.txt"), all, "bert-base-uncased");
    check_model(Tokenizer::from_vocab_txt(bert_dir() / "vocab.txt", {.do_lower_case = false}), all,
                "bert-base-uncased cased settings");
}

TEST_CASE("vocabularies give the ids of their .out files", "[text]") {
    if (!has_shared("models/tokenizers/ggml-vocab"))
        return;
    check_pairs(Tokenizer::from_pretrained(bert_dir()), "bert-bge");
    check_pairs(Tokenizer::from_pretrained(tokenizers() / "gpt2"), "gpt-2");
    check_pairs(Tokenizer::from_pretrained(tokenizers() / "qwen3"), "qwen2");
}

TEST_CASE("gpt2 tokenizes as the reference does, from vocab.json and merges.txt", "[text][gpt2]") {
    if (!has_shared("golden_tokenizers"))
        return;
    const auto all = golden();
    check_model(Tokenizer::from_pretrained(tokenizers() / "gpt2"), all, "gpt2");
    const xzoo::test::TempFolder folder;
    for (const char* name : {"vocab.json", "merges.txt"})
        std::filesystem::copy_file(tokenizers() / "gpt2" / name, folder.path() / name);
    std::ofstream{folder.path() / "tokenizer_config.json"} << R"({"add_prefix_space": true})";
    check_model(Tokenizer::from_pretrained(folder.path()), all, "gpt2 with add_prefix_space");
}

TEST_CASE("SentencePiece models tokenize as SentencePiece does", "[text][sentencepiece]") {
    if (!has_shared("golden_tokenizers"))
        return;
    const auto all = golden("sentencepiece.json");
    for (const auto& [name, expected] : all.at("models").as_object()) {
        const std::string file{name};
        const auto tokenizer = Tokenizer::from_sentencepiece(tokenizers() / file);
        CHECK(tokenizer.vocab_size() == expected.at("vocab_size").to_number<std::size_t>());
        check_model(tokenizer, all, file.c_str());
    }
}

TEST_CASE("llama2 tokenizes as the reference does, from tokenizer.model", "[text][llama]") {
    if (!has_shared("golden_tokenizers"))
        return;
    const auto all = golden();
    const auto tokenizer = Tokenizer::from_pretrained(tokenizers() / "llama2");
    check_model(tokenizer, all, "llama2");
    CHECK(tokenizer.special_tokens().bos == 1U);
    CHECK(tokenizer.special_tokens().eos == 2U);
    check_model(
        Tokenizer::from_sentencepiece(tokenizers() / "llama2/tokenizer.model",
                                      {.tokenizer_class = "LlamaTokenizer", .legacy = false}),
        all, "llama2 not legacy");
    for (const char* name : {"llama-spm", "phi-3"})
        check_pairs(tokenizer, name);
}

TEST_CASE("Marian tokenizes as the reference does, from source.spm and vocab.json", "[text]") {
    if (!has_shared("golden_tokenizers"))
        return;
    check_model(Tokenizer::from_pretrained(tokenizers() / "marian-opus-mt-en-fr"), golden(),
                "marian-opus-mt-en-fr");
}

TEST_CASE("rxnmapper's vocab.txt encodes words as they stand, split at white space", "[text]") {
    if (!has_shared("models/albert-rxnmapper"))
        return;
    const auto tokenizer = Tokenizer::from_pretrained(shared_dir() / "models/albert-rxnmapper");
    CHECK(tokenizer.vocab_size() == 591);
    CHECK(tokenizer.model_max_length() == 512);
    const auto encoding = tokenizer.encode("C C ( = O ) [MASK] [C@@H] Cl >> c1");
    std::string all;
    for (const std::string& token : encoding.tokens())
        all += token + ' ';
    CHECK(all == "[CLS] C C ( = O ) [MASK] [C@@H] Cl >> [UNK] [SEP] ");
}
