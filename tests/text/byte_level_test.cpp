// Byte-level BPE: its alphabet, its words, its merges, and text that comes id by id.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <xzoo/text/byte_alphabet.hpp>
#include <xzoo/text/merge_symbols.hpp>
#include <xzoo/text/stream_decoder.hpp>
#include <xzoo/text/tokenizer.hpp>
#include <xzoo/text/unicode_regex.hpp>
#include <xzoo/text/word_pattern.hpp>

#include "text_support.hpp"

namespace {

using namespace xzoo::text;
using xzoo::Tokenizer;
using xzoo::test::Ids;
using xzoo::test::JsonTokenizer;

const std::array<const char*, 6> word_patterns{
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)",
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)",
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)",
    R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*)"
    R"(|\s*[\r\n]|\s+(?!\S)|\s+)",
    R"((?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+)"
    R"(|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
    R"((?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+)"
    R"(|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
};

/// A random text of the characters that patterns tell apart.
std::string random_text(std::mt19937& random, std::size_t length) {
    static constexpr std::array<std::string_view, 30> characters{"a",
                                                                 "S",
                                                                 "t",
                                                                 "l",
                                                                 "v",
                                                                 "e",
                                                                 "'",
                                                                 "'",
                                                                 " ",
                                                                 " ",
                                                                 " ",
                                                                 "\t",
                                                                 "\n",
                                                                 "\r",
                                                                 "\f",
                                                                 "0",
                                                                 "7",
                                                                 "!",
                                                                 "_",
                                                                 "\xC3\xA9",
                                                                 "\xC2\xA0",
                                                                 "\xC2\xB2",
                                                                 "\xC5\xBF",
                                                                 "\xCC\x81",
                                                                 "\xE2\x85\xA7",
                                                                 "\xE3\x80\x80",
                                                                 "\xE6\xB0\xB4",
                                                                 "\xF0\x9F\x9A\x80",
                                                                 "d",
                                                                 "R"};
    std::string text;
    for (std::size_t i = 0; i < length; ++i)
        text += characters[random() % characters.size()];
    return text;
}

/// A byte-level tokenizer.json whose tokens are all bytes and what the merges make of them.
std::string byte_level_json(const std::vector<std::array<std::string, 2>>& merges,
                            bool ignore_merges = false, const std::string& more_words = "") {
    std::string vocab;
    for (unsigned byte = 0; byte < 256; ++byte) {
        const std::string token = to_byte_alphabet(std::string(1, static_cast<char>(byte)));
        vocab += (byte == 0 ? "\"" : ",\"") +
                 (token == "\"" || token == "\\" ? "\\" + token : token) +
                 "\":" + std::to_string(byte);
    }
    std::string list;
    for (std::size_t i = 0; i < merges.size(); ++i) {
        vocab += ",\"" + merges[i][0] + merges[i][1] + "\":" + std::to_string(256 + i);
        list += (i == 0 ? "[\"" : ",[\"") + merges[i][0] + "\",\"" + merges[i][1] + "\"]";
    }
    JsonTokenizer json;
    json.pre_tokenizer = R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true})";
    json.decoder = R"({"type":"ByteLevel"})";
    json.added_tokens = R"([{"id":1000,"content":"<end>","special":true}])";
    json.model = R"({"type":"BPE","dropout":0.1,"ignore_merges":)" +
                 std::string{ignore_merges ? "true" : "false"} + R"(,"vocab":{)" + vocab +
                 more_words + R"(},"merges":[)" + list + "]}";
    return json.text();
}

Tokenizer small_byte_level() {
    return Tokenizer::from_json(byte_level_json({{"h", "e"},
                                                 {"l", "l"},
                                                 {"he", "ll"},
                                                 {"\xC4\xA0", "w"},
                                                 {"hell", "o"},
                                                 {"\xC3\x83", "\xC2\xA9"}}));
}

}  // namespace

