// Models, rules and texts that are made to cost much, and where faults of files are said to be.
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/charsmap.hpp>
#include <xzoo/text/graphemes.hpp>
#include <xzoo/text/sentencepiece_models.hpp>
#include <xzoo/text/tokenizer.hpp>

#include "gguf_writer.hpp"
#include "text_support.hpp"

namespace {

using xzoo::Tokenizer;
using xzoo::TokenizerError;
using xzoo::test::GgufWriter;
using xzoo::test::Ids;
using xzoo::test::JsonTokenizer;
using xzoo::test::TempFolder;
namespace text = xzoo::text;

/// A message of protobuf: a field with bytes.
std::string field(int number, const std::string& bytes) {
    std::string out(1, static_cast<char>(number << 3 | 2));
    std::size_t size = bytes.size();
    for (; size > 0x7F; size >>= 7U)
        out += static_cast<char>((size & 0x7FU) | 0x80U);
    out += static_cast<char>(size);
    return out + bytes;
}

std::string word(std::uint32_t value) {
    std::string bytes;
    for (unsigned shift = 0; shift < 32; shift += 8)
        bytes += static_cast<char>(value >> shift & 0xFFU);
    return bytes;
}

std::string piece(const std::string& content, float score, char type) {
    return field(
        1, field(1, content) + '\x15' + word(std::bit_cast<std::uint32_t>(score)) + '\x18' + type);
}

const std::string bpe_trainer = field(2, "\x18\x02");

/// A charsmap that makes `to` of `size` times the letter a; with `circle`, of more as well.
std::string charsmap_of(std::size_t size, const std::string& to, bool circle = false) {
    std::vector<std::uint32_t> units(256 * (size + 2));
    const auto offset = [](std::size_t from, std::size_t node) {
        return static_cast<std::uint32_t>(from ^ node) << 10U;
    };
    units[0] = offset(0, 256);
    for (std::size_t i = 1; i <= size; ++i) {
        const std::size_t unit = 256 * i ^ 'a';
        const bool last = i == size;
        units[unit] = offset(unit, last && circle ? 256 : 256 * (i + 1)) | 'a' |
                      (last && !circle ? 1U << 8U : 0U);
    }
    units[256 * (size + 1)] = 1U << 31U;  // the replacement at 0
    std::string blob = word(static_cast<std::uint32_t>(4 * units.size()));
    for (const std::uint32_t unit : units)
        blob += word(unit);
    return blob + to + '\0';
}

std::string error_of_gguf(const GgufWriter& file) {
    try {
        Tokenizer::from_gguf_bytes(file.bytes(), "some.gguf");
    } catch (const TokenizerError& error) {
        CHECK(error.file() == "some.gguf");
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("a piece of a megabyte is no work to speak of", "[text][sentencepiece]") {
    const std::string run(1'000'000, 'a');
    std::string model = piece("<unk>", 0, 2) + piece("a", -1, 1) + piece(run, -2, 1);
    for (const std::size_t size : {2U, 3U, 1000U, 999'000U})
        model += piece(run.substr(0, size), -2, 1);
    const auto tokenizer = Tokenizer::from_sentencepiece_bytes(model + bpe_trainer);
    CHECK(tokenizer.vocab_size() == 7);
}

TEST_CASE("pieces are merged of all pairs of symbols that make them", "[text][sentencepiece]") {
    std::mt19937 random{3};
    static constexpr std::array<std::string_view, 3> letters{"a", "b", "\xE6\xB0\xB4"};
    for (int round = 0; round < 200; ++round) {
        text::SentencePieceFile file;
        file.pieces.push_back({"<unk>", 0.0F, text::PieceType::unknown});
        for (std::size_t i = random() % 12 + 1; i > 0; --i) {
            std::string content;
            for (std::size_t n = random() % 6 + 1; n > 0; --n)
                content += letters[random() % letters.size()];
            file.pieces.push_back({content, 1.0F, text::PieceType::normal});
        }
        const auto last = [&](std::string_view content) {  // of equal pieces
            for (std::size_t id = file.pieces.size(); id-- > 1;)
                if (file.pieces[id].text == content)
                    return static_cast<std::uint32_t>(id);
            return text::ByteTrie::none;
        };
        text::PieceMerges merges{file};
        const text::MergeTable table = merges.table();
        const auto extra = std::move(merges).extra();
        const auto symbol = [&](std::string_view content) {
            const std::uint32_t id = last(content);
            return id != text::ByteTrie::none ? id : extra.characters.find(content);
        };
        std::set<std::pair<std::uint32_t, std::uint32_t>> expected;
        for (std::size_t id = 1; id < file.pieces.size(); ++id) {
            const std::string_view whole = file.pieces[id].text;
            for (std::size_t at = 1; at < whole.size(); ++at) {
                const std::uint32_t left = symbol(whole.substr(0, at));
                const std::uint32_t right = symbol(whole.substr(at));
                if (left == text::ByteTrie::none || right == text::ByteTrie::none)
                    continue;
                INFO(whole << " at " << at);
                const auto merge = table.find(left, right);
                REQUIRE(merge.rank != text::MergeTable::none);
                CHECK(file.pieces[merge.merged].text == whole);
                expected.emplace(left, right);
            }
        }
        std::size_t found = 0;
        table.for_each([&](auto, auto, auto) { ++found; });
        CHECK(found == expected.size());
    }
}

TEST_CASE("the strings of a charsmap have an end, and are not long", "[text][sentencepiece]") {
    const text::Charsmap longest{charsmap_of(text::Charsmap::longest_string, "b")};
    const std::string run(text::Charsmap::longest_string + 1, 'a');
    CHECK(longest.match(run, true).size == text::Charsmap::longest_string);
    CHECK(longest.match(run, true).replacement == "b");
    CHECK(longest.match(run.substr(2), true).size == 0);
    CHECK_THROWS_WITH(text::Charsmap{charsmap_of(text::Charsmap::longest_string + 1, "b")},
                      Catch::Contains("more than 256 bytes"));
    for (const std::size_t size : {1U, 2U, 100U})
        CHECK_THROWS_WITH(text::Charsmap{charsmap_of(size, "b", true)},
                          Catch::Contains("without an end"));
    const text::Charsmap one{charsmap_of(1, "")};
    CHECK(one.match(std::string_view{"\0a", 2}, true).size == 0);
    CHECK(one.match("aa", true).size == 1);
}

TEST_CASE("a broken charsmap is a fault of its file", "[text][sentencepiece]") {
    const std::string model = piece("<unk>", 0, 2) + piece("a", -1, 1);
    CHECK(Tokenizer::from_sentencepiece_bytes(model + field(3, field(2, charsmap_of(2, "b"))))
              .vocab_size() == 2);
    for (const std::string& charsmap : {std::string{"ab"}, charsmap_of(3, "b", true)})
        CHECK_THROWS_WITH(Tokenizer::from_sentencepiece_bytes(model + field(3, field(2, charsmap)),
                                                              {}, "x.model"),
                          Catch::StartsWith("x.model: the precompiled_charsmap "));
    GgufWriter file;
    file.string("tokenizer.ggml.model", "t5").strings("tokenizer.ggml.tokens", {"<unk>", "a"});
    file.integers("tokenizer.ggml.token_type", {2, 1}).reals("tokenizer.ggml.scores", {0, -1});
    file.integers("tokenizer.ggml.precompiled_charsmap", {1, 2});
    CHECK_THAT(error_of_gguf(file),
               Catch::StartsWith("some.gguf: the precompiled_charsmap is cut"));
}

TEST_CASE("a score that no float holds is a fault", "[text][gguf]") {
    for (const double score : {1e39, -1e300, std::numeric_limits<double>::infinity(),
                               std::numeric_limits<double>::quiet_NaN()}) {
        GgufWriter file;
        file.string("tokenizer.ggml.model", "llama");
        file.strings("tokenizer.ggml.tokens", {"<unk>", "a"});
        file.integers("tokenizer.ggml.token_type", {2, 1});
        file.doubles("tokenizer.ggml.scores", {0, score});
        CHECK_THAT(error_of_gguf(file), Catch::Contains("no finite float: that of id 1"));
    }
}

TEST_CASE("characters are not looked for in more text than ICU counts", "[text]") {
    constexpr std::size_t size = std::size_t{1} << 31U;
    void* const place =
        ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    REQUIRE(place != MAP_FAILED);
    const text::Graphemes graphemes;
    CHECK_THROWS_WITH(
        graphemes.for_each({static_cast<const char*>(place), size}, [](auto, auto) {}),
        Catch::Contains("2 GiB"));
    CHECK(::munmap(place, size) == 0);
}

TEST_CASE("a fault in an added token names the file that gives it", "[text]") {
    GgufWriter file;
    file.string("tokenizer.ggml.model", "llama");
    file.strings("tokenizer.ggml.tokens", {"<unk>", "a", "<x>", "<x>"});
    file.integers("tokenizer.ggml.token_type", {2, 1, 3, 3});
    file.reals("tokenizer.ggml.scores", {0, 0, 0, 0});
    CHECK_THAT(error_of_gguf(file),
               Catch::StartsWith("some.gguf: tokenizer.ggml.tokens[") && Catch::Contains("'<x>'"));

    const TempFolder folder;
    const auto error_in = [&](const char* name, const std::string& contents) {
        const std::string path = folder.write(name, contents).string();
        try {
            Tokenizer::from_pretrained(folder.path());
        } catch (const TokenizerError& error) {
            CHECK(error.file() == path);
            std::filesystem::remove(path);
            return error.where();
        }
        FAIL("no error");
        return std::string{};
    };
    folder.write("vocab.txt", xzoo::test::small_vocab());
    for (int round = 0; round < 2; ++round) {
        error_in("added_tokens.json", R"({"<new>": 5})");
        CHECK(error_in("tokenizer_config.json",
                       R"({"added_tokens_decoder":{"5":{"content":"<new>"}}})") ==
              "added_tokens_decoder.5");
        folder.write("tokenizer.json", JsonTokenizer{}.text());  // the same beside another file
    }
    // T5 adds tokens by itself; one of them is there already, with another id.
    CHECK_THROWS_WITH(Tokenizer::from_sentencepiece_bytes(
                          piece("<unk>", 0, 2) + piece("</s>", 0, 3) + piece("<extra_id_5>", 0, 4),
                          {.tokenizer_class = "T5Tokenizer"}, "t5.model"),
                      Catch::StartsWith("t5.model: '<extra_id_5>'"));
}
