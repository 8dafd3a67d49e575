// A stack of decoder layers between a token table and a final norm: what all decoder families
// share.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "xzoo/nn/decoder_layer.hpp"
#include "xzoo/nn/token_table.hpp"

namespace xzoo::nn {

/// Refers to an object that gives the parameters of layer i as layer(i), so that the loop over the
/// layers is the same code for all models. The object must outlive the reference.
class DecoderLayers {
public:
    DecoderLayers() = default;
    template <class Body>
    explicit DecoderLayers(const Body& body) noexcept
        : object_{&body}, call_{[](const void* object, std::size_t i) {
              return static_cast<const Body*>(object)->layer(i);
          }} {}
    DecoderLayerView operator()(std::size_t i) const { return call_(object_, i); }

private:
    const void* object_ = nullptr;
    DecoderLayerView (*call_)(const void* object, std::size_t i) = nullptr;
};

/// The parameters and sizes of a decoder below its head.
struct DecoderView {
    std::size_t hidden = 0;
    std::size_t layers = 0;
    std::size_t heads = 0, kv_heads = 0, head_dim = 0;
    TokenTableView tokens{};
    float embedding_scale = 1.0F;
    TokenTableView positions{};              // weight null: there is no table of positions
    std::size_t position_offset = 0;         // row of position 0
    LinearView project_in{}, project_out{};  // from and to the table's width, if it has another
    NormView embedding_norm{}, final_norm{};
    DecoderLayers layer{};
    std::array<RopeSpec, 2> ropes{};                     // dims 0: not used
    std::size_t (*window)(std::size_t layer) = nullptr;  // see CacheLayout

    /// Numbers a token has behind the last norm.
    std::size_t width() const noexcept {
        return project_out.weight != nullptr ? project_out.out : hidden;
    }
};

/// Where hidden states and attention probabilities go, if they are asked for.
struct DecoderTaps {
    PaddedShape shape{};
    ModelOutput* output = nullptr;
    bool hidden_states = false;
    bool attentions = false;
};

namespace detail {

inline void keep_hidden(const DecoderTaps& taps, std::size_t i, const float* hidden,
                        std::size_t rows, std::size_t size) {
    if (!taps.hidden_states)
        return;
    xt::xtensor<float, 3>& to = taps.output->hidden_states[i];
    to.resize({taps.shape.batch, taps.shape.length, size});
    std::fill(to.storage().begin(), to.storage().end(), 0.0F);
    for (std::size_t r = 0; r < rows; ++r)
        std::copy_n(hidden + r * size, size, to.data() + taps.shape.slots[r] * size);
}

/// Token embeddings, scaled, with positions and norm: the input of the first layer.
template <class Arch>
void embed(const DecoderView& model, const TokenRows& tokens, float* hidden, Workspace& workspace,
           int threads) {
    const Workspace::Scope scope{workspace};
    float* words = model.project_in.weight == nullptr
                       ? hidden
                       : workspace.take(tokens.rows * model.tokens.columns);
    look_up<Arch>(model.tokens, tokens.ids, tokens.rows, 0, words, false, workspace);
    if (model.project_in.weight != nullptr)
        apply(model.project_in, words, tokens.rows, hidden, workspace, threads);
    if (model.embedding_scale != 1.0F)
        simd::scale<Arch>(hidden, tokens.rows * model.hidden, model.embedding_scale);
    if (model.positions.weight != nullptr)
        look_up<Arch>(model.positions, tokens.positions, tokens.rows, model.position_offset, hidden,
                      true, workspace);
    if (model.embedding_norm)
        apply<Arch>(model.embedding_norm, hidden, tokens.rows, hidden, threads);
}

}  // namespace detail

/// Runs tokens through the decoder; cache(i) gives the CacheView of layer i.
/// Shapes  hidden: (rows, max(hidden, width())) is scratch; the result is its first
///         (rows, width()).
template <class Arch = simd::default_arch, class Cache>
void run_decoder(const DecoderView& model, const TokenRows& tokens, const Cache& cache,
                 const DecoderTaps& taps, float* hidden, Workspace& workspace, int threads) {
    const Workspace::Scope scope{workspace};
    std::array<RopeTable, 2> ropes{};
    for (std::size_t i = 0; i < ropes.size(); ++i)
        if (model.ropes[i].dims > 0)
            ropes[i] =
                rope_table(model.ropes[i], tokens.positions, tokens.rows, tokens.length, workspace);
    if (taps.output != nullptr) {
        taps.output->hidden_states.resize(taps.hidden_states ? model.layers + 1 : 0);
        taps.output->attentions.resize(taps.attentions ? model.layers : 0);
    }
    detail::embed<Arch>(model, tokens, hidden, workspace, threads);
    LayerContext context{
        .tokens = tokens, .ropes = ropes.data(), .workspace = &workspace, .threads = threads};
    Probabilities probabilities{taps.shape, nullptr};
    for (std::size_t i = 0; i < model.layers; ++i) {
        detail::keep_hidden(taps, i, hidden, tokens.rows, model.hidden);
        if (taps.attentions) {
            probabilities.to = &taps.output->attentions[i];
            const std::size_t length = taps.shape.length;
            probabilities.to->resize({taps.shape.batch, model.heads, length, length});
            std::fill(probabilities.to->storage().begin(), probabilities.to->storage().end(), 0.0F);
            context.probabilities = &probabilities;
        }
        context.cache = cache(i);
        decoder_layer<Arch>(model.layer(i), context, hidden);
    }
    if (model.final_norm)
        apply<Arch>(model.final_norm, hidden, tokens.rows, hidden, threads);
    if (model.project_out.weight != nullptr) {
        float* narrow = workspace.take(tokens.rows * model.project_out.out);
        apply(model.project_out, hidden, tokens.rows, narrow, workspace, threads);
        std::copy_n(narrow, tokens.rows * model.project_out.out, hidden);
    }
    detail::keep_hidden(taps, model.layers, hidden, tokens.rows, model.width());
}

/// Floats that run_decoder takes from the workspace; see decoder_layer_workspace.
template <class Arch = simd::default_arch>
std::size_t decoder_workspace(const DecoderView& model, std::size_t rows, std::size_t sequences,
                              std::size_t length, bool single, int threads) {
    std::size_t ropes = 0;
    for (const RopeSpec& rope : model.ropes)
        ropes += rope.dims > 0 ? rope_workspace(rope.dims / 2, rows) : 0;
    std::size_t layers = padded(rows * std::max(model.tokens.columns, model.width())) +
                         look_up_workspace(model.hidden);
    for (std::size_t i = 0; i < model.layers; ++i)
        layers = std::max(layers, decoder_layer_workspace<Arch>(model.layer(i), rows, sequences,
                                                                length, single, threads));
    return ropes + layers;
}

}  // namespace xzoo::nn
