// Faults in files and calls: each is a TokenizerError that names its place.
#include <cstddef>
#include <string>
#include <vector>

#include <xzoo/text/tokenizer.hpp>

#include "text_support.hpp"

namespace {

using xzoo::Tokenizer;
using xzoo::TokenizerError;
using xzoo::test::JsonTokenizer;
using xzoo::test::small_vocab;
using xzoo::test::TempFolder;

/// Requires that reading `json` fails with a message that has all of `parts`.
void check_fails(const std::string& json, const std::vector<std::string>& parts) {
    INFO(json);
    try {
        Tokenizer::from_json(json);
        FAIL_CHECK("was read, but should not have been");
    } catch (const TokenizerError& error) {
        for (const std::string& part : parts)
            CHECK_THAT(error.what(), Catch::Contains(part));
        CHECK(error.file() == "tokenizer.json");
    }
}

std::string with_vocab(const std::string& vocab) {
    JsonTokenizer json;
    json.model = R"({"type":"WordLevel","unk_token":"?","vocab":)" + vocab + "}";
    return json.text();
}

std::string with_added(const std::string& token) {
    JsonTokenizer json;
    json.added_tokens = "[" + token + "]";
    return json.text();
}

/// What is wrong with the tokenizer of a folder; empty where nothing is.
std::string error_of(const TempFolder& folder) {
    try {
        Tokenizer::from_pretrained(folder.path());
    } catch (const TokenizerError& fault) {
        return fault.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a component that is not supported is named with its place", "[text]") {
    JsonTokenizer json;
    json.pre_tokenizer = R"({"type":"UnicodeScripts"})";
    check_fails(json.text(), {"tokenizer.json: pre_tokenizer is of type 'UnicodeScripts', which "
                              "is not supported"});
    json.pre_tokenizer = R"({"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true})";
    check_fails(json.text(),
                {"model is of type 'WordPiece', which is not supported with ByteLevel"});
    json.pre_tokenizer =
        R"({"type":"Sequence","pretokenizers":[{"type":"Whitespace"},{"type":"New"}]})";
    check_fails(json.text(), {"pre_tokenizer.pretokenizers[1]", "'New'"});
    json = {};
    json.normalizer = R"({"type":"Replace","pattern":{"Regex":"a(+"},"content":""})";
    check_fails(json.text(), {"normalizer.pattern.Regex", "'a(+'"});
    json = {};
    json.model = R"({"type":"BPE","vocab":{"a":0,"b":1},"merges":["a b"]})";
    check_fails(json.text(), {"model.merges[0] needs the token 'ab', which is not there"});
    json.model = R"({"type":"BPE","vocab":{"a":0,"b":1},"merges":["a b c"]})";
    check_fails(json.text(), {"model.merges[0] is not two tokens"});
    json.model = R"({"type":"BPE","vocab":{"a":0,"b":1},"merges":[["a"]]})";
    check_fails(json.text(), {"model.merges[0] is neither"});
    json = {};
    json.decoder = R"({"type":"CTC"})";
    check_fails(json.text(), {"decoder is of type 'CTC'"});
    json = {};
    json.post_processor = R"({"type":"New"})";
    check_fails(json.text(), {"post_processor is of type 'New'"});
}

TEST_CASE("legacy components without a type are known by their keys", "[text]") {
    JsonTokenizer json;
    json.normalizer = R"({"clean_text":true,"handle_chinese_chars":true,"lowercase":true})";
    json.post_processor = R"({"sep":["</s>",8],"cls":["<s>",7]})";
    json.decoder = R"({"prefix":"##","cleanup":false})";
    json.model =
        R"({"unk_token":"?","continuing_subword_prefix":"##",)"
        R"("max_input_chars_per_word":100,"vocab":{"?":0,"a":1,"##b":2,"<s>":7,"</s>":8}})";
    const auto tokenizer = Tokenizer::from_json(json.text());
    CHECK(tokenizer.encode("AB").ids == xzoo::test::Ids{7, 1, 2, 8});
    CHECK(tokenizer.decode(tokenizer.encode("ab").ids) == "<s> ab </s>");
    json.post_processor =
        R"({"sep":["</s>",8],"cls":["<s>",7],"trim_offsets":true,"add_prefix_space":true})";
    CHECK(Tokenizer::from_json(json.text()).encode("a", "a").ids ==
          xzoo::test::Ids{7, 1, 8, 8, 1, 8});
    json.model = R"({"unk_token":"?","vocab":{"?":0,"a":1,"<s>":7,"</s>":8}})";
    CHECK(Tokenizer::from_json(json.text()).encode("ab").ids == xzoo::test::Ids{7, 0, 8});
    json.normalizer = R"({"what":1})";
    check_fails(json.text(), {"normalizer", "no 'type'"});
}

TEST_CASE("broken JSON and wrong types are faults with a place", "[text]") {
    check_fails("", {"tokenizer.json: ", "not JSON"});
    check_fails("<!DOCTYPE html>", {"not JSON"});
    check_fails("[]", {"not an object"});
    check_fails("{}", {"has no 'model'"});
    check_fails(R"({"version":"2.0","model":{}})", {"version", "'2.0'"});
    check_fails(std::string(200, '[') + std::string(200, ']'), {"nested deeper than 64"});
    check_fails("\"\xFF\"", {"not JSON"});
    check_fails(with_vocab(R"({"\ud800":0})"), {"not JSON"});  // a lone surrogate
    check_fails(with_vocab("[]"), {"model.vocab", "not an object"});
    check_fails(with_vocab(R"({"a":-1})"), {"model.vocab.a", "id"});
    check_fails(with_vocab(R"({"a":1.5})"), {"model.vocab.a"});
    check_fails(with_vocab(R"({"a":4294967295})"), {"model.vocab.a"});
    check_fails(with_vocab(R"({"a":"0"})"), {"model.vocab.a"});
    JsonTokenizer json;
    json.normalizer = R"({"type":"Strip","strip_left":1})";
    check_fails(json.text(), {"normalizer.strip_left", "neither true nor false"});
    json = {};
    json.normalizer = R"({"type":7})";
    check_fails(json.text(), {"normalizer.type", "not a string"});
    json = {};
    json.pre_tokenizer = R"({"type":"Punctuation","behavior":"Eaten"})";
    check_fails(json.text(), {"pre_tokenizer.behavior", "'Eaten'"});
    json = {};
    json.truncation = R"({"max_length":-3,"strategy":"LongestFirst","stride":0})";
    check_fails(json.text(), {"truncation.max_length"});
    json = {};
    json.padding = R"({"strategy":{"Fixed":100000000000},"pad_id":0})";
    check_fails(json.text(), {"padding.strategy.Fixed"});
}

TEST_CASE("special tokens and added tokens must fit the vocabulary", "[text]") {
    JsonTokenizer json;
    json.post_processor = R"({"type":"BertProcessing","sep":["</s>",8],"cls":["<s>",77]})";
    check_fails(json.text(), {"post_processor.cls[1]", "77"});
    json.post_processor = R"({"type":"TemplateProcessing","single":[{"SpecialToken":)"
                          R"({"id":"X","type_id":0}}],"pair":[],"special_tokens":{}})";
    check_fails(json.text(), {"post_processor.special_tokens", "'X'"});
    json.post_processor = R"({"type":"TemplateProcessing","single":[{"Sequence":)"
                          R"({"id":"B","type_id":0}}],"pair":[],"special_tokens":{}})";
    check_fails(json.text(), {"'B'"});
    check_fails(with_added(R"({"id":5,"content":"a"})"), {"added_tokens[0]", "'a'", "5", "1"});
    check_fails(with_added(R"({"id":5,"content":"new"})"), {"'new'", "'##b'"});
    check_fails(with_added(R"({"id":4000000000,"content":"new"})"), {"too high"});
    check_fails(with_added(R"({"content":"new"})"), {"added_tokens[0]", "'id'"});
    CHECK_NOTHROW(Tokenizer::from_json(with_added(R"({"id":1,"content":"a","special":true})")));
    CHECK_NOTHROW(Tokenizer::from_json(with_added(R"({"id":50,"content":""})")));
}

TEST_CASE("a word that nothing spells needs an unknown token", "[text]") {
    const auto tokenizer = Tokenizer::from_json(with_vocab(R"({"a":0})"));
    CHECK(tokenizer.encode("a").ids == xzoo::test::Ids{0});
    CHECK_THROWS_WITH(tokenizer.encode("b"), Catch::Contains("unk_token '?'"));
}

TEST_CASE("folders say what they lack", "[text]") {
    const TempFolder folder;
    CHECK_THAT(error_of(folder), Catch::Contains("tokenizer.json, merges.txt with vocab.json"));
    folder.write("merges.txt", "#version: 0.2\na b\n");
    CHECK_THAT(error_of(folder), Catch::Contains("merges.txt"));
    folder.write("vocab.txt", "");
    CHECK_THAT(error_of(folder), Catch::Contains("no tokens"));
    folder.write("vocab.txt", "a\n[SEP]\n");
    CHECK_THAT(error_of(folder), Catch::Contains("'[CLS]'"));
    folder.write("vocab.txt", "a\n\xFF\n");
    CHECK_THAT(error_of(folder), Catch::Contains("line 2"));
    folder.write("vocab.txt", small_vocab());
    CHECK(error_of(folder).empty());
    folder.write("tokenizer_config.json", R"({"tokenizer_class":"EsmTokenizer"})");
    CHECK_THAT(error_of(folder), Catch::Contains("EsmTokenizer"));
    folder.write("tokenizer_config.json", R"({"never_split":["x"]})");
    CHECK_THAT(error_of(folder), Catch::Contains("never_split"));
    folder.write("tokenizer_config.json", R"({"do_lower_case":"yes"})");
    CHECK_THAT(error_of(folder), Catch::Contains("do_lower_case"));
    CHECK_THROWS_AS(Tokenizer::from_pretrained(folder.path() / "nowhere"), TokenizerError);
}

TEST_CASE("configuration files change what the tokenizer does", "[text]") {
    const TempFolder folder;
    folder.write("vocab.txt", small_vocab());
    folder.write("tokenizer_config.json",
                 R"({"do_lower_case":false,"model_max_length":1e30,"padding_side":"left",)"
                 R"("added_tokens_decoder":{"30":{"content":"<new>","special":false},)"
                 R"("4":{"content":"[MASK]","lstrip":true,"special":true}}})");
    folder.write("special_tokens_map.json",
                 R"({"pad_token":{"content":"[MASK]","lstrip":false},"cls_token":"[CLS]"})");
    const auto tokenizer = Tokenizer::from_pretrained(folder.path());
    CHECK(tokenizer.encode("The the<new>").ids == xzoo::test::Ids{2, 1, 5, 30, 3});
    CHECK(tokenizer.encode("the [MASK]").offsets[2] == xzoo::Offsets{3, 10});
    CHECK_FALSE(tokenizer.model_max_length());
    const auto padded = tokenizer.encode("the", {.padding = xzoo::Padding::fixed, .max_length = 4});
    CHECK(padded.ids == xzoo::test::Ids{4, 2, 5, 3});

    JsonTokenizer json;
    json.normalizer = R"({"type":"BertNormalizer","lowercase":true})";
    folder.write("tokenizer.json", json.text());
    folder.write("tokenizer_config.json",
                 R"({"do_lower_case":false,"tokenizer_class":"BertTokenizer"})");
    CHECK(Tokenizer::from_pretrained(folder.path()).encode("A").ids == xzoo::test::Ids{0});
    folder.write("tokenizer_config.json",
                 R"({"do_lower_case":false,"tokenizer_class":"PreTrainedTokenizerFast"})");
    CHECK(Tokenizer::from_pretrained(folder.path()).encode("A").ids == xzoo::test::Ids{1});
}

TEST_CASE("vocab.txt may have any line ends, blank lines and repeated tokens", "[text]") {
    const auto tokenizer =
        Tokenizer::from_vocab_text("\xEF\xBB\xBF[UNK]\r\n[CLS]\r\n\r\na\r\na\r\n[SEP]");
    CHECK(tokenizer.encode("a").ids == xzoo::test::Ids{1, 4, 5});
    CHECK(tokenizer.decode(xzoo::test::Ids{3, 4}) == "a");
    CHECK(tokenizer.vocab_size() == 5);
    CHECK(tokenizer.id_end() == 6);
    CHECK_FALSE(tokenizer.special_tokens().mask);
    CHECK(Tokenizer::from_vocab_text("a\n[UNK]", {.sep_token = "", .cls_token = ""})
              .encode("a")
              .ids == xzoo::test::Ids{0});
}
