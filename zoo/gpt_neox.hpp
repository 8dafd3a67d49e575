// GPT-NeoX and Pythia: Black et al. 2022, "GPT-NeoX-20B: An Open-Source Autoregressive Language
// Model". Members carry the names of the checkpoint.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/config.hpp"
#include "xzoo/core/precision.hpp"
#include "zoo/parts/decoder_rules.hpp"
#include "zoo/parts/neox_blocks.hpp"

namespace xzoo {

/// Sizes and choices of a GPT-NeoX model. Fields and defaults are those of Hugging Face's
/// GPTNeoXConfig, without those that matter for training only.
/// Source  Black et al. 2022, section 2.
struct GptNeoXConfig {
    static constexpr const char* model_type = "gpt_neox";

    std::size_t vocab_size = 50432;  // rows of the token table
    std::size_t hidden_size = 6144;  // channels of a token
    std::size_t num_hidden_layers = 44;
    std::size_t num_attention_heads = 64;
    std::size_t intermediate_size = 24576;  // channels inside the feed-forward block
    Activation hidden_act = Activation::gelu;
    float rotary_pct = 0.25F;  // part of a head that is rotated
    float rotary_emb_base = 10000.0F;
    std::size_t max_position_embeddings = 2048;
    float layer_norm_eps = 1e-5F;
    long long pad_token_id = -1;       // -1: null
    bool tie_word_embeddings = false;  // the head reads the token table
    bool use_parallel_residual = true;
    RopeScaling rope_scaling{};
    bool attention_bias = true;  // of query_key_value and dense
    std::size_t num_labels = 2;  // of classification heads

    constexpr std::size_t head_size() const {
        return num_attention_heads > 0 ? hidden_size / num_attention_heads : 0;
    }
    constexpr std::size_t rotary_dims() const { return nn::rotated_dims(head_size(), rotary_pct); }
    friend constexpr bool operator==(const GptNeoXConfig&, const GptNeoXConfig&) = default;
};
XZOO_CONFIG_FIELDS(GptNeoXConfig, vocab_size, hidden_size, num_hidden_layers, num_attention_heads,
                   intermediate_size, hidden_act, rotary_pct, rotary_emb_base,
                   max_position_embeddings, layer_norm_eps, pad_token_id, tie_word_embeddings,
                   use_parallel_residual, rope_scaling, attention_bias, num_labels);

#define XZOO_GPT_NEOX_RULES(rule, config)                                                          \
    XZOO_DECODER_SIZE_RULES(rule, config);                                                         \
    rule(config, "'intermediate_size' must be positive", Positive, intermediate_size);             \
    rule(config, "'rotary_pct' of a head must be an even, positive size", EvenSize,                \
         rotary_dims());                                                                           \
    rule(config, "'rotary_emb_base' must be positive and finite", PositiveReal, rotary_emb_base);  \
    rule(config, "'max_position_embeddings' must be positive", Positive, max_position_embeddings); \
    rule(config, "'rope_scaling' must be complete and of a type without lists", LlamaRope,         \
         rope_scaling);                                                                            \
    rule(config, "'layer_norm_eps' must be positive and finite", PositiveReal, layer_norm_eps);    \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for a GptNeoXConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(GptNeoXConfig, GptNeoXRules, XZOO_GPT_NEOX_RULES);
#undef XZOO_GPT_NEOX_RULES

// Biderman et al. 2023, table 1; config.json of EleutherAI/pythia-70m and -160m
inline constexpr GptNeoXConfig pythia_70m{.vocab_size = 50304,
                                          .hidden_size = 512,
                                          .num_hidden_layers = 6,
                                          .num_attention_heads = 8,
                                          .intermediate_size = 2048};
inline constexpr GptNeoXConfig pythia_160m{.vocab_size = 50304,
                                           .hidden_size = 768,
                                           .num_hidden_layers = 12,
                                           .num_attention_heads = 12,
                                           .intermediate_size = 3072};

template <GptNeoXConfig C>
struct GptNeoXLayer {
    using Norm = nn::LayerNorm<C.hidden_size>;
    using Attention = NeoXAttention<C.hidden_size, C.num_attention_heads, C.num_attention_heads,
                                    C.attention_bias>;
    using Mlp = NeoXMlp<C.hidden_size, C.intermediate_size, true>;
    BOOST_HANA_DEFINE_STRUCT(GptNeoXLayer, (Norm, input_layernorm),
                             (Norm, post_attention_layernorm), (Attention, attention), (Mlp, mlp));

