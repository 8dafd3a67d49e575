// The self-attention of GPT-J and OPT, under the names of their checkpoints.
#pragma once

#include <cmath>
#include <cstddef>

#include "zoo/parts/decoder_heads.hpp"

namespace xzoo {

template <std::size_t Hidden, std::size_t Heads, bool Bias>
struct ProjectedAttention {
    using Projection = nn::LinearIf<Hidden, Hidden, Bias>;
    BOOST_HANA_DEFINE_STRUCT(ProjectedAttention, (Projection, k_proj), (Projection, v_proj),
                             (Projection, q_proj), (Projection, out_proj));

    /// rope  as in SelfAttentionView.
    nn::SelfAttentionView view(int rope) const {
        constexpr std::size_t head_dim = Hidden / Heads;
        return {.projections = {q_proj.view(), k_proj.view(), v_proj.view()},
                .layout = nn::HeadLayout::in_blocks(Heads, Heads, head_dim),
                .output = out_proj.view(),
                .heads = Heads,
                .kv_heads = Heads,
                .head_dim = head_dim,
                .scale = 1.0F / std::sqrt(static_cast<float>(head_dim)),
                .rope = rope};
    }
};

}  // namespace xzoo
