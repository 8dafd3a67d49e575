// Sentence embeddings: one vector for each sequence from the hidden states of its tokens.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <vector>
#include <xtensor/xtensor.hpp>

#include "xzoo/core/error.hpp"
#include "xzoo/core/workspace.hpp"
#include "xzoo/nn/cosine_similarity.hpp"
#include "xzoo/nn/encoder_batch.hpp"
#include "xzoo/simd/elementwise.hpp"

namespace xzoo {

/// How the tokens of a sequence become one vector. Padding never takes part.
enum class Pooling : std::uint8_t {
    mean,  ///< the mean of all tokens
    cls,   ///< the first token
    last,  ///< the last token
    max,   ///< the largest value of each channel
};

/// How sentence embeddings are made; each model's card says what it was trained with.
struct EmbeddingOptions {
    Pooling pooling = Pooling::mean;
    bool normalize = true;        // to a Euclidean length of 1
    std::size_t batch_size = 32;  // sentences that run together
    int threads = 0;              // as in Workspace
};

namespace nn {

namespace detail {

/// y[c] = the largest x[t][c] of the tokens with a weight above 0.
inline void max_rows(const float* x, std::size_t rows, std::size_t size, const float* weights,
                     float* y) noexcept {
    bool first = true;
    for (std::size_t t = 0; t < rows; ++t, x += size) {
        if (weights && !(weights[t] > 0.0F))
            continue;
        for (std::size_t c = 0; c < size; ++c)
            y[c] = first || x[c] > y[c] ? x[c] : y[c];
        first = false;
    }
    if (first)
        std::fill_n(y, size, 0.0F);
}

/// y = the first or the last row with a weight above 0; zeros if there is none.
inline void end_row(const float* x, std::size_t rows, std::size_t size, const float* weights,
                    bool last, float* y) noexcept {
    for (std::size_t i = 0; i < rows; ++i) {
        const std::size_t t = last ? rows - 1 - i : i;
        if (weights && !(weights[t] > 0.0F))
            continue;
        std::copy_n(x + t * size, size, y);
        return;
    }
    std::fill_n(y, size, 0.0F);
}

}  // namespace detail

/// Pools each sequence of a batch.
/// Shapes  hidden: (batch, length, size); mask: (batch, length), 1 for a token and 0 for padding,
///         or null where all are tokens; y: (batch, size).
/// Result  zeros for a sequence without tokens.
template <class Arch = simd::default_arch>
void pool(const float* hidden, const float* mask, std::size_t batch, std::size_t length,
          std::size_t size, Pooling pooling, bool normalize, float* y) noexcept {
    for (std::size_t b = 0; b < batch; ++b) {
        const float* x = hidden + b * length * size;
        const float* weights = mask ? mask + b * length : nullptr;
        float* row = y + b * size;
        switch (pooling) {
            case Pooling::mean:
                simd::mean_rows<Arch>(x, length, size, size, weights, row);
                break;
            case Pooling::cls:
            case Pooling::last:
                detail::end_row(x, length, size, weights, pooling == Pooling::last, row);
                break;
            case Pooling::max:
                detail::max_rows(x, length, size, weights, row);
                break;
        }
    }
    if (normalize)
        simd::l2_normalize_rows<Arch>(y, batch, size, size);
}

}  // namespace nn

/// Pools last_hidden_state (batch, length, hidden) into embeddings (batch, hidden), which are
/// allocated only where their shape changes. attention_mask (batch, length) may be left empty.
/// Errors  ArgumentError if the shapes contradict each other.
inline void pool(const xt::xtensor<float, 3>& last_hidden_state,
                 const xt::xarray<float>& attention_mask, Pooling pooling, bool normalize,
                 xt::xtensor<float, 2>& embeddings) {
    const std::size_t batch = last_hidden_state.shape()[0];
    const std::size_t length = last_hidden_state.shape()[1];
    const std::size_t size = last_hidden_state.shape()[2];
    const bool masked = attention_mask.dimension() > 0;
    if (masked && (attention_mask.dimension() != 2 || attention_mask.shape()[0] != batch ||
                   attention_mask.shape()[1] != length))
        nn::detail::wrong_shape("attention_mask", nn::detail::shape_text(attention_mask),
                                "(" + std::to_string(batch) + ", " + std::to_string(length) + ")");
    embeddings.resize({batch, size});
    nn::pool(last_hidden_state.data(), masked ? attention_mask.data() : nullptr, batch, length,
             size, pooling, normalize, embeddings.data());
}

/// The same into a new tensor.
inline xt::xtensor<float, 2> pool(const xt::xtensor<float, 3>& last_hidden_state,
                                  const xt::xarray<float>& attention_mask, Pooling pooling,
                                  bool normalize) {
    xt::xtensor<float, 2> embeddings;
    pool(last_hidden_state, attention_mask, pooling, normalize, embeddings);
    return embeddings;
}

/// Embeddings (batch, hidden) of a batch of sentences. Model: a bare encoder, Bert<C> or its like.
/// Once workspace and output have seen a batch of this size, nothing is allocated.
/// Errors  ArgumentError for inputs that do not fit, or with a mask that has a row a query.
template <class Model>
void sentence_embeddings(const Model& model, const EncoderInputs& inputs, Pooling pooling,
                         bool normalize, Workspace& workspace, typename Model::Output& output,
                         xt::xtensor<float, 2>& embeddings) {
    model.forward(inputs, workspace, output);
    pool(output.last_hidden_state, inputs.attention_mask, pooling, normalize, embeddings);
}

/// The same into a new tensor.
template <class Model>
xt::xtensor<float, 2> sentence_embeddings(const Model& model, const EncoderInputs& inputs,
                                          const EmbeddingOptions& options = {}) {
    Workspace workspace{options.threads};
    typename Model::Output output;
    xt::xtensor<float, 2> embeddings;
    sentence_embeddings(model, inputs, options.pooling, options.normalize, workspace, output,
                        embeddings);
    return embeddings;
}

/// Sentences of different lengths as one batch: input_ids filled up with padding_id on the right,
/// the attention_mask that says so, and skip_padding.
/// Errors  ArgumentError if there are no sentences, or one of them has no tokens.
inline EncoderInputs pad_sentences(std::span<const std::vector<std::uint32_t>> sentences,
                                   std::uint32_t padding_id = 0) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < sentences.size(); ++i) {
        if (sentences[i].empty())
            throw ArgumentError{"sentence " + std::to_string(i) + " has no tokens"};
        length = std::max(length, sentences[i].size());
    }
    if (length == 0)
        throw ArgumentError{"there are no sentences to run"};
    EncoderInputs inputs;
    inputs.skip_padding = true;
    inputs.input_ids.resize({sentences.size(), length});
    inputs.attention_mask.resize(std::vector<std::size_t>{sentences.size(), length});
    for (std::size_t i = 0; i < sentences.size(); ++i) {
        const std::size_t tokens = sentences[i].size();
        std::uint32_t* ids = inputs.input_ids.data() + i * length;
        float* mask = inputs.attention_mask.data() + i * length;
        std::copy(sentences[i].begin(), sentences[i].end(), ids);
        std::fill(ids + tokens, ids + length, padding_id);
        std::fill_n(mask, tokens, 1.0F);
        std::fill(mask + tokens, mask + length, 0.0F);
    }
    return inputs;
}

