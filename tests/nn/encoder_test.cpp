#include "xzoo/nn/encoder.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>
#include <xtensor/xview.hpp>

#include "nn/random_model.hpp"
#include "xzoo/nn/pooling.hpp"

using namespace xzoo;
using namespace xzoo::test;

namespace {

template <class Model>
constexpr std::uint32_t padding_id = static_cast<std::uint32_t>(Model::config.pad_token_id);

/// The hidden states of the first `length` tokens of sequence b.
std::span<const float> rows(const xt::xtensor<float, 3>& hidden, std::size_t b,
                            std::size_t length) {
    const std::size_t size = hidden.shape()[2];
    return {hidden.data() + b * hidden.shape()[1] * size, length * size};
}

float largest_difference(std::span<const float> a, std::span<const float> b) {
    REQUIRE(a.size() == b.size());
    float largest = 0.0F;
    for (std::size_t i = 0; i < a.size(); ++i)
        largest = std::max(largest, std::abs(a[i] - b[i]));
    return largest;
}

bool same_bits(const xt::xtensor<float, 3>& a, const xt::xtensor<float, 3>& b) {
    return a.shape() == b.shape() && std::equal(a.begin(), a.end(), b.begin());
}

template <class Model>
EncoderInputs padded_batch(std::size_t count) {
    return pad_sentences(random_sentences(count), padding_id<Model>);
}

std::string message_of(const auto& call) {
    try {
        call();
    } catch (const ArgumentError& error) {
        return error.what();
    }
    return "nothing was thrown";
}

}  // namespace

TEMPLATE_TEST_CASE("a padded batch gives each sentence what it gets alone", "[nn][encoder]",
                   SmallBert, SmallRoberta, SmallDistilBert, SmallMpnet, SmallElectra,
                   SmallAlbert) {
    const RandomModel<TestType> model;
    const auto sentences = random_sentences(6);
    EncoderInputs inputs = pad_sentences(sentences, padding_id<TestType>);
    inputs.output_hidden_states = true;
    const auto together = model.run(inputs);
    for (std::size_t i = 0; i < sentences.size(); ++i) {
        EncoderInputs alone;
        alone.input_ids.resize({1, sentences[i].size()});
        std::copy(sentences[i].begin(), sentences[i].end(), alone.input_ids.begin());
        alone.output_hidden_states = true;
        const auto expected = model.run(alone);
        INFO("sentence " << i);
        require_close(rows(together.last_hidden_state, i, sentences[i].size()),
                      rows(expected.last_hidden_state, 0, sentences[i].size()), 2e-5);
        for (std::size_t s = 0; s < together.hidden_states.size(); ++s)
            require_close(rows(together.hidden_states[s], i, sentences[i].size()),
                          rows(expected.hidden_states[s], 0, sentences[i].size()), 2e-5);
    }
}

TEMPLATE_TEST_CASE("padding that is skipped becomes zeros and changes no token", "[nn][encoder]",
                   SmallBert, SmallMpnet, SmallAlbert) {
    const RandomModel<TestType> model;
    const auto sentences = random_sentences(6);
    EncoderInputs inputs = pad_sentences(sentences, padding_id<TestType>);
    REQUIRE(inputs.skip_padding);
    const auto found = model.run(inputs);
    inputs.skip_padding = false;
    const auto all = model.run(inputs);
    const std::size_t length = inputs.input_ids.shape()[1];
    std::size_t padding = 0;
    for (std::size_t i = 0; i < sentences.size(); ++i) {
        const std::size_t tokens = sentences[i].size();
        INFO("sentence " << i);
        require_close(rows(found.last_hidden_state, i, tokens),
                      rows(all.last_hidden_state, i, tokens), 2e-5);
        const auto behind = rows(found.last_hidden_state, i, length)
                                .subspan(rows(found.last_hidden_state, i, tokens).size());
        CHECK(std::all_of(behind.begin(), behind.end(), [](float x) { return x == 0.0F; }));
        const auto computed = rows(all.last_hidden_state, i, length)
                                  .subspan(rows(all.last_hidden_state, i, tokens).size());
        CHECK(std::none_of(computed.begin(), computed.end(), [](float x) { return x == 0.0F; }));
        padding += length - tokens;
    }
    REQUIRE(padding > 0);
}

TEST_CASE("tokens behind padding and weights between 0 and 1 are computed as they stand",
          "[nn][encoder]") {
    const RandomModel<SmallBert> model;
    EncoderInputs inputs;
    inputs.input_ids = {{10, 20, 30, 40}};
    REQUIRE_FALSE(inputs.skip_padding);
    for (const xt::xarray<float>& mask :
         {xt::xarray<float>{{0.0F, 1.0F, 1.0F, 1.0F}}, xt::xarray<float>{{1.0F, 0.0F, 1.0F, 0.0F}},
          xt::xarray<float>{{1.0F, 1.0F, 0.5F, 0.0F}},
          xt::xarray<float>{{0.0F, 0.0F, 0.0F, 0.0F}}}) {
        inputs.attention_mask = mask;
        inputs.skip_padding = true;
        const auto found = model.run(inputs);
        inputs.skip_padding = false;
        const auto all = model.run(inputs);
        require_close(rows(found.last_hidden_state, 0, 4), rows(all.last_hidden_state, 0, 4), 2e-5);
    }
}

