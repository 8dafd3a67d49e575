// Falcon: Almazrouei et al. 2023, "The Falcon Series of Open Language Models". Members carry the
// names of the checkpoint.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <string_view>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/config.hpp"
#include "xzoo/core/precision.hpp"
#include "zoo/parts/decoder_rules.hpp"
#include "zoo/parts/neox_blocks.hpp"

namespace xzoo {

/// Sizes and choices of a Falcon model. Fields and defaults are those of Hugging Face's
/// FalconConfig, without those that matter for training only.
/// Source  Almazrouei et al. 2023, section 4.
struct FalconConfig {
    static constexpr const char* model_type = "falcon";
    static constexpr std::array<std::string_view, 3> nullable{"num_ln_in_parallel_attn",
                                                              "num_kv_heads", "ffn_hidden_size"};
    static constexpr std::array aliases{FieldAlias{"n_embed", "hidden_size"}};

    std::size_t vocab_size = 65024;  // rows of the token table
    std::size_t hidden_size = 4544;  // channels of a token
    std::size_t num_hidden_layers = 32;
    std::size_t num_attention_heads = 71;
    std::size_t num_ln_in_parallel_attn = 0;  // 0: 2 in the new architecture, else 1
    float layer_norm_epsilon = 1e-5F;
    std::size_t num_kv_heads = 0;           // of the new architecture; 0: num_attention_heads
    bool alibi = false;                     // instead of rotary positions
    bool new_decoder_architecture = false;  // grouped queries, two norms side by side
    bool multi_query = true;                // of the old architecture: one key-value head
    bool parallel_attn = true;              // attention and feed-forward block side by side
    bool bias = false;                      // of linear layers
    std::size_t max_position_embeddings = 2048;
    float rope_theta = 10000.0F;
    RopeScaling rope_scaling{};
    std::size_t ffn_hidden_size = 0;  // inside the feed-forward block; 0: 4 * hidden_size
    Activation activation = Activation::gelu;
    long long pad_token_id = -1;      // -1: null
    bool tie_word_embeddings = true;  // the head reads the token table
    std::size_t num_labels = 2;       // of classification heads

    constexpr std::size_t head_size() const {
        return num_attention_heads > 0 ? hidden_size / num_attention_heads : 0;
    }
    constexpr std::size_t kv_heads() const {
        if (new_decoder_architecture)
            return num_kv_heads > 0 ? num_kv_heads : num_attention_heads;
        return multi_query ? 1 : num_attention_heads;
    }
    /// Norms in front of attention and feed-forward block where these are parallel.
    constexpr std::size_t parallel_norms() const {
        if (num_ln_in_parallel_attn > 0)
            return num_ln_in_parallel_attn;
        return new_decoder_architecture ? 2 : 1;
    }
    constexpr std::size_t inner() const {
        return ffn_hidden_size > 0 ? ffn_hidden_size : 4 * hidden_size;
    }
    constexpr FalconConfig resolved() const {
        FalconConfig config = *this;
        config.num_ln_in_parallel_attn = parallel_norms();
        config.num_kv_heads = kv_heads();
        config.ffn_hidden_size = inner();
        return config;
    }
    friend constexpr bool operator==(const FalconConfig&, const FalconConfig&) = default;
};
XZOO_CONFIG_FIELDS(FalconConfig, vocab_size, hidden_size, num_hidden_layers, num_attention_heads,
                   num_ln_in_parallel_attn, layer_norm_epsilon, num_kv_heads, alibi,
                   new_decoder_architecture, multi_query, parallel_attn, bias,
                   max_position_embeddings, rope_theta, rope_scaling, ffn_hidden_size, activation,
                   pad_token_id, tie_word_embeddings, num_labels);

/// Heads can be rotated, or have ALiBi.
struct FalconHeads {
    static constexpr bool holds(std::size_t size, bool alibi) { return alibi || size % 2 == 0; }
};

/// One norm in front of both blocks, or, in the new architecture, one of each.
struct FalconNorms {
    static constexpr bool holds(std::size_t norms, bool new_architecture) {
        return norms == 1 || (norms == 2 && new_architecture);
    }
};

#define XZOO_FALCON_RULES(rule, config)                                                            \
    XZOO_DECODER_SIZE_RULES(rule, config);                                                         \
    rule(config, "'num_kv_heads' must divide 'num_attention_heads'", Divides, kv_heads(),          \
         num_attention_heads);                                                                     \
    rule(config, "a head must be of even size, or 'alibi' true", FalconHeads, head_size(), alibi); \
    rule(config, "'parallel_attn' must be true in the new architecture", Implies,                  \
         new_decoder_architecture, parallel_attn);                                                 \
    rule(config, "'num_ln_in_parallel_attn' must be 1, or 2 in the new architecture", FalconNorms, \
         parallel_norms(), new_decoder_architecture);                                              \
    rule(config, "'layer_norm_epsilon' must be positive and finite", PositiveReal,                 \
         layer_norm_epsilon);                                                                      \
    rule(config, "'max_position_embeddings' must be positive", Positive, max_position_embeddings); \
    rule(config, "'rope_theta' must be positive and finite", PositiveReal, rope_theta);            \
    rule(config, "'rope_scaling' must be complete and of a type without lists", LlamaRope,         \
         rope_scaling);                                                                            \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for a FalconConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(FalconConfig, FalconRules, XZOO_FALCON_RULES);
#undef XZOO_FALCON_RULES

// config.json of tiiuae/falcon-7b, falcon-40b and falcon-rw-1b
inline constexpr FalconConfig falcon_7b{};
inline constexpr FalconConfig falcon_40b{.hidden_size = 8192,
                                         .num_hidden_layers = 60,
                                         .num_attention_heads = 128,
                                         .num_kv_heads = 8,
                                         .new_decoder_architecture = true};
inline constexpr FalconConfig falcon_rw_1b{.vocab_size = 50304,
                                           .hidden_size = 2048,
                                           .num_hidden_layers = 24,
                                           .num_attention_heads = 32,
                                           .alibi = true,
                                           .multi_query = false,
                                           .parallel_attn = false,
                                           .bias = true};

template <FalconConfig C>
struct FalconLayer {
    static constexpr bool two_norms = C.parallel_attn && C.parallel_norms() == 2;
    using Attention = NeoXAttention<C.hidden_size, C.num_attention_heads, C.kv_heads(), C.bias>;
    using Mlp = NeoXMlp<C.hidden_size, C.inner(), C.bias>;
    using Norm = nn::LayerNorm<C.hidden_size>;
    using InputNorm = If<!two_norms, Norm>;
    using LaterNorm = If<!C.parallel_attn, Norm>;
    using OwnNorm = If<two_norms, Norm>;
    BOOST_HANA_DEFINE_STRUCT(FalconLayer, (Attention, self_attention), (Mlp, mlp),
                             (InputNorm, input_layernorm), (LaterNorm, post_attention_layernorm),
                             (OwnNorm, ln_attn), (OwnNorm, ln_mlp));

