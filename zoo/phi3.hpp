// Phi-3: Abdin et al. 2024, "Phi-3 Technical Report". Members carry the names of the checkpoint.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "xzoo/weights/phi3.hpp"
#include "zoo/config/phi3.hpp"
#include "zoo/decoder_heads.hpp"
#include "zoo/llama_blocks.hpp"

namespace xzoo {

template <Phi3Config C, Precision P>
struct Phi3Attention {
    static constexpr std::size_t width = C.num_attention_heads * C.head_size();
    using Output = nn::LinearNoBias<C.hidden_size, width, P>;
    using Qkv = nn::LinearNoBias<width + 2 * C.kv_heads() * C.head_size(), C.hidden_size, P>;
    BOOST_HANA_DEFINE_STRUCT(Phi3Attention, (Output, o_proj), (Qkv, qkv_proj));

    nn::SelfAttentionView view() const {
        return {
            .projections = {qkv_proj.view()},
            .fused = true,
            .layout = nn::HeadLayout::in_blocks(C.num_attention_heads, C.kv_heads(), C.head_size()),
            .output = o_proj.view(),
            .heads = C.num_attention_heads,
            .kv_heads = C.kv_heads(),
            .head_dim = C.head_size(),
            .scale = 1.0F / std::sqrt(static_cast<float>(C.head_size())),
            .window = C.sliding_window};
    }
};

template <Phi3Config C, Precision P>
struct Phi3Mlp {
    using GateUp = nn::LinearNoBias<2 * C.intermediate_size, C.hidden_size, P>;
    using Down = nn::LinearNoBias<C.hidden_size, C.intermediate_size, P>;
    BOOST_HANA_DEFINE_STRUCT(Phi3Mlp, (GateUp, gate_up_proj), (Down, down_proj));

    nn::MlpView view() const {
        return {.up = gate_up_proj.view(),
                .down = down_proj.view(),
                .activation = C.hidden_act,
                .fused = true};
    }
};

template <Phi3Config C, Precision P>
struct Phi3Layer {
    using Attention = Phi3Attention<C, P>;
    using Mlp = Phi3Mlp<C, P>;
    using Norm = nn::RmsNorm<C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(Phi3Layer, (Attention, self_attn), (Mlp, mlp), (Norm, input_layernorm),
                             (Norm, post_attention_layernorm));

    nn::DecoderLayerView view(std::size_t) const {
        return {.attention_norm = input_layernorm.view(C.rms_norm_eps),
                .attention = self_attn.view(),
                .mlp_norm = post_attention_layernorm.view(C.rms_norm_eps),
                .mlp = mlp.view()};
    }
};

template <Phi3Config C, Precision P>
using Phi3Body = LlamaBody<C, P, std::array<Phi3Layer<C, P>, C.num_hidden_layers>>;

/// What all Phi-3 classes share.
template <Phi3Config C>
struct Phi3Common : ModelCommon<C, Phi3Rules<C>, nn::DecoderLimits{.vocab_size = C.vocab_size}> {
    static constexpr std::size_t max_positions = C.max_position_embeddings;
    static constexpr auto language_ties =
        tied_head<C.tie_word_embeddings>({"lm_head.weight", "model.embed_tokens.weight"});
};

/// Phi3Model: last_hidden_state.
template <Phi3Config C, Precision P>
struct Phi3 : Phi3Body<C, P>, DecoderModel<Phi3<C, P>, Phi3Common<C>> {
    static constexpr const char* class_name = "Phi3Model";
};

/// Scores of every next token; generates.
template <Phi3Config C, Precision P>
struct Phi3ForCausalLM : LlamaLanguageModel<C, P, Phi3Body<C, P>>,
                         CausalTask<Phi3ForCausalLM<C, P>, Phi3Common<C>> {
    static constexpr const char* class_name = "Phi3ForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <Phi3Config C, Precision P>
struct Phi3ForSequenceClassification
    : LlamaClassifier<C, P, false, Phi3Body<C, P>>,
      DecoderSequenceTask<Phi3ForSequenceClassification<C, P>, Phi3Common<C>> {
    static constexpr const char* class_name = "Phi3ForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <Phi3Config C, Precision P>
struct Phi3ForTokenClassification
    : ModelClassifier<Phi3Body<C, P>, C.num_labels>,
      DecoderTokenTask<Phi3ForTokenClassification<C, P>, Phi3Common<C>> {
    static constexpr const char* class_name = "Phi3ForTokenClassification";
    static constexpr auto ties = classifier_or_score;
};

}  // namespace xzoo
