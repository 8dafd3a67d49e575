// What an encoder is given and what it returns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>
#include <xtensor/xarray.hpp>
#include <xtensor/xtensor.hpp>

namespace xzoo {

/// A batch of token sequences, padded to one length. Only input_ids is needed; the names are those
/// of Hugging Face, and any xtensor expression converts: bert({.input_ids = ids}).
struct EncoderInputs {
    xt::xtensor<std::uint32_t, 2> input_ids{};  // (batch, length), below vocab_size
    /// (batch, length): 1 for a token, 0 for padding; or (batch, length, length): what each token
    /// may look at, and nothing else decides that, so for a decoder it must be causal itself. Left
    /// out: every token looks at every token, or a decoder's at those before it.
    xt::xarray<float> attention_mask{};
    xt::xtensor<std::uint32_t, 2> token_type_ids{};  // (batch, length); left out: 0
    xt::xtensor<std::uint32_t, 2> position_ids{};    // (batch, length); left out: counted
    xt::xarray<float> head_mask{};  // (heads) or (layers, heads): 1 keeps a head, 0 silences it
    bool output_hidden_states = false;
    bool output_attentions = false;
    /// Leaves padding behind all tokens of a sequence out of the work; its hidden states become 0.
    /// Otherwise they are computed, as Hugging Face does. Attentions need them all the same.
    bool skip_padding = false;
};

/// A batch of questions, each with several choices; otherwise like EncoderInputs.
struct MultipleChoiceInputs {
    xt::xtensor<std::uint32_t, 3> input_ids{};       // (questions, choices, length)
    xt::xtensor<float, 3> attention_mask{};          // the same shape; left out: all tokens
    xt::xtensor<std::uint32_t, 3> token_type_ids{};  // the same shape; left out: 0
    xt::xtensor<std::uint32_t, 3> position_ids{};    // the same shape; left out: counted
    xt::xarray<float> head_mask{};                   // (heads) or (layers, heads)
    bool output_hidden_states = false;
    bool output_attentions = false;
};

/// What every model can return besides its own result.
struct ModelOutput {
    std::vector<xt::xtensor<float, 3>> hidden_states{};  // embeddings, then each layer's output
    std::vector<xt::xtensor<float, 4>> attentions{};     // a layer: (batch, heads, length, length)
};

/// The result of an encoder without a pooler.
struct BaseModelOutput : ModelOutput {
    xt::xtensor<float, 3> last_hidden_state{};  // (batch, length, hidden)
};

/// The result of an encoder with a pooler.
struct BaseModelOutputWithPooling : BaseModelOutput {
    xt::xtensor<float, 2> pooler_output{};  // (batch, hidden)
};

/// Scores of each sequence.
struct SequenceClassifierOutput : ModelOutput {
    xt::xtensor<float, 2> logits{};  // (batch, labels)
};

/// Scores of each token: labels or vocabulary.
struct TokenOutput : ModelOutput {
    xt::xtensor<float, 3> logits{};  // (batch, length, labels)
};

/// Where an answer begins and ends.
struct QuestionAnsweringOutput : ModelOutput {
    xt::xtensor<float, 2> start_logits{};  // (batch, length)
    xt::xtensor<float, 2> end_logits{};    // (batch, length)
};

}  // namespace xzoo
