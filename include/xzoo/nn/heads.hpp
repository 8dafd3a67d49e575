// What stands on top of an encoder: scores for sequences, tokens and vocabularies. Written once
// over run-time sizes; the models only name their parameters.
#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include "xzoo/core/workspace.hpp"
#include "xzoo/nn/encoder_batch.hpp"
#include "xzoo/nn/layer_norm.hpp"
#include "xzoo/nn/linear.hpp"
#include "xzoo/nn/token_table.hpp"

namespace xzoo::nn {

/// The weight of a layer that scores a vocabulary: absent where it is the token table.
template <std::size_t Vocabulary, std::size_t In, bool Tied>
struct VocabularyLinearNoBias {
    using Weight = If<!Tied, HeadParam<Vocabulary, In>>;
    BOOST_HANA_DEFINE_STRUCT(VocabularyLinearNoBias, (Weight, weight));
};

/// The same with a bias of its own.
template <std::size_t Vocabulary, std::size_t In, bool Tied>
struct VocabularyLinear {
    using Weight = If<!Tied, HeadParam<Vocabulary, In>>;
    BOOST_HANA_DEFINE_STRUCT(VocabularyLinear, (Weight, weight), (Param<Vocabulary>, bias));
};

/// A decoder as the kernels see it.
struct VocabularyView {
    LinearView layer{};      // weight null: it is the table's
    TokenTableView table{};  // (vocabulary, in)
};

/// The view of a decoder that may share the token table.
template <class Decoder, class Table>
VocabularyView vocabulary_view(const Decoder& decoder, const Table& words,
                               const float* bias) noexcept {
    if constexpr (std::is_same_v<typename Decoder::Weight, Absent>)
        return {{.bias = bias, .out = words.view().rows, .in = words.view().columns}, words.view()};
    else
        return {linear_view(decoder.weight, bias), {}};
}

namespace detail {

/// Rows of a table that are brought into panels at a time.
inline constexpr std::size_t tied_block = simd::format_rows;

/// Floats for one block of rows and for its panels.
template <class Arch>
std::size_t tied_floats(std::size_t out, std::size_t in) noexcept {
    const std::size_t block = std::min(tied_block, out);
    const std::size_t panels =
        simd::matrix_format<Arch, Precision::f32>.bytes(block, in) / sizeof(float);
    return padded(block * in) + padded(panels);
}

}  // namespace detail

/// y = x weight^T + bias; a table is packed a block of rows at a time, so that it needs no second
/// copy in memory.
/// Shapes  x: (rows, in), y: (rows, out).
template <class Arch = simd::default_arch>
void apply(const VocabularyView& view, const float* x, std::size_t rows, float* y,
           Workspace& workspace, int threads) {
    const LinearView& layer = view.layer;
    if (layer.weight != nullptr)
        return apply(layer, x, rows, y, workspace, threads);
    const Workspace::Scope scope{workspace};
    const std::size_t most = std::min(detail::tied_block, layer.out);
    float* values = workspace.take(most * layer.in);  // (block, in)
    constexpr const simd::MatrixFormat& format = simd::matrix_format<Arch, Precision::f32>;
    float* panels = workspace.take(format.bytes(most, layer.in) / sizeof(float));
    for (std::size_t begin = 0; begin < layer.out; begin += detail::tied_block) {
        const std::size_t block = std::min(detail::tied_block, layer.out - begin);
        const float* rows_of_block = values;
        if (view.table.format->precision == Precision::f32)
            rows_of_block = static_cast<const float*>(view.table.weight) + begin * layer.in;
        else
            for (std::size_t r = 0; r < block; ++r)
                look_up(view.table, begin + r, values + r * layer.in);
        format.pack_rows(rows_of_block, 0, block, layer.in, layer.in, 1, panels);
        apply({panels, &format, layer.bias ? layer.bias + begin : nullptr, block, layer.in}, x,
              rows, layer.in, y + begin, layer.out, {}, workspace, threads);
    }
}

/// A language-model head: decoder(norm(activation(dense(x)))).
struct LanguageHeadView {
    LinearView dense;
    Activation activation = Activation::gelu;
    LayerNormView norm;
    VocabularyView decoder;
};

/// Floats that score_vocabulary takes from the workspace.
template <class Arch = simd::default_arch>
std::size_t language_head_workspace(std::size_t tokens, std::size_t vocabulary, std::size_t in) {
    return padded(tokens * in) + (detail::tied_floats<Arch>(vocabulary, in));
}

/// Scores of each token over the vocabulary.
/// Shapes  x: (batch, length, head.dense.in) -> logits (batch, length, vocabulary).
template <class Arch = simd::default_arch>
void score_vocabulary(const LanguageHeadView& head, const float* x, const EncoderBatch& batch,
                      xt::xtensor<float, 3>& logits, Workspace& workspace, int threads) {
    const Workspace::Scope scope{workspace};
    float* y = workspace.take(batch.tokens() * head.dense.out);  // (tokens, decoder.in)
    apply(head.dense, x, batch.tokens(), y, workspace, threads, head.activation);
    apply<Arch>(head.norm, y, batch.tokens(), y, threads);
    logits.resize({batch.batch, batch.length, head.decoder.layer.out});
    apply<Arch>(head.decoder, y, batch.tokens(), logits.data(), workspace, threads);
}

/// y = activation(first W^T + b) of the first token of each sequence: BERT's pooler and its like.
/// Shapes  x: (batch, length, dense.in); y: (batch, dense.out).
inline void pool_first(const LinearView& dense, Activation activation, const float* x,
                       const EncoderBatch& batch, float* y, Workspace& workspace, int threads) {
    apply(dense, x, batch.batch, batch.length * dense.in, y, dense.out, {.activation = activation},
          workspace, threads);
}

/// A head that scores sequences by their first token: scores(activation(dense(first))).
struct SequenceHeadView {
    LinearView dense;
    Activation activation = Activation::tanh;
    LinearView scores;
};

/// dense and out_proj: a head that scores sequences and does without the pooler.
template <std::size_t Labels, std::size_t Hidden>
struct ClassificationHead {
    using Dense = Linear<Hidden, Hidden>;
    using Scores = ScoreLinear<Labels, Hidden>;
    BOOST_HANA_DEFINE_STRUCT(ClassificationHead, (Dense, dense), (Scores, out_proj));

