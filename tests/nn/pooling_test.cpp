#include "xzoo/nn/pooling.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "nn/random_model.hpp"

using namespace xzoo;
using namespace xzoo::test;

namespace {

// Two sequences of three tokens with two channels; the last token of the second is padding.
const xt::xtensor<float, 3> hidden{{{1.0F, -2.0F}, {3.0F, 4.0F}, {5.0F, -8.0F}},
                                   {{2.0F, -1.0F}, {4.0F, -3.0F}, {99.0F, 99.0F}}};
const xt::xarray<float> mask{{1.0F, 1.0F, 1.0F}, {1.0F, 1.0F, 0.0F}};

xt::xtensor<float, 2> pooled(Pooling pooling) {
    return pool(hidden, mask, pooling, false);
}

}  // namespace

TEST_CASE("pooling reads the tokens of a sequence and not its padding", "[nn][pooling]") {
    const xt::xtensor<float, 2> mean = pooled(Pooling::mean);
    require_close(std::span{mean.data(), 4}, std::vector{3.0F, -2.0F, 3.0F, -2.0F}, 1e-6);
    CHECK((pooled(Pooling::cls) == xt::xtensor<float, 2>{{1.0F, -2.0F}, {2.0F, -1.0F}}));
    CHECK((pooled(Pooling::last) == xt::xtensor<float, 2>{{5.0F, -8.0F}, {4.0F, -3.0F}}));
    CHECK((pooled(Pooling::max) == xt::xtensor<float, 2>{{5.0F, 4.0F}, {4.0F, -1.0F}}));
}

TEST_CASE("padding on the left moves the first token, not the result", "[nn][pooling]") {
    const xt::xtensor<float, 3> left{{{99.0F, 99.0F}, {2.0F, -1.0F}, {4.0F, -3.0F}}};
    const xt::xarray<float> left_mask{{0.0F, 1.0F, 1.0F}};
    for (const Pooling pooling : {Pooling::mean, Pooling::cls, Pooling::last, Pooling::max}) {
        const xt::xtensor<float, 2> expected = pooled(pooling);
        const xt::xtensor<float, 2> found = pool(left, left_mask, pooling, false);
        require_close(std::span{found.data(), 2}, std::span{expected.data() + 2, 2}, 1e-6);
    }
}

TEST_CASE("a sequence without tokens pools to zeros", "[nn][pooling]") {
    const xt::xarray<float> nothing{{1.0F, 1.0F, 1.0F}, {0.0F, 0.0F, 0.0F}};
    for (const Pooling pooling : {Pooling::mean, Pooling::cls, Pooling::last, Pooling::max})
        for (const bool normalize : {false, true}) {
            const xt::xtensor<float, 2> found = pool(hidden, nothing, pooling, normalize);
            CHECK(found(1, 0) == 0.0F);
            CHECK(found(1, 1) == 0.0F);
            CHECK(found(0, 0) != 0.0F);
        }
}

TEST_CASE("without a mask all tokens count, and a mask of another shape is refused",
          "[nn][pooling]") {
    const xt::xtensor<float, 2> all = pool(hidden, {}, Pooling::max, false);
    CHECK(all(1, 0) == 99.0F);
    const xt::xarray<float> wrong{{1.0F, 1.0F}, {1.0F, 1.0F}};
    CHECK_THROWS_WITH(pool(hidden, wrong, Pooling::mean, false),
                      "attention_mask has shape (2, 2), expected (2, 3)");
}

TEST_CASE("normalised embeddings have length 1 and keep their direction", "[nn][pooling]") {
    for (const Pooling pooling : {Pooling::mean, Pooling::cls, Pooling::last, Pooling::max}) {
        const xt::xtensor<float, 2> plain = pooled(pooling);
        const xt::xtensor<float, 2> unit = pool(hidden, mask, pooling, true);
        for (std::size_t b = 0; b < 2; ++b) {
            CHECK(std::hypot(unit(b, 0), unit(b, 1)) == Approx(1.0).margin(1e-6));
            CHECK(unit(b, 0) * plain(b, 1) == Approx(unit(b, 1) * plain(b, 0)).margin(1e-5));
        }
    }
}

TEST_CASE("mean pooling of many channels agrees with double precision", "[nn][pooling]") {
    constexpr std::size_t length = 61;
    constexpr std::size_t size = 37;
    std::mt19937 random{3};
    std::normal_distribution<float> normal;
    xt::xtensor<float, 3> states;
    states.resize({1, length, size});
    xt::xarray<float> visible = xt::ones<float>({std::size_t{1}, length});
    for (float& value : states)
        value = normal(random);
    for (std::size_t t = 0; t < length; t += 3)
        visible(0, t) = 0.0F;
    std::vector<float> expected(size);
    for (std::size_t c = 0; c < size; ++c) {
        double sum = 0.0;
        double count = 0.0;
        for (std::size_t t = 0; t < length; ++t) {
            sum += visible(0, t) > 0.0F ? double{states(0, t, c)} : 0.0;
            count += visible(0, t) > 0.0F ? 1.0 : 0.0;
        }
        expected[c] = static_cast<float>(sum / count);
    }
    const xt::xtensor<float, 2> found = pool(states, visible, Pooling::mean, false);
    require_close(std::span{found.data(), size}, expected, 1e-6);
}

