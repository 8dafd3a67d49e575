// DistilBERT: Sanh et al. 2019, "DistilBERT, a distilled version of BERT". BERT without token types
// and pooler, under names of its own. Members carry the names of the checkpoint.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "xzoo/nn/token_embeddings.hpp"
#include "xzoo/weights/distilbert.hpp"
#include "zoo/config/distilbert.hpp"
#include "zoo/encoder_tasks.hpp"

namespace xzoo {

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
template <DistilBertConfig C>
struct DistilBert : EncoderModel<DistilBert<C>, DistilBertCommon<C>, DistilBertBody<C>> {
    static constexpr const char* class_name = "DistilBertModel";
};

}  // namespace xzoo

#include "zoo/distilbert_heads.hpp"
