// What a cache must not change: reading a text in any pieces, beside any other texts, gives the
// scores that it has when it is read at once.
#include "xzoo/nn/causal_model.hpp"

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "nn/decoder_support.hpp"

namespace {

using namespace xzoo;
using test::Decoder;
using test::random_text;
using test::RandomModel;
using test::require_near;
using SmallLlama = LlamaForCausalLM<test::small_llama>;
using SmallWindow = test::WindowModel<test::small_window>;
using SmallGpt2 = Gpt2LMHeadModel<test::small_gpt2>;

/// Scores of all tokens of ids, read in pieces of the given sizes, the last one repeated.
template <class Model>
std::vector<float> in_pieces(const Decoder<Model>& decoder, nn::KvCache& cache,
                             std::span<const std::uint32_t> ids, std::vector<std::size_t> sizes,
                             std::size_t sequence = 0) {
    Workspace workspace{1};
    nn::StepOutput output;
    std::vector<float> all;
    for (std::size_t at = 0, i = 0; at < ids.size(); ++i) {
        const std::size_t n = std::min(sizes[std::min(i, sizes.size() - 1)], ids.size() - at);
        const nn::CacheStep step{sequence, ids.subspan(at, n)};
        decoder.model.step(cache, {&step, 1}, nn::ScoredRows::all, false, workspace, output);
        all.insert(all.end(), output.logits.begin(), output.logits.end());
        at += n;
    }
    return all;
}

}  // namespace

TEMPLATE_TEST_CASE("a text has the same scores in whatever pieces it is read", "[nn][cache]",
                   SmallLlama, SmallWindow, SmallGpt2) {
    const Decoder<TestType> decoder;
    const std::vector<std::uint32_t> ids = random_text(60, 3);
    const std::vector<float> expected = decoder.at_once(ids);
    for (const std::vector<std::size_t>& sizes :
         std::vector<std::vector<std::size_t>>{{60}, {1}, {59, 1}, {2}, {7}, {1, 13, 4, 1}, {30}}) {
        for (const std::size_t chunk :
             std::initializer_list<std::size_t>{256, 16, 5, 1, SIZE_MAX - 2, SIZE_MAX}) {
            INFO("pieces of " << sizes[0] << ", chunks of " << chunk);
            nn::KvCache cache = decoder.model.make_cache({.capacity = 64, .prefill_chunk = chunk});
            require_near(in_pieces(decoder, cache, ids, sizes), expected);
        }
    }
}

TEMPLATE_TEST_CASE("texts of different lengths are read side by side", "[nn][cache]", SmallLlama,
                   SmallWindow, SmallGpt2) {
    const Decoder<TestType> decoder;
    const std::size_t lengths[]{5, 40, 23};
    std::vector<std::vector<std::uint32_t>> texts;
    std::vector<std::vector<float>> expected;
    for (const std::size_t length : lengths) {
        texts.push_back(random_text(length + 2, static_cast<unsigned>(length)));
        expected.push_back(decoder.at_once(texts.back()));
    }
    const std::size_t vocabulary = decoder.model.vocab_size();
    for (const std::size_t chunk : std::initializer_list<std::size_t>{256, 9}) {
        nn::KvCache cache =
            decoder.model.make_cache({.sequences = 4, .capacity = 64, .prefill_chunk = chunk});
        Workspace workspace{2};
        nn::StepOutput output;
        // All but the last two tokens of each, then those one by one, in another order.
        std::vector<nn::CacheStep> steps;
        for (std::size_t s = 0; s < 3; ++s)
            steps.push_back({s + 1, std::span{texts[s]}.first(lengths[s])});
        decoder.model.step(cache, steps, nn::ScoredRows::last, true, workspace, output);
        REQUIRE(output.logits.size() == 3 * vocabulary);
        REQUIRE(output.hidden_states.size() == 3 * decoder.model.hidden_size());
        for (std::size_t s = 0; s < 3; ++s)
            require_near(std::span{output.logits}.subspan(s * vocabulary, vocabulary),
                         std::span{expected[s]}.subspan((lengths[s] - 1) * vocabulary, vocabulary));
        for (std::size_t extra = 0; extra < 2; ++extra) {
            const std::size_t order[]{2, 0, 1};
            steps.clear();
            for (const std::size_t s : order)
                steps.push_back({s + 1, std::span{texts[s]}.subspan(lengths[s] + extra, 1)});
            decoder.model.step(cache, steps, nn::ScoredRows::all, false, workspace, output);
            for (std::size_t i = 0; i < 3; ++i)
                require_near(std::span{output.logits}.subspan(i * vocabulary, vocabulary),
                             std::span{expected[order[i]]}.subspan(
                                 (lengths[order[i]] + extra) * vocabulary, vocabulary));
        }
    }
}

