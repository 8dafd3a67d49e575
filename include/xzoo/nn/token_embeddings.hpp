// The first step of an encoder: a row for each token, one for its position and, in some families,
// one for its type are added and normalised.
#pragma once

#include <cstddef>
#include <cstdint>

#include "xzoo/nn/encoder_batch.hpp"
#include "xzoo/nn/layer_norm.hpp"
#include "xzoo/nn/linear.hpp"
#include "xzoo/nn/token_table.hpp"

namespace xzoo::nn {

/// How positions are numbered where the caller gives none.
struct PositionRule {
    bool skip_padding = false;     // count from padding_id + 1 and leave out padding, as RoBERTa
    std::uint32_t padding_id = 0;  //   does; otherwise 0, 1, 2, ...
};

/// The tables as the kernels see them.
struct TokenEmbeddingsView {
    TokenTableView words{};      // (vocabulary, norm.size)
    TokenTableView positions{};  // (positions, norm.size)
    TokenTableView types{};      // (token types, norm.size); weight null where there are none
    PositionRule position_rule;
    LayerNormView norm;
};

/// y = norm(word + type + position).
/// Shapes  y: (batch * length, norm.size).
/// Errors  ArgumentError if a sequence is longer than the table of positions.
template <class Arch = simd::default_arch>
void embed_tokens(const TokenEmbeddingsView& tables, const EncoderBatch& batch, float* y,
                  Workspace& workspace, int threads) {
    const Workspace::Scope scope{workspace};
    const PositionRule rule = tables.position_rule;
    const std::uint32_t* positions =
        rule.skip_padding
            ? positions_after_padding(batch, rule.padding_id, tables.positions.rows, workspace)
            : counted_positions(batch, tables.positions.rows, workspace);
    const std::size_t tokens = batch.tokens();
    look_up<Arch>(tables.words, batch.input_ids, tokens, 0, y, false, workspace);
    if (tables.types.weight != nullptr)
        look_up<Arch>(tables.types, token_types(batch, workspace), tokens, 0, y, true, workspace);
    look_up<Arch>(tables.positions, positions, tokens, 0, y, true, workspace);
    apply<Arch>(tables.norm, y, batch.tokens(), y, threads);
}

/// y = projection(norm(word + type + position)), where the tables are narrower than the encoder.
/// Shapes  y: (batch * length, projection.out), projection.in = norm.size.
template <class Arch = simd::default_arch>
void embed_tokens(const TokenEmbeddingsView& tables, const LinearView& projection,
                  const EncoderBatch& batch, float* y, Workspace& workspace, int threads) {
    const Workspace::Scope scope{workspace};
    float* narrow = workspace.take(batch.tokens() * projection.in);  // (tokens, in)
    embed_tokens<Arch>(tables, batch, narrow, workspace, threads);
    apply(projection, narrow, batch.tokens(), y, workspace, threads);
}

/// The tables under the names that BERT's checkpoints gave them. Types may be 0: no token types.
template <std::size_t Vocabulary, std::size_t Positions, std::size_t Types, std::size_t Size>
struct TokenEmbeddings {
    using WordTable = Embedding<Vocabulary, Size>;
    using PositionTable = Embedding<Positions, Size>;
    using TypeTable = If<(Types > 0), Embedding<Types, Size>>;
    using Norm = nn::LayerNorm<Size>;
    BOOST_HANA_DEFINE_STRUCT(TokenEmbeddings, (WordTable, word_embeddings),
                             (PositionTable, position_embeddings),
                             (TypeTable, token_type_embeddings), (Norm, LayerNorm));

    TokenEmbeddingsView view(float eps, PositionRule rule = {}) const noexcept {
        TokenEmbeddingsView view{.words = word_embeddings.view(),
                                 .positions = position_embeddings.view(),
                                 .position_rule = rule,
                                 .norm = LayerNorm.view(eps)};
        if constexpr (Types > 0)
            view.types = token_type_embeddings.view();
        return view;
    }
};

}  // namespace xzoo::nn
