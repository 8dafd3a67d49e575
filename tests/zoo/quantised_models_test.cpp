// What the shipped models lose when their weights are quantised. The bars are those of the README.
#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "support.hpp"
#include "xzoo/generation/score_text.hpp"
#include "xzoo/nn/cosine_similarity.hpp"
#include "xzoo/text/tokenizer.hpp"
#include "zoo/bert.hpp"
#include "zoo/llama.hpp"

using namespace xzoo;
using test::shipped;

namespace {

/// Logits of the sentences that the shipped model's expected results are for.
template <class Model>
std::vector<std::vector<float>> logits(const Model& model) {
    const auto json =
        boost::json::parse(io::read_text((shipped("language_id") / "expected.json").string()));
    std::vector<std::vector<float>> all;
    for (const auto& sentence : json.at("sentences").as_array()) {
        const auto& ids = sentence.at("ids").as_array();
        EncoderInputs inputs;
        inputs.input_ids.resize({1, ids.size()});
        for (std::size_t i = 0; i < ids.size(); ++i)
            inputs.input_ids(0, i) = ids[i].to_number<std::uint32_t>();
        const auto scores = model(inputs).logits;
        all.emplace_back(scores.begin(), scores.end());
    }
    return all;
}

std::size_t best(const std::vector<float>& scores) {
    return static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) -
                                    scores.begin());
}

/// Compares a quantised classifier with the one in float32.
template <class Model>
void check_classifier(const Model& model, const std::vector<std::vector<float>>& expected,
                      double least_cosine) {
    const auto found = logits(model);
    REQUIRE(found.size() == expected.size());
    REQUIRE(found.size() >= 24);
    CHECK(found != expected);  // something was rounded
    for (std::size_t i = 0; i < found.size(); ++i) {
        INFO("sentence " << i);
        CHECK(cosine_similarity(std::span{found[i]}, std::span{expected[i]}) >= least_cosine);
        CHECK(best(found[i]) == best(expected[i]));
    }
}

}  // namespace

TEST_CASE("quantised, the shipped classifier says the same", "[zoo]") {
    using Model = Weights<BertWeights::language_id>::model;
    const Model model = Model{}.from_pretrained(shipped("language_id"));
    const auto expected = logits(model);
    check_classifier(model.to<bf16>(), expected, 0.9999);
    check_classifier(model.to<i8>(), expected, 0.9995);
    check_classifier(model.to<q8>(), expected, 0.9995);
    check_classifier(model.to<q4>(), expected, 0.99);
    check_classifier(model.to<q4m>(), expected, 0.99);
    check_classifier(model.to<f8e4m3>(), expected, 0.995);
}

TEST_CASE("quantised, the shipped language model's perplexity stays", "[zoo]") {
    using Model = Weights<LlamaWeights::language_model>::model;
    const Model model = Model{}.from_pretrained(shipped("language_model"));
    const auto tokenizer = Tokenizer::from_pretrained(shipped("language_model"));
    const auto ids =
        tokenizer.encode(io::read_text((test::data_dir() / "text/heldout.txt").string())).ids;
    REQUIRE(ids.size() > 4000);
    const auto perplexity = [&](const auto& any) {
        return score_text(any.language_model(), ids).perplexity();
    };
    const double full = perplexity(model);
    CHECK(full > 20.0);
    CHECK(full < 50.0);
    const auto growth = [&](const auto& any) { return std::abs(perplexity(any) / full - 1.0); };
    CHECK(growth(model.to<bf16>()) < 0.001);
    CHECK(growth(model.to<i8>()) < 0.002);
    CHECK(growth(model.to<q8>()) < 0.002);
    CHECK(growth(model.to<q4>()) < 0.05);
    CHECK(growth(model.to<q4m>()) < 0.05);
    const auto cached = [](const auto& any) { return any.language_model().make_cache({}).dtype(); };
    CHECK(cached(model) == Dtype::f32);
    CHECK(cached(model.to<bf16>()) == Dtype::bf16);
    CHECK(cached(model.to<q4>()) == Dtype::bf16);
    // A rule lets the layers that lose most keep more.
    constexpr Precisions careful = q4.keeping("*.down_proj.weight", Precision::q8);
    CHECK(growth(model.to<careful>()) < growth(model.to<q4>()));
}