TEMPLATE_TEST_CASE("sequences go back and are copied", "[nn][cache]", SmallLlama, SmallWindow) {
    const Decoder<TestType> decoder;
    const std::vector<std::uint32_t> ids = random_text(30, 8);
    const std::vector<float> expected = decoder.at_once(ids);
    const std::size_t vocabulary = decoder.model.vocab_size();
    const auto tail = [&](std::size_t from) {
        return std::span{expected}.subspan(from * vocabulary);
    };
    nn::KvCache cache = decoder.model.make_cache({.sequences = 3, .capacity = 32});
    in_pieces(decoder, cache, std::span{ids}.first(20), {20});
    in_pieces(decoder, cache, random_text(5, 9), {5});  // a wrong turn
    cache.truncate(0, 20);
    cache.copy(0, 2);
    in_pieces(decoder, cache, random_text(12, 10), {12}, 1);
    cache.copy(0, 1);
    for (std::size_t s = 0; s < 3; ++s) {
        CHECK(cache.length(s) == 20);
        require_near(in_pieces(decoder, cache, std::span{ids}.subspan(20), {4}, s), tail(20));
    }
    // A conversation goes on: what it has in common with the cache is not read again.
    std::vector<std::uint32_t> other(ids.begin(), ids.begin() + 25);
    other.insert(other.end(), {(ids[25] + 1) % 97, 2, 3});
    const std::size_t kept = cache.keep_prefix(1, other);
    CHECK(kept == 25);
    const std::vector<float> again = decoder.at_once(other);
    require_near(in_pieces(decoder, cache, std::span{other}.subspan(kept), {3}, 1),
                 std::span{again}.subspan(kept * vocabulary));
    CHECK(cache.keep_prefix(1, std::span{other}.first(10)) == 9);  // one is left to score
}

TEST_CASE("a cache grows and keeps what it holds", "[nn][cache]") {
    const Decoder<SmallWindow> decoder;
    const std::vector<std::uint32_t> ids = random_text(50, 4);
    nn::KvCache cache =
        decoder.model.make_cache({.sequences = 2, .capacity = 20, .prefill_chunk = 8});
    in_pieces(decoder, cache, std::span{ids}.first(20), {6}, 1);
    cache.reserve(50);
    const std::vector<float> expected = decoder.at_once(ids);
    require_near(in_pieces(decoder, cache, std::span{ids}.subspan(20), {9}, 1),
                 std::span{expected}.subspan(20 * decoder.model.vocab_size()));
}

TEST_CASE("a window that has moved on cannot go back", "[nn][cache]") {
    const Decoder<SmallWindow> decoder;
    nn::KvCache cache = decoder.model.make_cache({.capacity = 64, .prefill_chunk = 4});
    const std::vector<std::uint32_t> ids = random_text(40, 5);
    in_pieces(decoder, cache, ids, {4});
    CHECK(cache.can_truncate(0, 38));
    CHECK_FALSE(cache.can_truncate(0, 20));
    CHECK_THROWS_AS(cache.truncate(0, 20), ArgumentError);
    CHECK(cache.length(0) == 40);
    CHECK(cache.keep_prefix(0, std::span{ids}.first(21)) == 0);
    CHECK(cache.length(0) == 0);
    require_near(in_pieces(decoder, cache, std::span{ids}.first(21), {3}),
                 decoder.at_once(std::span{ids}.first(21)));
}

