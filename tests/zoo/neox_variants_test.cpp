// GPT-NeoX, BLOOM and Falcon in variants that no one published checkpoint has all of, each put
// together as transformers 4.46 has its forward pass.
#include <cmath>
#include <cstddef>
#include <string>

#include "zoo/bloom.hpp"
#include "zoo/check_variant.hpp"
#include "zoo/falcon.hpp"
#include "zoo/gpt_neox.hpp"

using namespace xzoo;
using namespace xzoo::test;

namespace xzoo::test {

/// The slope of a head of twelve: eight, and every other of sixteen for the rest.
static double slope_of_twelve(std::size_t head) {
    const auto number = static_cast<double>(head);
    return std::exp2(head < 8 ? -number - 1.0 : 7.5 - number);
}

template <FalconConfig C>
Rows plain(const RandomModel<FalconForCausalLM<C>>& model, const Ids& ids) {
    const PlainLayers<FalconForCausalLM<C>> layers{model};
    const std::size_t size = C.hidden_size;
    const std::size_t dim = C.head_size();
    const std::size_t group = C.num_attention_heads / C.kv_heads();
    Rows x = layers.look_up("transformer.word_embeddings", ids, size);
    for (std::size_t l = 0; l < C.num_hidden_layers; ++l) {
        const std::string name = "transformer.h." + std::to_string(l) + '.';
        const bool two = layers.has(name + "ln_attn");
        const Rows a = layers.norm(x, name + (two ? "ln_attn" : "input_layernorm"), size);
        const Rows fused = layers.linear(a, name + "self_attention.query_key_value", size);
        const std::size_t width = (group + 2) * dim;
        Rows query = columns(fused, width, 0, group * dim);
        Rows key = columns(fused, width, group * dim, dim);
        PlainAttention attention{C.num_attention_heads, C.kv_heads()};
        if (C.alibi)
            attention.bias = [](std::size_t head, std::size_t position) {
                const float product = BFloat16::from(static_cast<float>(slope_of_twelve(head))) *
                                      BFloat16::from(static_cast<float>(position));
                return 2.0 * double{BFloat16::from(product)} /
                       std::sqrt(static_cast<double>(C.head_size()));  // in scores and mask
            };
        else {
            query = rotate(query, C.num_attention_heads, dim, dim);
            key = rotate(key, C.kv_heads(), dim, dim);
        }
        const Rows attended =
            layers.linear(attend(attention, query, key,
                                 columns(fused, width, (group + 1) * dim, dim), ids.size()),
                          name + "self_attention.dense", size);
        const Rows after = x + attended;
        const Rows m = two ? layers.norm(x, name + "ln_mlp", size)
                       : C.parallel_attn
                           ? a
                           : layers.norm(after, name + "post_attention_layernorm", size);
        x = after + layers.mlp(m, name + "mlp.dense_h_to_4h", name + "mlp.dense_4h_to_h",
                               C.activation, size, C.inner());
    }
    x = layers.norm(x, "transformer.ln_f", size);
    return layers.linear(x, C.tie_word_embeddings ? "transformer.word_embeddings" : "lm_head",
                         size);
}

template <BloomConfig C>
Rows plain(const RandomModel<BloomForCausalLM<C>>& model, const Ids& ids) {
    const PlainLayers<BloomForCausalLM<C>> layers{model};
    const std::size_t size = C.hidden_size;
    const std::size_t dim = C.head_size();
    Rows x = layers.look_up("transformer.word_embeddings", ids, size);
    x = layers.norm(x, "transformer.word_embeddings_layernorm", size);
    for (std::size_t l = 0; l < C.n_layer; ++l) {
        const std::string name = "transformer.h." + std::to_string(l) + '.';
        const Rows a = layers.norm(x, name + "input_layernorm", size);
        const Rows fused = layers.linear(a, name + "self_attention.query_key_value", size);
        const PlainAttention attention{C.n_head, C.n_head, [](std::size_t head, std::size_t key) {
                                           return slope_of_twelve(head) * static_cast<double>(key);
                                       }};
        const Rows attended =
            attend(attention, columns(fused, 3 * dim, 0, dim), columns(fused, 3 * dim, dim, dim),
                   columns(fused, 3 * dim, 2 * dim, dim), ids.size());
        const bool late = C.apply_residual_connection_post_layernorm;
        x = (late ? a : x) + layers.linear(attended, name + "self_attention.dense", size);
        const Rows m = layers.norm(x, name + "post_attention_layernorm", size);
        x = (late ? m : x) + layers.mlp(m, name + "mlp.dense_h_to_4h", name + "mlp.dense_4h_to_h",
                                        Activation::gelu_new, size, 4 * size);
    }
    x = layers.norm(x, "transformer.ln_f", size);
    return layers.linear(x, "transformer.word_embeddings", size);
}

template <GptNeoXConfig C>
Rows plain(const RandomModel<GptNeoXForCausalLM<C>>& model, const Ids& ids) {
    const PlainLayers<GptNeoXForCausalLM<C>> layers{model};
    const std::size_t size = C.hidden_size;
    const std::size_t heads = C.num_attention_heads;
    const std::size_t dim = C.head_size();
    Rows x = layers.look_up("gpt_neox.embed_in", ids, size);
    for (std::size_t l = 0; l < C.num_hidden_layers; ++l) {
        const std::string name = "gpt_neox.layers." + std::to_string(l) + '.';
        const Rows fused = layers.linear(layers.norm(x, name + "input_layernorm", size),
                                         name + "attention.query_key_value", size);
        const Rows attended = attend(
            {heads, heads}, rotate(columns(fused, 3 * dim, 0, dim), heads, dim, C.rotary_dims()),
            rotate(columns(fused, 3 * dim, dim, dim), heads, dim, C.rotary_dims()),
            columns(fused, 3 * dim, 2 * dim, dim), ids.size());
        const Rows after = x + layers.linear(attended, name + "attention.dense", size);
        const Rows m = layers.norm(C.use_parallel_residual ? x : after,
                                   name + "post_attention_layernorm", size);
        x = after + layers.mlp(m, name + "mlp.dense_h_to_4h", name + "mlp.dense_4h_to_h",
                               C.hidden_act, size, C.intermediate_size);
    }
    x = layers.norm(x, "gpt_neox.final_layer_norm", size);
    return layers.linear(x, C.tie_word_embeddings ? "gpt_neox.embed_in" : "embed_out", size);
}

constexpr FalconConfig small_falcon{.vocab_size = vocabulary,
                                    .hidden_size = 72,
                                    .num_hidden_layers = 2,
                                    .num_attention_heads = 12,
                                    .ffn_hidden_size = 50};

constexpr GptNeoXConfig small_neox{.vocab_size = vocabulary,
                                   .hidden_size = 36,
                                   .num_hidden_layers = 2,
                                   .num_attention_heads = 3,
                                   .intermediate_size = 50,
                                   .rotary_pct = 0.34F};

}  // namespace xzoo::test

