// Whole tokenizers made of small vocabularies: encode, truncate, pad, batch, decode, save.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <xzoo/text/tokenizer.hpp>

#include "text_support.hpp"

namespace {

using xzoo::Encoding;
using xzoo::Offsets;
using xzoo::Padding;
using xzoo::Side;
using xzoo::Tokenizer;
using xzoo::TokenizerError;
using xzoo::Truncation;
using xzoo::test::Ids;
using xzoo::test::JsonTokenizer;
using xzoo::test::small_vocab;
using Tokens = std::vector<std::string>;

Tokenizer small_bert() {
    return Tokenizer::from_vocab_text(small_vocab());
}

Tokens tokens_of(const std::vector<Encoding>& encodings, std::size_t which) {
    return encodings.at(which).tokens();
}

const char* const template_json =
    R"({"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>","type_id":0}},)"
    R"({"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"E","type_id":0}}],)"
    R"("pair":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}},)"
    R"({"SpecialToken":{"id":"E","type_id":0}},{"Sequence":{"id":"B","type_id":3}},)"
    R"({"SpecialToken":{"id":"E","type_id":3}}],"special_tokens":{)"
    R"("<s>":{"id":"<s>","ids":[7],"tokens":["<s>"]},)"
    R"("E":{"id":"E","ids":[8,7],"tokens":["</s>","<s>"]}}})";

}  // namespace

TEST_CASE("a BERT tokenizer encodes a text with all that belongs to a token", "[text][bert]") {
    const auto tokenizer = small_bert();
    const Encoding encoding = tokenizer.encode("The Caf\xC3\xA9s flowing!");
    CHECK(encoding.tokens() ==
          Tokens{"[CLS]", "the", "caf", "##e", "##s", "flow", "##ing", "!", "[SEP]"});
    CHECK(encoding.ids == Ids{2, 5, 19, 20, 8, 7, 9, 17, 3});
    CHECK(encoding.type_ids == Ids(9, 0));
    CHECK(encoding.attention_mask == Ids(9, 1));
    CHECK(encoding.special_tokens_mask == Ids{1, 0, 0, 0, 0, 0, 0, 0, 1});
    CHECK(encoding.offsets ==
          std::vector<Offsets>{
              {0, 0}, {0, 3}, {4, 7}, {7, 9}, {9, 10}, {11, 15}, {15, 18}, {18, 19}, {0, 0}});
    using Word = std::optional<std::uint32_t>;
    CHECK(encoding.word_ids == std::vector<Word>{{}, 0U, 1U, 1U, 1U, 2U, 2U, 3U, {}});
    CHECK(encoding.code_point_offsets("The Caf\xC3\xA9s flowing!")[4] == Offsets{8, 9});
    CHECK(tokenizer.encode("the", {.add_special_tokens = false}).ids == Ids{5});
    CHECK(tokenizer.encode("").ids == Ids{2, 3});
    CHECK(tokenizer.encode("[MASK]the [mask]").ids == Ids{2, 4, 5, 1, 1, 1, 3});
}

TEST_CASE("a pair of texts gets two segments", "[text][bert]") {
    const Encoding encoding = small_bert().encode("the river", "an old bridge");
    CHECK(encoding.ids == Ids{2, 5, 6, 3, 13, 14, 12, 3});
    CHECK(encoding.type_ids == Ids{0, 0, 0, 0, 1, 1, 1, 1});
    using Sequence = std::optional<std::uint32_t>;
    CHECK(encoding.sequence_ids == std::vector<Sequence>{{}, 0U, 0U, {}, 1U, 1U, 1U, {}});
    CHECK(encoding.offsets[5] == Offsets{3, 6});
    CHECK(encoding.code_point_offsets("the river", "an old bridge")[5] == Offsets{3, 6});
}

