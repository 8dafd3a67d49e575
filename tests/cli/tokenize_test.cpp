// tokenize and detokenize against the library itself.
#include <string>

#include "cli/generate_support.hpp"
#include "xzoo/text/tokenizer.hpp"

using namespace xzoo;
using namespace xzoo::test;

TEST_CASE("tokenize prints ids, tokens, counts or a table", "[cli]") {
    const LlamaFolder folder;
    const auto with = [&](std::vector<std::string> more, std::string_view input = {}) {
        more.insert(more.begin(), {"tokenize", folder.path()});
        return run_xzoo(more, input);
    };
    CHECK(with({"a b"}).out == "256 97 32 98\n");
    CHECK(with({"--no-special-tokens", "a b", "c"}).out == "97 32 98\n99\n");
    CHECK(with({"--show", "count"}, "ab\n\nabc\n").out == "3\n1\n4\n");
    CHECK(with({"--show", "tokens", "a b"}).out == "<s> a \xc4\xa0 b\n");
    CHECK(with({"--show", "table", "ab"}).out == "256\t<s>\t0\t0\n97\ta\t0\t1\n98\tb\t1\t2\n\n");
    CHECK(run_xzoo({"tokenize", (folder.folder().path() / "tokenizer.json").string(), "a"}).out ==
          "256 97\n");
    CHECK(run_xzoo({"tokenize", "--model", folder.path(), "a"}).out == "256 97\n");
    CHECK(with({"--show", "letters", "a"}).code == 2);
    CHECK(run_xzoo({"tokenize"}).code == 2);
    CHECK(run_xzoo({"tokenize", "no-such-model", "a"}).code == 1);
}

TEST_CASE("tokenize --json has tokens and where they are in the text", "[cli]") {
    const fs::path folder = language_model_dir();
    const std::string text = "Gr\xc3\xbc\xc3\x9f Gott, unaffable!";
    const auto found = run_xzoo({"tokenize", folder.string(), "--json", text}).objects();
    const auto points =
        run_xzoo({"tokenize", folder.string(), "--json", "--code-points", text}).objects();
    REQUIRE(found.size() == 1);
    REQUIRE(points.size() == 1);
    const Encoding expected = Tokenizer::from_pretrained(folder).encode(text);
    const std::vector<Offsets> characters = expected.code_point_offsets(text);
    CHECK(string_of(found[0].at("text")) == text);
    REQUIRE(found[0].at("ids").as_array().size() == expected.size());
    const auto place = [](const boost::json::object& of, std::size_t i) {
        const boost::json::array& pair = of.at("offsets").as_array()[i].as_array();
        return Offsets{static_cast<std::size_t>(number(pair[0])),
                       static_cast<std::size_t>(number(pair[1]))};
    };
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(number(found[0].at("ids").as_array()[i]) == expected.ids[i]);
        CHECK(string_of(found[0].at("tokens").as_array()[i]) == expected.token(i));
        CHECK(place(found[0], i) == expected.offsets[i]);
        CHECK(place(points[0], i) == characters[i]);
    }
}

TEST_CASE("detokenize undoes tokenize", "[cli]") {
    const LlamaFolder folder;
    const std::string lines = "First line, f\xc3\xbcr uns.\n\n  spaces and [brackets]\n";
    const std::string ids = run_xzoo({"tokenize", folder.path()}, lines).out;
    const auto with = [&](std::vector<std::string> more, std::string_view input = {}) {
        more.insert(more.begin(), {"detokenize", folder.path()});
        return run_xzoo(more, input);
    };
    CHECK(with({"--skip-special-tokens"}, ids).out == lines);
    CHECK(with({"256", "97", "98"}).out == "<s>ab\n");
    CHECK(with({"[97, 98]"}).out == "ab\n");
    CHECK(with({}, "[97, 98]\n99\n").out == "ab\nc\n");
    const auto found = with({"97", "98", "--json"}).objects();
    REQUIRE(found.size() == 1);
    CHECK(string_of(found[0].at("text")) == "ab");
    CHECK(found[0].at("ids").as_array().size() == 2);
    CHECK(contains(with({"97", "258"}).err, "there is no token with the id 258"));
    CHECK(with({"97", "258"}).code == 1);
    CHECK(contains(with({}, "97 b\n").err, "expected token ids, found 'b'"));
    CHECK(with({}, "99999999999\n").code == 1);
}
