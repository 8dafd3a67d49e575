// OPT: Zhang et al. 2022, "OPT: Open Pre-trained Transformer Language Models". Members carry the
// names of the checkpoint.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/config.hpp"
#include "xzoo/core/precision.hpp"
#include "zoo/parts/decoder_rules.hpp"
#include "zoo/parts/projected_attention.hpp"

namespace xzoo {

/// Sizes and choices of an OPT model. Fields and defaults are those of Hugging Face's OPTConfig,
/// without those that matter for training only.
/// Source  Zhang et al. 2022, section 2.1.
struct OptConfig {
    static constexpr const char* model_type = "opt";
    static constexpr std::array<std::string_view, 1> nullable{"word_embed_proj_dim"};

    std::size_t vocab_size = 50272;  // rows of the token table
    std::size_t hidden_size = 768;   // channels of a token
    std::size_t num_hidden_layers = 12;
    std::size_t ffn_dim = 3072;  // channels inside the feed-forward block
    std::size_t max_position_embeddings = 2048;
    bool do_layer_norm_before = true;       // false: norms follow the residual sums
    bool _remove_final_layer_norm = false;  // of checkpoints from before transformers 4.20
    std::size_t word_embed_proj_dim = 0;    // columns of the token table; 0: hidden_size
    std::size_t num_attention_heads = 12;
    Activation activation_function = Activation::relu;
    long long pad_token_id = 1;  // -1: null
    bool enable_bias = true;     // of linear layers
    bool layer_norm_elementwise_affine = true;
    bool tie_word_embeddings = true;  // the head reads the token table
    std::size_t num_labels = 2;       // of classification heads

    constexpr std::size_t head_size() const {
        return num_attention_heads > 0 ? hidden_size / num_attention_heads : 0;
    }
    constexpr std::size_t word_size() const {
        return word_embed_proj_dim > 0 ? word_embed_proj_dim : hidden_size;
    }
    constexpr bool has_final_norm() const {
        return do_layer_norm_before && !_remove_final_layer_norm;
    }
    constexpr OptConfig resolved() const {
        OptConfig config = *this;
        config.word_embed_proj_dim = word_size();
        return config;
    }
    friend constexpr bool operator==(const OptConfig&, const OptConfig&) = default;
};
XZOO_CONFIG_FIELDS(OptConfig, vocab_size, hidden_size, num_hidden_layers, ffn_dim,
                   max_position_embeddings, do_layer_norm_before, _remove_final_layer_norm,
                   word_embed_proj_dim, num_attention_heads, activation_function, pad_token_id,
                   enable_bias, layer_norm_elementwise_affine, tie_word_embeddings, num_labels);

#define XZOO_OPT_RULES(rule, config)                                                               \
    XZOO_DECODER_SIZE_RULES(rule, config);                                                         \
    rule(config, "'ffn_dim' must be positive", Positive, ffn_dim);                                 \
    rule(config, "'max_position_embeddings' must be positive", Positive, max_position_embeddings); \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for an OptConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(OptConfig, OptRules, XZOO_OPT_RULES);
#undef XZOO_OPT_RULES

// Zhang et al. 2022, table 1; config.json of facebook/opt-125m and -350m
inline constexpr OptConfig opt_125m{};
inline constexpr OptConfig opt_350m{.hidden_size = 1024,
                                    .num_hidden_layers = 24,
                                    .ffn_dim = 4096,
                                    .do_layer_norm_before = false,
                                    .word_embed_proj_dim = 512,
                                    .num_attention_heads = 16};

/// torch.nn.LayerNorm's own, which no config states.
inline constexpr float opt_norm_eps = 1e-5F;

template <OptConfig C>
struct OptLayer {
    using Attention = ProjectedAttention<C.hidden_size, C.num_attention_heads, C.enable_bias>;
    using Norm = nn::LayerNormIf<C.hidden_size, C.layer_norm_elementwise_affine>;
    using In = nn::LinearIf<C.ffn_dim, C.hidden_size, C.enable_bias>;
    using Out = nn::LinearIf<C.hidden_size, C.ffn_dim, C.enable_bias>;
    BOOST_HANA_DEFINE_STRUCT(OptLayer, (Attention, self_attn), (Norm, self_attn_layer_norm),
                             (In, fc1), (Out, fc2), (Norm, final_layer_norm));

