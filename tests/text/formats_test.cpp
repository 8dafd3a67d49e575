// Tokenizers from files of all kinds, small ones made here.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <xzoo/text/base64.hpp>
#include <xzoo/text/byte_alphabet.hpp>
#include <xzoo/text/tokenizer.hpp>

#include "gguf_writer.hpp"
#include "text_support.hpp"

namespace {

using xzoo::Tokenizer;
using xzoo::TokenizerError;
using xzoo::test::Ids;
using xzoo::test::JsonTokenizer;
using xzoo::test::TempFolder;
namespace text = xzoo::text;

void write(const TempFolder& folder, const char* name, const std::string& contents) {
    std::ofstream{folder.path() / name, std::ios::binary} << contents;
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i)
            bits = bits << 8U |
                   (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            out += at + i > bytes.size() ? '=' : digits[bits >> (18 - 6 * i) & 63U];
    }
    return out;
}

/// All bytes, and the tokens given, as a tiktoken file.
std::string tiktoken(const std::vector<std::string>& tokens) {
    std::string out;
    for (unsigned byte = 0; byte < 256; ++byte)
        out += base64(std::string(1, static_cast<char>(byte))) + ' ' + std::to_string(byte) + '\n';
    for (std::size_t i = 0; i < tokens.size(); ++i)
        out += base64(tokens[i]) + ' ' + std::to_string(256 + i) + '\n';
    return out;
}