    SequenceHeadView view(Activation activation) const noexcept {
        return {dense.view(), activation, out_proj.view()};
    }
};

/// Scores of each sequence; those of the choices of one question stand side by side.
/// Shapes  x: (batch, length, head.dense.in) -> logits (batch / choices, choices * labels).
inline void score_sequences(const SequenceHeadView& head, const float* x, const EncoderBatch& batch,
                            xt::xtensor<float, 2>& logits, Workspace& workspace, int threads) {
    const Workspace::Scope scope{workspace};
    float* pooled = workspace.take(batch.batch * head.dense.out);  // (batch, dense.out)
    pool_first(head.dense, head.activation, x, batch, pooled, workspace, threads);
    logits.resize({batch.batch / batch.choices, batch.choices * head.scores.out});
    apply(head.scores, pooled, batch.batch, logits.data(), workspace, threads);
}

/// Scores of each token.
/// Shapes  x: (batch, length, classifier.in) -> logits (batch, length, classifier.out).
inline void score_tokens(const LinearView& classifier, const float* x, const EncoderBatch& batch,
                         xt::xtensor<float, 3>& logits, Workspace& workspace, int threads) {
    logits.resize({batch.batch, batch.length, classifier.out});
    apply(classifier, x, batch.tokens(), logits.data(), workspace, threads);
}

/// Where an answer starts and ends.
/// Shapes  x: (batch, length, qa.in), qa.out = 2 -> start_logits, end_logits (batch, length).
inline void score_answers(const LinearView& qa, const float* x, const EncoderBatch& batch,
                          QuestionAnsweringOutput& output, Workspace& workspace, int threads) {
    const Workspace::Scope scope{workspace};
    float* both = workspace.take(batch.tokens() * 2);  // (tokens, 2): start, end
    apply(qa, x, batch.tokens(), both, workspace, threads);
    output.start_logits.resize({batch.batch, batch.length});
    output.end_logits.resize({batch.batch, batch.length});
    for (std::size_t t = 0; t < batch.tokens(); ++t) {
        output.start_logits.data()[t] = both[2 * t];
        output.end_logits.data()[t] = both[2 * t + 1];
    }
}

}  // namespace xzoo::nn
