// A stack of encoder layers over a batch: what all encoder families share.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "xzoo/nn/encoder_batch.hpp"
#include "xzoo/nn/encoder_layer.hpp"
#include "xzoo/nn/padding.hpp"
#include "xzoo/nn/token_table.hpp"

namespace xzoo::nn {

/// Sizes of an encoder, for workspace and checks.
struct EncoderSizes {
    std::size_t hidden = 0;
    std::size_t heads = 0;
    std::size_t layers = 0;
    std::size_t intermediate = 0;
    std::size_t vocabulary = 0;
    std::size_t embedding = 0;        // columns of the token table
    std::size_t inner_layers = 1;     // layers between two hidden states that are returned
    bool relative_positions = false;  // a bias (heads, length, length) is added to the scores
};

/// What differs between encoders besides sizes and parameters.
struct EncoderOptions {
    bool causal = false;
    MaskRule mask_rule = MaskRule::graded;
    const float* bias = nullptr;  // (heads, length, length), added to the scores of every layer
    /// Row of a head mask (layers, heads) that holds for a layer; null: the layer's own.
    std::size_t (*head_mask_row)(std::size_t layer) = nullptr;
};

/// Floats that a forward pass takes from the workspace for (batch, length), with a head on top
/// that takes head_floats. Not counted: masks with a row a query, batch * length * length.
template <class Arch = simd::default_arch>
std::size_t encoder_workspace(const EncoderSizes& sizes, std::size_t batch, std::size_t length,
                              int threads, std::size_t head_floats) {
    const std::size_t tokens = batch * length;
    const AttentionContext context{.batch = batch, .length = length, .tokens = tokens};
    const std::size_t embedding = padded(tokens * sizes.embedding) +
                                  2 * padded(tokens) +  // positions, types
                                  look_up_workspace(sizes.embedding);
    const std::size_t bias =
        sizes.relative_positions ? sizes.heads * length * length + padded(32 * sizes.heads) : 0;
    const std::size_t layers = padded(bias) + padded(tokens) +  // the additive mask
                               padded(batch) +                  // lengths of the sequences
                               encoder_layer_workspace<Arch>(context, sizes.hidden, sizes.heads,
                                                             sizes.intermediate, threads);
    return padded(tokens * sizes.hidden) + std::max({embedding, layers, head_floats});
}

/// Refers to a callable that gives the parameters of layer i; layers may share them. It keeps the
/// loop over the layers the same code for all models. The callable must outlive the reference.
class LayerViews {
public:
    template <class View>
    LayerViews(const View& view) noexcept
        : object_{&view}, call_{[](const void* object, std::size_t i) {
              return (*static_cast<const View*>(object))(i);
          }} {}
    EncoderLayerView operator()(std::size_t i) const { return call_(object_, i); }

private:
    const void* object_;
    EncoderLayerView (*call_)(const void* object, std::size_t i);
};

/// Runs the layers over `hidden` in place and fills the outputs that were asked for. Padding that
/// the batch wants skipped becomes zeros.
/// Shapes  hidden: (batch * length, sizes.hidden), the embeddings on entry.
template <class Arch = simd::default_arch>
void run_encoder(LayerViews layer_view, const EncoderSizes& sizes, const EncoderBatch& inputs,
                 const EncoderOptions& options, float* hidden, Workspace& workspace, int threads,
                 ModelOutput& output) {
    const Workspace::Scope scope{workspace};
    const RightPadding padding = right_padding(inputs, workspace);
    AttentionContext context =
        padding ? AttentionContext{.batch = inputs.batch,
                                   .length = inputs.length,
                                   .lengths = padding.lengths,
                                   .tokens = padding.tokens,
                                   .causal = options.causal}
                : attention_context(inputs, options.causal, options.mask_rule, workspace);
    context.bias = options.bias;
    const std::size_t inner = sizes.inner_layers;
    const std::size_t applied = sizes.layers * inner;
    output.hidden_states.resize(inputs.output_hidden_states ? sizes.layers + 1 : 0);
    output.attentions.resize(inputs.output_attentions ? applied : 0);
    const auto keep_hidden = [&](std::size_t i) {
        if (!inputs.output_hidden_states)
            return;
        xt::xtensor<float, 3>& kept = output.hidden_states[i];
        kept.resize({inputs.batch, inputs.length, sizes.hidden});
        if (padding)
            padding.restore(hidden, sizes.hidden, kept.data());
        else
            std::copy_n(hidden, inputs.tokens() * sizes.hidden, kept.data());
    };
    if (padding)
        padding.remove(hidden, sizes.hidden);
    keep_hidden(0);
    for (std::size_t i = 0; i < applied; ++i) {
        if (inputs.output_attentions) {
            output.attentions[i].resize({inputs.batch, sizes.heads, inputs.length, inputs.length});
            context.probabilities = output.attentions[i].data();
        }
        if (inputs.head_mask) {
            const std::size_t row = options.head_mask_row ? options.head_mask_row(i) : i;
            context.head_mask =
                inputs.head_mask + (inputs.head_mask_per_layer ? row * sizes.heads : 0);
        }
        encoder_layer<Arch>(layer_view(i), hidden, context, workspace, threads);
        if ((i + 1) % inner == 0)
            keep_hidden((i + 1) / inner);
    }
    if (padding)
        padding.restore(hidden, sizes.hidden, hidden);
}

}  // namespace xzoo::nn
