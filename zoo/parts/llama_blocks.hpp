// Blocks under the names that Llama's checkpoints gave them; Mistral, Mixtral, Qwen and Gemma share
// them. A config says by shape() what its family's blocks consist of.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "zoo/parts/decoder_heads.hpp"
#include "zoo/parts/llama_shape.hpp"

namespace xzoo {

/// q_proj, k_proj, v_proj and o_proj, with norms of the heads where the family has them.
template <auto C>
struct LlamaAttention {
    static constexpr LlamaShape shape = C.shape();
    using Query = nn::LinearIf<shape.heads * shape.head_dim, shape.hidden, shape.qkv_bias>;
    using KeyValue = nn::LinearIf<shape.kv_heads * shape.head_dim, shape.hidden, shape.qkv_bias>;
    using Output = nn::LinearIf<shape.hidden, shape.heads * shape.head_dim, shape.output_bias>;
    using HeadNorm = If<shape.head_norms, nn::RmsNorm<shape.head_dim>>;
    BOOST_HANA_DEFINE_STRUCT(LlamaAttention, (Query, q_proj), (KeyValue, k_proj),
                             (KeyValue, v_proj), (Output, o_proj), (HeadNorm, q_norm),
                             (HeadNorm, k_norm));

    /// i: the layer's number.
    nn::SelfAttentionView view(std::size_t i) const {
        nn::SelfAttentionView view{
            .projections = {q_proj.view(), k_proj.view(), v_proj.view()},
            .layout = nn::HeadLayout::in_blocks(shape.heads, shape.kv_heads, shape.head_dim),
            .output = o_proj.view(),
            .heads = shape.heads,
            .kv_heads = shape.kv_heads,
            .head_dim = shape.head_dim,
            .scale = 1.0F / std::sqrt(shape.score_divisor),
            .softcap = shape.score_softcap,
            .window = C.window(i)};
        if constexpr (shape.head_norms) {
            view.query_norm = q_norm.view(shape.norm_eps, shape.norm_offset);
            view.key_norm = k_norm.view(shape.norm_eps, shape.norm_offset);
        }
        if constexpr (requires { C.rope_of(i); })
            view.rope = C.rope_of(i);
        return view;
    }
};

/// down_proj(act(gate_proj(x)) * up_proj(x)).
template <std::size_t Hidden, std::size_t Inner, bool Bias>
struct LlamaMlp {
    using In = nn::LinearIf<Inner, Hidden, Bias>;
    using Out = nn::LinearIf<Hidden, Inner, Bias>;
    BOOST_HANA_DEFINE_STRUCT(LlamaMlp, (In, gate_proj), (In, up_proj), (Out, down_proj));

    nn::MlpView view(Activation activation) const {
        return {.gate = gate_proj.view(),
                .up = up_proj.view(),
                .down = down_proj.view(),
                .activation = activation};
    }
};

/// The parameters of layer i with a norm before its attention and one before its feed-forward
/// block. Feed: view(activation) gives an MlpView or an ExpertsView.
template <auto C, class Norm, class Attention, class Feed>
nn::DecoderLayerView llama_layer(std::size_t i, const Norm& attention_norm,
                                 const Attention& attention, const Norm& feed_norm,
                                 const Feed& feed) {
    constexpr LlamaShape shape = C.shape();
    nn::DecoderLayerView view{
        .attention_norm = attention_norm.view(shape.norm_eps, shape.norm_offset),
        .attention = attention.view(i),
        .mlp_norm = feed_norm.view(shape.norm_eps, shape.norm_offset)};
    if constexpr (requires { view.mlp = feed.view(shape.activation); })
        view.mlp = feed.view(shape.activation);
    else
        view.experts = feed.view(shape.activation);
    return view;
}

/// Feed: the feed-forward block, see llama_layer.
template <auto C, class Feed = LlamaMlp<C.shape().hidden, C.shape().inner, C.shape().mlp_bias>>
struct LlamaLayer {
    using Attention = LlamaAttention<C>;
    using Mlp = Feed;
    using Norm = nn::RmsNorm<C.shape().hidden>;
    BOOST_HANA_DEFINE_STRUCT(LlamaLayer, (Attention, self_attn), (Mlp, mlp),
                             (Norm, input_layernorm), (Norm, post_attention_layernorm));

    nn::DecoderLayerView view(std::size_t i) const {
        return llama_layer<C>(i, input_layernorm, self_attn, post_attention_layernorm, mlp);
    }
};

/// Token table, layers and final norm: the parameters of LlamaModel and its like, on their own or
/// below a head. Layer: view(i) gives the parameters of layer i.
template <auto C, class Layers = std::array<LlamaLayer<C>, C.num_hidden_layers>>
struct LlamaBody {
    static constexpr LlamaShape shape = C.shape();
    static constexpr float logit_softcap = shape.logit_softcap;
    using Tokens = nn::TokenTable<shape.vocabulary, shape.hidden, shape.tied>;
    using Norm = nn::RmsNorm<shape.hidden>;
    using Stack = Layers;
    BOOST_HANA_DEFINE_STRUCT(LlamaBody, (Tokens, embed_tokens), (Stack, layers), (Norm, norm));

    const Tokens& table() const { return embed_tokens; }

    nn::DecoderLayerView layer(std::size_t i) const {
        if constexpr (requires { layers.visit(i, [](const auto&) {}); })
            return layers.visit(i, [i](const auto& block) { return block.view(i); });
        else
            return layers[i].view(i);
    }

    nn::DecoderView decoder() const {
        return {.hidden = shape.hidden,
                .layers = C.num_hidden_layers,
                .heads = shape.heads,
                .kv_heads = shape.kv_heads,
                .head_dim = shape.head_dim,
                .tokens = embed_tokens.view(),
                .embedding_scale = std::sqrt(shape.embedding_square),
                .final_norm = norm.view(shape.norm_eps, shape.norm_offset),
                .layer = nn::DecoderLayers{*this},
                .ropes = C.ropes(),
                .window = [](std::size_t i) { return C.window(i); }};
    }
};

/// What all classes of such a family share. Rules: the checks of the config.
template <auto C, class Rules>
struct LlamaCommon : DecoderCommon<C, Rules, nn::DecoderLimits{.vocab_size = C.vocab_size}> {
    static constexpr const char* base_model_prefix = "model";
    static constexpr std::array<std::string_view, 2> family_parts{"lm_head.", "score."};
    static constexpr std::size_t max_positions = C.max_position_embeddings;
    static constexpr auto language_ties =
        tied_head<C.shape().tied>({"lm_head.weight", "model.embed_tokens.weight"});
};

}  // namespace xzoo