TEST_CASE("the byte alphabet writes each byte by a character of its own", "[text][bpe]") {
    std::string all;
    for (unsigned byte = 0; byte < 256; ++byte)
        all += static_cast<char>(byte);
    const std::string written = to_byte_alphabet(all);
    CHECK(count_code_points(written) == 256);
    CHECK(from_byte_alphabet(written) == all);
    CHECK(to_byte_alphabet(" a\n") ==
          "\xC4\xA0"  // U+0120
          "a\xC4\x8A");
    CHECK(from_byte_alphabet("\xE2\x96\x81") == std::nullopt);
    CHECK(from_byte_token("<0x0A>") == '\n');
    CHECK(to_byte_token(0xE6) == "<0xE6>");
    CHECK(from_byte_token("<0xG0>") == std::nullopt);
}

TEST_CASE("words matched by hand are those of the regular expression", "[text][bpe]") {
    std::mt19937 random{7};
    for (const char* pattern : word_patterns) {
        const auto words = WordPattern::parse(pattern);
        INFO(pattern);
        REQUIRE(words);
        const UnicodeRegex regex{pattern};
        for (int round = 0; round < 3000; ++round) {
            const std::string text = random_text(random, 1 + random() % 12);
            INFO(text);
            std::vector<std::size_t> expected;
            UnicodeRegex::Matcher{regex, text}.match(
                0, text.size(), [&](std::size_t, std::size_t end) { expected.push_back(end); });
            std::vector<std::size_t> found;
            for (std::size_t at = 0; at < text.size(); found.push_back(at))
                at = words->match(text, at);
            REQUIRE(found == expected);
        }
    }
    CHECK_FALSE(WordPattern::parse(R"(\p{L}+)"));
    CHECK_FALSE(WordPattern::parse(std::string{word_patterns[0]} + "|x"));
}

TEST_CASE("a heap merges as looking at all pairs does", "[text][bpe]") {
    std::mt19937 random{11};
    for (int round = 0; round < 200; ++round) {
        std::vector<Merge> merges;
        for (std::uint32_t i = 0; i < 12; ++i)
            merges.push_back({static_cast<std::uint32_t>(random() % (3 + i)),
                              static_cast<std::uint32_t>(random() % (3 + i)),
                              static_cast<std::uint32_t>(random() % 9), 3 + i});
        const MergeTable table{merges};
        std::vector<Symbol> few(1 + random() % 32);
        for (Symbol& symbol : few)
            symbol = {static_cast<std::uint32_t>(random() % 3), 1};
        std::vector<Symbol> many = few;
        merging::merge_few(table, few);
        merging::HeapMerger{table, many}.run();
        const auto same = [](const Symbol& a, const Symbol& b) {
            return a.id == b.id && a.size == b.size;
        };
        REQUIRE(std::equal(few.begin(), few.end(), many.begin(), many.end(), same));
    }
}

TEST_CASE("byte-level BPE spells any bytes and knows where they stem from", "[text][bpe]") {
    const auto tokenizer = small_byte_level();
    const std::string text = "hello world\xC3\xA9<end>";
    const auto encoding = tokenizer.encode(text);
    CHECK(encoding.ids == Ids{260, 259, 'o', 'r', 'l', 'd', 261, 1000});
    CHECK(encoding.token(1) == "\xC4\xA0w");
    CHECK(encoding.offsets[1] == xzoo::Offsets{5, 7});
    CHECK(encoding.offsets[6] == xzoo::Offsets{11, 13});
    CHECK(tokenizer.decode(encoding.ids) == text);
    CHECK(tokenizer.decode(encoding.ids, {.skip_special_tokens = true}) == "hello world\xC3\xA9");
    CHECK(tokenizer("hello").ids == Ids{260});
    // A token of a part of a character stems from the whole character.
    const auto water = tokenizer.encode("x\xE6\xB0\xB4");
    CHECK(water.ids == Ids{'x', 0xE6, 0xB0, 0xB4});
    CHECK(water.offsets[2] == xzoo::Offsets{1, 4});
    CHECK(tokenizer.token_bytes(259) == " w");
    CHECK(tokenizer.token_bytes(0xE6) == "\xE6");
    CHECK(tokenizer.token_bytes(1000) == "<end>");
    CHECK(tokenizer.token_bytes(999).empty());
}

