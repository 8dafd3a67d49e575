// The stages of a tokenizer one by one, on hand-worked examples.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/bert_normalizer.hpp>
#include <xzoo/text/byte_trie.hpp>
#include <xzoo/text/model.hpp>
#include <xzoo/text/normalizer.hpp>
#include <xzoo/text/pre_tokenizer.hpp>
#include <xzoo/text/unicode_forms.hpp>
#include <xzoo/text/utf8.hpp>
#include <xzoo/text/word_piece.hpp>

#include "text_support.hpp"

namespace {

using namespace xzoo::text;
using Form = UnicodeForm::Kind;
using Words = std::vector<std::string>;

/// A normalised text with the original bytes of each of its code points: "a<a>b<B>".
std::string trace(const Normalizer& normalizer, const std::string& original) {
    NormalizedString text{original};
    normalizer.normalize(text);
    std::string out;
    for (std::size_t at = 0; at < text.text().size();) {
        const std::size_t size = decode_utf8(text.text(), at).size;
        const auto offsets = text.original(at, at + size);
        out += text.text().substr(at, size) + '<' +
               original.substr(offsets.begin, offsets.end - offsets.begin) + '>';
        at += size;
    }
    return out;
}

Words words(const PreTokenizer& pre_tokenizer, const std::string& original) {
    PreTokenized text{NormalizedString{original}};
    pre_tokenizer.pre_tokenize(text);
    Words all;
    for (const auto piece : text.pieces)
        all.emplace_back(text.view(piece));
    return all;
}

}  // namespace

