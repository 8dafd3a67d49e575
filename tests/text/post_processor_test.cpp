// What post-processors may be put together, and how much they may put in.
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/byte_level.hpp>
#include <xzoo/text/template_processing.hpp>
#include <xzoo/text/tokenizer.hpp>

#include "text_support.hpp"

namespace {

using xzoo::Encoding;
using xzoo::Offsets;
using xzoo::Tokenizer;
using xzoo::test::Ids;
using xzoo::test::JsonTokenizer;
namespace text = xzoo::text;

const std::string first = R"({"Sequence":{"id":"A","type_id":0}})";
const std::string second = R"({"Sequence":{"id":"B","type_id":0}})";
const std::string start = R"({"SpecialToken":{"id":"S","type_id":0}})";
const std::string none = R"({"SpecialToken":{"id":"N","type_id":0}})";
const std::string trim = R"({"type":"ByteLevel","trim_offsets":true,"add_prefix_space":false})";

std::string make_template(const std::string& single, const std::string& pair,
                          const std::string& ids = "[7]") {
    return R"({"type":"TemplateProcessing","single":[)" + single + R"(],"pair":[)" + pair +
           R"(],"special_tokens":{"S":{"id":"S","ids":)" + ids +
           R"(,"tokens":[]},"N":{"id":"N","ids":[],"tokens":[]}}})";
}

Tokenizer with(const std::string& post_processor) {
    JsonTokenizer json;
    json.post_processor = post_processor;
    return Tokenizer::from_json(json.text());
}

Tokenizer sequence(const std::string& one, const std::string& other) {
    return with(R"({"type":"Sequence","processors":[)" + one + ',' + other + "]}");
}

std::string repeated(const std::string& item, std::size_t count) {
    std::string list = item;
    for (std::size_t i = 1; i < count; ++i)
        list += ',' + item;
    return list;
}

}  // namespace

TEST_CASE("only processors that keep the texts come before others", "[text]") {
    const std::string plain = make_template(first, first + ',' + second);
    const auto in_front = sequence(plain, trim);
    CHECK(in_front.encode("a b", "ab").ids == Ids{1, 2, 3});
    CHECK(sequence(trim, plain).encode("a b", "ab").ids == Ids{1, 2, 3});
    CHECK(sequence(plain, make_template(start + ',' + first, first)).encode("a").ids == Ids{7, 1});
    const std::string nested = R"({"type":"Sequence","processors":[)" + plain + ',' + trim + "]}";
    CHECK(sequence(nested, trim).encode("a").ids == Ids{1});
    for (const auto& [single, pair] : std::vector<std::pair<std::string, std::string>>{
             {start + ',' + first, first + ',' + second},
             {first, first + ',' + start + ',' + second},
             {none + ',' + first, first + ',' + second},  // adds nothing, but is a part
             {"", first + ',' + second},
             {"", ""},
             {first + ',' + first, first + ',' + second},
             {first, first},
             {first, second + ',' + first},
             {first, first + ',' + second + ',' + second}}) {
        INFO(single << " and " << pair);
        for (const std::string& next : {trim, plain})
            CHECK_THROWS_WITH(sequence(make_template(single, pair), next),
                              Catch::Contains("post_processor goes on after a processor"));
        CHECK_NOTHROW(sequence(trim, make_template(single, pair)).encode("a b"));
    }
    const std::string bert = R"({"type":"BertProcessing","sep":["</s>",8],"cls":["<s>",7]})";
    CHECK_THROWS_AS(sequence(bert, trim), xzoo::TokenizerError);
}

TEST_CASE("offsets are trimmed by the text that they point into", "[text]") {
    const auto part = [](std::size_t size, std::uint32_t which) {
        Encoding encoding;
        encoding.ids = {1};
        encoding.type_ids = encoding.attention_mask = encoding.special_tokens_mask = {0};
        encoding.offsets = {{0, size}};
        encoding.word_ids = {0U};
        encoding.sequence_ids = {which};
        return encoding;
    };
    const std::string short_text = " a";
    const std::string long_text = "  bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb ";
    const std::vector<std::string_view> texts{short_text, long_text};
    std::vector<Encoding> parts;
    text::append_special(parts.emplace_back(), 7, 0);
    parts.push_back(part(long_text.size(), 1));
    parts.push_back(part(short_text.size(), 0));
    parts = text::ByteLevelOffsets{true, false}.process(std::move(parts), texts, true);
    CHECK(parts[0].offsets[0] == Offsets{0, 0});
    CHECK(parts[1].offsets[0] == Offsets{2, long_text.size() - 1});
    CHECK(parts[2].offsets[0] == Offsets{1, 2});
}

TEST_CASE("a short template does not stand for many tokens", "[text]") {
    const std::string many = "[" + repeated("7", 1000) + "]";
    CHECK(with(make_template(repeated(start, 60) + ',' + first, first, many)).encode("a").size() ==
          60'001);
    for (const bool single : {true, false}) {
        const std::string pieces = repeated(start, 66);
        CHECK_THROWS_WITH(
            with(make_template(single ? pieces : first, single ? first : pieces, many)),
            Catch::Contains("post_processor.special_tokens") && Catch::Contains("65536"));
    }
    CHECK(with(make_template(repeated(first, 16), first)).encode("a b").size() == 32);
    CHECK_THROWS_WITH(with(make_template(repeated(first, 17), first)),
                      Catch::Contains("post_processor.single") && Catch::Contains("16 times"));
}
