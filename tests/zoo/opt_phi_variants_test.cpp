// OPT and Phi in variants that no one published checkpoint has all of, each put together as
// transformers 4.46 has its forward pass.
#include <cmath>
#include <cstddef>
#include <string>

#include "zoo/check_variant.hpp"
#include "zoo/opt.hpp"
#include "zoo/phi.hpp"

using namespace xzoo;
using namespace xzoo::test;

namespace xzoo::test {

template <OptConfig C>
Rows plain(const RandomModel<OptForCausalLM<C>>& model, const Ids& ids) {
    const PlainLayers<OptForCausalLM<C>> layers{model};
    const std::string root = "model.decoder.";
    const std::size_t size = C.hidden_size;
    Rows x = layers.look_up(root + "embed_tokens", ids, C.word_size());
    if (layers.has(root + "project_in"))
        x = layers.linear(x, root + "project_in", C.word_size());
    Ids positions;
    for (std::size_t t = 0; t < ids.size(); ++t)
        positions.push_back(static_cast<std::uint32_t>(t + 2));
    x = x + layers.look_up(root + "embed_positions", positions, size);
    for (std::size_t l = 0; l < C.num_hidden_layers; ++l) {
        const std::string name = root + "layers." + std::to_string(l) + '.';
        const auto norm = [&](const Rows& rows, const char* which) {
            return layers.norm(rows, name + which, size);
        };
        const Rows a = C.do_layer_norm_before ? norm(x, "self_attn_layer_norm") : x;
        const Rows attended = attend({C.num_attention_heads, C.num_attention_heads},
                                     layers.linear(a, name + "self_attn.q_proj", size),
                                     layers.linear(a, name + "self_attn.k_proj", size),
                                     layers.linear(a, name + "self_attn.v_proj", size), ids.size());
        x = x + layers.linear(attended, name + "self_attn.out_proj", size);
        if (!C.do_layer_norm_before)
            x = norm(x, "self_attn_layer_norm");
        x = x + layers.mlp(C.do_layer_norm_before ? norm(x, "final_layer_norm") : x, name + "fc1",
                           name + "fc2", C.activation_function, size, C.ffn_dim);
        if (!C.do_layer_norm_before)
            x = norm(x, "final_layer_norm");
    }
    if (C.has_final_norm())
        x = layers.norm(x, root + "final_layer_norm", size);
    if (layers.has(root + "project_out"))
        x = layers.linear(x, root + "project_out", size);
    return layers.linear(x, root + "embed_tokens", C.word_size());
}

template <PhiConfig C>
Rows plain(const RandomModel<PhiForCausalLM<C>>& model, const Ids& ids) {
    const PlainLayers<PhiForCausalLM<C>> layers{model};
    const std::size_t size = C.hidden_size;
    const std::size_t dim = C.head_size();
    Rows x = layers.look_up("model.embed_tokens", ids, size);
    for (std::size_t l = 0; l < C.num_hidden_layers; ++l) {
        const std::string name = "model.layers." + std::to_string(l) + '.';
        const Rows a = layers.norm(x, name + "input_layernorm", size);
        Rows query = layers.linear(a, name + "self_attn.q_proj", size);
        Rows key = layers.linear(a, name + "self_attn.k_proj", size);
        if (C.qk_layernorm) {
            query = layers.norm(query, name + "self_attn.q_layernorm", dim);
            key = layers.norm(key, name + "self_attn.k_layernorm", dim);
        }
        const Rows attended = attend({C.num_attention_heads, C.kv_heads()},
                                     rotate(query, C.num_attention_heads, dim, C.rotary_dims()),
                                     rotate(key, C.kv_heads(), dim, C.rotary_dims()),
                                     layers.linear(a, name + "self_attn.v_proj", size), ids.size());
        x = x + layers.linear(attended, name + "self_attn.dense", size) +
            layers.mlp(a, name + "mlp.fc1", name + "mlp.fc2", C.hidden_act, size,
                       C.intermediate_size);
    }
    return layers.linear(layers.norm(x, "model.final_layernorm", size), "lm_head", size);
}

constexpr OptConfig small_opt{.vocab_size = vocabulary,
                              .hidden_size = 36,
                              .num_hidden_layers = 2,
                              .ffn_dim = 50,
                              .max_position_embeddings = 50,
                              .num_attention_heads = 3};

constexpr PhiConfig small_phi{.vocab_size = vocabulary,
                              .hidden_size = 60,
                              .intermediate_size = 50,
                              .num_hidden_layers = 2,
                              .num_attention_heads = 6,
                              .partial_rotary_factor = 0.4F};

}  // namespace xzoo::test

TEST_CASE("OPT's variants equal a plain model", "[zoo][opt]") {
    constexpr OptConfig projected = changed(small_opt, [](OptConfig& c) {
        c.word_embed_proj_dim = 20;
        c.do_layer_norm_before = false;
    });
    constexpr OptConfig bare = changed(small_opt, [](OptConfig& c) {
        c.enable_bias = c.layer_norm_elementwise_affine = false;
        c.word_embed_proj_dim = 44;
    });
    constexpr OptConfig unfinished =
        changed(small_opt, [](OptConfig& c) { c._remove_final_layer_norm = true; });
    check_variant<OptForCausalLM<projected>>();
    check_variant<OptForCausalLM<bare>>();
    check_variant<OptForCausalLM<unfinished>>();
}

TEST_CASE("OPT's last hidden state is what it returns, as wide as the token table", "[zoo][opt]") {
    constexpr OptConfig projected =
        changed(small_opt, [](OptConfig& c) { c.word_embed_proj_dim = 20; });
    const RandomModel<Opt<projected>> model;
    const auto output =
        model.run({.input_ids = xt::ones<std::uint32_t>({2, 5}), .output_hidden_states = true});
    CHECK(output.hidden_states.front().shape(2) == 36);
    CHECK(output.hidden_states.back().shape(2) == 20);
    CHECK(output.hidden_states.back() == output.last_hidden_state);
}

TEST_CASE("Phi's variants equal a plain model", "[zoo][phi]") {
    constexpr PhiConfig normed = changed(small_phi, [](PhiConfig& c) {
        c.qk_layernorm = true;
        c.num_key_value_heads = 1;
    });
    check_variant<PhiForCausalLM<small_phi>>();
    check_variant<PhiForCausalLM<normed>>();
}
