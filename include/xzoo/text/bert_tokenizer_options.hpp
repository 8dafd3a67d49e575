#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace xzoo {

/// How a BERT tokenizer works that is given by its vocab.txt. Names and defaults are those of
/// tokenizer_config.json.
struct BertTokenizerOptions {
    bool do_lower_case = true;

    /// false: words are what white space separates, and nothing is normalised.
    bool do_basic_tokenize = true;

    bool tokenize_chinese_chars = true;   // set CJK ideographs apart
    std::optional<bool> strip_accents{};  // unset: as do_lower_case
    bool clean_up_tokenization_spaces = true;
    std::size_t max_input_chars_per_word = 100;
    std::optional<std::size_t> model_max_length{};

    /// An empty one: the tokenizer has none. pad_token and mask_token may be missing from the
    /// vocabulary and are then not there either.
    std::string unk_token = "[UNK]";
    std::string sep_token = "[SEP]";
    std::string pad_token = "[PAD]";
    std::string cls_token = "[CLS]";
    std::string mask_token = "[MASK]";

    /// MPNet sets two sep_token between the texts of a pair, and all tokens have type 0.
    bool double_separator = false;
};

}  // namespace xzoo