    nn::DecoderLayerView view() const {
        return {
            .order = C.do_layer_norm_before ? nn::LayerOrder::pre_norm : nn::LayerOrder::post_norm,
            .attention_norm = self_attn_layer_norm.view(opt_norm_eps),
            .attention = self_attn.view(-1),
            .mlp_norm = final_layer_norm.view(opt_norm_eps),
            .mlp = {.up = fc1.view(), .down = fc2.view(), .activation = C.activation_function}};
    }
};

/// Tables, projections from and to the width of the token table, layers and final norm.
template <OptConfig C>
struct OptDecoder {
    /// Rows of the position table before the one of position 0.
    static constexpr std::size_t offset = 2;
    static constexpr bool is_projected = C.word_size() != C.hidden_size;
    using Tokens = nn::TokenTable<C.vocab_size, C.word_size(), C.tie_word_embeddings>;
    using Positions = nn::TokenTable<C.max_position_embeddings + offset, C.hidden_size, false>;
    using ProjectIn = If<is_projected, nn::LinearNoBias<C.hidden_size, C.word_size()>>;
    using ProjectOut = If<is_projected, nn::LinearNoBias<C.word_size(), C.hidden_size>>;
    using Norm =
        If<C.has_final_norm(), nn::LayerNormIf<C.hidden_size, C.layer_norm_elementwise_affine>>;
    using Layers = std::array<OptLayer<C>, C.num_hidden_layers>;
    BOOST_HANA_DEFINE_STRUCT(OptDecoder, (Tokens, embed_tokens), (Positions, embed_positions),
                             (ProjectIn, project_in), (ProjectOut, project_out),
                             (Norm, final_layer_norm), (Layers, layers));

    nn::DecoderLayerView layer(std::size_t i) const { return layers[i].view(); }

    /// Makes a body's member `decoder` what other bodies have as a function.
    nn::DecoderView operator()() const {
        nn::DecoderView view{.hidden = C.hidden_size,
                             .layers = C.num_hidden_layers,
                             .heads = C.num_attention_heads,
                             .kv_heads = C.num_attention_heads,
                             .head_dim = C.head_size(),
                             .tokens = embed_tokens.view(),
                             .positions = embed_positions.view(),
                             .position_offset = offset,
                             .layer = nn::DecoderLayers{*this}};
        if constexpr (is_projected) {
            view.project_in = project_in.view();
            view.project_out = project_out.view();
        }
        if constexpr (C.has_final_norm())
            view.final_norm = final_layer_norm.view(opt_norm_eps);
        return view;
    }
};

/// The parameters of OPTModel, on their own or below a head.
template <OptConfig C>
struct OptBody {
    using Decoder = OptDecoder<C>;
    using Tokens = typename Decoder::Tokens;
    BOOST_HANA_DEFINE_STRUCT(OptBody, (Decoder, decoder));

    const Tokens& table() const { return decoder.embed_tokens; }
};

/// What all OPT classes share.
template <OptConfig C>
struct OptCommon : ModelCommon<C, OptRules<C>,
                               nn::DecoderLimits{.vocab_size = C.vocab_size,
                                                 .positions = C.max_position_embeddings,
                                                 .positions_skip_padding = true}> {
    static constexpr std::array<std::string_view, 1> ignored{"decoder.version"};
    static constexpr std::size_t max_positions = C.max_position_embeddings;
    static constexpr auto language_ties =
        tied_head<C.tie_word_embeddings>({"lm_head.weight", "model.decoder.embed_tokens.weight"});
};

/// OPTModel: last_hidden_state.
template <OptConfig C, Precisions P = f32>
struct Opt : OptBody<C>, DecoderModel<Opt<C, P>, OptCommon<C>> {
    static constexpr const char* class_name = "OPTModel";
};

/// Scores of every next token; generates.
template <OptConfig C, Precisions P = f32>
struct OptForCausalLM : ModelLanguageModel<OptBody<C>>,
                        CausalTask<OptForCausalLM<C, P>, OptCommon<C>> {
    static constexpr const char* class_name = "OPTForCausalLM";
};

/// A label a sequence: logits (batch, num_labels).
template <OptConfig C, Precisions P = f32>
struct OptForSequenceClassification
    : ModelScorer<OptBody<C>, C.num_labels>,
      DecoderSequenceTask<OptForSequenceClassification<C, P>, OptCommon<C>> {
    static constexpr const char* class_name = "OPTForSequenceClassification";
};

}  // namespace xzoo

#include "xzoo/weights/opt.hpp"
