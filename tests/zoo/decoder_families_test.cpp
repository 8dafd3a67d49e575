// Families built like Llama against each other: what must be the same model, computed twice.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "named_model.hpp"
#include "support.hpp"
#include "zoo/gemma2.hpp"
#include "zoo/gemma3_text.hpp"
#include "zoo/mistral.hpp"
#include "zoo/mixtral.hpp"
#include "zoo/qwen3.hpp"
#include "zoo/qwen3_moe.hpp"

using namespace xzoo;
using test::named_values;
using test::NamedModel;

namespace {

using Ids = std::vector<std::uint32_t>;

/// A config in which no size is a multiple of a vector's, nor the heads' size a share of hidden's.
template <class Config>
constexpr Config small() {
    Config config;
    config.vocab_size = 61;
    config.hidden_size = 36;
    config.intermediate_size = 50;
    config.num_hidden_layers = 3;
    config.num_attention_heads = 3;
    config.num_key_value_heads = 3;
    config.head_dim = 10;
    config.max_position_embeddings = 40;
    return config;
}

Ids random_ids(std::size_t count) {
    std::mt19937 random{5};
    Ids ids(count);
    for (std::uint32_t& id : ids)
        id = static_cast<std::uint32_t>(random() % 61);
    return ids;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    if (const std::size_t at = text.find(from); at != std::string::npos)
        text.replace(at, from.size(), to);
    return text;
}

/// The name under which a plain feed-forward block has what expert `number` has.
std::string plain_name(std::string name, std::size_t number) {
    const std::string expert = "experts." + std::to_string(number) + '.';
    name = replaced(name, "block_sparse_moe." + expert + "w1", "mlp.gate_proj");
    name = replaced(name, "block_sparse_moe." + expert + "w2", "mlp.down_proj");
    name = replaced(name, "block_sparse_moe." + expert + "w3", "mlp.up_proj");
    return replaced(name, "mlp." + expert, "mlp.");
}

/// All experts of a layer have the weights of the plain block.
std::vector<float> alike_experts(const ParamInfo& param) {
    std::string name{param.name};
    for (std::size_t i = 0; i < 5; ++i)
        name = plain_name(name, i);
    return named_values(name, param.shape);
}

template <class Model>
std::vector<float> hidden_of_alike_experts(const Ids& ids) {
    return NamedModel<Model>{alike_experts}.run(ids);
}

constexpr auto small_mistral = small<MistralConfig>();
constexpr auto small_qwen3 = small<Qwen3Config>();

constexpr MixtralConfig mixtral_of(std::size_t experts, std::size_t chosen) {
    MixtralConfig config = small<MixtralConfig>();
    config.rms_norm_eps = small_mistral.rms_norm_eps;
    config.rope_theta = small_mistral.rope_theta;
    config.num_local_experts = experts;
    config.num_experts_per_tok = chosen;
    return config;
}

constexpr Qwen3MoeConfig qwen3_moe_of(std::size_t step, ConfigList<std::size_t, 128> plain) {
    Qwen3MoeConfig config = small<Qwen3MoeConfig>();
    config.moe_intermediate_size = config.intermediate_size;
    config.num_experts = 5;
    config.num_experts_per_tok = 2;
    config.norm_topk_prob = true;
    config.decoder_sparse_step = step;
    config.mlp_only_layers = plain;
    return config;
}

template <class Config>
constexpr Config with_rope(RopeScaling scaling, float theta = 10000.0F) {
    Config config = small<Config>();
    config.rope_scaling = scaling;
    config.rope_theta = theta;
    if constexpr (requires { config.sliding_window_pattern; })
        config.sliding_window_pattern = 1;  // no layer has a window, and so a rope of its own
    return config;
}

constexpr std::array<std::size_t, 3> windows(const auto& config) {
    return {config.window(0), config.window(1), config.window(2)};
}

}  // namespace

TEST_CASE("experts that are alike are one feed-forward block", "[zoo][mixtral]") {
    const Ids ids = random_ids(17);
    const std::vector<float> plain = NamedModel<Mistral<small_mistral>>{}.run(ids);
    test::require_close(hidden_of_alike_experts<Mixtral<mixtral_of(1, 1)>>(ids), plain, 1e-5);
    test::require_close(hidden_of_alike_experts<Mixtral<mixtral_of(5, 3)>>(ids), plain, 1e-5);
    test::require_close(hidden_of_alike_experts<Mixtral<mixtral_of(5, 5)>>(ids), plain, 1e-5);
}

