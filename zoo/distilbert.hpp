// DistilBERT: Sanh et al. 2019, "DistilBERT, a distilled version of BERT". BERT without token types
// and pooler, under names of its own. Members carry the names of the checkpoint.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/core/activation.hpp"
#include "xzoo/core/config.hpp"
#include "xzoo/nn/token_embeddings.hpp"
#include "zoo/parts/encoder_tasks.hpp"

namespace xzoo {

/// Sizes and choices of a DistilBERT model. Fields and defaults are those of Hugging Face's
/// DistilBertConfig, without those that matter for training only. There are no token types and no
/// pooler; the epsilon of the layer norms is fixed (1e-12).
/// Source  Sanh et al. 2019, section 3.
struct DistilBertConfig {
    static constexpr const char* model_type = "distilbert";
    static constexpr std::array<FieldAlias, 3> aliases{{{"hidden_size", "dim"},
                                                        {"num_attention_heads", "n_heads"},
                                                        {"num_hidden_layers", "n_layers"}}};

    std::size_t vocab_size = 30522;  // rows of the token table
    std::size_t max_position_embeddings = 512;
    // How the position table was filled before training; its values are in the checkpoint.
    bool sinusoidal_pos_embds = false;
    std::size_t n_layers = 6;
    std::size_t n_heads = 12;
    std::size_t dim = 768;          // channels of a token
    std::size_t hidden_dim = 3072;  // channels inside the feed-forward block
    Activation activation = Activation::gelu;
    long long pad_token_id = 0;       // -1: null
    bool tie_word_embeddings = true;  // the language-model head reads the token table
    std::size_t num_labels = 2;       // of classification heads

    constexpr std::size_t head_dim() const { return dim / n_heads; }
    friend constexpr bool operator==(const DistilBertConfig&, const DistilBertConfig&) = default;
};
XZOO_CONFIG_FIELDS(DistilBertConfig, vocab_size, max_position_embeddings, sinusoidal_pos_embds,
                   n_layers, n_heads, dim, hidden_dim, activation, pad_token_id,
                   tie_word_embeddings, num_labels);

#define XZOO_DISTILBERT_RULES(rule, config)                                                        \
    rule(config, "'vocab_size' must be positive", Positive, vocab_size);                           \
    rule(config, "'dim' must be positive", Positive, dim);                                         \
    rule(config, "'n_layers' must be positive", Positive, n_layers);                               \
    rule(config, "'n_heads' must divide 'dim'", Divides, n_heads, dim);                            \
    rule(config, "'hidden_dim' must be positive", Positive, hidden_dim);                           \
    rule(config, "'max_position_embeddings' must be positive", Positive, max_position_embeddings); \
    rule(config, "'pad_token_id' must be below 'vocab_size', or null", InVocabulary, pad_token_id, \
         vocab_size);                                                                              \
    rule(config, "'num_labels' must be positive", Positive, num_labels);

/// What must hold for a DistilBertConfig. Every model of the family derives from it.
XZOO_CONFIG_RULES(DistilBertConfig, DistilBertRules, XZOO_DISTILBERT_RULES);
#undef XZOO_DISTILBERT_RULES

// Sanh et al. 2019; config.json of distilbert/distilbert-base-uncased and of
// distilbert-base-uncased-finetuned-sst-2-english
inline constexpr DistilBertConfig distilbert_base{};

/// The epsilon of every layer norm: not a field of the config.
inline constexpr float distilbert_layer_norm_eps = 1e-12F;

constexpr nn::EncoderSizes encoder_sizes(const DistilBertConfig& config) {
    return {.hidden = config.dim,
            .heads = config.n_heads,
            .layers = config.n_layers,
            .intermediate = config.hidden_dim,
            .vocabulary = config.vocab_size,
            .embedding = config.dim};
}

/// What all DistilBERT classes share.
template <DistilBertConfig C>
struct DistilBertCommon : EncoderCommon<C, DistilBertRules<C>> {
    static constexpr const char* base_model_prefix = "distilbert";
    static constexpr std::array<std::string_view, 6> family_parts{
        "vocab_transform.", "vocab_layer_norm.", "vocab_projector.",
        "pre_classifier.",  "classifier.",       "qa_outputs."};
    static constexpr auto language_ties = decoder_ties<C.tie_word_embeddings>(
        {"vocab_projector.weight", "distilbert.embeddings.word_embeddings.weight"});
};

template <std::size_t Dim>
struct DistilBertAttention {
    using Projection = nn::Linear<Dim, Dim>;
    BOOST_HANA_DEFINE_STRUCT(DistilBertAttention, (Projection, q_lin), (Projection, k_lin),
                             (Projection, v_lin), (Projection, out_lin));
};

template <std::size_t Dim, std::size_t Hidden>
struct DistilBertFeedForward {
    using Lin1 = nn::Linear<Hidden, Dim>;
    using Lin2 = nn::Linear<Dim, Hidden>;
    BOOST_HANA_DEFINE_STRUCT(DistilBertFeedForward, (Lin1, lin1), (Lin2, lin2));
};

template <DistilBertConfig C>
struct DistilBertLayer {
    using Attention = DistilBertAttention<C.dim>;
    using Norm = nn::LayerNorm<C.dim>;
    using FeedForward = DistilBertFeedForward<C.dim, C.hidden_dim>;
    BOOST_HANA_DEFINE_STRUCT(DistilBertLayer, (Attention, attention), (Norm, sa_layer_norm),
                             (FeedForward, ffn), (Norm, output_layer_norm));

