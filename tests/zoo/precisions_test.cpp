// Models whose parameters are kept in other precisions than float32.
#include "xzoo/core/precisions.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "small_models.hpp"
#include "support.hpp"
#include "temp_folder.hpp"

using namespace xzoo;
using test::logits;
using test::small_bert;
using test::small_llama;

namespace {

using Causal = LlamaForCausalLM<small_llama>;
using Masked = BertForMaskedLM<small_bert>;

template <class Model>
std::vector<float> values(const Model& model, std::string_view name) {
    const auto found = model.parameter(name);
    return {found.begin(), found.end()};
}

}  // namespace

TEMPLATE_TEST_CASE("a converted model is the one that loads in that precision", "[zoo]", Causal,
                   Masked) {
    using Narrow = WithPrecisions<TestType, bf16>;
    const test::TempFolder folder;
    auto model = TestType{}.random_init(3);
    model.save_pretrained(folder.path());
    const Narrow loaded = Narrow{}.from_pretrained(folder.path());
    const Narrow converted = model.template to<bf16>();
    CHECK(logits(converted) == logits(loaded));
    CHECK(logits(converted) != logits(model));
    CHECK(converted.config_json() == model.config_json());

    // Only once is anything rounded.
    const TestType back = converted.template to<f32>();
    const std::string_view table = params<TestType>[0].name;
    CHECK(values(back.template to<bf16>(), table) == values(converted, table));
    back.save_pretrained(folder.path() / "back");
    CHECK(logits(Narrow{}.from_pretrained(folder.path() / "back")) == logits(converted));
}

TEST_CASE("conversion leaves what others hold, and takes what it is given", "[zoo]") {
    auto model = Causal{}.random_init(3);
    const auto expected = logits(model);
    const Causal copy = model;
    CHECK(logits(std::move(model).to<bf16>()) != expected);
    CHECK(logits(copy) == expected);  // weights that two models hold are not taken apart
    CHECK_FALSE(model.has_weights());
    CHECK_THROWS_WITH(model.to<bf16>(), Catch::Matchers::Contains("has no weights yet"));
    CHECK_THROWS_WITH(std::move(model).to<bf16>(), Catch::Matchers::Contains("has no weights yet"));
    CHECK(logits(Causal{}.random_init(3).to<f32>()) == expected);
}

TEST_CASE("rules keep single parameters in a precision of their own", "[zoo]") {
    constexpr Precisions mixed = f32.keeping("*.layers.1.mlp.*", Precision::bf16);
    const Causal model = Causal{}.random_init(3);
    const auto ruled = model.to<mixed>();
    const auto same = [&](const char* name) { return values(ruled, name) == values(model, name); };
    CHECK(same("model.layers.0.mlp.up_proj.weight"));
    CHECK_FALSE(same("model.layers.1.mlp.up_proj.weight"));
    CHECK(same("model.layers.1.self_attn.q_proj.weight"));
    CHECK(ruled.memory_footprint() == model.memory_footprint() - 2 * 3 * 40 * 56);
    CHECK(logits(ruled) != logits(model));
}