    nn::DecoderLayerView view() const {
        nn::DecoderLayerView view{
            .order = C.parallel_attn ? nn::LayerOrder::parallel : nn::LayerOrder::pre_norm,
            .mlp = mlp.view(C.activation)};
        if constexpr (C.alibi)
            view.attention = self_attention.view(alibi());
        else
            view.attention = self_attention.view();
        if constexpr (two_norms) {
            view.attention_norm = ln_attn.view(C.layer_norm_epsilon);
            view.mlp_norm = ln_mlp.view(C.layer_norm_epsilon);
        } else {
            view.attention_norm = input_layernorm.view(C.layer_norm_epsilon);
        }
        if constexpr (!C.parallel_attn)
            view.mlp_norm = post_attention_layernorm.view(C.layer_norm_epsilon);
        return view;
    }

private:
    /// Scaled as the scores are; and twice, since eager attention of transformers, whose numbers
    /// these models reproduce, adds it to the scores and to their mask.
    static simd::Alibi alibi() {
        return {.slopes = simd::alibi_slopes<C.num_attention_heads>.data(),
                .scale = 2.0F / std::sqrt(static_cast<float>(C.head_size())),
                .rounded = true};
    }
};

/// Token table, layers and final norm: the parameters of FalconModel, on their own or below a head.
template <FalconConfig C>
struct FalconBody {
    using Tokens = nn::TokenTable<C.vocab_size, C.hidden_size, C.tie_word_embeddings>;
    using Layers = std::array<FalconLayer<C>, C.num_hidden_layers>;
    using Norm = nn::LayerNorm<C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(FalconBody, (Tokens, word_embeddings), (Layers, h), (Norm, ln_f));

    const Tokens& table() const { return word_embeddings; }
    nn::DecoderLayerView layer(std::size_t i) const { return h[i].view(); }

    nn::DecoderView decoder() const {
        nn::DecoderView view{.hidden = C.hidden_size,
                             .layers = C.num_hidden_layers,
                             .heads = C.num_attention_heads,
                             .kv_heads = C.kv_heads(),
                             .head_dim = C.head_size(),
                             .tokens = word_embeddings.view(),
                             .final_norm = ln_f.view(C.layer_norm_epsilon),
                             .layer = nn::DecoderLayers{*this}};
        if constexpr (!C.alibi)
            view.ropes[0] = {.dims = C.head_size(),
                             .theta = C.rope_theta,
                             .scaling = C.rope_scaling,
                             .max_positions = C.max_position_embeddings};
        return view;
    }
};

/// What all Falcon classes share.
template <FalconConfig C>
struct FalconCommon
    : TransformerCommon<C, FalconRules<C>, nn::DecoderLimits{.vocab_size = C.vocab_size}> {
    static constexpr std::size_t max_positions = C.max_position_embeddings;
    static constexpr auto language_ties =
        tied_head<C.tie_word_embeddings>({"lm_head.weight", "transformer.word_embeddings.weight"});
};

/// FalconModel: last_hidden_state.
template <FalconConfig C, Precisions P = f32>
struct Falcon : FalconBody<C>, DecoderModel<Falcon<C, P>, FalconCommon<C>> {
    static constexpr const char* class_name = "FalconModel";
};

/// Scores of every next token; generates.
template <FalconConfig C, Precisions P = f32>
struct FalconForCausalLM : TransformerLanguageModel<FalconBody<C>>,
                           CausalTask<FalconForCausalLM<C, P>, FalconCommon<C>> {
    static constexpr const char* class_name = "FalconForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <FalconConfig C, Precisions P = f32>
struct FalconForSequenceClassification
    : TransformerScorer<FalconBody<C>, C.num_labels>,
      DecoderSequenceTask<FalconForSequenceClassification<C, P>, FalconCommon<C>> {
    static constexpr const char* class_name = "FalconForSequenceClassification";
};

/// A label a token: logits (batch, length, num_labels).
template <FalconConfig C, Precisions P = f32>
struct FalconForTokenClassification
    : TransformerClassifier<FalconBody<C>, C.num_labels>,
      DecoderTokenTask<FalconForTokenClassification<C, P>, FalconCommon<C>> {
    static constexpr const char* class_name = "FalconForTokenClassification";
};

}  // namespace xzoo

#include "xzoo/weights/falcon.hpp"