TEST_CASE("what is no number passes a router and stays that", "[zoo][mixtral]") {
    const auto broken = [](const ParamInfo& param) {
        std::vector<float> values = alike_experts(param);
        if (param.name == "embed_tokens.weight")
            std::fill(values.begin(), values.end(), std::nanf(""));
        return values;
    };
    // More tokens than one expert has room for if it is chosen twice.
    const std::vector<float> hidden =
        NamedModel<Mixtral<mixtral_of(5, 3)>>{broken}.run(random_ids(40));
    CHECK(std::all_of(hidden.begin(), hidden.end(), [](float x) { return std::isnan(x); }));
}

TEST_CASE("Qwen3-MoE has experts in the layers that its config names", "[zoo][qwen3_moe]") {
    const Ids ids = random_ids(17);
    const std::vector<float> plain = NamedModel<Qwen3<small_qwen3>>{}.run(ids);
    constexpr auto all = qwen3_moe_of(1, {});
    constexpr auto second = qwen3_moe_of(2, {});
    constexpr auto last = qwen3_moe_of(1, {2, {1, 0}});
    constexpr auto none = qwen3_moe_of(2, {1, {1}});
    // a router of (5, 36) and 5 experts instead of 1 block of 3 * 36 * 50
    constexpr std::size_t more = 5 * 36 + 4 * 3 * 36 * 50;
    constexpr std::size_t count = param_count<Qwen3<small_qwen3>>();
    STATIC_REQUIRE(param_count<Qwen3Moe<all>>() == count + 3 * more);
    STATIC_REQUIRE(param_count<Qwen3Moe<second>>() == count + more);
    STATIC_REQUIRE(param_count<Qwen3Moe<last>>() == count + more);
    STATIC_REQUIRE(param_count<Qwen3Moe<none>>() == count);
    test::require_close(hidden_of_alike_experts<Qwen3Moe<all>>(ids), plain, 1e-5);
    test::require_close(hidden_of_alike_experts<Qwen3Moe<second>>(ids), plain, 1e-5);
    test::require_close(hidden_of_alike_experts<Qwen3Moe<last>>(ids), plain, 1e-5);
    test::require_close(hidden_of_alike_experts<Qwen3Moe<none>>(ids), plain, 1e-5);
}

TEST_CASE("a key-value head that queries share is one that each has", "[zoo][mistral]") {
    constexpr MistralConfig shared = [] {
        MistralConfig config = small_mistral;
        config.num_key_value_heads = 1;
        return config;
    }();
    const auto repeat = [](const ParamInfo& param) {
        const bool of_head = param.name.find("k_proj") != std::string_view::npos ||
                             param.name.find("v_proj") != std::string_view::npos;
        if (!of_head)
            return named_values(param.name, param.shape);
        const std::vector<float> one =
            named_values(param.name, Shape{param.shape[0] / 3, param.shape[1]});
        std::vector<float> values;
        for (int head = 0; head < 3; ++head)
            values.insert(values.end(), one.begin(), one.end());
        return values;
    };
    const Ids ids = random_ids(17);
    test::require_close(NamedModel<Mistral<shared>>{}.run(ids),
                        NamedModel<Mistral<small_mistral>>{repeat}.run(ids), 1e-5);
}

TEST_CASE("a token sees as many tokens as the window says", "[zoo][mistral]") {
    constexpr MistralConfig narrow = [] {
        MistralConfig config = small_mistral;
        config.num_hidden_layers = 1;
        config.sliding_window = 4;
        return config;
    }();
    const NamedModel<Mistral<narrow>> model;
    Ids ids = random_ids(12);
    const std::vector<float> before = model.run(ids);
    ids[5] = (ids[5] + 1) % 61;
    const std::vector<float> after = model.run(ids);
    for (std::size_t token = 0; token < ids.size(); ++token) {
        INFO("token " << token);
        bool same = true;
        for (std::size_t i = token * 36; i < (token + 1) * 36; ++i)
            same = same && before[i] == after[i];
        CHECK(same == (token < 5 || token > 8));
    }
}