    nn::DecoderLayerView view() const {
        return {
            .order = C.use_parallel_residual ? nn::LayerOrder::parallel : nn::LayerOrder::pre_norm,
            .attention_norm = input_layernorm.view(C.layer_norm_eps),
            .attention = attention.view(),
            .mlp_norm = post_attention_layernorm.view(C.layer_norm_eps),
            .mlp = mlp.view(C.hidden_act)};
    }
};

/// Token table, layers and final norm: the parameters of GPTNeoXModel, on their own or below a
/// head.
template <GptNeoXConfig C>
struct GptNeoXBody {
    using Tokens = nn::TokenTable<C.vocab_size, C.hidden_size, C.tie_word_embeddings>;
    using Layers = std::array<GptNeoXLayer<C>, C.num_hidden_layers>;
    using Norm = nn::LayerNorm<C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(GptNeoXBody, (Tokens, embed_in), (Layers, layers),
                             (Norm, final_layer_norm));

    nn::DecoderLayerView layer(std::size_t i) const { return layers[i].view(); }

    nn::DecoderView decoder() const {
        const nn::RopeSpec rope{.dims = C.rotary_dims(),
                                .theta = C.rotary_emb_base,
                                .scaling = C.rope_scaling,
                                .max_positions = C.max_position_embeddings};
        return {.hidden = C.hidden_size,
                .layers = C.num_hidden_layers,
                .heads = C.num_attention_heads,
                .kv_heads = C.num_attention_heads,
                .head_dim = C.head_size(),
                .tokens = embed_in.view(),
                .final_norm = final_layer_norm.view(C.layer_norm_eps),
                .layer = nn::DecoderLayers{*this},
                .ropes = {rope}};
    }
};

/// What all GPT-NeoX classes share.
template <GptNeoXConfig C>
struct GptNeoXCommon
    : DecoderCommon<C, GptNeoXRules<C>, nn::DecoderLimits{.vocab_size = C.vocab_size}> {
    static constexpr const char* base_model_prefix = "gpt_neox";
    static constexpr std::array<std::string_view, 4> family_parts{"embed_out.", "score.",
                                                                  "classifier.", "qa_outputs."};
    static constexpr std::array<std::string_view, 2> ignored{"attention.bias",
                                                             "attention.masked_bias"};
    static constexpr std::size_t max_positions = C.max_position_embeddings;
    static constexpr auto language_ties =
        tied_head<C.tie_word_embeddings>({"embed_out.weight", "gpt_neox.embed_in.weight"});
};

/// GPTNeoXModel: last_hidden_state.
template <GptNeoXConfig C, Precisions P = f32>
struct GptNeoX : GptNeoXBody<C>, DecoderModel<GptNeoX<C, P>, GptNeoXCommon<C>> {
    static constexpr const char* class_name = "GPTNeoXModel";
};

/// Scores of every next token; generates.
template <GptNeoXConfig C, Precisions P = f32>
struct GptNeoXForCausalLM : CausalTask<GptNeoXForCausalLM<C, P>, GptNeoXCommon<C>> {
    static constexpr const char* class_name = "GPTNeoXForCausalLM";
    using Body = GptNeoXBody<C>;
    using Scores = nn::TokenScores<typename Body::Tokens, false>;
    BOOST_HANA_DEFINE_STRUCT(GptNeoXForCausalLM, (Body, gpt_neox), (Scores, embed_out));

    nn::DecoderView decoder() const { return gpt_neox.decoder(); }
    nn::VocabularyHead head() const { return {embed_out.view(gpt_neox.embed_in)}; }
};

/// A label a sequence: logits (batch, num_labels).
template <GptNeoXConfig C, Precisions P = f32>
struct GptNeoXForSequenceClassification
    : DecoderSequenceTask<GptNeoXForSequenceClassification<C, P>, GptNeoXCommon<C>> {
    static constexpr const char* class_name = "GPTNeoXForSequenceClassification";
    using Body = GptNeoXBody<C>;
    using Score = nn::ScoreLinear<C.num_labels, C.hidden_size, false>;
    BOOST_HANA_DEFINE_STRUCT(GptNeoXForSequenceClassification, (Body, gpt_neox), (Score, score));

    nn::DecoderView decoder() const { return gpt_neox.decoder(); }
    nn::LinearView scores() const { return score.view(); }
};

/// A label a token: logits (batch, length, num_labels).
template <GptNeoXConfig C, Precisions P = f32>
struct GptNeoXForTokenClassification
    : DecoderTokenTask<GptNeoXForTokenClassification<C, P>, GptNeoXCommon<C>> {
    static constexpr const char* class_name = "GPTNeoXForTokenClassification";
    using Body = GptNeoXBody<C>;
    using Classifier = nn::ScoreLinear<C.num_labels, C.hidden_size>;
    BOOST_HANA_DEFINE_STRUCT(GptNeoXForTokenClassification, (Body, gpt_neox),
                             (Classifier, classifier));

    nn::DecoderView decoder() const { return gpt_neox.decoder(); }
    nn::LinearView scores() const { return classifier.view(); }
};

}  // namespace xzoo

#include "xzoo/weights/gpt_neox.hpp"
