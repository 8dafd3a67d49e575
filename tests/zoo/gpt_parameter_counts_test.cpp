// Numbers of parameters that the authors of the models, or the hub, state for them. What is not
// published follows from the shapes; the comments say how.
#include "support.hpp"
#include "zoo/bloom.hpp"
#include "zoo/falcon.hpp"
#include "zoo/gpt_neox.hpp"
#include "zoo/gptj.hpp"
#include "zoo/olmo.hpp"
#include "zoo/openai_gpt.hpp"
#include "zoo/opt.hpp"
#include "zoo/phi.hpp"
#include "zoo/phi3.hpp"
#include "zoo/starcoder2.hpp"

using namespace xzoo;

TEST_CASE("GPT has the published number of parameters", "[zoo][openai_gpt]") {
    STATIC_REQUIRE(param_count<OpenAiGptLMHeadModel<openai_gpt>>() == 116'534'784);
    STATIC_REQUIRE(param_count<OpenAiGptForSequenceClassification<openai_gpt>>() ==
                   116'534'784 + 2 * 768);
}

TEST_CASE("the named Pythia configs have the published numbers of parameters", "[zoo][gpt_neox]") {
    STATIC_REQUIRE(param_count<GptNeoXForCausalLM<pythia_70m>>() == 70'426'624);
    STATIC_REQUIRE(param_count<GptNeoXForCausalLM<pythia_160m>>() == 162'322'944);
    // without the two tables, as the authors count
    STATIC_REQUIRE(param_count<GptNeoX<pythia_70m>>(true) == 18'915'328);
    STATIC_REQUIRE(param_count<GptNeoX<pythia_160m>>(true) == 85'056'000);
    STATIC_REQUIRE(param_count<GptNeoXForTokenClassification<pythia_70m>>() ==
                   70'426'624 - 50'304 * 512 + 2 * 513);
}

TEST_CASE("GPT-J has a head with a bias", "[zoo][gptj]") {
    constexpr std::size_t block = 4 * 4096 * 4096 + 8 * 4096 * 4096 + 5 * 4096 + 2 * 4096;
    constexpr std::size_t body = 50'400 * 4096 + 28 * block + 2 * 4096;
    STATIC_REQUIRE(param_count<GptJ<gptj_6b>>() == body);
    STATIC_REQUIRE(param_count<GptJForCausalLM<gptj_6b>>() == body + 50'400 * 4097);
    constexpr GptJConfig tied{.tie_word_embeddings = true};
    STATIC_REQUIRE(param_count<GptJForCausalLM<tied>>() == body + 50'400);
}

TEST_CASE("the named OPT configs have the published numbers of parameters", "[zoo][opt]") {
    STATIC_REQUIRE(param_count<OptForCausalLM<opt_125m>>() == 125'239'296);
    STATIC_REQUIRE(param_count<OptForCausalLM<opt_350m>>() == 331'196'416);
    STATIC_REQUIRE(param_count<OptForSequenceClassification<opt_350m>>() == 331'196'416 + 2 * 512);
}

TEST_CASE("the named BLOOM configs have the published numbers of parameters", "[zoo][bloom]") {
    STATIC_REQUIRE(param_count<BloomForCausalLM<bloom_560m>>() == 559'214'592);
    STATIC_REQUIRE(param_count<BloomForCausalLM<bloom_7b1>>() == 7'069'016'064);
    STATIC_REQUIRE(param_count<BloomForCausalLM<bloom_176b>>() == 176'247'271'424);
    STATIC_REQUIRE(param_count<BloomForTokenClassification<bloom_560m>>() ==
                   559'214'592 + 2 * 1025);
}

TEST_CASE("the named Falcon configs have the published numbers of parameters", "[zoo][falcon]") {
    STATIC_REQUIRE(param_count<FalconForCausalLM<falcon_7b>>() == 6'921'720'704);
    STATIC_REQUIRE(param_count<FalconForCausalLM<falcon_40b>>() == 41'303'293'952);
    STATIC_REQUIRE(param_count<FalconForCausalLM<falcon_rw_1b>>() == 1'311'625'216);
}

TEST_CASE("the named Phi configs have the published numbers of parameters", "[zoo][phi]") {
    STATIC_REQUIRE(param_count<PhiForCausalLM<phi_1_5>>() == 1'418'270'720);
    STATIC_REQUIRE(param_count<PhiForCausalLM<phi_2>>() == 2'779'683'840);
    STATIC_REQUIRE(param_count<Phi3ForCausalLM<phi_3_mini_4k>>() == 3'821'079'552);
    STATIC_REQUIRE(param_count<Phi3ForTokenClassification<phi_3_mini_4k>>() ==
                   3'821'079'552 - 32'064 * 3072 + 2 * 3073);
}

TEST_CASE("the named OLMo and StarCoder2 configs have the published numbers of parameters",
          "[zoo][olmo][starcoder2]") {
    STATIC_REQUIRE(param_count<OlmoForCausalLM<olmo_1b>>() == 1'176'764'416);
    STATIC_REQUIRE(param_count<OlmoForCausalLM<olmo_7b>>() == 6'888'095'744);
    STATIC_REQUIRE(param_count<Starcoder2ForCausalLM<starcoder2_3b>>() == 3'030'371'328);
}