TEST_CASE("layers have windows where their family's pattern says so", "[zoo]") {
    using Windows = std::array<std::size_t, 3>;
    constexpr LayerTypes first{3, {LayerType::sliding_attention}};
    constexpr Qwen3Config qwen3{.use_sliding_window = true};
    constexpr Qwen3Config listed{
        .num_hidden_layers = 3, .use_sliding_window = true, .layer_types = first};
    constexpr Qwen3MoeConfig moe{.use_sliding_window = true};
    constexpr Gemma3TextConfig gemma3{.sliding_window = 8, .sliding_window_pattern = 2};
    STATIC_REQUIRE(windows(MistralConfig{}) == Windows{4096, 4096, 4096});
    STATIC_REQUIRE(windows(MixtralConfig{}) == Windows{0, 0, 0});
    STATIC_REQUIRE(windows(Qwen3Config{}) == Windows{0, 0, 0});
    STATIC_REQUIRE(windows(qwen3) == Windows{4096, 4096, 4096});
    STATIC_REQUIRE(windows(listed) == Windows{4096, 0, 0});
    STATIC_REQUIRE(windows(moe) == Windows{4096, 4096, 4096});
    STATIC_REQUIRE(windows(gemma3) == Windows{8, 0, 8});
    STATIC_REQUIRE((gemma3.rope_of(0) == 1 && gemma3.rope_of(1) == 0));
}

namespace {

template <auto C>
struct ModelOf;
template <MistralConfig C>
struct ModelOf<C> : NamedModel<Mistral<C>> {};
template <Qwen3Config C>
struct ModelOf<C> : NamedModel<Qwen3<C>> {};
template <Gemma3TextConfig C>
struct ModelOf<C> : NamedModel<Gemma3TextModel<C>> {};

}  // namespace

TEMPLATE_TEST_CASE("scaled rotary positions are other positions or another base", "[zoo]",
                   MistralConfig, Qwen3Config, Gemma3TextConfig) {
    constexpr auto plain = with_rope<TestType>({});
    constexpr auto linear = with_rope<TestType>({.rope_type = RopeType::linear, .factor = 2.0F});
    constexpr auto dynamic = with_rope<TestType>({.rope_type = RopeType::dynamic, .factor = 2.0F});
    const Ids ids = random_ids(50);
    const Ids start(ids.begin(), ids.begin() + 20);
    Ids odd(start.size());
    for (std::uint32_t i = 0; i < odd.size(); ++i)
        odd[i] = 2 * i;
    const std::vector<float> expected = ModelOf<plain>{}.run(start);
    test::require_close(ModelOf<linear>{}.run(start, odd), expected, 1e-5);
    test::require_close(ModelOf<dynamic>{}.run(start), expected, 1e-5);
    // Beyond the 40 positions of the config: 10000 * (2 * 50 / 40 - 1) ^ (10 / 8).
    constexpr auto other = with_rope<TestType>({}, 16600.229F);
    test::require_close(ModelOf<dynamic>{}.run(ids), ModelOf<other>{}.run(ids), 1e-4);
}

namespace {

constexpr Gemma2Config small_gemma2 = [] {
    Gemma2Config config = small<Gemma2Config>();
    config.sliding_window = 5;
    config.query_pre_attn_scalar = 7.0F;
    return config;
}();
constexpr Gemma3TextConfig small_gemma3 = [] {
    Gemma3TextConfig config = small<Gemma3TextConfig>();
    config.sliding_window = 5;
    config.sliding_window_pattern = 2;
    config.final_logit_softcapping = 3.0F;
    return config;
}();
constexpr auto mixed = qwen3_moe_of(1, {1, {1}});

}  // namespace

TEMPLATE_TEST_CASE("a text that is read in pieces has the scores of the whole", "[zoo]",
                   Gemma2ForCausalLM<small_gemma2>, Gemma3ForCausalLM<small_gemma3>,
                   (MixtralForCausalLM<mixtral_of(5, 2)>), Qwen3MoeForCausalLM<mixed>) {
    const NamedModel<TestType> model;
    const nn::CausalModel causal{(*model).decoder(), (*model).head(), TestType::max_positions};
    nn::KvCache cache = causal.make_cache({});
    const Ids ids = random_ids(23);
    Workspace workspace{1};
    nn::StepOutput output;
    std::vector<float> scores;
    for (std::size_t begin = 0; begin < ids.size(); begin += begin == 0 ? 9 : 1) {
        const nn::CacheStep step{0, std::span{ids}.subspan(begin, begin == 0 ? 9 : 1)};
        causal.step(cache, {&step, 1}, nn::ScoredRows::all, false, workspace, output);
        scores.insert(scores.end(), output.logits.begin(), output.logits.end());
    }
    test::require_close(scores, model.run(ids), 5e-5);
}