std::string error_of(const std::string& bytes) {
    try {
        text::load_gguf(bytes, "some.gguf");
    } catch (const xzoo::Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("base64 is read as it is written", "[text]") {
    for (const std::string bytes : {"", "a", "ab", "abc", "\xFF\x01z "})
        CHECK(text::decode_base64(base64(bytes)) == bytes);
    for (const char* broken : {"a", "ab=", "a===", "====", "ab=c", "a b="})
        CHECK_FALSE(text::decode_base64(broken));
}

TEST_CASE("tiktoken files give ids by rank", "[text][tiktoken]") {
    const xzoo::TiktokenOptions options{text::cl100k_regex, {{"<|end|>", 300}}, "", "<|end|>"};
    const std::string file = tiktoken({"he", "ll", "hell", " w", "hello"});
    const auto tokenizer = Tokenizer::from_tiktoken_text(file, options);
    CHECK(tokenizer.encode("hello world<|end|>").ids == Ids{260, 259, 'o', 'r', 'l', 'd', 300});
    CHECK(tokenizer.special_tokens().eos == 300U);
    CHECK(tokenizer.decode(Ids{260, 259, 0xE6, 0xB0, 0xB4}) == "hello w\xE6\xB0\xB4");
    CHECK(tokenizer.token_bytes(259) == " w");
    const TempFolder folder;
    CHECK_THROWS_AS(tokenizer.save_pretrained(folder.path()), TokenizerError);
    // Llama 3's file has the name of SentencePiece's.
    write(folder, "tokenizer.model", file);
    const auto llama = Tokenizer::from_pretrained(folder.path());
    CHECK(llama.encode("hell").ids == Ids{261, 258});
    CHECK(llama.token_to_id("<|eot_id|>") == 261U + 9U);
    write(folder, "unknown.tiktoken", file);
    CHECK_THROWS_WITH(Tokenizer::from_pretrained(folder.path() / "unknown.tiktoken"),
                      Catch::Contains("from_tiktoken"));
    for (const char* broken : {"IQ==", "IQ== x", "? 3", "IQ== 99999999999", "IQ== 1\nIQ== 2"})
        CHECK_THROWS_AS(Tokenizer::from_tiktoken_text(broken, options), TokenizerError);
}

TEST_CASE("CLIP's words end in a mark and come in lower case", "[text][bpe]") {
    const TempFolder folder;
    std::string vocab = "{";
    int id = 0;
    for (const char* token : {"a", "b", "a</w>", "b</w>", "1</w>", "!</w>", "ab</w>",
                              "<|startoftext|>", "<|endoftext|>"}) {
        vocab += (id == 0 ? "\"" : ",\"") + std::string{token} + "\":" + std::to_string(id);
        ++id;
    }
    write(folder, "vocab.json", vocab + "}");
    write(folder, "merges.txt", "#version: 0.2\na b</w>\n");
    write(folder, "tokenizer_config.json", R"({"tokenizer_class":"CLIPTokenizer"})");
    const auto tokenizer = Tokenizer::from_pretrained(folder.path());
    CHECK(tokenizer.encode("AB  a 11!").ids == Ids{7, 6, 2, 4, 4, 5, 8});
    CHECK(tokenizer.decode(Ids{7, 6, 2, 4, 8}, {.skip_special_tokens = true}) == "ab a 1");
    CHECK(tokenizer.special_tokens().pad == 8U);
}

TEST_CASE("added tokens may come in a file of their own", "[text][bpe]") {
    const TempFolder folder;
    write(folder, "vocab.json", R"({"a":0,"b":1,"ab":2,"<|endoftext|>":3})");
    write(folder, "merges.txt", "a b\n");
    write(folder, "added_tokens.json", R"({"<new>": 7})");
    write(folder, "special_tokens_map.json",
          R"({"pad_token":"<new>","additional_special_tokens":["<|endoftext|>"]})");
    const auto tokenizer = Tokenizer::from_pretrained(folder.path() / "vocab.json");
    CHECK(tokenizer.encode("ab<new>a<|endoftext|>").ids == Ids{2, 7, 0, 3});
    CHECK(tokenizer.special_tokens().pad == 7U);
    CHECK(tokenizer.is_special(7));
    CHECK(tokenizer.id_end() == 8);
    CHECK_THROWS_AS(tokenizer.id_to_token(5), TokenizerError);
    CHECK(tokenizer.decode(Ids{2, 5, 0}) == "aba");
    write(folder, "tokenizer_config.json", R"({"tokenizer_class":"StrangeTokenizer"})");
    CHECK_THROWS_WITH(Tokenizer::from_pretrained(folder.path()),
                      Catch::Contains("StrangeTokenizer"));
    write(folder, "tokenizer_config.json", "{}");
    write(folder, "merges.txt", "#version: 0.2\na b\na c\n");
    CHECK_THROWS_WITH(Tokenizer::from_pretrained(folder.path()), Catch::Contains("line 3"));
}

TEST_CASE("the best pieces are found, unknown ones joined", "[text][unigram]") {
    JsonTokenizer json;
    const std::string vocab =
        R"([["<unk>",0.0],["a",-1.0],["b",-1.0],["ab",-1.5],["\u2581",-2.0],["\u2581a",-2.1]])";
    json.pre_tokenizer = R"({"type":"Metaspace","replacement":"\u2581","prepend_scheme":"first"})";
    json.decoder = R"({"type":"Metaspace","replacement":"\u2581","prepend_scheme":"first"})";
    json.model = R"({"type":"Unigram","unk_id":0,"vocab":)" + vocab + "}";
    const auto tokenizer = Tokenizer::from_json(json.text());
    const auto encoding = tokenizer.encode("ab xyb");
    CHECK(encoding.ids == Ids{5, 2, 4, 0, 2});
    CHECK(encoding.offsets[3] == xzoo::Offsets{3, 5});
    CHECK(tokenizer.decode(Ids{5, 2, 4, 2}) == "ab b");
    json.model = R"({"type":"Unigram","vocab":)" + vocab + "}";
    CHECK_THROWS_AS(Tokenizer::from_json(json.text()).encode("x"), TokenizerError);
    json.model = R"({"type":"Unigram","unk_id":9,"vocab":)" + vocab + "}";
    CHECK_THROWS_WITH(Tokenizer::from_json(json.text()), Catch::Contains("model.unk_id"));
    json.model = R"({"type":"Unigram","unk_id":0,"vocab":[["a"]]})";
    CHECK_THROWS_WITH(Tokenizer::from_json(json.text()), Catch::Contains("model.vocab[0]"));
}

TEST_CASE("GGUF files carry tokenizers of four kinds", "[text][gguf]") {
    xzoo::test::GgufWriter bpe;
    std::vector<std::string> tokens;
    for (unsigned byte = 0; byte < 256; ++byte)
        tokens.push_back(text::to_byte_alphabet(std::string(1, static_cast<char>(byte))));
    tokens.insert(tokens.end(), {"he", "<end>"});
    std::vector<std::int32_t> types(256, 1);
    types.insert(types.end(), {1, 3});
    bpe.string("tokenizer.ggml.model", "gpt2").string("tokenizer.ggml.pre", "llama-bpe");
    bpe.strings("tokenizer.ggml.tokens", tokens).integers("tokenizer.ggml.token_type", types);
    bpe.strings("tokenizer.ggml.merges", {"h e"}).number("tokenizer.ggml.bos_token_id", 257);
    const TempFolder folder;
    write(folder, "bpe.gguf", bpe.bytes());
    const auto tokenizer = Tokenizer::from_pretrained(folder.path() / "bpe.gguf");
    CHECK(tokenizer.encode("hey<end>").ids == Ids{257, 256, 'y', 257});
    CHECK(tokenizer.is_special(257));

    xzoo::test::GgufWriter llama;
    llama.string("tokenizer.ggml.model", "llama");
    llama.strings("tokenizer.ggml.tokens", {"<unk>", "<s>", "\xE2\x96\x81", "a", "b", "ab",
                                            "\xE2\x96\x81"
                                            "ab",
                                            "<0x63>"});
    llama.reals("tokenizer.ggml.scores", {0, 0, -3, -4, -5, -1, -2, 0});
    llama.integers("tokenizer.ggml.token_type", {2, 3, 1, 1, 1, 1, 1, 6});
    llama.number("tokenizer.ggml.bos_token_id", 1);
    write(folder, "llama.gguf", llama.bytes());
    const auto spm = Tokenizer::from_gguf(folder.path() / "llama.gguf");
    CHECK(spm.encode("ab b").ids == Ids{1, 6, 2, 4});
    CHECK(spm.encode("c", {.add_special_tokens = false}).ids == Ids{2, 7});
    CHECK(spm.decode(Ids{6, 2, 4, 7}) == "ab bc");

    xzoo::test::GgufWriter bert;
    bert.string("tokenizer.ggml.model", "bert");
    bert.strings("tokenizer.ggml.tokens",
                 {"[UNK]", "[CLS]", "[SEP]", "\xE2\x96\x81run", "s", "[PAD]", "[MASK]"});
    write(folder, "bert.gguf", bert.bytes());
    CHECK(Tokenizer::from_gguf(folder.path() / "bert.gguf").encode("Runs x").ids ==
          Ids{1, 3, 4, 0, 2});
}

TEST_CASE("broken GGUF metadata is a fault with a name", "[text][gguf]") {
    xzoo::test::GgufWriter file;
    file.string("tokenizer.ggml.model", "gpt2").strings("tokenizer.ggml.tokens", {"a"});
    const std::string whole = file.bytes();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        INFO(size);
        CHECK_FALSE(error_of(whole.substr(0, size)).empty());
    }
    CHECK_THAT(error_of("GGUX"), Catch::Contains("does not begin with GGUF"));
    std::string version = whole;
    version[4] = 1;
    CHECK_THAT(error_of(version), Catch::Contains("version 1"));
    std::string claims = whole;  // 2^56 entries, and no memory for them
    claims[23] = 1;
    CHECK_THAT(error_of(claims), Catch::Contains("ends inside its metadata"));
    CHECK_THAT(error_of(xzoo::test::GgufWriter{}.bytes()), Catch::Contains("no tokenizer"));
    xzoo::test::GgufWriter twice;
    twice.number("a", 1).number("a", 2);
    CHECK_THAT(error_of(twice.bytes()), Catch::Contains("'a' twice"));
    xzoo::test::GgufWriter strange;
    strange.string("tokenizer.ggml.model", "gpt2").string("tokenizer.ggml.pre", "unheard-of");
    strange.strings("tokenizer.ggml.tokens", {"a"});
    CHECK_THAT(error_of(strange.bytes()), Catch::Contains("unheard-of"));
}

TEST_CASE("broken SentencePiece models are faults", "[text][sentencepiece]") {
    using namespace std::string_literals;
    const std::string model =
        "\x0A\x09\x0A\x05<unk>\x18\x02\x0A\x08\x0A\x01"s + "a\x15\0\0\x80\xBF"s;
    CHECK(Tokenizer::from_sentencepiece_bytes(model).vocab_size() == 2);
    const auto refused = [](const std::string& bytes) {
        try {
            Tokenizer::from_sentencepiece_bytes(bytes);
        } catch (const TokenizerError&) {
            return true;
        }
        return false;
    };
    for (const std::string& bytes : {std::string{}, std::string{"\x0A"},
                                     std::string{"\x0A\xFF\xFF\xFF\xFF\x0F"}, std::string{"\x0B"},
                                     std::string{"\x0A\x03\x0A\x01"
                                                 "a"},
                                     std::string(11, '\xFF')})
        CHECK(refused(bytes));
}

TEST_CASE("a megabyte of one character takes no longer than it should", "[text]") {
    const std::string text(1'000'000, 'a');
    JsonTokenizer json;
    json.pre_tokenizer = "null";
    json.model = R"({"type":"BPE","vocab":{"a":0,"aa":1,"aaaa":2},"merges":["a a","aa aa"]})";
    CHECK(Tokenizer::from_json(json.text()).encode(text).size() == text.size() / 4);
    json.model = R"({"type":"Unigram","vocab":[["a",-1],["aa",-1.5],["aaaa",-2]]})";
    CHECK(Tokenizer::from_json(json.text()).encode(text).size() == text.size() / 4);
    // A pattern that ICU matches, with a loop over a group.
    json.pre_tokenizer =
        R"({"type":"Split","pattern":{"Regex":"((?=[\\p{L}])([^A-Z]))+"},"behavior":"Isolated"})";
    CHECK(Tokenizer::from_json(json.text()).encode(text).size() == text.size() / 4);
    json.pre_tokenizer = R"({"type":"Split","pattern":{"Regex":"(a+)+b"},"behavior":"Isolated"})";
    CHECK_THROWS_WITH(Tokenizer::from_json(json.text()).encode(text),
                      Catch::Contains("too many steps"));
}

TEST_CASE("regular expressions and graphemes serve several threads", "[text]") {
    JsonTokenizer json;
    // A charsmap whose trie is one empty node: it changes nothing, but graphemes are looked for.
    json.normalizer = R"({"type":"Precompiled","precompiled_charsmap":")" +
                      base64(std::string("\x08\0\0\0\0\x04\0\0\0\0\0\0x\0", 14)) + "\"}";
    json.pre_tokenizer =
        R"({"type":"Split","pattern":{"Regex":"[a-m]+|\\s"},"behavior":"Isolated"})";
    json.model = R"({"type":"BPE","vocab":{"a":0,"b":1,"ab":2,"n":3," ":4},"merges":["a b"]})";
    const auto tokenizer = Tokenizer::from_json(json.text());
    const std::string text = "ab nab e\xCC\x81 \xE6\xB0\xB4 abab";
    const Ids expected = tokenizer.encode(text).ids;
    CHECK(expected == Ids{2, 4, 3, 2, 4, 4, 4, 2, 2});
    std::vector<std::thread> threads;
    std::atomic<int> different{0};
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int round = 0; round < 200; ++round)
                different += tokenizer.encode(text).ids != expected ? 1 : 0;
        });
    for (std::thread& thread : threads)
        thread.join();
    CHECK(different == 0);
}
