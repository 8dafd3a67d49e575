#pragma once

#include <optional>
#include <string>

namespace xzoo {

/// How a tokenizer works that is given by a SentencePiece model alone. Names are those of
/// tokenizer_config.json.
struct SentencePieceOptions {
    /// "LlamaTokenizer", "GemmaTokenizer", "T5Tokenizer", "AlbertTokenizer", "XLMRobertaTokenizer"
    /// or "CamembertTokenizer". Empty: SentencePiece itself, which sets no special tokens.
    std::string tokenizer_class;

    /// How Llama and T5 treat what follows a special token: as a new text (true, as their classes
    /// do unless told otherwise) or as more of the same.
    std::optional<bool> legacy{};

    std::optional<bool> add_bos_token{};  // unset: as the class does
    std::optional<bool> add_eos_token{};
};

}  // namespace xzoo
