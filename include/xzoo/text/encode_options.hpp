#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace xzoo {

/// Which of two texts gives up tokens when there are too many.
enum class Truncation : std::uint8_t {
    none,           // keep all
    stored,         // what tokenizer.json says
    longest_first,  // the longer one, until both are equally long, then both in turn
    only_first,
    only_second,
};

/// To which length encodings are filled up with padding tokens.
enum class Padding : std::uint8_t {
    none,
    stored,   // what tokenizer.json says
    longest,  // the longest one of the batch
    fixed,    // max_length
};

/// Where tokens are cut off, or padding is put.
enum class Side : std::uint8_t { left, right };

/// How to encode. Rule: a text is neither truncated nor padded unless the options ask for it. What
/// is asked for but left open (a length, a side, a stride) is taken from the tokenizer's files.
struct EncodeOptions {
    /// Put in what the model expects round a text, such as [CLS] and [SEP].
    bool add_special_tokens = true;
    Padding padding = Padding::none;
    Truncation truncation = Truncation::none;

    /// Most tokens, special ones included, for truncation; their number, for Padding::fixed.
    /// Unset: model_max_length of tokenizer_config.json, else the length in tokenizer.json. Where
    /// there is neither, it is an error to need it.
    std::optional<std::size_t> max_length{};

    /// Put what truncation cuts off into Encoding::overflowing. Of a pair whose texts are both cut,
    /// each piece of one comes with each piece of the other: their number grows with the product of
    /// the lengths.
    bool keep_overflowing = false;

    /// Tokens that a piece of Encoding::overflowing repeats from the one before. Unset: 0, or with
    /// Truncation::stored the file's.
    std::optional<std::size_t> stride{};

    /// Round padded lengths up to a multiple of this. Unset: 1, or with Padding::stored the file's.
    std::optional<std::size_t> pad_to_multiple_of{};

    /// Unset: truncation_side and padding_side of tokenizer_config.json, else the directions in
    /// tokenizer.json, else right.
    std::optional<Side> truncation_side{};
    std::optional<Side> padding_side{};
};

/// How to turn ids back into text.
struct DecodeOptions {
    bool skip_special_tokens = false;

    /// Undo spaces before punctuation and inside contractions: "do n ' t" stays, "do n't ." becomes
    /// "don't.". Unset: as the tokenizer's decoder does. false: not even where it does.
    std::optional<bool> clean_up_tokenization_spaces{};
};

}  // namespace xzoo