TEST_CASE("a word that is a token is one only where merges are ignored", "[text][bpe]") {
    const std::string words = R"(,"xyz":900)";
    CHECK(Tokenizer::from_json(byte_level_json({}, false, words)).encode("xyz").size() == 3);
    CHECK(Tokenizer::from_json(byte_level_json({}, true, words)).encode("xyz").ids == Ids{900});
}

TEST_CASE("stages after ByteLevel see bytes, as in Falcon", "[text][bpe]") {
    JsonTokenizer json;
    std::string text = byte_level_json({{"1", "2"}, {"\xC3\x82", "\xC2\xB2"}});
    const std::string plain =
        R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true})";
    text.replace(text.find(plain), plain.size(),
                 R"({"type":"Sequence","pretokenizers":[)" + plain +
                     R"(,{"type":"Digits","individual_digits":true}]})");
    const auto tokenizer = Tokenizer::from_json(text);
    CHECK(tokenizer.encode("12").ids == Ids{'1', '2'});
    // U+00B2 is C2 B2, of which B2 alone is written as a digit.
    CHECK(tokenizer.encode("\xC2\xB2").ids == Ids{0xC2, 0xB2});
    CHECK(tokenizer.encode("\xC2\xB2").offsets[1] == xzoo::Offsets{0, 2});
}

TEST_CASE("ids in a stream give whole characters and the text of all ids", "[text][bpe]") {
    const auto tokenizer = small_byte_level();
    std::mt19937 random{3};
    for (int round = 0; round < 300; ++round) {
        const std::string text = random_text(random, random() % 30);
        const Ids ids = tokenizer.encode(text).ids;
        xzoo::StreamDecoder stream{tokenizer};
        std::string whole;
        for (const std::uint32_t id : ids) {
            const std::string piece = stream.push(id);
            REQUIRE(is_valid_utf8(piece));
            whole += piece;
        }
        whole += stream.finish();
        REQUIRE(whole == text);
    }
    xzoo::StreamDecoder stream{tokenizer};
    CHECK(stream.push(0xE6).empty());
    CHECK(stream.push(0xB0).empty());
    CHECK(stream.push(0xB4) == "\xE6\xB0\xB4");
    CHECK(stream.push(1000).empty());
    CHECK(stream.push(0xE6).empty());
    CHECK(stream.finish() == "\xEF\xBF\xBD");
    CHECK(stream.push('a') == "a");
    std::string broken;
    for (int i = 0; i < 50; ++i)
        broken += stream.push(0xFF);
    broken += stream.finish();
    CHECK(broken.size() == std::size_t{150});
}

TEST_CASE("a word of millions of equal characters takes no longer than it should", "[text][bpe]") {
    std::vector<std::array<std::string, 2>> merges{{"a", "a"}, {"aa", "aa"}, {"aaaa", "aaaa"}};
    const auto tokenizer = Tokenizer::from_json(byte_level_json(merges));
    const std::string text(10'000'000, 'a');
    const auto encoding = tokenizer.encode(text);  // with quadratic work this would take hours
    CHECK(encoding.size() == text.size() / 8);
    CHECK(tokenizer.decode(encoding.ids) == text);
}

TEST_CASE("texts with zero bytes and broken UTF-8 are defined", "[text][bpe]") {
    const auto tokenizer = small_byte_level();
    const std::string zeros("a\0b", 3);
    CHECK(tokenizer.decode(tokenizer.encode(zeros).ids) == zeros);
    const auto broken = tokenizer.encode("\xFFhe");
    CHECK(broken.ids == Ids{0xEF, 0xBF, 0xBD, 256});
    CHECK(broken.offsets[0] == xzoo::Offsets{0, 1});
    CHECK(broken.offsets[3] == xzoo::Offsets{1, 3});
}
