// GPT-J: Wang, Komatsuzaki 2021, "GPT-J-6B: A 6 Billion Parameter Autoregressive Language Model".
// Members carry the names of the checkpoint.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/config.hpp"
#include "xzoo/core/precision.hpp"
#include "zoo/parts/projected_attention.hpp"

namespace xzoo {

/// Sizes and choices of a GPT-J model. Fields and defaults are those of Hugging Face's GPTJConfig,
/// without those that matter for training only.
/// Source  Wang, Komatsuzaki 2021, Mesh Transformer JAX.
struct GptJConfig {
    static constexpr const char* model_type = "gptj";
    static constexpr std::array<std::string_view, 2> nullable{"n_inner", "rotary_dim"};
    static constexpr std::array aliases{
        FieldAlias{"hidden_size", "n_embd"}, FieldAlias{"max_position_embeddings", "n_positions"},
        FieldAlias{"num_attention_heads", "n_head"}, FieldAlias{"num_hidden_layers", "n_layer"}};

    std::size_t vocab_size = 50400;  // rows of the token table
    std::size_t n_positions = 2048;
    std::size_t n_embd = 4096;  // channels of a token
    std::size_t n_layer = 28;
    std::size_t n_head = 16;
    std::size_t rotary_dim = 64;  // numbers of a head that are rotated; 0: n_embd, of one head
    std::size_t n_inner = 0;      // channels inside the feed-forward block; 0: 4 * n_embd
    Activation activation_function = Activation::gelu_new;
    float layer_norm_epsilon = 1e-5F;
    long long pad_token_id = -1;       // -1: null
    bool tie_word_embeddings = false;  // the head reads the token table
    std::size_t num_labels = 2;        // of classification heads

    constexpr std::size_t head_size() const { return n_head > 0 ? n_embd / n_head : 0; }
    constexpr std::size_t rotary_dims() const { return rotary_dim > 0 ? rotary_dim : n_embd; }
    constexpr std::size_t inner() const { return n_inner > 0 ? n_inner : 4 * n_embd; }
    constexpr GptJConfig resolved() const {
        GptJConfig config = *this;
        config.rotary_dim = rotary_dims();
        config.n_inner = inner();
        return config;
    }
    friend constexpr bool operator==(const GptJConfig&, const GptJConfig&) = default;
};
XZOO_CONFIG_FIELDS(GptJConfig, vocab_size, n_positions, n_embd, n_layer, n_head, rotary_dim,
                   n_inner, activation_function, layer_norm_epsilon, pad_token_id,
                   tie_word_embeddings, num_labels);

#define XZOO_GPTJ_RULES(rule, config)                                                              \
    rule(config, "'vocab_size' must be positive", Positive, vocab_size);                           \
    rule(config, "'n_positions' must be positive", Positive, n_positions);                         \
    rule(config, "'n_embd' must be positive", Positive, n_embd);                                   \
    rule(config, "'n_layer' must be positive", Positive, n_layer);                                 \
    rule(config, "'n_head' must divide 'n_embd'", Divides, n_head, n_embd);                        \
    rule(config, "'rotary_dim' must be even and positive", EvenSize, rotary_dims());               \
    rule(config, "'rotary_dim' must not exceed a head", NotAbove, rotary_dims(), head_size());     \
    rule(config, "'layer_norm_epsilon' must be positive and finite", PositiveReal,                 \
         layer_norm_epsilon);                                                                      \
    rule(config, "'pad_token_id' must be below 'vocab_size', or null", InVocabulary, pad_token_id, \
         vocab_size);                                                                              \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for a GptJConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(GptJConfig, GptJRules, XZOO_GPTJ_RULES);
#undef XZOO_GPTJ_RULES

// config.json of EleutherAI/gpt-j-6b
inline constexpr GptJConfig gptj_6b{};

template <GptJConfig C>
struct GptJMlp {
    using In = nn::Linear<C.inner(), C.n_embd>;
    using Out = nn::Linear<C.n_embd, C.inner()>;
    BOOST_HANA_DEFINE_STRUCT(GptJMlp, (In, fc_in), (Out, fc_out));

    nn::MlpView view() const {
        return {.up = fc_in.view(), .down = fc_out.view(), .activation = C.activation_function};
    }
};

template <GptJConfig C>
struct GptJBlock {
    using Norm = nn::LayerNorm<C.n_embd>;
    using Attention = ProjectedAttention<C.n_embd, C.n_head, false>;
    using Mlp = GptJMlp<C>;
    BOOST_HANA_DEFINE_STRUCT(GptJBlock, (Norm, ln_1), (Attention, attn), (Mlp, mlp));

    nn::DecoderLayerView view() const {
        return {.order = nn::LayerOrder::parallel,
                .attention_norm = ln_1.view(C.layer_norm_epsilon),
                .attention = attn.view(0),
                .mlp = mlp.view()};
    }
};

/// Token table, blocks and final norm: the parameters of GPTJModel, on their own or below a head.
template <GptJConfig C>
struct GptJBody {
    using Tokens = nn::TokenTable<C.vocab_size, C.n_embd, C.tie_word_embeddings>;
    using Blocks = std::array<GptJBlock<C>, C.n_layer>;
    using Norm = nn::LayerNorm<C.n_embd>;
    BOOST_HANA_DEFINE_STRUCT(GptJBody, (Tokens, wte), (Blocks, h), (Norm, ln_f));

    const Tokens& table() const { return wte; }
    nn::DecoderLayerView layer(std::size_t i) const { return h[i].view(); }

    nn::DecoderView decoder() const {
        const nn::RopeSpec rope{
            .dims = C.rotary_dims(), .max_positions = C.n_positions, .neighbours = true};
        return {.hidden = C.n_embd,
                .layers = C.n_layer,
                .heads = C.n_head,
                .kv_heads = C.n_head,
                .head_dim = C.head_size(),
                .tokens = wte.view(),
                .final_norm = ln_f.view(C.layer_norm_epsilon),
                .layer = nn::DecoderLayers{*this},
                .ropes = {rope}};
    }
};

/// What all GPT-J classes share.
template <GptJConfig C>
struct GptJCommon
    : TransformerCommon<C, GptJRules<C>,
                        nn::DecoderLimits{.vocab_size = C.vocab_size, .positions = C.n_positions}> {
    static constexpr std::array<std::string_view, 2> ignored{"attn.bias", "attn.masked_bias"};
    static constexpr std::size_t max_positions = C.n_positions;
    static constexpr auto language_ties =
        tied_head<C.tie_word_embeddings>({"lm_head.weight", "transformer.wte.weight"});
};

/// GPTJModel: last_hidden_state.
template <GptJConfig C, Precisions P = f32>
struct GptJ : GptJBody<C>, DecoderModel<GptJ<C, P>, GptJCommon<C>> {
    static constexpr const char* class_name = "GPTJModel";
};

/// Scores of every next token, with a bias; generates.
template <GptJConfig C, Precisions P = f32>
struct GptJForCausalLM : TransformerLanguageModel<GptJBody<C>, true>,
                         CausalTask<GptJForCausalLM<C, P>, GptJCommon<C>> {
    static constexpr const char* class_name = "GPTJForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <GptJConfig C, Precisions P = f32>
struct GptJForSequenceClassification
    : TransformerScorer<GptJBody<C>, C.num_labels>,
      DecoderSequenceTask<GptJForSequenceClassification<C, P>, GptJCommon<C>> {
    static constexpr const char* class_name = "GPTJForSequenceClassification";
};

}  // namespace xzoo

#include "xzoo/weights/gptj.hpp"