    nn::EncoderLayerView view() const {
        return {.query = attention.q_lin.view(),
                .key = attention.k_lin.view(),
                .value = attention.v_lin.view(),
                .attention_output = attention.out_lin.view(),
                .attention_norm = sa_layer_norm.view(distilbert_layer_norm_eps),
                .intermediate = ffn.lin1.view(),
                .output = ffn.lin2.view(),
                .output_norm = output_layer_norm.view(distilbert_layer_norm_eps),
                .heads = C.n_heads,
                .activation = C.activation};
    }
};

template <DistilBertConfig C>
struct DistilBertTransformer {
    using Layers = std::array<DistilBertLayer<C>, C.n_layers>;
    BOOST_HANA_DEFINE_STRUCT(DistilBertTransformer, (Layers, layer));
};

/// Embeddings and layers: the parameters of DistilBertModel, on their own or below a head.
template <DistilBertConfig C>
struct DistilBertBody {
    static constexpr bool has_pooler = false;
    using Embeddings = nn::TokenEmbeddings<C.vocab_size, C.max_position_embeddings, 0, C.dim>;
    using Transformer = DistilBertTransformer<C>;
    BOOST_HANA_DEFINE_STRUCT(DistilBertBody, (Embeddings, embeddings), (Transformer, transformer));

    /// The last hidden state (tokens, dim), in the workspace. In an attention mask only 0 hides.
    const float* encode(const nn::EncoderBatch& batch, Workspace& workspace, int threads,
                        ModelOutput& output) const {
        float* hidden = workspace.take(batch.tokens() * C.dim);  // (tokens, dim)
        nn::embed_tokens(embeddings.view(distilbert_layer_norm_eps), batch, hidden, workspace,
                         threads);
        const auto view = [this](std::size_t i) { return transformer.layer[i].view(); };
        nn::run_encoder(view, encoder_sizes(C), batch, {.mask_rule = nn::MaskRule::binary}, hidden,
                        workspace, threads, output);
        return hidden;
    }
};

/// DistilBertModel: last_hidden_state.
template <DistilBertConfig C, Precisions P = f32>
struct DistilBert : EncoderModel<DistilBert<C, P>, DistilBertCommon<C>, DistilBertBody<C>> {
    static constexpr const char* class_name = "DistilBertModel";
};

}  // namespace xzoo

#include "zoo/distilbert_heads.hpp"