TEMPLATE_TEST_CASE("permuting a batch permutes its outputs", "[nn][encoder]", SmallBert,
                   SmallRoberta, SmallDistilBert, SmallMpnet, SmallElectra, SmallAlbert) {
    const RandomModel<TestType> model;
    auto sentences = random_sentences(5);
    const auto forwards = model.run(pad_sentences(sentences, padding_id<TestType>));
    std::reverse(sentences.begin(), sentences.end());
    const auto backwards = model.run(pad_sentences(sentences, padding_id<TestType>));
    for (std::size_t i = 0; i < sentences.size(); ++i) {
        const std::size_t length = sentences[i].size();
        CHECK(largest_difference(rows(backwards.last_hidden_state, i, length),
                                 rows(forwards.last_hidden_state, 4 - i, length)) == 0.0F);
    }
}

TEMPLATE_TEST_CASE("with all heads silenced no token sees another", "[nn][encoder]", SmallBert,
                   SmallRoberta, SmallDistilBert, SmallMpnet, SmallElectra, SmallAlbert) {
    const RandomModel<TestType> model;
    EncoderInputs inputs;
    inputs.input_ids = {{10, 20, 30, 40, 50}};
    const auto usual = model.run(inputs);
    inputs.output_attentions = true;
    inputs.head_mask = xt::xarray<float>{0.0F, 0.0F, 0.0F};
    const auto silent = model.run(inputs);
    inputs.head_mask = xt::xarray<float>{{0.0F, 0.0F, 0.0F}, {0.0F, 0.0F, 0.0F}};
    CHECK(same_bits(model.run(inputs).last_hidden_state, silent.last_hidden_state));
    for (const auto& attention : silent.attentions)
        CHECK(std::all_of(attention.begin(), attention.end(), [](float p) { return p == 0.0F; }));
    CHECK(largest_difference(rows(usual.last_hidden_state, 0, 5),
                             rows(silent.last_hidden_state, 0, 5)) > 1e-2F);

    inputs.input_ids(0, 4) = 60;
    const auto changed = model.run(inputs);
    CHECK(largest_difference(rows(changed.last_hidden_state, 0, 4),
                             rows(silent.last_hidden_state, 0, 4)) == 0.0F);
    inputs.head_mask = xt::xarray<float>{};
    const auto heard = model.run(inputs);
    CHECK(largest_difference(rows(heard.last_hidden_state, 0, 4),
                             rows(usual.last_hidden_state, 0, 4)) > 1e-3F);
}

TEMPLATE_TEST_CASE("the number of threads does not change a bit of the result", "[nn][encoder]",
                   SmallBert, SmallRoberta, SmallDistilBert, SmallMpnet, SmallElectra,
                   SmallAlbert) {
    const RandomModel<TestType> model;
    EncoderInputs inputs = padded_batch<TestType>(12);  // enough work to be shared
    inputs.output_attentions = true;
    const auto one = model.run(inputs, 1);
    for (const int threads : {2, 3}) {
        const auto more = model.run(inputs, threads);
        CHECK(same_bits(more.last_hidden_state, one.last_hidden_state));
        CHECK(more.attentions == one.attentions);
    }
}

TEMPLATE_TEST_CASE("inputs that are left out have their usual values", "[nn][encoder]", SmallBert,
                   SmallElectra, SmallAlbert) {
    const RandomModel<TestType> model;
    EncoderInputs inputs;
    inputs.input_ids = {{10, 20, 30}, {40, 50, 60}};
    const auto expected = model.run(inputs);
    inputs.attention_mask = xt::xarray<float>{{1.0F, 1.0F, 1.0F}, {1.0F, 1.0F, 1.0F}};
    inputs.token_type_ids = {{0, 0, 0}, {0, 0, 0}};
    inputs.position_ids = {{0, 1, 2}, {0, 1, 2}};
    inputs.head_mask = xt::xarray<float>{1.0F, 1.0F, 1.0F};
    CHECK(same_bits(model.run(inputs).last_hidden_state, expected.last_hidden_state));
    inputs.token_type_ids(1, 2) = 1;
    CHECK_FALSE(same_bits(model.run(inputs).last_hidden_state, expected.last_hidden_state));
    inputs.token_type_ids(1, 2) = 0;
    inputs.position_ids(0, 1) = 7;
    CHECK_FALSE(same_bits(model.run(inputs).last_hidden_state, expected.last_hidden_state));
}

