// Numbers of parameters that the authors of the models, or the hub, state for them. What is not
// published follows from the shapes; the comments say how.
#include "support.hpp"
#include "zoo/albert.hpp"
#include "zoo/bert.hpp"
#include "zoo/distilbert.hpp"
#include "zoo/electra.hpp"
#include "zoo/mpnet.hpp"
#include "zoo/roberta.hpp"
#include "zoo/xlm_roberta.hpp"

using namespace xzoo;

TEST_CASE("the named BERT configs have the published numbers of parameters", "[zoo][bert]") {
    STATIC_REQUIRE(param_count<Bert<bert_base>>() == 109'482'240);
    STATIC_REQUIRE(param_count<Bert<bert_large>>() == 335'141'888);
    STATIC_REQUIRE(param_count<Bert<bert_base_cased>>() == 108'310'272);
    STATIC_REQUIRE(param_count<Bert<bert_tiny>>() == 4'385'920);
    STATIC_REQUIRE(param_count<Bert<bert_mini>>() == 11'170'560);
    STATIC_REQUIRE(param_count<Bert<bert_small>>() == 28'763'648);
    STATIC_REQUIRE(param_count<Bert<bert_medium>>() == 41'373'184);
    STATIC_REQUIRE(param_count<Bert<minilm_l6>>() == 22'713'216);
    STATIC_REQUIRE(param_count<Bert<minilm_l12>>() == 33'360'000);
    STATIC_REQUIRE(param_count<Bert<multilingual_minilm_l12>>() == 117'653'760);
}

TEST_CASE("BERT's heads add what their layers hold", "[zoo][bert]") {
    constexpr std::size_t pooler = 768 * 768 + 768;
    constexpr std::size_t bare = 109'482'240 - pooler;
    STATIC_REQUIRE(param_count<Bert<bert_base, f32, false>>() == bare);
    STATIC_REQUIRE(param_count<BertForPreTraining<bert_base>>() == 110'106'428);
    STATIC_REQUIRE(param_count<BertForMaskedLM<bert_base>>() == 109'514'298);
    STATIC_REQUIRE(param_count<BertLMHeadModel<bert_base>>() == 109'514'298);
    STATIC_REQUIRE(param_count<BertForNextSentencePrediction<bert_base>>() == 109'483'778);
    STATIC_REQUIRE(param_count<BertForSequenceClassification<bert_base>>() == 109'483'778);
    STATIC_REQUIRE(param_count<BertForMultipleChoice<bert_base>>() == 109'482'240 + 769);
    STATIC_REQUIRE(param_count<BertForQuestionAnswering<bert_base>>() == bare + 2 * 769);
    STATIC_REQUIRE(param_count<BertForTokenClassification<bert_base_ner>>() == 107'726'601);
    STATIC_REQUIRE(param_count<BertForSequenceClassification<ms_marco_minilm_l6>>() == 22'713'601);
}

TEST_CASE("the named RoBERTa configs have the published numbers of parameters", "[zoo][roberta]") {
    STATIC_REQUIRE(param_count<Roberta<roberta_base>>() == 124'645'632);
    STATIC_REQUIRE(param_count<Roberta<roberta_large>>() == 355'359'744);
    STATIC_REQUIRE(param_count<RobertaForMaskedLM<roberta_base>>() == 124'697'433);
    STATIC_REQUIRE(param_count<RobertaForCausalLM<roberta_base>>() == 124'697'433);
    STATIC_REQUIRE(param_count<RobertaForMaskedLM<roberta_large>>() == 355'412'057);
    STATIC_REQUIRE(param_count<RobertaForSequenceClassification<roberta_base>>() == 124'647'170);
    STATIC_REQUIRE(param_count<XlmRoberta<xlm_roberta_base>>() == 278'043'648);
    STATIC_REQUIRE(param_count<XlmRobertaForMaskedLM<xlm_roberta_base>>() == 278'295'186);
    STATIC_REQUIRE(param_count<XlmRoberta<xlm_roberta_bge_m3>>() == 567'754'752);
}