TEST_CASE("ill-formed UTF-8 becomes one U+FFFD for each maximal subpart", "[text]") {
    // From the Unicode standard, tables 3-8 to 3-11.
    const std::pair<const char*, std::vector<std::size_t>> cases[] = {
        {"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", {1, 1, 1, 1, 1, 1, 1, 1, 1}},
        {"\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", {1, 1, 1, 1, 1, 1, 1, 1, 1}},
        {"\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", {1, 1, 1, 1, 1, 1, 1, 1, 1}},
        {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", {2, 1, 3, 2, 1}},
        {"\xE2\x82", {2}},
        {"ok \xE2\x82\xAC", {1, 1, 1, 3}},
    };
    for (const auto& [bytes, sizes] : cases) {
        const NormalizedString text{bytes};
        REQUIRE(is_valid_utf8(text.text()));
        std::size_t at = 0;
        std::size_t original = 0;
        for (const std::size_t size : sizes) {
            const std::size_t next = at + decode_utf8(text.text(), at).size;
            CHECK(text.original(at, next) == xzoo::Offsets{original, original + size});
            at = next;
            original += size;
        }
        CHECK(at == text.text().size());
    }
    CHECK_FALSE(is_valid_utf8("\xF5\x80\x80\x80"));
    CHECK(is_valid_utf8(std::string_view{"\0", 1}));
}

TEST_CASE("every code point survives encoding and decoding", "[text]") {
    std::size_t wrong = 0;
    for (char32_t c = 0; c < 0x110000U; ++c) {
        std::string bytes;
        append_utf8(bytes, c);
        const bool surrogate = c >= 0xD800U && c < 0xE000U;
        const CodePoint back = decode_utf8(bytes, 0);
        const bool ok = back.value == c && back.size == bytes.size() && utf8_size(c) == back.size &&
                        is_valid_utf8(bytes) == !surrogate &&
                        decode_utf8_before("x" + bytes, bytes.size() + 1).value == c;
        wrong += ok ? 0U : 1U;
    }
    CHECK(wrong == 0);
}

TEST_CASE("normalizers remember where each code point stems from", "[text]") {
    CHECK(trace(Lowercase{}, "Ab\xC3\x89") == "a<A>b<b>\xC3\xA9<\xC3\x89>");
    CHECK(trace(Lowercase{}, "\xC4\xB0!") == "i<\xC4\xB0>\xCC\x87<\xC4\xB0>!<!>");
    CHECK(trace(UnicodeForm{Form::nfd}, "\xC3\xA9t") == "e<\xC3\xA9>\xCC\x81<\xC3\xA9>t<t>");
    CHECK(trace(UnicodeForm{Form::nfc}, "e\xCC\x81t") == "\xC3\xA9<e>t<t>");
    CHECK(trace(UnicodeForm{Form::nfkc}, "\xEF\xAC\x81") == "f<\xEF\xAC\x81>i<\xEF\xAC\x81>");
    CHECK(trace(UnicodeForm{Form::nfkd}, "\xE2\x91\xA0") == "1<\xE2\x91\xA0>");
    CHECK(trace(StripAccents{}, "e\xCC\x81t") == "e<e>t<t>");
    CHECK(trace(StripNormalizer{true, true}, " \t a b\xE3\x80\x80") == "a<a> < >b<b>");
    CHECK(trace(StripNormalizer{false, true}, " a ") == " < >a<a>");
    CHECK(trace(StripNormalizer{true, true}, " \n ").empty());
    CHECK(trace(ReplaceNormalizer{"ab", "x"}, "cabab") == "c<c>x<b>x<b>");
    CHECK(trace(ReplaceNormalizer{"", "x"}, "ab") == "a<a>b<b>");
    CHECK(trace(PrependNormalizer{"_-"}, "ab") == "_<a>-<a>a<a>b<b>");
    CHECK(trace(PrependNormalizer{"_"}, "").empty());
}

TEST_CASE("canonical order and composition follow UAX 15", "[text]") {
    // s, dot above, dot below: the dot below (class 220) comes first and composes first.
    CHECK(trace(UnicodeForm{Form::nfc}, "s\xCC\x87\xCC\xA3") == "\xE1\xB9\xA9<s>");
    CHECK(trace(UnicodeForm{Form::nfd}, "\xE1\xB8\x8B\xCC\xA3").starts_with("d<\xE1\xB8\x8B>"));
    NormalizedString hangul{"\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8"};
    UnicodeForm{Form::nfc}.normalize(hangul);
    CHECK(hangul.text() == "\xEA\xB0\x81");
    UnicodeForm{Form::nfd}.normalize(hangul);
    CHECK(hangul.text() == "\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8");
    // Angstrom sign is a singleton; U+0344 is excluded from composition.
    NormalizedString singles{"\xE2\x84\xAB\xCD\x84"};
    UnicodeForm{Form::nfc}.normalize(singles);
    CHECK(singles.text() == "\xC3\x85\xCC\x88\xCC\x81");
}

TEST_CASE("BERT's normalizer cleans, spaces ideographs, strips accents, lowers", "[text][bert]") {
    const BertNormalizer all{{}};
    CHECK(trace(all, "H\xC3\xA9\tl\x01o") == "h<H>e<\xC3\xA9> <\t>l<l>o<o>");
    CHECK(trace(all, "a\xE6\xB0\xB4") ==
          "a<a> <\xE6\xB0\xB4>\xE6\xB0\xB4<\xE6\xB0\xB4> <\xE6\xB0\xB4>");
    CHECK(trace(all, std::string{"a\0b\xEF\xBF\xBD", 6} + "\xFF"
                                                          "c") == "a<a>b<b>c<c>");
    const BertNormalizer cased{{.lowercase = false}};
    CHECK(trace(cased, "\xC3\x89") == "\xC3\x89<\xC3\x89>");
    const BertNormalizer lower_with_accents{{.strip_accents = false}};
    CHECK(trace(lower_with_accents, "\xC3\x89") == "\xC3\xA9<\xC3\x89>");
    const BertNormalizer nothing{{false, false, false, false}};
    CHECK(trace(nothing, "A\t\xE6\xB0\xB4") == "A<A>\t<\t>\xE6\xB0\xB4<\xE6\xB0\xB4>");
}

TEST_CASE("pre-tokenizers cut where they should", "[text]") {
    CHECK(words(BertPreTokenizer{}, " Hey, you!? \xE2\x80\x94ok") ==
          Words{"Hey", ",", "you", "!", "?", "\xE2\x80\x94", "ok"});
    CHECK(words(WhitespaceSplit{}, " a,b\xC2\xA0\tc\n") == Words{"a,b", "c"});
    CHECK(words(WhitespacePreTokenizer{}, "it's 3_x--\xC3\xA9!") ==
          Words{"it", "'", "s", "3_x", "--", "\xC3\xA9", "!"});
    CHECK(words(Digits{true}, "a12b3") == Words{"a", "1", "2", "b", "3"});
    CHECK(words(Digits{false}, "a12b3") == Words{"a", "12", "b", "3"});
    CHECK(words(BertPreTokenizer{}, "").empty());
    CHECK(words(BertPreTokenizer{}, " \n").empty());
}

TEST_CASE("punctuation is removed, isolated, merged or kept together", "[text]") {
    const std::string text = "-a--b-";
    CHECK(words(Punctuation{SplitBehavior::removed}, text) == Words{"a", "b"});
    CHECK(words(Punctuation{SplitBehavior::isolated}, text) == Words{"-", "a", "-", "-", "b", "-"});
    CHECK(words(Punctuation{SplitBehavior::merged_with_previous}, text) ==
          Words{"-", "a-", "-", "b-"});
    CHECK(words(Punctuation{SplitBehavior::merged_with_next}, text) == Words{"-a", "-", "-b", "-"});
    CHECK(words(Punctuation{SplitBehavior::contiguous}, text) == Words{"-", "a", "--", "b", "-"});
}

TEST_CASE("a byte trie finds exact strings and longest prefixes", "[text]") {
    const ByteTrie trie{{{"a", 1}, {"abc", 2}, {"b", 3}, {"abc", 4}, {"", 5}, {"ab\xFF", 6}}};
    CHECK(trie.find("a") == 1);
    CHECK(trie.find("abc") == 4);  // the later one
    CHECK(trie.find("ab") == ByteTrie::none);
    CHECK(trie.find("abcd") == ByteTrie::none);
    CHECK(trie.find("") == 5);
    const auto longest = [&](std::string_view text) {
        return trie.longest_prefix(ByteTrie::root, text);
    };
    CHECK(longest("abd").value == 1);
    CHECK(longest("abd").size == 1);
    CHECK(longest("abcabc").size == 3);
    CHECK(longest("ab\xFF").value == 6);
    CHECK(longest("x").value == ByteTrie::none);
    CHECK(longest("").value == ByteTrie::none);  // the empty string is no match
    CHECK(ByteTrie{}.find("a") == ByteTrie::none);
    CHECK(ByteTrie{}.empty());
}

TEST_CASE("WordPiece takes the longest piece each time, or the unknown token", "[text]") {
    const Vocabulary vocabulary{
        {{"un", 0}, {"##aff", 1}, {"##able", 2}, {"?", 3}, {"##a", 4}, {"a", 5}, {"##", 6}}};
    const auto ids = [&](const WordPiece& model, std::string_view word) {
        std::vector<WordToken> tokens;
        model.tokenize(word, tokens);
        std::vector<std::uint32_t> all;
        std::size_t at = 0;
        for (const WordToken& token : tokens) {
            CHECK(token.begin == at);
            at = token.end;
            all.push_back(token.id);
        }
        CHECK(at == word.size());
        return all;
    };
    const WordPiece model{vocabulary, {.unk_token = "?"}};
    CHECK(ids(model, "unaffable") == std::vector<std::uint32_t>{0, 1, 2});
    CHECK(ids(model, "unaa") == std::vector<std::uint32_t>{0, 4, 4});
    CHECK(ids(model, "unaffx") == std::vector<std::uint32_t>{3});
    CHECK(ids(model, "##able") == std::vector<std::uint32_t>{2});
    CHECK(ids(model, "able") == std::vector<std::uint32_t>{3});
    const WordPiece brief{vocabulary, {.unk_token = "?", .max_input_chars_per_word = 3}};
    CHECK(ids(brief, "una") == std::vector<std::uint32_t>{0, 4});
    CHECK(ids(brief, "unaa") == std::vector<std::uint32_t>{3});
    const WordPiece bare{vocabulary, {.unk_token = "?", .continuing_subword_prefix = ""}};
    CHECK(ids(bare, "unaun") == std::vector<std::uint32_t>{0, 5, 0});
    const WordPiece lost{vocabulary, {.unk_token = "missing"}};
    CHECK(ids(lost, "una") == std::vector<std::uint32_t>{0, 4});
    std::vector<WordToken> tokens;
    CHECK_THROWS_AS(lost.tokenize("xyz", tokens), xzoo::TokenizerError);
}

TEST_CASE("a vocabulary may have holes, shared ids and repeated tokens", "[text]") {
    const Vocabulary vocabulary{{{"a", 0}, {"b", 7}, {"c", 7}, {"d", 2}, {"d", 3}}};
    CHECK(vocabulary.find("a") == 0U);
    CHECK(vocabulary.find("c") == 7U);
    CHECK(vocabulary.find("d") == 3U);
    CHECK(vocabulary.table().find(7) == "b");
    CHECK(vocabulary.table().find(3) == "d");
    CHECK_FALSE(vocabulary.table().find(2));
    CHECK_FALSE(vocabulary.table().find(5));
    CHECK_FALSE(vocabulary.table().find(4000000000U));
    CHECK(vocabulary.size() == 3);
    CHECK(vocabulary.table().id_end() == 8);
}