TEST_CASE("longest_first takes from the longer text until both are equal", "[text]") {
    // Lengths of both texts, and what is left of them for 7 tokens.
    struct Case {
        std::size_t first, second, first_left, second_left;
    };
    for (const Case& c : {Case{0, 9, 0, 7}, Case{2, 8, 2, 5}, Case{8, 2, 5, 2}, Case{4, 4, 3, 4},
                          Case{8, 4, 4, 3}, Case{8, 9, 3, 4}, Case{9, 0, 7, 0}}) {
        CHECK(xzoo::text::longest_first(c.first, c.second, 7) ==
              std::pair{c.first_left, c.second_left});
    }
    const auto tokenizer = small_bert();
    const Encoding encoding =
        tokenizer.encode("the river the river", "an old bridge",
                         {.truncation = Truncation::longest_first, .max_length = 8});
    CHECK(encoding.ids == Ids{2, 5, 6, 5, 3, 13, 14, 3});
}

TEST_CASE("what truncation cuts off comes in overlapping pieces", "[text]") {
    const auto tokenizer = small_bert();
    const std::string text = "the river an old bridge";
    xzoo::EncodeOptions options{.truncation = Truncation::longest_first,
                                .max_length = 5,
                                .keep_overflowing = true,
                                .stride = 1};
    const Encoding right = tokenizer.encode(text, options);
    CHECK(right.tokens() == Tokens{"[CLS]", "the", "river", "an", "[SEP]"});
    REQUIRE(right.overflowing.size() == 1);
    CHECK(tokens_of(right.overflowing, 0) == Tokens{"[CLS]", "an", "old", "bridge", "[SEP]"});
    options.truncation_side = Side::left;
    const Encoding left = tokenizer.encode(text, options);
    CHECK(left.tokens() == Tokens{"[CLS]", "an", "old", "bridge", "[SEP]"});
    CHECK(tokens_of(left.overflowing, 0) == Tokens{"[CLS]", "the", "river", "an", "[SEP]"});
    options.stride = 3;
    CHECK_THROWS_AS(tokenizer.encode(text, options), TokenizerError);
    options.keep_overflowing = false;
    CHECK_THROWS_AS(tokenizer.encode(text, options), TokenizerError);
    options = {.truncation = Truncation::longest_first, .max_length = 2, .keep_overflowing = true};
    CHECK(tokenizer.encode(text, options).ids == Ids{2, 3});
    CHECK(tokenizer.encode(text, options).overflowing.at(0).size() == 7);
    options.max_length = 1;
    CHECK_THROWS_AS(tokenizer.encode(text, options), TokenizerError);
    CHECK_THROWS_WITH(tokenizer.encode(text, {.keep_overflowing = true}),
                      Catch::Contains("no truncation"));
}

TEST_CASE("what truncation cuts off is kept where it is asked for", "[text]") {
    const auto tokenizer = small_bert();
    std::string text;
    for (int i = 0; i < 1000; ++i)
        text += "the river ";
    xzoo::EncodeOptions options{.truncation = Truncation::longest_first, .max_length = 43};
    const Encoding cut = tokenizer.encode(text, text, options);
    CHECK(cut.size() == 43);
    CHECK(cut.overflowing.empty());
    CHECK(tokenizer.encode(text, options).overflowing.empty());
    options.truncation_side = Side::left;
    CHECK(tokenizer.encode(text, text, options).overflowing.empty());
    // Both texts are cut to 20 tokens, so each makes 99 pieces besides.
    options.keep_overflowing = true;
    const Encoding kept = tokenizer.encode(text, text, options);
    CHECK(kept.overflowing.size() == 100 * 100 - 1);
    CHECK(kept.overflowing.back().size() == 43);
}

