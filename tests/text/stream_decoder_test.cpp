// Text that comes id by id and goes on with another text.
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>

#include <xzoo/text/stream_decoder.hpp>
#include <xzoo/text/tokenizer.hpp>

#include "text_support.hpp"

using xzoo::MakeTextDecoder;
using xzoo::Tokenizer;
using namespace xzoo::test;

namespace {

std::string written(const MakeTextDecoder& make, std::span<const std::uint32_t> ids) {
    const auto decoder = make();
    std::string text;
    for (const std::uint32_t id : ids)
        decoder->put(id, text);
    decoder->finish(text);
    return text;
}

/// SentencePiece's way: U+2581 is a space, and a text does not begin with one.
Tokenizer words_with_spaces() {
    const JsonTokenizer json{
        .added_tokens = R"([{"id":3,"content":"<s>","special":true,"normalized":false,)"
                        R"("single_word":false,"lstrip":false,"rstrip":false}])",
        .pre_tokenizer =
            R"({"type":"Metaspace","replacement":"\u2581","prepend_scheme":"always","split":true})",
        .decoder =
            R"({"type":"Metaspace","replacement":"\u2581","prepend_scheme":"always","split":true})",
        .model = R"({"type":"WordLevel","unk_token":"c","vocab":{"\u2581a":0,"\u2581b":1,"c":2}})"};
    return Tokenizer::from_json(json.text());
}

}  // namespace

TEST_CASE("a text that goes on keeps the space of its first word", "[text]") {
    const Tokenizer tokenizer = words_with_spaces();
    const Ids b{1};
    CHECK(written(tokenizer.text_decoder(), b) == "b");
    CHECK(written(tokenizer.text_decoder(Ids{0}), b) == " b");
    CHECK(written(tokenizer.text_decoder(Ids{3}), b) == "b");  // no text yet
    CHECK(written(tokenizer("a").text_decoder, b) == " b");
    CHECK(written(tokenizer("").text_decoder, b) == "b");
}

TEST_CASE("a prompt and what is written after it make the text of all ids", "[text]") {
    const Tokenizer tokenizer = words_with_spaces();
    std::mt19937 random{5};
    for (int round = 0; round < 200; ++round) {
        Ids ids(1 + random() % 30);
        for (std::uint32_t& id : ids)
            id = static_cast<std::uint32_t>(random() % 3);
        const std::span all{ids};
        const std::size_t split = random() % (ids.size() + 1);
        REQUIRE(tokenizer.decode(all.first(split)) +
                    written(tokenizer.text_decoder(all.first(split)), all.subspan(split)) ==
                tokenizer.decode(ids));
    }
}
