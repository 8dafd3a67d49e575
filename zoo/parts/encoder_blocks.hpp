// Blocks under the names that BERT's checkpoints gave them; RoBERTa, XLM-RoBERTa and ELECTRA share
// all of them, MPNet and ALBERT some.
#pragma once

#include <array>
#include <cstddef>

#include "xzoo/nn/token_embeddings.hpp"
#include "zoo/parts/encoder_tasks.hpp"

namespace xzoo {

/// A linear layer on its own: an intermediate block, a pooler.
template <std::size_t Out, std::size_t In>
struct BertDense {
    using Dense = nn::Linear<Out, In>;
    BOOST_HANA_DEFINE_STRUCT(BertDense, (Dense, dense));
};

/// dense, then the residual, then LayerNorm: BertSelfOutput and BertOutput.
template <std::size_t Out, std::size_t In>
struct BertResidual {
    using Dense = nn::Linear<Out, In>;
    using Norm = nn::LayerNorm<Out>;
    BOOST_HANA_DEFINE_STRUCT(BertResidual, (Dense, dense), (Norm, LayerNorm));
};

template <std::size_t Hidden>
struct BertSelfAttention {
    using Projection = nn::Linear<Hidden, Hidden>;
    BOOST_HANA_DEFINE_STRUCT(BertSelfAttention, (Projection, query), (Projection, key),
                             (Projection, value));
};

template <std::size_t Hidden>
struct BertAttention {
    using Self = BertSelfAttention<Hidden>;
    using Output = BertResidual<Hidden, Hidden>;
    BOOST_HANA_DEFINE_STRUCT(BertAttention, (Self, self), (Output, output));
};

template <auto C>
struct BertLayer {
    using Attention = BertAttention<C.hidden_size>;
    using Inner = BertDense<C.intermediate_size, C.hidden_size>;
    using Output = BertResidual<C.hidden_size, C.intermediate_size>;
    BOOST_HANA_DEFINE_STRUCT(BertLayer, (Attention, attention), (Inner, intermediate),
                             (Output, output));

    nn::EncoderLayerView view() const {
        return {.query = attention.self.query.view(),
                .key = attention.self.key.view(),
                .value = attention.self.value.view(),
                .attention_output = attention.output.dense.view(),
                .attention_norm = attention.output.LayerNorm.view(C.layer_norm_eps),
                .intermediate = intermediate.dense.view(),
                .output = output.dense.view(),
                .output_norm = output.LayerNorm.view(C.layer_norm_eps),
                .heads = C.num_attention_heads,
                .activation = C.hidden_act};
    }
};

/// The stack of layers; causal where the config says that the model is a decoder.
template <auto C>
struct BertEncoder {
    using Layers = std::array<BertLayer<C>, C.num_hidden_layers>;
    BOOST_HANA_DEFINE_STRUCT(BertEncoder, (Layers, layer));

    void operator()(const nn::EncoderBatch& batch, float* hidden, Workspace& workspace, int threads,
                    ModelOutput& output) const {
        const auto view = [this](std::size_t i) { return layer[i].view(); };
        nn::run_encoder(view, encoder_sizes(C), batch, {.causal = C.is_decoder}, hidden, workspace,
                        threads, output);
    }
};

/// Embeddings, layers and pooler: the parameters of BertModel and its like, on their own or below a
/// head. Rule: how positions are numbered.
template <auto C, bool AddPoolingLayer, nn::PositionRule Rule = nn::PositionRule{},
          class EncoderType = BertEncoder<C>>
struct BertBody {
    static constexpr bool has_pooler = AddPoolingLayer;
    static constexpr std::size_t token_types = encoder_limits(C).token_types;
    using Embeddings =
        nn::TokenEmbeddings<C.vocab_size, C.max_position_embeddings, token_types, C.hidden_size>;
    using Encoder = EncoderType;
    using Pooler = If<AddPoolingLayer, BertDense<C.hidden_size, C.hidden_size>>;
    BOOST_HANA_DEFINE_STRUCT(BertBody, (Embeddings, embeddings), (Encoder, encoder),
                             (Pooler, pooler));

    /// The last hidden state (tokens, hidden), in the workspace.
    const float* encode(const nn::EncoderBatch& batch, Workspace& workspace, int threads,
                        ModelOutput& output) const {
        float* hidden = workspace.take(batch.tokens() * C.hidden_size);  // (tokens, hidden)
        nn::embed_tokens(embeddings.view(C.layer_norm_eps, Rule), batch, hidden, workspace,
                         threads);
        encoder(batch, hidden, workspace, threads, output);
        return hidden;
    }

    nn::LinearView pooler_view() const requires AddPoolingLayer { return pooler.dense.view(); }
};

/// The language-model head of RoBERTa and MPNet.
template <auto C>
struct LanguageHead {
    using Dense = nn::Linear<C.hidden_size, C.hidden_size>;
    using Norm = nn::LayerNorm<C.hidden_size>;
    using Decoder = nn::VocabularyLinearNoBias<C.vocab_size, C.hidden_size, C.tie_word_embeddings>;
    BOOST_HANA_DEFINE_STRUCT(LanguageHead, (Param<C.vocab_size>, bias), (Dense, dense),
                             (Norm, layer_norm), (Decoder, decoder));

    /// words: the token table. The activation is gelu whatever the layers have.
    template <class Table>
    nn::LanguageHeadView view(const Table& words) const {
        return {.dense = dense.view(),
                .activation = Activation::gelu,
                .norm = layer_norm.view(C.layer_norm_eps),
                .decoder = nn::vocabulary_view(decoder, words, bias.data)};
    }
};

}  // namespace xzoo