TEST_CASE("only_first and only_second take from one text alone", "[text]") {
    const auto tokenizer = small_bert();
    xzoo::EncodeOptions options{.truncation = Truncation::only_second, .max_length = 6};
    CHECK(tokenizer.encode("the river", "an old bridge", options).ids == Ids{2, 5, 6, 3, 13, 3});
    CHECK_THROWS_AS(tokenizer.encode("an old bridge the river", options), TokenizerError);
    options.truncation = Truncation::only_first;
    CHECK(tokenizer.encode("an old bridge", "the river", options).ids == Ids{2, 13, 3, 5, 6, 3});
    CHECK_THROWS_AS(tokenizer.encode("the", "an old bridge , .", options), TokenizerError);
}

TEST_CASE("padding fills up to a length on either side", "[text]") {
    const auto tokenizer = small_bert();
    const Encoding right = tokenizer.encode("the", {.padding = Padding::fixed, .max_length = 5});
    CHECK(right.ids == Ids{2, 5, 3, 0, 0});
    CHECK(right.attention_mask == Ids{1, 1, 1, 0, 0});
    CHECK(right.special_tokens_mask == Ids{1, 0, 1, 1, 1});
    const Encoding left = tokenizer.encode(
        "the", {.padding = Padding::fixed, .max_length = 5, .padding_side = Side::left});
    CHECK(left.ids == Ids{0, 0, 2, 5, 3});
    CHECK(left.offsets[3] == Offsets{0, 3});
    const Encoding multiple =
        tokenizer.encode("the", {.padding = Padding::longest, .pad_to_multiple_of = 4});
    CHECK(multiple.size() == 4);
    CHECK_THROWS_AS(tokenizer.encode("the", {.max_length = 5}), TokenizerError);
    CHECK_THROWS_AS(tokenizer.encode("the", {.padding = Padding::fixed}), TokenizerError);
    const auto bare = Tokenizer::from_json(JsonTokenizer{}.text());
    CHECK_THROWS_AS(bare.encode("a", {.padding = Padding::longest}), TokenizerError);
}

TEST_CASE("a batch comes as tensors of one length", "[text]") {
    const auto tokenizer = small_bert();
    const auto batch = tokenizer.encode_batch({"the", "an old bridge"});
    REQUIRE(batch.ids.shape()[0] == 2);
    REQUIRE(batch.ids.shape()[1] == 5);
    CHECK(Ids(batch.ids.begin(), batch.ids.end()) == Ids{2, 5, 3, 0, 0, 2, 13, 14, 12, 3});
    CHECK(Ids(batch.attention_mask.begin(), batch.attention_mask.end()) ==
          Ids{1, 1, 1, 0, 0, 1, 1, 1, 1, 1});
    CHECK(batch.encodings.size() == 2);
    const std::vector<std::pair<std::string, std::string>> pairs{{"the", "an"}, {"old", "."}};
    const auto of_pairs = tokenizer.encode_batch(pairs);
    CHECK(Ids(of_pairs.token_type_ids.begin(), of_pairs.token_type_ids.end()) ==
          Ids{0, 0, 0, 1, 1, 0, 0, 0, 1, 1});
    CHECK_THROWS_AS(tokenizer.encode_batch({"the", "an old"}, {}), TokenizerError);
    CHECK(tokenizer.encode_batch(std::vector<std::string>{}).ids.size() == 0);
}

TEST_CASE("what tokenizer.json says of lengths counts where it is asked for", "[text]") {
    JsonTokenizer json;
    json.post_processor = template_json;
    json.truncation = R"({"max_length":6,"strategy":"LongestFirst","stride":1,"direction":"Left"})";
    json.padding = R"({"strategy":{"Fixed":6},"direction":"Left","pad_to_multiple_of":4,)"
                   R"("pad_id":9,"pad_type_id":2,"pad_token":"c"})";
    const auto tokenizer = Tokenizer::from_json(json.text());
    CHECK(tokenizer.encode("a b a b").ids == Ids{7, 1, 2, 1, 2, 8, 7});
    const Encoding stored =
        tokenizer.encode("a b a b", {.padding = Padding::stored, .truncation = Truncation::stored});
    CHECK(stored.ids == Ids{9, 9, 7, 2, 1, 2, 8, 7});
    CHECK(stored.type_ids == Ids{2, 2, 0, 0, 0, 0, 0, 0});
    CHECK(tokenizer.encode("a b a b", {.truncation = Truncation::stored, .max_length = 5}).ids ==
          Ids{7, 1, 2, 8, 7});
    CHECK(tokenizer.encode("a", {.padding = Padding::fixed}).size() == 6);
    CHECK(tokenizer.special_tokens().pad == 9U);
    CHECK(tokenizer.special_tokens().unk == 0U);
}

