// The model that the project ships, against what PyTorch computes with the same weights.
#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "support.hpp"
#include "xzoo/text/tokenizer.hpp"
#include "zoo/bert.hpp"

using namespace xzoo;

namespace {

std::filesystem::path folder() {
    return test::shipped("language_id");
}

boost::json::array sentences() {
    const std::string text = io::read_text((folder() / "expected.json").string());
    return boost::json::parse(text).as_object().at("sentences").as_array();
}

template <class Number>
std::vector<Number> numbers(const boost::json::value& list) {
    std::vector<Number> values;
    for (const auto& number : list.as_array())
        values.push_back(number.to_number<Number>());
    return values;
}

}  // namespace

TEST_CASE("the shipped model's tokenizer gives the ids that it was trained with",
          "[zoo][language_id]") {
    const auto tokenizer = Tokenizer::from_pretrained(folder());
    const boost::json::array expected = sentences();
    REQUIRE(expected.size() >= 24);
    for (const auto& sentence : expected) {
        const std::string text{sentence.at("text").as_string()};
        INFO(text);
        CHECK(tokenizer.encode(text).ids == numbers<std::uint32_t>(sentence.at("ids")));
    }
}

TEST_CASE("the shipped model gives PyTorch's logits and labels", "[zoo][language_id]") {
    using Model = Weights<BertWeights::language_id>::model;
    const auto model = Model{}.from_pretrained<BertWeights::language_id>({.directory = folder()});
    CHECK(model.load_report().complete());
    for (const auto& sentence : sentences()) {
        INFO(std::string{sentence.at("text").as_string()});
        const auto ids = numbers<std::uint32_t>(sentence.at("ids"));
        EncoderInputs inputs;
        inputs.input_ids.resize({1, ids.size()});
        std::copy(ids.begin(), ids.end(), inputs.input_ids.begin());
        const auto logits = model(inputs).logits;
        const auto expected = numbers<float>(sentence.at("logits"));
        test::require_close({logits.data(), logits.size()}, expected, 1e-4);
        const auto best = static_cast<std::size_t>(std::max_element(logits.begin(), logits.end()) -
                                                   logits.begin());
        CHECK(model.labels()[best] == std::string{sentence.at("predicted").as_string()});
    }
}

TEST_CASE("padding changes nothing for a sentence in a batch", "[zoo][language_id]") {
    using Model = Weights<BertWeights::language_id>::model;
    const auto model = Model{}.from_pretrained(folder());
    const auto tokenizer = Tokenizer::from_pretrained(folder());
    const auto batch =
        tokenizer.encode_batch({"A short one.", "Ein etwas laengerer Satz steht hier."});
    const auto together =
        model({.input_ids = batch.ids, .attention_mask = batch.attention_mask}).logits;
    const auto alone = tokenizer.encode_batch({"A short one."});
    const auto logits = model({.input_ids = alone.ids}).logits;
    test::require_close({together.data(), logits.size()}, {logits.data(), logits.size()}, 1e-4);
}
