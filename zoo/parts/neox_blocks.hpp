// Blocks that GPT-NeoX, BLOOM and Falcon share, under the names of their checkpoints.
#pragma once

#include <cmath>
#include <cstddef>

#include "zoo/parts/decoder_heads.hpp"

namespace xzoo {

/// One layer makes the queries, keys and values of each group of heads side by side.
template <std::size_t Hidden, std::size_t Heads, std::size_t KvHeads, bool Bias>
struct NeoXAttention {
    static constexpr std::size_t head_dim = Hidden / Heads;
    using Qkv = nn::LinearIf<(Heads + 2 * KvHeads) * head_dim, Hidden, Bias>;
    using Output = nn::LinearIf<Hidden, Hidden, Bias>;
    BOOST_HANA_DEFINE_STRUCT(NeoXAttention, (Qkv, query_key_value), (Output, dense));

    nn::SelfAttentionView view() const {
        return {.projections = {query_key_value.view()},
                .fused = true,
                .layout = nn::HeadLayout::in_groups(Heads, KvHeads, head_dim),
                .output = dense.view(),
                .heads = Heads,
                .kv_heads = KvHeads,
                .head_dim = head_dim,
                .scale = 1.0F / std::sqrt(static_cast<float>(head_dim))};
    }
    /// With ALiBi in place of rotary positions.
    nn::SelfAttentionView view(simd::Alibi alibi) const {
        nn::SelfAttentionView attention = view();
        attention.rope = -1;
        attention.alibi = alibi;
        return attention;
    }
};

template <std::size_t Hidden, std::size_t Inner, bool Bias>
struct NeoXMlp {
    using In = nn::LinearIf<Inner, Hidden, Bias>;
    using Out = nn::LinearIf<Hidden, Inner, Bias>;
    BOOST_HANA_DEFINE_STRUCT(NeoXMlp, (In, dense_h_to_4h), (Out, dense_4h_to_h));

    nn::MlpView view(Activation activation) const {
        return {.up = dense_h_to_4h.view(), .down = dense_4h_to_h.view(), .activation = activation};
    }
};

}  // namespace xzoo
