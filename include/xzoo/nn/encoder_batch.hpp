// Inputs as the encoder reads them: checked once, then plain pointers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include "xzoo/core/error.hpp"
#include "xzoo/core/workspace.hpp"
#include "xzoo/nn/encoder_inputs.hpp"
#include "xzoo/nn/encoder_layer.hpp"

namespace xzoo::nn {

/// The sizes that inputs are checked against.
struct EncoderLimits {
    std::size_t vocab_size = 0;
    std::size_t positions = 0;           // rows of the position table
    std::size_t reserved_positions = 0;  // of them, that no token has: positions begin behind them
    std::size_t token_types = 0;         // rows of the token type table; 0: there is none
    std::size_t layers = 0;
    std::size_t heads = 0;
};

/// One batch of sequences, not owned. Null pointers stand for inputs that were left out.
struct EncoderBatch {
    std::size_t batch = 0;
    std::size_t length = 0;
    std::size_t choices = 1;                        // sequences that belong to one question
    const std::uint32_t* input_ids = nullptr;       // (batch, length)
    const float* attention_mask = nullptr;          // (batch, length), or with mask_per_query
    bool mask_per_query = false;                    //   (batch, length, length)
    const std::uint32_t* token_type_ids = nullptr;  // (batch, length)
    const std::uint32_t* position_ids = nullptr;    // (batch, length)
    const float* head_mask = nullptr;               // (heads), or with head_mask_per_layer
    bool head_mask_per_layer = false;               //   (layers, heads)
    bool output_hidden_states = false;
    bool output_attentions = false;
    bool skip_padding = false;  // where all of it stands behind the tokens

