// A model and its tokenizer, found by what a user calls them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/models.hpp"
#include "cli/options.hpp"

namespace xzoo::cli {

/// A text, or two that are one input.
struct Text {
    std::string first;
    std::string second;
    bool is_pair = false;
};

/// A mask token of an input.
struct MaskPlace {
    std::size_t text = 0;      // of the batch
    std::size_t position = 0;  // token
    std::size_t begin = 0;     // bytes of the text
    std::size_t end = 0;
};

/// What a model made of a batch of texts; valid until the next one.
struct Answer {
    std::size_t batch = 0;
    std::size_t length = 0;           // tokens of each, with padding
    std::size_t width = 0;            // numbers for each text or token
    std::span<const float> values{};  // (batch, width) or (batch, length, width)
    std::span<const float> mask{};    // (batch, length): 1 for a token, 0 for padding
    std::vector<MaskPlace> masks{};   // of fill_mask
};

class LoadedModel {
public:
    /// Finds the model, chooses its type and loads it.
    /// Errors  what from_pretrained and Tokenizer throw; ArgumentError: nothing has this name.
    LoadedModel(Task task, const ModelOptions& options);
    ~LoadedModel();
    LoadedModel(const LoadedModel&) = delete;
    LoadedModel& operator=(const LoadedModel&) = delete;

    Answer run(std::span<const Text> texts);

    const std::vector<std::string>& labels() const;
    /// Whether labels do not exclude each other, so that each has a probability of its own.
    bool has_independent_labels() const;
    /// What a token stands for in a text: "##ing" is "ing".
    std::string token_text(std::uint32_t id) const;
    std::string token_name(std::uint32_t id) const;
    /// The text of the mask token. Errors: ArgumentError if the tokenizer has none.
    std::string mask_token() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace xzoo::cli
