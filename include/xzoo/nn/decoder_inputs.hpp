// What a decoder is given.
#pragma once

#include <cstdint>
#include <xtensor/xtensor.hpp>

#include "xzoo/nn/encoder_inputs.hpp"

namespace xzoo {

/// A batch of token sequences, padded to one length, on either side. Only input_ids is needed; the
/// names are those of Hugging Face, and any xtensor expression converts: llama({.input_ids = ids}).
/// No work is done on padding; what is returned for it is 0.
struct DecoderInputs {
    xt::xtensor<std::uint32_t, 2> input_ids{};     // (batch, length), below vocab_size
    xt::xtensor<float, 2> attention_mask{};        // (batch, length): 1 a token, 0 padding
    xt::xtensor<std::uint32_t, 2> position_ids{};  // (batch, length); left out: counted
    bool output_hidden_states = false;
    bool output_attentions = false;
};

}  // namespace xzoo
