// BLOOM: BigScience Workshop 2022, "BLOOM: A 176B-Parameter Open-Access Multilingual Language
// Model". Members carry the names of the checkpoint.
#pragma once

#include <array>
#include <cstddef>

#include "xzoo/weights/bloom.hpp"
#include "zoo/config/bloom.hpp"
#include "zoo/neox_blocks.hpp"

namespace xzoo {

template <BloomConfig C, Precision P>
struct BloomBlock {
    using Norm = nn::LayerNorm<C.hidden_size>;
    using Attention = NeoXAttention<C.hidden_size, C.n_head, C.n_head, true, P>;
    using Mlp = NeoXMlp<C.hidden_size, 4 * C.hidden_size, true, P>;
    BOOST_HANA_DEFINE_STRUCT(BloomBlock, (Norm, input_layernorm), (Attention, self_attention),
                             (Norm, post_attention_layernorm), (Mlp, mlp));

    nn::DecoderLayerView view() const {
        return {.attention_norm = input_layernorm.view(C.layer_norm_epsilon),
                .attention = self_attention.view({.slopes = simd::alibi_slopes<C.n_head>.data()}),
                .mlp_norm = post_attention_layernorm.view(C.layer_norm_epsilon),
                .mlp = mlp.view(Activation::gelu_fast),
                .residual_after_norm = C.apply_residual_connection_post_layernorm};
    }
};

/// Token table, its norm, blocks and final norm: the parameters of BloomModel, on their own or
/// below a head.
template <BloomConfig C, Precision P>
struct BloomBody {
    using Tokens = nn::TokenTable<C.vocab_size, C.hidden_size, C.tie_word_embeddings, P>;
    using Norm = nn::LayerNorm<C.hidden_size>;
    using Blocks = std::array<BloomBlock<C, P>, C.n_layer>;
    BOOST_HANA_DEFINE_STRUCT(BloomBody, (Tokens, word_embeddings),
                             (Norm, word_embeddings_layernorm), (Blocks, h), (Norm, ln_f));

    const Tokens& table() const { return word_embeddings; }
    nn::DecoderLayerView layer(std::size_t i) const { return h[i].view(); }

    nn::DecoderView decoder() const {
        return {.hidden = C.hidden_size,
                .layers = C.n_layer,
                .heads = C.n_head,
                .kv_heads = C.n_head,
                .head_dim = C.head_size(),
                .tokens = word_embeddings.view(),
                .embedding_norm = word_embeddings_layernorm.view(C.layer_norm_epsilon),
                .final_norm = ln_f.view(C.layer_norm_epsilon),
                .layer = nn::DecoderLayers{*this}};
    }
};

/// What all BLOOM classes share.
template <BloomConfig C>
struct BloomCommon
    : TransformerCommon<C, BloomRules<C>, nn::DecoderLimits{.vocab_size = C.vocab_size}> {
    static constexpr std::size_t max_positions = 0;  // ALiBi sets no limit
    static constexpr auto language_ties =
        tied_head<C.tie_word_embeddings>({"lm_head.weight", "transformer.word_embeddings.weight"});
};

/// BloomModel: last_hidden_state.
template <BloomConfig C, Precision P>
struct Bloom : BloomBody<C, P>, DecoderModel<Bloom<C, P>, BloomCommon<C>> {
    static constexpr const char* class_name = "BloomModel";
};

/// Scores of every next token; generates.
template <BloomConfig C, Precision P>
struct BloomForCausalLM : TransformerLanguageModel<BloomBody<C, P>>,
                          CausalTask<BloomForCausalLM<C, P>, BloomCommon<C>> {
    static constexpr const char* class_name = "BloomForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <BloomConfig C, Precision P>
struct BloomForSequenceClassification
    : TransformerScorer<BloomBody<C, P>, C.num_labels>,
      DecoderSequenceTask<BloomForSequenceClassification<C, P>, BloomCommon<C>> {
    static constexpr const char* class_name = "BloomForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <BloomConfig C, Precision P>
struct BloomForTokenClassification
    : TransformerClassifier<BloomBody<C, P>, C.num_labels>,
      DecoderTokenTask<BloomForTokenClassification<C, P>, BloomCommon<C>> {
    static constexpr const char* class_name = "BloomForTokenClassification";
};

}  // namespace xzoo
