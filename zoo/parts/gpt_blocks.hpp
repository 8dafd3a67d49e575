// Blocks that GPT and GPT-2 share, under the names of their checkpoints; linear layers are stored
// (in, out).
#pragma once

#include <cstddef>

#include "zoo/parts/decoder_heads.hpp"

namespace xzoo {

template <std::size_t Hidden, std::size_t Heads>
struct GptAttention {
    using Qkv = nn::Conv1D<Hidden, 3 * Hidden>;
    using Output = nn::Conv1D<Hidden, Hidden>;
    BOOST_HANA_DEFINE_STRUCT(GptAttention, (Qkv, c_attn), (Output, c_proj));

    nn::SelfAttentionView view(float scale) const {
        constexpr std::size_t head_dim = Hidden / Heads;
        return {.projections = {c_attn.view()},
                .fused = true,
                .layout = nn::HeadLayout::in_blocks(Heads, Heads, head_dim),
                .output = c_proj.view(),
                .heads = Heads,
                .kv_heads = Heads,
                .head_dim = head_dim,
                .scale = scale,
                .rope = -1};
    }
};

template <std::size_t Hidden, std::size_t Inner>
struct GptMlp {
    using In = nn::Conv1D<Hidden, Inner>;
    using Out = nn::Conv1D<Inner, Hidden>;
    BOOST_HANA_DEFINE_STRUCT(GptMlp, (In, c_fc), (Out, c_proj));

    nn::MlpView view(Activation activation) const {
        return {.up = c_fc.view(), .down = c_proj.view(), .activation = activation};
    }
};

template <std::size_t Hidden, std::size_t Heads, std::size_t Inner>
struct GptBlock {
    using Norm = nn::LayerNorm<Hidden>;
    using Attention = GptAttention<Hidden, Heads>;
    using Mlp = GptMlp<Hidden, Inner>;
    BOOST_HANA_DEFINE_STRUCT(GptBlock, (Norm, ln_1), (Attention, attn), (Norm, ln_2), (Mlp, mlp));

    /// scale  of the attention's scores.
    nn::DecoderLayerView view(nn::LayerOrder order, float scale, Activation activation,
                              float norm_eps) const {
        return {.order = order,
                .attention_norm = ln_1.view(norm_eps),
                .attention = attn.view(scale),
                .mlp_norm = ln_2.view(norm_eps),
                .mlp = mlp.view(activation)};
    }
};

}  // namespace xzoo
