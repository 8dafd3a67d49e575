// Numbers of parameters that the authors of decoders state for them. Where they state them for
// embeddings and the rest apart, the vocabulary is rounded up there, so only the rest is compared.
#include "support.hpp"
#include "zoo/gemma.hpp"
#include "zoo/gemma2.hpp"
#include "zoo/gemma3_text.hpp"
#include "zoo/mistral.hpp"
#include "zoo/mixtral.hpp"
#include "zoo/qwen2.hpp"
#include "zoo/qwen3.hpp"
#include "zoo/qwen3_moe.hpp"

using namespace xzoo;

TEST_CASE("the named Mistral and Mixtral configs have the published numbers of parameters",
          "[zoo][mistral][mixtral]") {
    STATIC_REQUIRE(param_count<MistralForCausalLM<mistral_7b>>() == 7'241'732'096);
    STATIC_REQUIRE(param_count<MixtralForCausalLM<mixtral_8x7b>>() == 46'702'792'704);
}

TEST_CASE("the named Qwen configs have the published numbers of parameters",
          "[zoo][qwen2][qwen3]") {
    STATIC_REQUIRE(param_count<Qwen2ForCausalLM<qwen2_5_0_5b>>() == 494'032'768);
    STATIC_REQUIRE(param_count<Qwen2ForCausalLM<qwen2_5_1_5b>>() == 1'543'714'304);
    STATIC_REQUIRE(param_count<Qwen3ForCausalLM<qwen3_0_6b>>() == 596'049'920);
    STATIC_REQUIRE(param_count<Qwen3ForCausalLM<qwen3_1_7b>>() == 1'720'574'976);
}

TEST_CASE("a table of 18867 parameters needs no compiler option", "[zoo][qwen3_moe]") {
    // config.json of Qwen/Qwen3-30B-A3B
    constexpr Qwen3MoeConfig config{.num_hidden_layers = 48,
                                    .head_dim = 128,
                                    .max_position_embeddings = 40960,
                                    .rope_theta = 1e6F};
    STATIC_REQUIRE(param_count<Qwen3MoeForCausalLM<config>>() == 30'532'122'624);
}

TEST_CASE("the named Gemma configs have the published numbers of parameters", "[zoo][gemma]") {
    // Gemma Team 2024, "Gemma", table 2, and "Gemma 2", table 2
    STATIC_REQUIRE(param_count<GemmaForCausalLM<gemma_2b>>(true) == 1'981'884'416);
    STATIC_REQUIRE(param_count<GemmaForCausalLM<gemma_7b>>(true) == 7'751'248'896);
    STATIC_REQUIRE(param_count<Gemma2ForCausalLM<gemma_2_2b>>(true) == 2'024'517'888);
    STATIC_REQUIRE(param_count<Gemma2ForCausalLM<gemma_2_2b>>() == 2'614'341'888);
    STATIC_REQUIRE(param_count<Gemma3ForCausalLM<gemma_3_270m>>() == 268'098'176);
    STATIC_REQUIRE(param_count<Gemma3ForCausalLM<gemma_3_1b>>() == 999'885'952);
}

TEST_CASE("heads of decoders add what their layers hold", "[zoo]") {
    constexpr std::size_t body = param_count<Qwen2<qwen2_5_0_5b>>();
    STATIC_REQUIRE(body == param_count<Qwen2ForCausalLM<qwen2_5_0_5b>>());  // tied
    STATIC_REQUIRE(param_count<Qwen2ForSequenceClassification<qwen2_5_0_5b>>() == body + 2 * 896);
    STATIC_REQUIRE(param_count<Qwen2ForTokenClassification<qwen2_5_0_5b>>() == body + 2 * 897);
    constexpr std::size_t untied = param_count<Mistral<mistral_7b>>();
    STATIC_REQUIRE(param_count<MistralForCausalLM<mistral_7b>>() == untied + 32'000 * 4096);
}

TEST_CASE("the named configs of decoders are those of the manifest", "[zoo][manifest]") {
    STATIC_REQUIRE(CheckWeights<Mistral<mistral_7b>, MistralWeights::mistral_7b_v0_1>::checked);
    STATIC_REQUIRE(CheckWeights<Qwen2<qwen2_5_0_5b>, Qwen2Weights::qwen2_5_0_5b>::checked);
    STATIC_REQUIRE(CheckWeights<Qwen2<qwen2_5_0_5b>, Qwen2Weights::qwen2_5_0_5b_instruct>::checked);
    STATIC_REQUIRE(CheckWeights<Qwen2<qwen2_5_1_5b>, Qwen2Weights::qwen2_5_1_5b>::checked);
    STATIC_REQUIRE(CheckWeights<Qwen3<qwen3_0_6b>, Qwen3Weights::qwen3_0_6b>::checked);
    STATIC_REQUIRE(CheckWeights<Qwen3<qwen3_1_7b>, Qwen3Weights::qwen3_1_7b>::checked);
    STATIC_REQUIRE(CheckWeights<Gemma2<gemma_2_2b>, Gemma2Weights::gemma_2_2b>::checked);
    STATIC_REQUIRE(
        CheckWeights<Gemma3TextModel<gemma_3_270m>, Gemma3TextWeights::gemma_3_270m>::checked);
    STATIC_REQUIRE(
        CheckWeights<Gemma3TextModel<gemma_3_1b>, Gemma3TextWeights::gemma_3_1b_it>::checked);
}