TEST_CASE("the named DistilBERT config has the published number of parameters",
          "[zoo][distilbert]") {
    STATIC_REQUIRE(param_count<DistilBert<distilbert_base>>() == 66'362'880);
    STATIC_REQUIRE(param_count<DistilBertForMaskedLM<distilbert_base>>() == 66'985'530);
    STATIC_REQUIRE(param_count<DistilBertForSequenceClassification<distilbert_base>>() ==
                   66'955'010);
    STATIC_REQUIRE(param_count<DistilBertForMultipleChoice<distilbert_base>>() == 66'954'241);
    STATIC_REQUIRE(param_count<DistilBertForTokenClassification<distilbert_base>>() == 66'364'418);
    STATIC_REQUIRE(param_count<DistilBertForQuestionAnswering<distilbert_base>>() == 66'364'418);
}

TEST_CASE("the named MPNet config has the published number of parameters", "[zoo][mpnet]") {
    STATIC_REQUIRE(param_count<Mpnet<mpnet_base>>() == 109'486'464);
    // without the pooler, with a dense layer, a norm and a bias a token of the vocabulary
    STATIC_REQUIRE(param_count<MpnetForMaskedLM<mpnet_base>>() ==
                   param_count<Mpnet<mpnet_base, f32, false>>() + 768 * 769 + 2 * 768 + 30'527);
}

TEST_CASE("the named ELECTRA configs have the published numbers of parameters", "[zoo][electra]") {
    STATIC_REQUIRE(param_count<Electra<electra_small>>() == 13'483'008);
    STATIC_REQUIRE(param_count<Electra<electra_base>>() == 108'891'648);
    STATIC_REQUIRE(param_count<Electra<electra_large>>() == 334'092'288);
    STATIC_REQUIRE(param_count<ElectraForPreTraining<electra_small>>() == 13'549'057);
    STATIC_REQUIRE(param_count<ElectraForMaskedLM<electra_small>>() ==
                   13'483'008 + (256 * 128 + 128) + 2 * 128 + 30'522);
    STATIC_REQUIRE(param_count<ElectraForMultipleChoice<electra_small>>() ==
                   13'483'008 + 256 * 257 + 257);
}

TEST_CASE("the named ALBERT configs have the published numbers of parameters", "[zoo][albert]") {
    STATIC_REQUIRE(param_count<Albert<albert_base>>() == 11'683'584);
    STATIC_REQUIRE(param_count<Albert<albert_large>>() == 17'683'968);
    STATIC_REQUIRE(param_count<Albert<albert_xxlarge>>() == 222'595'584);
    STATIC_REQUIRE(param_count<AlbertForMaskedLM<albert_base>>() == 11'221'680);
    STATIC_REQUIRE(param_count<AlbertForPreTraining<albert_base>>() == 11'813'810);
    // Layers share their weights: more of them cost nothing, more groups do.
    constexpr AlbertConfig deep{.hidden_size = 768,
                                .num_hidden_layers = 24,
                                .num_attention_heads = 12,
                                .intermediate_size = 3072};
    constexpr AlbertConfig grouped{.hidden_size = 768,
                                   .num_hidden_groups = 2,
                                   .num_attention_heads = 12,
                                   .intermediate_size = 3072};
    STATIC_REQUIRE(param_count<Albert<deep>>() == 11'683'584);
    STATIC_REQUIRE(param_count<Albert<grouped>>() == 11'683'584 + 7'087'872);
}

TEST_CASE("counting without embeddings leaves out every table", "[zoo]") {
    // words, positions and token types of bert-base; and the relative positions of MPNet
    STATIC_REQUIRE(param_count<Bert<bert_base>>(true) == 109'482'240 - (30'522 + 512 + 2) * 768);
    STATIC_REQUIRE(param_count<Mpnet<mpnet_base>>(true) ==
                   109'486'464 - (30'527 + 514) * 768 - 32 * 12);
    STATIC_REQUIRE(fits<Bert<bert_tiny>>(17_MiB));
    STATIC_REQUIRE_FALSE(fits<Bert<bert_tiny>>(16_MiB));
}