TEMPLATE_TEST_CASE("narrow caches change scores a little", "[nn][cache]", SmallLlama, SmallWindow) {
    const Decoder<TestType> decoder;
    const std::vector<std::uint32_t> ids = random_text(40, 6);
    const std::vector<float> expected = decoder.at_once(ids);
    std::size_t bytes = 0;
    for (const auto& [dtype, tolerance] :
         {std::pair{Dtype::f32, 1e-5}, {Dtype::bf16, 0.03}, {Dtype::i8, 0.05}}) {
        nn::KvCache cache = decoder.model.make_cache({.capacity = 64, .dtype = dtype});
        INFO(name(dtype));
        require_near(in_pieces(decoder, cache, ids, {10, 1}), expected, tolerance);
        CHECK((bytes == 0 || cache.bytes() < bytes));
        bytes = cache.bytes();
    }
}

TEST_CASE("a step that cannot be done changes nothing", "[nn][cache]") {
    const Decoder<SmallGpt2> decoder;
    nn::KvCache cache = decoder.model.make_cache({.sequences = 2, .capacity = 10});
    const std::vector<std::uint32_t> ids = random_text(8, 7);
    in_pieces(decoder, cache, ids, {8});
    Workspace workspace{1};
    nn::StepOutput output;
    const auto step = [&](std::vector<nn::CacheStep> steps) {
        decoder.model.step(cache, steps, nn::ScoredRows::last, false, workspace, output);
    };
    const std::vector<std::uint32_t> three{1, 2, 3};
    const std::vector<std::uint32_t> wrong{1, 97};
    CHECK_THROWS_AS(step({{1, three}, {0, three}}), CacheFull);
    CHECK_THROWS_AS(step({{1, wrong}}), ArgumentError);
    CHECK_THROWS_AS(step({{2, three}}), ArgumentError);
    CHECK_THROWS_AS(step({{1, three}, {1, three}}), ArgumentError);
    CHECK_THROWS_AS(step({{1, {}}}), ArgumentError);
    CHECK(cache.length(0) == 8);
    CHECK(cache.length(1) == 0);
    // A position table ends where it ends, whatever the cache could hold.
    nn::KvCache large = decoder.model.make_cache({.capacity = 200});
    const std::vector<std::uint32_t> whole = random_text(128, 2);
    in_pieces(decoder, large, whole, {128});
    const nn::CacheStep one{0, std::span{three}.first(1)};
    CHECK_THROWS_AS(
        decoder.model.step(large, {&one, 1}, nn::ScoredRows::last, false, workspace, output),
        CacheFull);
    CHECK_THROWS_AS(decoder.model.make_cache({.sequences = 0, .capacity = 4}), ArgumentError);
    CHECK_THROWS_AS(decoder.model.make_cache({.capacity = 4, .dtype = Dtype::f16}), ArgumentError);
}

TEST_CASE("a cache of another model is refused", "[nn][cache]") {
    const Decoder<SmallLlama> llama;
    const Decoder<SmallWindow> windowed;  // the same sizes
    const Decoder<SmallGpt2> gpt2;
    nn::KvCache cache = llama.model.make_cache({.capacity = 10});
    const std::vector<std::uint32_t> ids = random_text(8, 7);
    CHECK_THROWS_WITH(in_pieces(gpt2, cache, ids, {8}),
                      "the cache was made for another model: it has 3 layers of 1 heads of 8, 0 of "
                      "them with a sliding window, the model has 2 layers of 3 heads of 12, 0 of "
                      "them with a sliding window");
    CHECK_THROWS_AS(in_pieces(windowed, cache, ids, {8}), ArgumentError);
    CHECK(cache.length(0) == 0);
    const Decoder<SmallLlama> other{RandomModel<SmallLlama>{2}};
    CHECK_NOTHROW(in_pieces(other, cache, ids, {8}));
}

