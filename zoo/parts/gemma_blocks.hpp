// What Gemma 2 and Gemma 3 add to Llama's blocks.
#pragma once

#include <array>
#include <cstddef>

#include "zoo/parts/llama_blocks.hpp"

namespace xzoo {

/// A layer whose attention and feed-forward block have a norm before and another behind them.
template <auto C>
struct Gemma2Layer {
    static constexpr LlamaShape shape = C.shape();
    using Attention = LlamaAttention<C>;
    using Mlp = LlamaMlp<shape.hidden, shape.inner, shape.mlp_bias>;
    using Norm = nn::RmsNorm<shape.hidden>;
    BOOST_HANA_DEFINE_STRUCT(Gemma2Layer, (Attention, self_attn), (Mlp, mlp),
                             (Norm, input_layernorm), (Norm, post_attention_layernorm),
                             (Norm, pre_feedforward_layernorm), (Norm, post_feedforward_layernorm));

    nn::DecoderLayerView view(std::size_t i) const {
        const auto norm = [](const Norm& n) { return n.view(shape.norm_eps, shape.norm_offset); };
        return {.attention_norm = norm(input_layernorm),
                .attention = self_attn.view(i),
                .after_attention = norm(post_attention_layernorm),
                .mlp_norm = norm(pre_feedforward_layernorm),
                .mlp = mlp.view(shape.activation),
                .after_mlp = norm(post_feedforward_layernorm)};
    }
};

template <auto C>
using Gemma2Body = LlamaBody<C, std::array<Gemma2Layer<C>, C.num_hidden_layers>>;

}  // namespace xzoo