TEST_CASE("templates and processors set special tokens and type ids", "[text]") {
    JsonTokenizer json;
    json.post_processor = template_json;
    const auto by_template = Tokenizer::from_json(json.text());
    CHECK(by_template.encode("a", "b").ids == Ids{7, 1, 8, 7, 2, 8, 7});
    CHECK(by_template.encode("a", "b").type_ids == Ids{0, 0, 0, 0, 3, 3, 3});
    const Encoding cut = by_template.encode(
        "a", "b b",
        {.truncation = Truncation::only_second, .max_length = 7, .keep_overflowing = true});
    CHECK(cut.overflowing.at(0).type_ids == Ids{0, 0, 0, 0, 3, 3, 3});
    CHECK(by_template.encode("a", "b", {.add_special_tokens = false}).type_ids == Ids{0, 3});
    json.post_processor = R"({"type":"BertProcessing","sep":["</s>",8],"cls":["<s>",7]})";
    const auto bert = Tokenizer::from_json(json.text());
    CHECK(bert.encode("a", "b").ids == Ids{7, 1, 8, 2, 8});
    CHECK(bert.encode("a", "b").type_ids == Ids{0, 0, 0, 1, 1});
    CHECK(bert.special_tokens().cls == 7U);
    json.post_processor = R"({"type":"Sequence","processors":[{"type":"RobertaProcessing",)"
                          R"("sep":["</s>",8],"cls":["<s>",7],"trim_offsets":true,)"
                          R"("add_prefix_space":false}]})";
    const auto roberta = Tokenizer::from_json(json.text());
    CHECK(roberta.encode("a", "b").ids == Ids{7, 1, 8, 8, 2, 8});
    CHECK(roberta.encode("a", "b").type_ids == Ids(6, 0));
}

TEST_CASE("added tokens are found before the model sees the text", "[text]") {
    JsonTokenizer json;
    json.normalizer = R"({"type":"Lowercase"})";
    json.added_tokens =
        R"([{"id":20,"content":"<X>","special":true,"normalized":false},)"
        R"({"id":21,"content":"<X>y","special":false,"normalized":false},)"
        R"({"id":22,"content":"<L>","lstrip":true,"rstrip":true,"special":true,)"
        R"("normalized":false},)"
        R"({"id":23,"content":"Abb","single_word":true,"special":false,"normalized":true}])";
    const auto tokenizer = Tokenizer::from_json(json.text());
    const auto ids = [&](std::string_view text) { return tokenizer.encode(text).ids; };
    CHECK(ids("a<X>b") == Ids{1, 20, 2});
    CHECK(ids("a<X>y") == Ids{1, 21});  // the longest
    CHECK(ids("a<x>") == Ids{0});       // not normalised, so not found
    CHECK(ids("ABB abb") == Ids{23, 23});
    CHECK(ids("abba") == Ids{3, 5, 4});  // not a word of its own
    const Encoding stripped = tokenizer.encode("a \t<L>  b");
    CHECK(stripped.ids == Ids{1, 22, 2});
    CHECK(stripped.offsets[1] == Offsets{1, 8});
    CHECK(stripped.token(1) == "<L>");
    CHECK(tokenizer.vocab_size() == 14);
    CHECK(tokenizer.id_end() == 24);
    CHECK(tokenizer.token_to_id("<X>") == 20U);
    CHECK(tokenizer.is_special(20));
    CHECK_FALSE(tokenizer.is_special(21));
}

