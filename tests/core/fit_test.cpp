#include "xzoo/core/fit.hpp"

#include <array>

#include "tests/support.hpp"
#include "zoo/bert.hpp"

namespace {

using namespace xzoo;
using detail::Fault;

struct Norm {
    BOOST_HANA_DEFINE_STRUCT(Norm, (Param<8>, weight), (Param<8>, bias));
};
struct Encoder {
    using Table = EmbeddingParam<30522, 8>;
    BOOST_HANA_DEFINE_STRUCT(Encoder, (Table, words), (Norm, LayerNorm));
};
struct Bare : Encoder {
    static constexpr const char* class_name = "BertModel";
    static constexpr const char* base_model_prefix = "bert";
    static constexpr bool is_base_model = true;
    static constexpr std::array<Tie, 0> ties{};
};
struct Task {
    static constexpr const char* class_name = "BertForMaskedLM";
    static constexpr const char* base_model_prefix = "bert";
    static constexpr bool is_base_model = false;
    static constexpr std::array<Tie, 1> ties{{{"decoder", "bert.words"}}};
    BOOST_HANA_DEFINE_STRUCT(Task, (Encoder, bert), (Param<30522>, bias));
};

template <std::size_t Size>
constexpr WeightEntry entry_of(const char* architecture,
                               const std::array<TensorRecord, Size>& tensors) {
    return {.architecture = architecture, .tensors = tensors};
}
template <class Model, const auto& Entry>
constexpr Fault fault = detail::TensorCheck<Model, Entry>::fault;

constexpr Shape table{30522, 8};
constexpr std::array<TensorRecord, 4> task_tensors{{{"bert.LayerNorm.bias", Dtype::f32, {8}},
                                                    {"bert.LayerNorm.weight", Dtype::f32, {8}},
                                                    {"bert.words", Dtype::f32, table},
                                                    {"bias", Dtype::f32, {30522}}}};
constexpr std::array<TensorRecord, 3> bare_tensors{{{"LayerNorm.bias", Dtype::f32, {8}},
                                                    {"LayerNorm.weight", Dtype::f32, {8}},
                                                    {"words", Dtype::f32, table}}};
constexpr std::array<TensorRecord, 3> old_tensors{{{"LayerNorm.beta", Dtype::f32, {8}},
                                                   {"LayerNorm.gamma", Dtype::f32, {8}},
                                                   {"words", Dtype::f32, table}}};
constexpr std::array<TensorRecord, 4> tied_tensors{{{"bert.LayerNorm.bias", Dtype::f32, {8}},
                                                    {"bert.LayerNorm.weight", Dtype::f32, {8}},
                                                    {"bias", Dtype::f32, {30522}},
                                                    {"decoder", Dtype::f32, table}}};
constexpr std::array<TensorRecord, 3> other_shapes{{{"LayerNorm.bias", Dtype::f32, {9}},
                                                    {"LayerNorm.weight", Dtype::f32, {1, 8}},
                                                    {"words", Dtype::f32, table}}};

constexpr WeightEntry of_task = entry_of("BertForMaskedLM", task_tensors);
constexpr WeightEntry of_bare = entry_of("BertModel", bare_tensors);
constexpr WeightEntry of_task_without_head = entry_of("BertForMaskedLM", bare_tensors);
constexpr WeightEntry old = entry_of("BertModel", old_tensors);
constexpr WeightEntry tied = entry_of("BertForMaskedLM", tied_tensors);
constexpr WeightEntry misshapen = entry_of("BertModel", other_shapes);
constexpr WeightEntry unknown{.architecture = "BertModel"};

}  // namespace

TEST_CASE("the tensors of an entry serve a model with and without the base model's prefix",
          "[core]") {
    STATIC_REQUIRE(fault<Task, of_task>.kind == Fault::Kind::none);
    STATIC_REQUIRE(fault<Bare, of_task>.kind == Fault::Kind::none);
    STATIC_REQUIRE(fault<Bare, of_bare>.kind == Fault::Kind::none);
    STATIC_REQUIRE(fault<Bare, old>.kind == Fault::Kind::none);
    STATIC_REQUIRE(fault<Task, tied>.kind == Fault::Kind::none);
    STATIC_REQUIRE(CheckTensors<Task, unknown>::checked);
}

TEST_CASE("a head may be missing in an entry of another class, and only there", "[core]") {
    STATIC_REQUIRE(fault<Task, of_bare>.kind == Fault::Kind::none);
    STATIC_REQUIRE(fault<Task, of_task_without_head>.kind == Fault::Kind::missing);
    STATIC_REQUIRE(params<Task>[fault<Task, of_task_without_head>.param].name == "bias");
    STATIC_REQUIRE(fault<Bare, tied>.kind == Fault::Kind::missing);  // only the task knows the tie
    STATIC_REQUIRE(params<Bare>[fault<Bare, tied>.param].name == "words");
}

TEST_CASE("a tensor of another shape or rank is found, with its shape", "[core]") {
    STATIC_REQUIRE(fault<Bare, misshapen>.kind == Fault::Kind::shape);
    STATIC_REQUIRE(fault<Bare, misshapen>.in_entry == Shape{1, 8});
    STATIC_REQUIRE(params<Bare>[fault<Bare, misshapen>.param].name == "LayerNorm.weight");
}

TEST_CASE("config fields matter by class", "[core]") {
    CHECK(config_field_matters("hidden_size", "BertModel", false));
    CHECK(config_field_matters("is_decoder", "BertModel", true));
    CHECK_FALSE(config_field_matters("is_decoder", "BertLMHeadModel", false));
    CHECK(config_field_matters("num_labels", "BertForTokenClassification", true));
    CHECK_FALSE(config_field_matters("num_labels", "BertForTokenClassification", false));
    CHECK_FALSE(config_field_matters("num_labels", "BertModel", true));
    CHECK_FALSE(config_field_matters("num_labels", "BertForQuestionAnswering", true));
}

TEST_CASE("fields that do not matter are taken from the model", "[core]") {
    constexpr BertConfig decoder{.is_decoder = true, .num_labels = 9};
    STATIC_REQUIRE(matching_fields(decoder, bert_base, "BertLMHeadModel", "BertForMaskedLM") ==
                   decoder);
    STATIC_REQUIRE(matching_fields(decoder, bert_large, "BertLMHeadModel", "BertForMaskedLM") !=
                   decoder);
    STATIC_REQUIRE(matching_fields(decoder, bert_base, "BertForSequenceClassification",
                                   "BertForSequenceClassification") == bert_base);
}