TEST_CASE("ragged sentences become a padded batch", "[nn][pooling]") {
    const std::vector<std::vector<std::uint32_t>> sentences{{7, 8, 9}, {5}};
    const EncoderInputs inputs = pad_sentences(sentences, 1);
    CHECK((inputs.input_ids == xt::xtensor<std::uint32_t, 2>{{7, 8, 9}, {5, 1, 1}}));
    CHECK((inputs.attention_mask == xt::xarray<float>{{1.0F, 1.0F, 1.0F}, {1.0F, 0.0F, 0.0F}}));
    CHECK_THROWS_WITH(pad_sentences(std::vector<std::vector<std::uint32_t>>{{7}, {}}),
                      "sentence 1 has no tokens");
    CHECK_THROWS_WITH(pad_sentences({}), "there are no sentences to run");
}

TEMPLATE_TEST_CASE("sentences of any lengths get the embeddings they get alone", "[nn][pooling]",
                   SmallBert, SmallRoberta, SmallMpnet) {
    const TestType model = TestType{}.random_init(5);
    const auto sentences = random_sentences(9);
    for (const Pooling pooling : {Pooling::mean, Pooling::cls, Pooling::last, Pooling::max}) {
        const EmbeddingOptions options{.pooling = pooling, .batch_size = 4, .threads = 1};
        const xt::xtensor<float, 2> together = sentence_embeddings(model, sentences, options);
        REQUIRE(together.shape()[0] == 9);
        for (std::size_t i = 0; i < sentences.size(); ++i) {
            EncoderInputs alone;
            alone.input_ids.resize({1, sentences[i].size()});
            std::copy(sentences[i].begin(), sentences[i].end(), alone.input_ids.begin());
            const xt::xtensor<float, 2> expected = sentence_embeddings(model, alone, options);
            INFO("sentence " << i);
            require_close(std::span{together.data() + i * 36, 36}, std::span{expected.data(), 36},
                          1e-5);
        }
    }
    const EmbeddingOptions none{.batch_size = 0};
    CHECK_THROWS_WITH(sentence_embeddings(model, sentences, none),
                      "batch_size is 0, expected at least 1");
}

TEST_CASE("cosine similarity is the cosine of the angle", "[nn][cosine_similarity]") {
    const std::vector<float> a{3.0F, 4.0F, 0.0F};
    const std::vector<float> b{6.0F, 8.0F, 0.0F};
    const std::vector<float> c{-4.0F, 3.0F, 5.0F};
    const std::vector<float> zero(3);
    CHECK(cosine_similarity(a, b) == Approx(1.0));
    CHECK(cosine_similarity(a, c) == Approx(0.0).margin(1e-7));
    CHECK(cosine_similarity(b, c) == cosine_similarity(c, b));
    CHECK(cosine_similarity(a, std::vector{-3.0F, -4.0F, 0.0F}) == Approx(-1.0));
    CHECK(cosine_similarity(a, zero) == 0.0F);
    CHECK(cosine_similarity(xt::xtensor<float, 1>{1.0F, 0.0F}, xt::xtensor<float, 1>{1.0F, 1.0F}) ==
          Approx(std::sqrt(0.5)));
    CHECK_THROWS_WITH(cosine_similarity(a, std::vector{1.0F}),
                      "cosine_similarity was given vectors of 3 and of 1 channels");
}

TEST_CASE("a matrix of cosines holds the cosine of every pair", "[nn][cosine_similarity]") {
    std::mt19937 random{9};
    std::normal_distribution<float> normal;
    xt::xtensor<float, 2> a;
    xt::xtensor<float, 2> b;
    a.resize({7, 37});
    b.resize({19, 37});
    for (float& value : a)
        value = normal(random);
    for (float& value : b)
        value = normal(random);
    const xt::xtensor<float, 2> cosines = cosine_similarity(a, b, 1);
    REQUIRE(cosines.shape()[0] == 7);
    REQUIRE(cosines.shape()[1] == 19);
    for (std::size_t i = 0; i < 7; ++i)
        for (std::size_t j = 0; j < 19; ++j) {
            const float expected = cosine_similarity(std::span{a.data() + i * 37, 37},
                                                     std::span{b.data() + j * 37, 37});
            CHECK(cosines(i, j) == Approx(expected).margin(1e-6));
        }
    const xt::xtensor<float, 2> own = cosine_similarity(a, a, 1);
    CHECK(own(3, 3) == Approx(1.0).margin(1e-6));
    b.resize({19, 36});
    CHECK_THROWS_AS(cosine_similarity(a, b), ArgumentError);
}