TEST_CASE("a mask with a row a query does what the same mask with a row a sequence does",
          "[nn][encoder]") {
    const RandomModel<SmallBert> model;
    EncoderInputs inputs = padded_batch<SmallBert>(3);
    const auto expected = model.run(inputs);
    const std::size_t length = inputs.input_ids.shape()[1];
    const xt::xarray<float> flat = inputs.attention_mask;
    inputs.attention_mask = xt::zeros<float>({std::size_t{3}, length, length});
    for (std::size_t b = 0; b < 3; ++b)
        for (std::size_t q = 0; q < length; ++q)
            for (std::size_t k = 0; k < length; ++k)
                inputs.attention_mask(b, q, k) = flat(b, k);
    const auto found = model.run(inputs);
    for (std::size_t b = 0; b < 3; ++b) {
        const auto tokens = static_cast<std::size_t>(xt::sum(xt::view(flat, b))());
        require_close(rows(found.last_hidden_state, b, tokens),
                      rows(expected.last_hidden_state, b, tokens), 2e-5);
    }
}

TEST_CASE("a mask with a row a query takes the place of a decoder's own", "[nn][encoder]") {
    constexpr BertConfig decoding = [] {
        BertConfig config = small_bert;
        config.is_decoder = true;
        return config;
    }();
    const RandomModel<SmallBert> encoder;
    const RandomModel<Bert<decoding>> decoder;  // the same weights
    EncoderInputs inputs;
    inputs.input_ids = {{10, 20, 30, 40, 50}};
    const auto hidden = [&](const auto& model) -> xt::xtensor<float, 3> {
        return model.run(inputs).last_hidden_state;
    };
    const xt::xtensor<float, 3> causal = hidden(decoder);
    const xt::xtensor<float, 3> all = hidden(encoder);
    CHECK_FALSE(same_bits(causal, all));
    inputs.attention_mask = xt::ones<float>({1, 5, 5});
    CHECK(same_bits(hidden(decoder), all));
    for (std::size_t q = 0; q < 5; ++q)
        for (std::size_t k = q + 1; k < 5; ++k)
            inputs.attention_mask(0, q, k) = 0.0F;
    require_close(rows(hidden(decoder), 0, 5), rows(causal, 0, 5), 2e-5);
    // A row a sequence leaves the decoder causal.
    inputs.attention_mask = xt::ones<float>({1, 5});
    CHECK(same_bits(hidden(decoder), causal));
}

TEST_CASE("the choices of a question are scored as sequences and stand side by side",
          "[nn][encoder]") {
    const RandomModel<BertForMultipleChoice<small_bert>> model;
    MultipleChoiceInputs both;
    both.input_ids = {{{5, 6, 7, 8}, {5, 6, 9, 10}, {11, 12, 13, 14}},
                      {{15, 16, 17, 18}, {15, 19, 20, 21}, {22, 23, 24, 25}}};
    const auto together = model.run(both);
    REQUIRE(together.logits.shape()[0] == 2);
    REQUIRE(together.logits.shape()[1] == 3);
    MultipleChoiceInputs second;
    second.input_ids = {{{15, 19, 20, 21}}};
    CHECK(model.run(second).logits(0, 0) == Approx(together.logits(1, 1)).margin(1e-5));
    CHECK(std::abs(together.logits(1, 1) - together.logits(1, 2)) > 1e-3F);
}

TEST_CASE("inputs that do not fit are refused with what was expected", "[nn][encoder]") {
    const RandomModel<SmallDistilBert> model;
    const EncoderInputs good{.input_ids = {{10, 20, 30}}};
    EncoderInputs bad = good;
    const auto run = [&] { model.run(bad); };
    bad.input_ids(0, 1) = 211;
    CHECK(message_of(run) == "input_ids holds 211, the model has ids below 211");
    bad = good;
    bad.attention_mask = xt::xarray<float>{{1.0F, 1.0F}};
    CHECK(message_of(run) == "attention_mask has shape (1, 2), expected (1, 3) or (1, 3, 3)");
    bad = good;
    bad.token_type_ids = {{0, 0, 0}};
    CHECK(message_of(run) == "token_type_ids were given, the model has no token types");
    bad = good;
    bad.head_mask = xt::xarray<float>{1.0F, 1.0F};
    CHECK(message_of(run) == "head_mask has shape (2), expected (3) or (2, 3)");
    bad = good;
    bad.position_ids = {{0, 1, 90}};
    CHECK(message_of(run) == "position_ids holds 90, the model has ids below 90");
    bad.position_ids = {{0, 1}};
    CHECK(message_of(run) == "position_ids has shape (1, 2), expected (1, 3) like input_ids");
    bad = {};
    CHECK(message_of(run).find("at least one token") != std::string::npos);
    bad.input_ids = xt::ones<std::uint32_t>({std::size_t{1}, std::size_t{91}});
    CHECK(message_of(run) == "input_ids has 91 tokens in a sequence, the model has 90 positions");
}

TEST_CASE("positions after padding leave room for the tokens only", "[nn][encoder]") {
    const RandomModel<SmallRoberta> model;
    EncoderInputs inputs;
    inputs.input_ids = xt::ones<std::uint32_t>({std::size_t{1}, std::size_t{200}});
    std::fill_n(inputs.input_ids.begin(), 88, 10U);  // 90 rows, 2 of them not used
    CHECK_NOTHROW(model.run(inputs));
    inputs.input_ids(0, 150) = 10;
    CHECK(message_of([&] { model.run(inputs); }) ==
          "input_ids has 89 tokens in a sequence, the model has room for 88");
}
