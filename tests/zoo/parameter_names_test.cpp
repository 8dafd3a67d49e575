#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "support.hpp"
#include "zoo/albert.hpp"
#include "zoo/bert.hpp"
#include "zoo/distilbert.hpp"
#include "zoo/electra.hpp"
#include "zoo/mpnet.hpp"
#include "zoo/roberta.hpp"
#include "zoo/xlm_roberta.hpp"

using namespace xzoo;

namespace {

template <class Model>
bool has(std::string_view name, const Shape& shape) {
    return std::any_of(params<Model>.begin(), params<Model>.end(), [&](const ParamInfo& param) {
        return param.name == name && param.shape == shape;
    });
}

template <class Model>
bool has_name(std::string_view name) {
    return std::any_of(params<Model>.begin(), params<Model>.end(),
                       [&](const ParamInfo& param) { return param.name == name; });
}

/// Every tied name is one that the model has no parameter for, and shares one that it has.
template <class Model>
void check_ties(std::size_t count) {
    INFO(Model::class_name);
    CHECK(Model::ties.size() == count);
    for (const Tie& tie : Model::ties) {
        INFO(tie.name << " = " << tie.source);
        CHECK(has_name<Model>(tie.source));
        CHECK_FALSE(has_name<Model>(tie.name));
    }
}

template <class Config>
constexpr Config untied(Config config) {
    config.tie_word_embeddings = false;
    return config;
}

}  // namespace

TEST_CASE("parameters have the names and shapes of checkpoints", "[zoo]") {
    CHECK(has<Bert<bert_base>>("encoder.layer.11.attention.self.query.weight", {768, 768}));
    CHECK(has<Bert<bert_base>>("pooler.dense.bias", {768}));
    CHECK_FALSE(has_name<Bert<bert_base, f32, false>>("pooler.dense.bias"));
    CHECK(has<BertForPreTraining<bert_base>>("cls.predictions.transform.LayerNorm.weight", {768}));
    CHECK(has<BertForPreTraining<bert_base>>("cls.seq_relationship.weight", {2, 768}));
    CHECK(has<RobertaForSequenceClassification<roberta_base>>("classifier.out_proj.weight",
                                                              {2, 768}));
    CHECK(has<RobertaForMultipleChoice<roberta_base>>("roberta.pooler.dense.weight", {768, 768}));
    CHECK(has<XlmRobertaForMaskedLM<xlm_roberta_base>>("roberta.embeddings.word_embeddings.weight",
                                                       {250002, 768}));
    CHECK(has<XlmRobertaForMaskedLM<xlm_roberta_base>>("lm_head.layer_norm.bias", {768}));
    CHECK(has<DistilBert<distilbert_base>>("transformer.layer.5.ffn.lin1.weight", {3072, 768}));
    CHECK(has<DistilBertForMaskedLM<distilbert_base>>("vocab_projector.bias", {30522}));
    CHECK(has<Mpnet<mpnet_base>>("encoder.relative_attention_bias.weight", {32, 12}));
    CHECK(has<MpnetForMaskedLM<mpnet_base>>("mpnet.encoder.layer.0.attention.attn.o.bias", {768}));
    CHECK(has<Electra<electra_small>>("embeddings_project.weight", {256, 128}));
    CHECK_FALSE(has_name<Electra<electra_base>>("embeddings_project.weight"));
    CHECK(has<ElectraForPreTraining<electra_small>>(
        "discriminator_predictions.dense_prediction.weight", {1, 256}));
    CHECK(has<ElectraForMultipleChoice<electra_small>>("sequence_summary.summary.weight",
                                                       {256, 256}));
    CHECK(has<Albert<albert_base>>("encoder.embedding_hidden_mapping_in.weight", {768, 128}));
    CHECK(has<Albert<albert_base>>(
        "encoder.albert_layer_groups.0.albert_layers.0.full_layer_layer_norm.weight", {768}));
    CHECK_FALSE(has_name<Albert<albert_base>>(
        "encoder.albert_layer_groups.1.albert_layers.0.full_layer_layer_norm.weight"));
    CHECK(has<AlbertForPreTraining<albert_base>>("sop_classifier.classifier.weight", {2, 768}));
    CHECK(has<AlbertForMaskedLM<albert_base>>("predictions.dense.weight", {128, 768}));
}