/// Embeddings (sentences, hidden) of any number of sentences, given as token ids. Sentences of
/// similar length run together, so that little is spent on padding; the result is in the order of
/// the arguments.
/// Errors  ArgumentError as in pad_sentences, or if options.batch_size is 0.
template <class Model>
xt::xtensor<float, 2> sentence_embeddings(const Model& model,
                                          std::span<const std::vector<std::uint32_t>> sentences,
                                          const EmbeddingOptions& options = {}) {
    if (options.batch_size == 0)
        throw ArgumentError{"batch_size is 0, expected at least 1"};
    const long long padding = Model::config.pad_token_id;  // -1: none, and any id will do
    std::vector<std::size_t> order(sentences.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return sentences[a].size() > sentences[b].size();  // longest first: nothing grows later
    });
    Workspace workspace{options.threads};
    typename Model::Output output;
    xt::xtensor<float, 2> part;
    xt::xtensor<float, 2> embeddings;
    std::vector<std::vector<std::uint32_t>> batch;
    for (std::size_t begin = 0; begin < order.size(); begin += options.batch_size) {
        const std::size_t end = std::min(begin + options.batch_size, order.size());
        batch.clear();
        for (std::size_t i = begin; i < end; ++i)
            batch.push_back(sentences[order[i]]);
        const EncoderInputs inputs =
            pad_sentences(batch, static_cast<std::uint32_t>(std::max(padding, 0LL)));
        sentence_embeddings(model, inputs, options.pooling, options.normalize, workspace, output,
                            part);
        const std::size_t size = part.shape()[1];
        embeddings.resize({order.size(), size});
        for (std::size_t i = begin; i < end; ++i)
            std::copy_n(part.data() + (i - begin) * size, size,
                        embeddings.data() + order[i] * size);
    }
    return embeddings;
}

}  // namespace xzoo
