// What must hold for any text: offsets, lengths, threads, hostile input, growth of work.
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <xzoo/text/tokenizer.hpp>

#include "text_support.hpp"

namespace {

using xzoo::Encoding;
using xzoo::Offsets;
using xzoo::Tokenizer;
using xzoo::test::JsonTokenizer;
using xzoo::test::small_vocab;

/// Random bytes that are mostly words, and now and then anything.
std::string random_text(std::mt19937& random, std::size_t pieces) {
    static const std::vector<std::string> words{"the",
                                                "River",
                                                " ",
                                                "  ",
                                                "\n",
                                                "flowing",
                                                "bridge",
                                                "caf\xC3\xA9",
                                                ",",
                                                "!",
                                                "[MASK]",
                                                "[CLS",
                                                "\xE6\xB0\xB4",
                                                "\xCC\x81",
                                                "\xF0\x9F",
                                                "\xED\xA0\x80",
                                                "\xC2\xA0",
                                                "\x7F",
                                                "an",
                                                "old",
                                                "'s",
                                                "##s",
                                                "\xEF\xBF\xBD"};
    std::string text;
    for (std::size_t i = 0; i < pieces; ++i) {
        if (random() % 8 == 0)
            text.push_back(static_cast<char>(random() % 256));
        else
            text += words[random() % words.size()];
    }
    return text;
}

Tokenizer small_bert() {
    return Tokenizer::from_vocab_text(small_vocab());
}

/// CPU time of this thread, which other programs do not lengthen; the least of some runs.
double cpu_seconds_to_encode(const Tokenizer& tokenizer, std::string_view text, int runs) {
    const auto now = [] {
        timespec time{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
    };
    double least = std::numeric_limits<double>::infinity();
    for (int run = 0; run < runs; ++run) {
        const double start = now();
        CHECK(tokenizer.encode(text).size() >= 2);
        least = std::min(least, now() - start);
    }
    return least;
}

}  // namespace

TEST_CASE("offsets lie in the text, in order, and cut out what the token says", "[text]") {
    std::mt19937 random{11};
    const auto tokenizer = small_bert();
    const auto cased = Tokenizer::from_vocab_text(
        small_vocab(), {.do_lower_case = false, .tokenize_chinese_chars = false});
    for (int round = 0; round < 400; ++round) {
        const std::string text = random_text(random, random() % 30);
        INFO(text);
        const Encoding encoding = tokenizer.encode(text, {.add_special_tokens = false});
        std::size_t last = 0;
        for (std::size_t i = 0; i < encoding.size(); ++i) {
            const Offsets offsets = encoding.offsets[i];
            CHECK(offsets.begin <= offsets.end);
            CHECK(offsets.end <= text.size());
            CHECK(offsets.begin >= last);
            last = offsets.begin;
        }
        const Encoding exact = cased.encode(text, {.add_special_tokens = false});
        for (std::size_t i = 0; i < exact.size(); ++i) {
            std::string_view token = exact.token(i);
            const Offsets offsets = exact.offsets[i];
            std::string slice = text.substr(offsets.begin, offsets.end - offsets.begin);
            // What the normalizer drops inside of a word lies inside of the token's bytes.
            std::erase_if(slice, [](unsigned char c) { return c == 0x7FU || c < ' '; });
            if (token == "[UNK]" || slice.find("\xEF\xBF\xBD") != std::string::npos ||
                !xzoo::text::is_valid_utf8(slice))
                continue;
            if (token.starts_with("##") && slice != token)
                token.remove_prefix(2);
            CHECK(slice == token);
        }
    }
}

TEST_CASE("truncated and padded encodings keep to their lengths and lose nothing", "[text]") {
    std::mt19937 random{12};
    const auto tokenizer = small_bert();
    for (int round = 0; round < 300; ++round) {
        const std::string text = random_text(random, random() % 25);
        const std::size_t length = 3 + random() % 12;
        xzoo::EncodeOptions options;
        options.truncation = xzoo::Truncation::longest_first;
        options.padding = xzoo::Padding::fixed;
        options.max_length = length;
        options.keep_overflowing = true;
        options.stride = random() % (length - 2);
        options.truncation_side = random() % 2 == 0 ? xzoo::Side::left : xzoo::Side::right;
        options.padding_side = random() % 2 == 0 ? xzoo::Side::left : xzoo::Side::right;
        const Encoding whole = tokenizer.encode(text, {.add_special_tokens = false});
        const Encoding cut = tokenizer.encode(text, options);
        CHECK(cut.size() == length);
        std::vector<Encoding> parts = cut.overflowing;
        parts.insert(parts.begin(), cut);
        if (options.truncation_side == xzoo::Side::left)
            std::reverse(parts.begin(), parts.end());
        std::vector<std::uint32_t> joined;
        for (const Encoding& part : parts) {
            CHECK(part.size() == length);
            std::size_t skipped = joined.empty() ? 0 : *options.stride;
            for (std::size_t i = 0; i < part.size(); ++i) {
                CHECK(part.attention_mask[i] + part.special_tokens_mask[i] >= 1);
                if (part.special_tokens_mask[i] == 1)
                    continue;
                if (skipped > 0)
                    --skipped;
                else
                    joined.push_back(part.ids[i]);
            }
        }
        // From the left the last piece may be short; its overlap is with the end of the next one.
        if (options.truncation_side == xzoo::Side::right || *options.stride == 0)
            CHECK(joined == whole.ids);
        const auto attended = std::count(cut.attention_mask.begin(), cut.attention_mask.end(), 1U);
        CHECK(static_cast<std::size_t>(attended) == std::min(length, whole.size() + 2));
    }
}

TEST_CASE("one tokenizer gives the same from several threads", "[text]") {
    std::mt19937 random{13};
    const auto tokenizer = small_bert();
    std::vector<std::string> texts;
    std::vector<Encoding> expected;
    for (int i = 0; i < 60; ++i) {
        texts.push_back(random_text(random, 20));
        expected.push_back(tokenizer.encode(texts.back(), texts.front()));
    }
    std::atomic<int> different{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, copy = tokenizer] {
            for (std::size_t i = 0; i < texts.size(); ++i)
                different += copy.encode(texts[i], texts.front()) == expected[i] ? 0 : 1;
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    CHECK(different == 0);
}

TEST_CASE("an encoding outlives its tokenizer", "[text]") {
    Encoding encoding;
    {
        const auto tokenizer = small_bert();
        encoding = tokenizer.encode("the river");
    }
    CHECK(encoding.token(2) == "river");
    CHECK(Encoding{}.tokens().empty());
}

TEST_CASE("bytes that are not UTF-8, zero bytes and U+FFFD are dropped by BERT", "[text][bert]") {
    const auto tokenizer = small_bert();
    const std::string text = std::string{"the\0 r\xFFiver ", 12} + "\xE2\x82 \xEF\xBF\xBD!";
    const Encoding encoding = tokenizer.encode(text, {.add_special_tokens = false});
    CHECK(encoding.tokens() == std::vector<std::string>{"the", "river", "!"});
    CHECK(encoding.offsets == std::vector<Offsets>{{0, 3}, {5, 11}, {18, 19}});
    CHECK(encoding.code_point_offsets(text)[2] == Offsets{15, 16});
    // Other tokenizers see U+FFFD.
    JsonTokenizer json;
    json.model = R"({"type":"WordLevel","unk_token":"?","vocab":{"?":0,"\ufffd":1,"\u0000":2}})";
    const auto plain = Tokenizer::from_json(json.text());
    CHECK(plain.encode(std::string_view{"\xFF \0 a", 5}).ids == xzoo::test::Ids{1, 2, 0});
}

TEST_CASE("work grows with the text and not faster", "[text]") {
    JsonTokenizer json;
    json.model =
        R"({"type":"WordPiece","unk_token":"?","continuing_subword_prefix":"##",)"
        R"("max_input_chars_per_word":1000000000,"vocab":{"?":0,"a":1,"##a":2,"##aaaa":3}})";
    json.normalizer = R"({"type":"Sequence","normalizers":[{"type":"NFKC"},{"type":"NFD"}]})";
    json.added_tokens = R"([{"id":9,"content":"   x","lstrip":true,"rstrip":true}])";
    const auto one_word = Tokenizer::from_json(json.text());
    const auto bert = small_bert();
    constexpr std::size_t size = 1'600'000;
    constexpr std::size_t ratio = 16;
    // Linear work grows 16 times, more where caches end, and quadratic work 256 times.
    constexpr double most = 80.0;
    std::string marks = "a";
    while (marks.size() < size)
        marks += "\xCC\x81\xCC\xA3";  // accents, out of order
    for (const std::string& text : {std::string(size, 'a'), std::string(size, ' '), marks}) {
        const auto growth = [&](const Tokenizer& tokenizer, const std::string& end) {
            const std::string whole = text + end;
            const std::string part = text.substr(0, size / ratio) + end;
            return cpu_seconds_to_encode(tokenizer, whole, 1) /
                   cpu_seconds_to_encode(tokenizer, part, 5);
        };
        CHECK(growth(bert, "") < most);
        CHECK(growth(one_word, "a a") < most);
    }
}