TEST_CASE("decoding puts pieces together and skips what it is told to", "[text]") {
    const auto tokenizer = small_bert();
    const Ids ids = tokenizer.encode("the old caf\xC3\xA9s , under !").ids;
    CHECK(tokenizer.decode(ids) == "[CLS] the old cafes, under! [SEP]");
    CHECK(tokenizer.decode(ids, {.skip_special_tokens = true}) == "the old cafes, under!");
    CHECK(tokenizer.decode(ids,
                           {.skip_special_tokens = true, .clean_up_tokenization_spaces = false}) ==
          "the old cafes , under !");
    CHECK(tokenizer.decode(Ids{5, 4000000000U, 6}) == "the river");
    CHECK(tokenizer.decode(Ids{}).empty());
    const auto negation = Tokenizer::from_vocab_text("[UNK]\n[CLS]\n[SEP]\nwe\ndo\nnot\n.");
    CHECK(negation.decode(Ids{3, 4, 5, 6}) == "we do not.");  // as the Rust and Python code both do
    CHECK(negation.decode(Ids{3, 4, 5, 6}, {.clean_up_tokenization_spaces = true}) == "we do not.");
    const auto one_word = Tokenizer::from_vocab_text("[UNK]\n[CLS]\n[SEP]\nwe\ndo not");
    CHECK(one_word.decode(Ids{3, 4}) == "we don't");
    const auto plain = Tokenizer::from_json(JsonTokenizer{}.text());
    CHECK(plain.decode(Ids{1, 5, 3}) == "a ##b ab");
    JsonTokenizer json;
    json.decoder = R"({"type":"Sequence","decoders":[)"
                   R"({"type":"Replace","pattern":{"String":"##"},"content":"_"},)"
                   R"({"type":"Fuse"},{"type":"Strip","content":"a","start":1,"stop":0}]})";
    CHECK(Tokenizer::from_json(json.text()).decode(Ids{1, 5, 3}) == "_bab");
}

TEST_CASE("tokens and ids look each other up", "[text]") {
    const auto tokenizer = small_bert();
    CHECK(tokenizer.token_to_id("river") == 6U);
    CHECK_FALSE(tokenizer.token_to_id("stream"));
    CHECK(tokenizer.id_to_token(6) == "river");
    CHECK_THROWS_AS(tokenizer.id_to_token(999), TokenizerError);
    CHECK(tokenizer.special_tokens().mask == 4U);
    CHECK(tokenizer.special_tokens().pad == 0U);
    CHECK_FALSE(tokenizer.special_tokens().bos);
}

TEST_CASE("a saved tokenizer comes back the same", "[text]") {
    const xzoo::test::TempFolder temporary;
    const std::filesystem::path& folder = temporary.path();
    const auto original = Tokenizer::from_vocab_text(
        small_vocab(), {.do_lower_case = false, .model_max_length = 4, .mask_token = ""});
    original.save_pretrained(folder);
    const auto back = Tokenizer::from_pretrained(folder);
    CHECK(back.encode("The the old bridge").ids == original.encode("The the old bridge").ids);
    CHECK(back.encode("The the").ids == Ids{2, 1, 5, 3});
    CHECK(back.encode("the the the", {.truncation = Truncation::longest_first}).size() == 4);
    CHECK_FALSE(back.special_tokens().mask);
    JsonTokenizer json;
    std::filesystem::create_directories(folder / "json" / "tokenizer.json.tmp");  // of others
    Tokenizer::from_json(json.text()).save_pretrained(folder / "json");
    CHECK(Tokenizer::from_pretrained(folder / "json").encode("ab").ids == Ids{3});
    std::filesystem::create_directories(folder / "taken" / "tokenizer.json");
    CHECK_THROWS_AS(Tokenizer::from_json(json.text()).save_pretrained(folder / "taken"),
                    TokenizerError);
}
