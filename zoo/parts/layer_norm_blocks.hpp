// Blocks of models that are built like Llama but for their norms, which are layer norms: OLMo's
// without parameters, StarCoder2's with weight and bias.
#pragma once

#include <array>
#include <cstddef>

#include "zoo/parts/llama_blocks.hpp"

namespace xzoo {

/// Mlp: view(activation) gives an MlpView.
template <auto C, class NormType, class MlpType>
struct LayerNormLayer {
    static constexpr LlamaShape shape = C.shape();
    using Attention = LlamaAttention<C>;
    using Mlp = MlpType;
    using Norm = NormType;
    BOOST_HANA_DEFINE_STRUCT(LayerNormLayer, (Attention, self_attn), (Mlp, mlp),
                             (Norm, input_layernorm), (Norm, post_attention_layernorm));

    nn::DecoderLayerView view(std::size_t i) const {
        nn::DecoderLayerView view{.attention_norm = input_layernorm.view(shape.norm_eps),
                                  .attention = self_attn.view(i),
                                  .mlp_norm = post_attention_layernorm.view(shape.norm_eps),
                                  .mlp = mlp.view(shape.activation)};
        if constexpr (requires { C.clip_qkv; })
            view.attention.clip = C.clip_qkv;
        return view;
    }
};

/// Token table, layers and final norm, on their own or below a head.
template <auto C, class NormType, class MlpType>
struct LayerNormBody {
    static constexpr LlamaShape shape = C.shape();
    using Tokens = nn::TokenTable<shape.vocabulary, shape.hidden, shape.tied>;
    using Layers = std::array<LayerNormLayer<C, NormType, MlpType>, C.num_hidden_layers>;
    using Norm = NormType;
    BOOST_HANA_DEFINE_STRUCT(LayerNormBody, (Tokens, embed_tokens), (Layers, layers), (Norm, norm));

    const Tokens& table() const { return embed_tokens; }
    nn::DecoderLayerView layer(std::size_t i) const { return layers[i].view(i); }

    nn::DecoderView decoder() const {
        return {.hidden = shape.hidden,
                .layers = C.num_hidden_layers,
                .heads = shape.heads,
                .kv_heads = shape.kv_heads,
                .head_dim = shape.head_dim,
                .tokens = embed_tokens.view(),
                .final_norm = norm.view(shape.norm_eps),
                .layer = nn::DecoderLayers{*this},
                .ropes = C.ropes(),
                .window = [](std::size_t i) { return C.window(i); }};
    }
};

}  // namespace xzoo