TEST_CASE("Falcon's variants equal a plain model", "[zoo][falcon]") {
    constexpr FalconConfig grouped = changed(small_falcon, [](FalconConfig& c) {
        c.new_decoder_architecture = true;
        c.num_kv_heads = 2;
    });
    constexpr FalconConfig one_norm = changed(grouped, [](FalconConfig& c) {
        c.num_ln_in_parallel_attn = 1;
        c.alibi = c.bias = true;
        c.tie_word_embeddings = false;
    });
    constexpr FalconConfig rw = changed(small_falcon, [](FalconConfig& c) {
        c.multi_query = c.parallel_attn = false;
        c.alibi = c.bias = true;
    });
    check_variant<FalconForCausalLM<small_falcon>>();
    check_variant<FalconForCausalLM<grouped>>();
    check_variant<FalconForCausalLM<one_norm>>();
    check_variant<FalconForCausalLM<rw>>();
}

TEST_CASE("BLOOM's variants equal a plain model", "[zoo][bloom]") {
    constexpr BloomConfig plain_residual{
        .vocab_size = vocabulary, .hidden_size = 36, .n_layer = 2, .n_head = 12};
    constexpr BloomConfig late_residual = changed(
        plain_residual, [](BloomConfig& c) { c.apply_residual_connection_post_layernorm = true; });
    check_variant<BloomForCausalLM<plain_residual>>();
    check_variant<BloomForCausalLM<late_residual>>();
}

TEST_CASE("GPT-NeoX's variants equal a plain model", "[zoo][gpt_neox]") {
    constexpr GptNeoXConfig sequential = changed(small_neox, [](GptNeoXConfig& c) {
        c.use_parallel_residual = c.attention_bias = false;
        c.rotary_pct = 1.0F;
        c.tie_word_embeddings = true;
    });
    check_variant<GptNeoXForCausalLM<small_neox>>();
    check_variant<GptNeoXForCausalLM<sequential>>();
}
