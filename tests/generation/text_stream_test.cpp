#include <string>
#include <string_view>
#include <vector>

#include "generation/byte_decoder.hpp"
#include "generation/markov_model.hpp"
#include "support.hpp"
#include "xzoo/generation/text_stream.hpp"
#include "xzoo/text/utf8.hpp"

namespace {

using namespace xzoo;
using namespace xzoo::test;
using generation::TextStream;
using Strings = std::vector<std::string>;

/// The pieces that a stream hands out, and how it ended.
struct Streamed {
    Strings pieces{};
    std::string text{};
    TextStream::State state = TextStream::State::open;
};

Streamed stream(const Strings& bytes, const Strings& stop_strings = {}, std::size_t enough = 99) {
    Streamed result;
    TextStream stream{std::make_unique<ByteDecoder>(bytes), stop_strings,
                      [&](std::string_view piece) {
                          result.pieces.emplace_back(piece);
                          return result.pieces.size() < enough;
                      }};
    for (std::uint32_t i = 0; i < bytes.size() && result.state == TextStream::State::open; ++i)
        result.state = stream.put(i);
    if (result.state == TextStream::State::open)
        result.state = stream.finish();
    result.text = stream.text();
    return result;
}

TEST_CASE("pieces hold whole characters", "[generation]") {
    CHECK(stream({"a", "\xc3", "\xa9", "b"}).pieces == Strings{"a", "\xc3\xa9", "b"});
    CHECK(stream({"\xf0\x9f", "\x98", "\x80!"}).pieces == Strings{"\xf0\x9f\x98\x80!"});
    CHECK(stream({"x\xe2\x82"}).pieces == Strings{"x", "\xef\xbf\xbd"});
    CHECK(stream({"\xff", "a\x80", "\xc3", "("}).pieces ==
          Strings{"\xef\xbf\xbd", "a\xef\xbf\xbd", "\xef\xbf\xbd("});
    CHECK(stream({"", ""}).pieces.empty());
}

TEST_CASE("a stop string ends the text, across tokens too, and is never handed out",
          "[generation]") {
    const Streamed one = stream({"go", " on EN", "D", "more"}, {"END"});
    CHECK(one.pieces == Strings{"go", " on "});
    CHECK(one.state == TextStream::State::stop_string);
    CHECK(one.text == "go on ");
    const Streamed inside = stream({"xENDy"}, {"END"});
    CHECK(inside.pieces == Strings{"x"});
    const Streamed several = stream({"a", "b", "c", "d"}, {"bcx", "cd", "zzzz"});
    CHECK(several.pieces == Strings{"a", "b"});
    CHECK(several.text == "ab");
    const Streamed earliest = stream({"a12", "3b"}, {"23", "123b"});
    CHECK(earliest.text == "a");
    const Streamed almost = stream({"EN", "EN", "D"}, {"END"});
    CHECK(almost.pieces == Strings{"EN"});
}

TEST_CASE("what only began like a stop string is handed out", "[generation]") {
    const Streamed text = stream({"aE", "N", "X", "E"}, {"END"});
    CHECK(text.pieces == Strings{"a", "ENX", "E"});
    CHECK(text.state == TextStream::State::open);
    CHECK(text.text == "aENXE");
}

TEST_CASE("the taker ends the text", "[generation]") {
    const Streamed text = stream({"a", "b", "c"}, {}, 2);
    CHECK(text.pieces == Strings{"a", "b"});
    CHECK(text.state == TextStream::State::stopped_by_taker);
}

TEST_CASE("streams of any bytes are UTF-8 and add up to the text", "[generation]") {
    const MarkovModel random{{.vocabulary = 12, .order = 0}};
    const Strings table{"a",    "\xc3", "\xa9",       "\xf0\x9f", "\x98", "\x80",
                        "\xe2", "END",  "E\xc3\xa9N", "N",        "\xff", "D"};
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        std::string streamed;
        const Tokens prompt{static_cast<std::uint32_t>(seed % 12)};
        const GenerateOptions options{.text_decoder = byte_decoder(table),
                                      .on_text = [&](std::size_t, std::string_view piece) {
                                          CHECK(text::is_valid_utf8(piece));
                                          CHECK_FALSE(piece.empty());
                                          streamed += piece;
                                          return true;
                                      }};
        const GeneratedSequence result = generate_one(
            random, prompt,
            {.max_new_tokens = 40, .stop_strings = {{"END", "EN\xef"}}, .top_k = 0, .seed = seed},
            options);
        CHECK(streamed == result.text);
        CHECK(streamed.find("END") == std::string::npos);
        if (result.finish_reason != FinishReason::stop_string)
            CHECK(result.new_ids().size() == 40);
    }
}

TEST_CASE("texts of generate end before a stop string and do not show end tokens", "[generation]") {
    const MarkovModel model;
    const Strings letters{"a", "b", "c", "d", "e", "f", "g", "h", "i",
                          "j", "k", "l", "m", "n", "o", "p", "q"};
    const Tokens ids = greedy_by_hand(model, {1, 2}, 12);
    std::string whole;
    for (std::size_t i = 2; i < ids.size(); ++i)
        whole += letters[ids[i]];
    const GenerateOptions options{.text_decoder = byte_decoder(letters)};
    CHECK(generate_one(model, {1, 2}, {.max_new_tokens = 12}, options).text == whole);

    const std::string stop = whole.substr(5, 3);
    const std::size_t at = whole.find(stop);
    const GeneratedSequence stopped =
        generate_one(model, {1, 2}, {.max_new_tokens = 12, .stop_strings = {{stop}}}, options);
    CHECK(stopped.finish_reason == FinishReason::stop_string);
    CHECK(stopped.text == whole.substr(0, at));
    CHECK(stopped.new_ids().size() == at + 3);

    const GeneratedSequence ended =
        generate_one(model, {1, 2}, {.max_new_tokens = 12, .eos_token_id = ids[6]}, options);
    CHECK(ended.finish_reason == FinishReason::end_token);
    CHECK(ended.text == whole.substr(0, ended.new_ids().size() - 1));

    GenerateOptions taker = options;
    taker.on_text = [](std::size_t, std::string_view) { return false; };
    const GeneratedSequence short_one = generate_one(model, {1, 2}, {.max_new_tokens = 12}, taker);
    CHECK(short_one.finish_reason == FinishReason::stopped);
    CHECK(short_one.new_ids().size() == 1);
}

}  // namespace