TEST_CASE("scores do not depend on the number of threads", "[nn][cache]") {
    const Decoder<SmallWindow> decoder;
    const std::vector<std::uint32_t> ids = random_text(40, 11);
    std::vector<float> once;
    for (const int threads : {1, 2, 3}) {
        nn::KvCache cache = decoder.model.make_cache({.capacity = 64});
        Workspace workspace{threads};
        nn::StepOutput output;
        std::vector<float> all;
        for (const std::size_t n : std::initializer_list<std::size_t>{30, 1, 9}) {
            const nn::CacheStep step{0, std::span{ids}.subspan(cache.length(0), n)};
            decoder.model.step(cache, {&step, 1}, nn::ScoredRows::all, false, workspace, output);
            all.insert(all.end(), output.logits.begin(), output.logits.end());
        }
        if (once.empty())
            once = all;
        CHECK(all == once);
    }
}

TEST_CASE("a batch padded on either side has the scores of its texts", "[nn]") {
    const Decoder<SmallLlama> decoder;
    const std::vector<std::uint32_t> a = random_text(9, 1);
    const std::vector<std::uint32_t> b = random_text(4, 2);
    for (const bool left : {true, false}) {
        DecoderInputs inputs;
        inputs.input_ids = xt::zeros<std::uint32_t>({2, 9});
        inputs.attention_mask = xt::zeros<float>({2, 9});
        for (std::size_t t = 0; t < 9; ++t) {
            inputs.input_ids(0, t) = a[t];
            inputs.attention_mask(0, t) = 1.0F;
        }
        const std::size_t first = left ? 5 : 0;
        for (std::size_t t = 0; t < 4; ++t) {
            inputs.input_ids(1, first + t) = b[t];
            inputs.attention_mask(1, first + t) = 1.0F;
        }
        const auto logits = decoder.weights.run(inputs).logits;
        require_near({logits.data(), 9 * 97}, decoder.at_once(a));
        require_near({logits.data() + (9 + first) * 97, 4 * 97}, decoder.at_once(b));
        for (std::size_t t = 0; t < 9; ++t)
            if (t < first || t >= first + 4)
                CHECK(logits(1, t, 3) == 0.0F);
    }
}

TEST_CASE("padding between tokens is refused where a window would count it", "[nn]") {
    const Decoder<SmallWindow> windowed;
    const Decoder<SmallLlama> whole;
    const auto inputs = [](std::size_t length, std::size_t hole) {
        DecoderInputs made;
        made.input_ids = xt::ones<std::uint32_t>({std::size_t{2}, length});
        made.attention_mask = xt::ones<float>({std::size_t{2}, length});
        made.attention_mask(1, hole) = 0.0F;
        return made;
    };
    CHECK_THROWS_AS(windowed.weights.run(inputs(9, 4)), ArgumentError);
    CHECK_NOTHROW(windowed.weights.run(inputs(9, 0)));
    CHECK_NOTHROW(windowed.weights.run(inputs(9, 8)));
    CHECK_NOTHROW(windowed.weights.run(inputs(7, 4)));  // the window sees everything
    CHECK_NOTHROW(whole.weights.run(inputs(9, 4)));
    DecoderInputs nothing = inputs(9, 0);
    nothing.attention_mask.fill(0.0F);
    CHECK_NOTHROW(windowed.weights.run(nothing));
}

TEST_CASE("the largest position makes a text that long", "[nn]") {
    DecoderInputs inputs;
    inputs.input_ids = xt::ones<std::uint32_t>({1, 2});
    inputs.position_ids = xt::ones<std::uint32_t>({1, 2}) * 0xFFFFFFFFU;
    Workspace workspace{1};
    const nn::DecoderBatch batch = nn::view(inputs, {.vocab_size = 5});
    CHECK(nn::compact(batch, workspace).tokens.length == 0x100000000U);
}