    constexpr std::size_t tokens() const { return batch * length; }
};

namespace detail {

template <class Tensor>
std::string shape_text(const Tensor& tensor) {
    std::string text = "(";
    for (std::size_t i = 0; i < tensor.dimension(); ++i)
        text += (i == 0 ? "" : ", ") + std::to_string(tensor.shape()[i]);
    return text + ')';
}

[[noreturn]] inline void wrong_shape(const char* name, const std::string& found,
                                     const std::string& expected) {
    throw ArgumentError{std::string{name} + " has shape " + found + ", expected " + expected};
}

/// Data of an optional input that must have the shape of input_ids; null if it was left out.
template <class Tensor, class Ids>
auto optional_like(const char* name, const Tensor& tensor, const Ids& ids) {
    if (tensor.size() == 0)
        return decltype(tensor.data()){nullptr};
    if (tensor.shape() != ids.shape())
        wrong_shape(name, shape_text(tensor), shape_text(ids) + " like input_ids");
    return tensor.data();
}

inline void check_ids(const char* name, const std::uint32_t* ids, std::size_t tokens,
                      std::size_t limit) {
    for (std::size_t t = 0; ids && t < tokens; ++t)
        if (ids[t] >= limit)
            throw ArgumentError{std::string{name} + " holds " + std::to_string(ids[t]) +
                                ", the model has ids below " + std::to_string(limit)};
}

inline void set_head_mask(EncoderBatch& view, const xt::xarray<float>& mask,
                          const EncoderLimits& limits) {
    const std::size_t rank = mask.dimension();
    if (rank == 0)
        return;
    const std::string heads = std::to_string(limits.heads);
    const bool fits =
        (rank == 1 && mask.shape()[0] == limits.heads) ||
        (rank == 2 && mask.shape()[0] == limits.layers && mask.shape()[1] == limits.heads);
    if (!fits)
        wrong_shape("head_mask", shape_text(mask),
                    "(" + heads + ") or (" + std::to_string(limits.layers) + ", " + heads + ")");
    view.head_mask = mask.data();
    view.head_mask_per_layer = rank == 2;
}

inline void set_attention_mask(EncoderBatch& view, const xt::xarray<float>& mask) {
    const std::size_t rank = mask.dimension();
    if (rank == 0)
        return;
    const bool fits = (rank == 2 || (rank == 3 && mask.shape()[2] == view.length)) &&
                      mask.shape()[0] == view.batch && mask.shape()[1] == view.length;
    const std::string pair = std::to_string(view.batch) + ", " + std::to_string(view.length);
    if (!fits)
        wrong_shape("attention_mask", shape_text(mask),
                    "(" + pair + ") or (" + pair + ", " + std::to_string(view.length) + ")");
    view.attention_mask = mask.data();
    view.mask_per_query = rank == 3;
}

inline void check_contents(const EncoderBatch& view, const EncoderLimits& limits) {
    check_ids("input_ids", view.input_ids, view.tokens(), limits.vocab_size);
    check_ids("position_ids", view.position_ids, view.tokens(), limits.positions);
    if (view.token_type_ids && limits.token_types == 0)
        throw ArgumentError{"token_type_ids were given, the model has no token types"};
    check_ids("token_type_ids", view.token_type_ids, view.tokens(), limits.token_types);
}

template <class Inputs>
EncoderBatch common_view(const Inputs& inputs, const EncoderLimits& limits) {
    EncoderBatch view{.output_hidden_states = inputs.output_hidden_states,
                      .output_attentions = inputs.output_attentions};
    const auto& ids = inputs.input_ids;
    if (ids.size() == 0)
        wrong_shape("input_ids", shape_text(ids), "at least one sequence of at least one token");
    view.length = ids.shape().back();
    view.batch = ids.size() / view.length;
    view.input_ids = ids.data();
    view.token_type_ids = optional_like("token_type_ids", inputs.token_type_ids, ids);
    view.position_ids = optional_like("position_ids", inputs.position_ids, ids);
    set_head_mask(view, inputs.head_mask, limits);
    return view;
}

}  // namespace detail

/// Checks everything a caller may get wrong; the view is valid as long as the inputs are.
/// Errors  ArgumentError that names the input, what it is and what it had to be.
inline EncoderBatch view(const EncoderInputs& inputs, const EncoderLimits& limits) {
    EncoderBatch view = detail::common_view(inputs, limits);
    detail::set_attention_mask(view, inputs.attention_mask);
    view.skip_padding = inputs.skip_padding;
    detail::check_contents(view, limits);
    return view;
}

/// The same for questions with choices: every choice becomes a sequence of its own.
inline EncoderBatch view(const MultipleChoiceInputs& inputs, const EncoderLimits& limits) {
    EncoderBatch view = detail::common_view(inputs, limits);
    view.choices = inputs.input_ids.shape()[1];
    view.attention_mask =
        detail::optional_like("attention_mask", inputs.attention_mask, inputs.input_ids);
    detail::check_contents(view, limits);
    return view;
}

/// What a value between 0 and 1 in an attention mask means. Both treat 0 and 1 alike.
enum class MaskRule : std::uint8_t {
    graded,  ///< adds (1 - value) * lowest float to the score
    binary,  ///< shows the token: only 0 hides it
};

/// The attention that a batch asks for, with an additive mask as Hugging Face makes it; no mask
/// where every token may look at every token. A mask with a row a query takes the place of the
/// causal one (get_extended_attention_mask of transformers 4.46).
inline AttentionContext attention_context(const EncoderBatch& inputs, bool causal, MaskRule rule,
                                          Workspace& workspace) {
    AttentionContext context{.batch = inputs.batch,
                             .length = inputs.length,
                             .tokens = inputs.tokens(),
                             .mask_per_query = inputs.mask_per_query,
                             .causal = causal && !inputs.mask_per_query};
    if (!inputs.attention_mask)
        return context;
    const std::size_t size = inputs.tokens() * (inputs.mask_per_query ? inputs.length : 1);
    float* additive = workspace.take(size);
    bool hides = false;
    for (std::size_t i = 0; i < size; ++i) {
        const float value = inputs.attention_mask[i];
        const float hidden = rule == MaskRule::graded ? 1.0F - value : value == 0.0F ? 1.0F : 0.0F;
        additive[i] = hidden * std::numeric_limits<float>::lowest();
        hides = hides || hidden != 0.0F;
    }
    context.mask = hides ? additive : nullptr;
    return context;
}

/// The token types given, or zeros in the workspace.
inline const std::uint32_t* token_types(const EncoderBatch& inputs, Workspace& workspace) {
    if (inputs.token_type_ids)
        return inputs.token_type_ids;
    std::uint32_t* zeros = workspace.take_ids(inputs.tokens());
    for (std::size_t t = 0; t < inputs.tokens(); ++t)
        zeros[t] = 0;
    return zeros;
}

/// The positions given, or 0, 1, 2, ... in each sequence.
/// Errors  ArgumentError if the sequences are longer than the model has positions.
inline const std::uint32_t* counted_positions(const EncoderBatch& inputs, std::size_t limit,
                                              Workspace& workspace) {
    if (inputs.position_ids)
        return inputs.position_ids;
    if (inputs.length > limit)
        throw ArgumentError{"input_ids has " + std::to_string(inputs.length) +
                            " tokens in a sequence, the model has " + std::to_string(limit) +
                            " positions"};
    std::uint32_t* positions = workspace.take_ids(inputs.tokens());
    for (std::size_t t = 0; t < inputs.tokens(); ++t)
        positions[t] = static_cast<std::uint32_t>(t % inputs.length);
    return positions;
}

/// The positions given, or positions that count from padding_id + 1 and skip padding, as RoBERTa
/// has them.
/// Errors  ArgumentError if a sequence has more tokens than the table has room for.
inline const std::uint32_t* positions_after_padding(const EncoderBatch& inputs,
                                                    std::uint32_t padding_id, std::size_t limit,
                                                    Workspace& workspace) {
    if (inputs.position_ids)
        return inputs.position_ids;
    std::uint32_t* positions = workspace.take_ids(inputs.tokens());
    for (std::size_t b = 0; b < inputs.batch; ++b) {
        std::uint32_t last = padding_id;
        for (std::size_t t = b * inputs.length; t < (b + 1) * inputs.length; ++t)
            positions[t] = inputs.input_ids[t] == padding_id ? padding_id : ++last;
        if (last >= limit)
            throw ArgumentError{"input_ids has " + std::to_string(last - padding_id) +
                                " tokens in a sequence, the model has room for " +
                                std::to_string(limit - padding_id - 1)};
    }
    return positions;
}

}  // namespace xzoo::nn
