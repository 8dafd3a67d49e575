// Random strings against SentencePiece itself, through its Python module (python3-sentencepiece),
// with models trained here and with those of the shared data. Skipped where the module is absent.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <xzoo/text/tokenizer.hpp>

#include "text_support.hpp"

namespace {

using xzoo::Tokenizer;
using xzoo::test::Ids;
using xzoo::test::shared_dir;
using xzoo::test::TempFolder;
namespace json = boost::json;

std::string quoted(const std::filesystem::path& path) {
    return "'" + path.string() + "'";
}

std::string python = "python3";

bool peer(const std::string& arguments) {
    const auto script = xzoo::test::data_dir().parent_path() / "text/sentencepiece_peer.py";
    return std::system((python + " " + quoted(script) + " " + arguments).c_str()) == 0;
}

bool has_peer() {
    // The system's own Python has the system's modules, even where another one comes first.
    for (const char* candidate : {"python3", "/usr/bin/python3"}) {
        python = candidate;
        if (peer("check 2>/dev/null"))
            return true;
    }
    WARN("skipped: Python has no module sentencepiece (python3-sentencepiece)");
    return false;
}

/// A random string: words of a corpus, and characters that normalisers and models treat apart.
std::string random_string(std::mt19937& random, const std::string& corpus) {
    static constexpr std::array<std::string_view, 28> odd{" ",
                                                          " ",
                                                          "  ",
                                                          "\t",
                                                          "\n",
                                                          "\xC2\xA0",
                                                          "\xE3\x80\x80",
                                                          "\xE2\x96\x81",
                                                          "\xEF\xAC\x81",
                                                          "\xEF\xBC\xA1",
                                                          "e\xCC\x81",
                                                          "\xC3\xA9",
                                                          "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB",
                                                          "\xE6\x9D\xB1\xE4\xBA\xAC",
                                                          "\xF0\x9F\x9A\x80",
                                                          "\xC2\xBD",
                                                          "\xE2\x80\x8B",
                                                          "\xC4\xB0",
                                                          "<s>",
                                                          "<unk>",
                                                          "</s>",
                                                          "<0x41>",
                                                          "<mark>",
                                                          "==",
                                                          "\xEF\xB7\xBA",
                                                          "\x01",
                                                          "A\xCC\x8A",
                                                          "0"};
    std::string text;
    for (std::size_t parts = random() % 8; parts > 0; --parts) {
        if (random() % 2 == 0) {
            text += odd[random() % odd.size()];
        } else {
            std::size_t begin = random() % corpus.size();
            const std::size_t end = std::min(corpus.size(), begin + random() % 20);
            for (; begin < end; ++begin)
                text += static_cast<unsigned char>(corpus[begin]) < 0x80U ? corpus[begin] : ' ';
        }
    }
    return text;
}

void compare(const std::filesystem::path& model, const std::string& corpus) {
    INFO(model);
    const TempFolder folder;
    std::mt19937 random{17};
    json::array strings;
    for (int i = 0; i < 2000; ++i)
        strings.emplace_back(random_string(random, corpus));
    std::ofstream{folder.path() / "in.json"} << json::serialize(strings);
    REQUIRE(peer("encode " + quoted(model) + " " + quoted(folder.path() / "in.json") + " " +
                 quoted(folder.path() / "out.json")));
    const json::value out = json::parse(xzoo::text::read_whole_file(folder.path() / "out.json"));
    const auto ids = json::value_to<std::vector<Ids>>(out.at("ids"));
    const auto decoded = json::value_to<std::vector<std::string>>(out.at("decoded"));
    const auto tokenizer = Tokenizer::from_sentencepiece(model);
    for (std::size_t i = 0; i < strings.size(); ++i) {
        const std::string text{strings[i].get_string()};
        INFO("string " << i << ": [" << text << "]");
        const auto encoding = tokenizer.encode(text);
        REQUIRE(encoding.ids == ids[i]);
        REQUIRE(tokenizer.decode(encoding.ids) == decoded[i]);
        std::size_t last = 0;
        for (const xzoo::Offsets offsets : encoding.offsets) {
            REQUIRE((offsets.begin <= offsets.end && offsets.end <= text.size()));
            REQUIRE(offsets.end >= last);
            last = offsets.end;
        }
    }
}

}  // namespace

TEST_CASE("models trained here encode and decode as SentencePiece does", "[text][sentencepiece]") {
    if (!has_peer())
        return;
    const auto corpus_path = xzoo::test::data_dir() / "text" / "corpus.txt";
    const std::string corpus = xzoo::text::read_whole_file(corpus_path);
    const TempFolder folder;
    for (const char* options :
         {R"({"model_type": "unigram", "vocab_size": 400})",
          R"({"model_type": "bpe", "vocab_size": 400})",
          R"({"model_type": "bpe", "vocab_size": 600, "byte_fallback": true,
              "normalization_rule_name": "identity", "remove_extra_whitespaces": false})",
          R"({"model_type": "unigram", "vocab_size": 600, "byte_fallback": true,
              "normalization_rule_name": "nfkc_cf", "user_defined_symbols": ["<mark>", "=="]})",
          R"({"model_type": "bpe", "vocab_size": 600, "user_defined_symbols": ["<mark>", "=="],
              "add_dummy_prefix": false, "normalization_rule_name": "nfkc"})"}) {
        INFO(options);
        const auto prefix = folder.path() / "model";
        REQUIRE(peer("train " + quoted(corpus_path) + " " + quoted(prefix) + " '" + options + "'"));
        compare(prefix.string() + ".model", corpus);
    }
}

TEST_CASE("published models encode and decode as SentencePiece does", "[text][sentencepiece]") {
    if (!has_peer() || !xzoo::test::has_shared("models/tokenizers"))
        return;
    const auto folder = shared_dir() / "models/tokenizers";
    const std::string corpus =
        xzoo::text::read_whole_file(folder / "sentencepiece-test/botchan.txt");
    for (const char* model :
         {"llama2/tokenizer.model", "marian-opus-mt-en-fr/source.spm",
          "sentencepiece-test/test_model.model", "sentencepiece-test/test_ja_model.model"})
        compare(folder / model, corpus);
    compare(shared_dir() / "models/llama-stories260K/tokenizer.model", corpus);
}
