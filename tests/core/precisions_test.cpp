#include "xzoo/core/precisions.hpp"

#include "support.hpp"
#include "xzoo/core/params.hpp"
#include "zoo/bert.hpp"
#include "zoo/llama.hpp"

using namespace xzoo;

namespace {

constexpr LlamaConfig small_llama{.vocab_size = 97,
                                  .hidden_size = 32,
                                  .intermediate_size = 48,
                                  .num_hidden_layers = 2,
                                  .num_attention_heads = 4,
                                  .num_key_value_heads = 2,
                                  .tie_word_embeddings = true};

/// The precision of one parameter of a type.
template <class Model>
consteval Precision kept(std::string_view name) {
    for (const ParamInfo& param : params<Model>)
        if (param.name == name)
            return param.precision;
    throw "there is no such parameter";
}

}  // namespace

TEST_CASE("patterns match names, '*' any part of them", "[core]") {
    STATIC_REQUIRE(matches("a.weight", "a.weight"));
    STATIC_REQUIRE_FALSE(matches("a.weight", "a.bias"));
    STATIC_REQUIRE_FALSE(matches("a.weight", "weight"));
    STATIC_REQUIRE_FALSE(matches("a.weight", "a.weight."));
    STATIC_REQUIRE_FALSE(matches("a.weights", "a.weight"));
    STATIC_REQUIRE(matches("a.weight", "*weight"));
    STATIC_REQUIRE(matches("a.weight", "*"));
    STATIC_REQUIRE(matches("", "*"));
    STATIC_REQUIRE(matches("", ""));
    STATIC_REQUIRE_FALSE(matches("a", ""));
    STATIC_REQUIRE(matches("layers.11.mlp.down_proj.weight", "layers.*.down_proj.*"));
    STATIC_REQUIRE_FALSE(matches("layers.11.mlp.up_proj.weight", "layers.*.down_proj.*"));
    // The star has to be tried again further on.
    STATIC_REQUIRE(matches("abcabd", "*abd"));
    STATIC_REQUIRE(matches("aab", "*ab*"));
    STATIC_REQUIRE(matches("a.b.c", "*.*.*"));
    STATIC_REQUIRE_FALSE(matches("a.b", "*.*.*"));
}

TEST_CASE("each kind of parameter has its precision, and rules come first", "[core]") {
    constexpr Precisions mixed{.weights = Precision::bf16, .head = Precision::f32};
    STATIC_REQUIRE(mixed.of("x", ParamKind::matrix) == Precision::bf16);
    STATIC_REQUIRE(mixed.of("x", ParamKind::conv1d) == Precision::bf16);
    STATIC_REQUIRE(mixed.of("x", ParamKind::head) == Precision::f32);
    STATIC_REQUIRE(mixed.of("x", ParamKind::vocabulary) == Precision::f32);
    STATIC_REQUIRE(mixed.of("x", ParamKind::embedding) == Precision::bf16);  // as the weights
    STATIC_REQUIRE(mixed.of("x", ParamKind::plain) == Precision::f32);
    constexpr Precisions ruled =
        bf16.keeping("*.first", Precision::f32).keeping("a.*", Precision::bf16);
    STATIC_REQUIRE(ruled.of("a.first", ParamKind::matrix) == Precision::f32);  // the first rule
    STATIC_REQUIRE(ruled.of("a.second", ParamKind::embedding) == Precision::bf16);
    STATIC_REQUIRE(bf16.keeping("*", Precision::bf16).of("norm", ParamKind::plain) ==
                   Precision::f32);
    STATIC_REQUIRE(bf16.keeping("*", Precision::f32) != bf16);
}

TEST_CASE("a model's parameters have the precisions of its type", "[core]") {
    using Plain = LlamaForCausalLM<small_llama>;
    using Narrow = LlamaForCausalLM<small_llama, bf16>;
    STATIC_REQUIRE(precisions_of<Narrow> == bf16);
    STATIC_REQUIRE(precisions_of<Plain> == f32);
    STATIC_REQUIRE(precisions_of<Bert<bert_tiny, bf16, false>> == bf16);
    STATIC_REQUIRE(kept<Plain>("model.layers.1.mlp.up_proj.weight") == Precision::f32);
    STATIC_REQUIRE(kept<Narrow>("model.layers.1.mlp.up_proj.weight") == Precision::bf16);
    STATIC_REQUIRE(kept<Narrow>("model.embed_tokens.weight") == Precision::bf16);
    STATIC_REQUIRE(kept<Narrow>("model.norm.weight") == Precision::f32);
    STATIC_REQUIRE(std::is_same_v<WithPrecisions<Plain, bf16>, Narrow>);
    STATIC_REQUIRE(std::is_same_v<WithPrecisions<Bert<bert_tiny, bf16, false>, f32>,
                                  Bert<bert_tiny, f32, false>>);
    // Norms: 5 of 32 numbers.
    STATIC_REQUIRE(param_count<Narrow>() == param_count<Plain>());
    STATIC_REQUIRE(param_bytes<Plain>() == 4 * param_count<Plain>());
    STATIC_REQUIRE(param_bytes<Narrow>() == 2 * param_count<Narrow>() + 2 * 5 * 32);
    constexpr Precisions ruled = bf16.keeping("*.down_proj.weight", Precision::f32);
    STATIC_REQUIRE(param_bytes<WithPrecisions<Plain, ruled>>() ==
                   param_bytes<Narrow>() + 2 * 2 * 32 * 48);
}