TEST_CASE("only tables are embeddings and only layers are kept in panels", "[zoo]") {
    for (const ParamInfo& param : params<MpnetForSequenceClassification<mpnet_base>>) {
        INFO(param.name);
        const bool table = param.name.find("_embeddings.") != std::string_view::npos ||
                           param.name.find("relative_attention_bias") != std::string_view::npos;
        const bool scores = param.name == "classifier.out_proj.weight";
        const ParamKind expected = table                   ? ParamKind::embedding
                                   : scores                ? ParamKind::head
                                   : param.shape.rank == 2 ? ParamKind::matrix
                                                           : ParamKind::plain;
        CHECK(param.kind == expected);
    }
}

TEST_CASE("language-model heads share the token table unless the config says otherwise", "[zoo]") {
    check_ties<BertForMaskedLM<bert_base>>(2);
    check_ties<BertLMHeadModel<bert_base>>(2);
    check_ties<BertForPreTraining<bert_base>>(2);
    check_ties<RobertaForMaskedLM<roberta_base>>(2);
    check_ties<RobertaForCausalLM<roberta_base>>(2);
    check_ties<XlmRobertaForMaskedLM<xlm_roberta_base>>(2);
    check_ties<DistilBertForMaskedLM<distilbert_base>>(1);
    check_ties<MpnetForMaskedLM<mpnet_base>>(2);
    check_ties<ElectraForMaskedLM<electra_small>>(1);
    check_ties<AlbertForMaskedLM<albert_base>>(2);
    check_ties<AlbertForPreTraining<albert_base>>(2);
    check_ties<Bert<bert_base>>(0);
    check_ties<BertForSequenceClassification<bert_base>>(0);

    constexpr BertConfig bert = untied(bert_tiny);
    check_ties<BertForMaskedLM<bert>>(1);  // the bias still has two names
    CHECK(has<BertForMaskedLM<bert>>("cls.predictions.decoder.weight", {30522, 128}));
    constexpr DistilBertConfig distilbert = untied(distilbert_base);
    check_ties<DistilBertForMaskedLM<distilbert>>(0);
    CHECK(has<DistilBertForMaskedLM<distilbert>>("vocab_projector.weight", {30522, 768}));
    constexpr ElectraConfig electra = untied(electra_small);
    check_ties<ElectraForMaskedLM<electra>>(0);
    CHECK(has<ElectraForMaskedLM<electra>>("generator_lm_head.weight", {30522, 128}));
    constexpr AlbertConfig albert = untied(albert_base);
    check_ties<AlbertForMaskedLM<albert>>(1);
    CHECK(has<AlbertForMaskedLM<albert>>("predictions.decoder.weight", {30000, 128}));
}

TEST_CASE("classes are called as checkpoints call them", "[zoo]") {
    CHECK(std::string_view{XlmRobertaForMaskedLM<xlm_roberta_base>::class_name} ==
          "XLMRobertaForMaskedLM");
    CHECK(std::string_view{XlmRoberta<xlm_roberta_bge_m3>::base_model_prefix} == "roberta");
    CHECK(std::string_view{XlmRoberta<xlm_roberta_bge_m3>::model_type} == "xlm-roberta");
    CHECK(std::string_view{Mpnet<mpnet_base>::class_name} == "MPNetModel");
    CHECK(std::string_view{BertLMHeadModel<bert_base>::class_name} == "BertLMHeadModel");
    CHECK(std::string_view{Electra<electra_small>::class_name} == "ElectraModel");
    CHECK(Albert<albert_base>::is_base_model);
    CHECK_FALSE(AlbertForMaskedLM<albert_base>::is_base_model);
}
