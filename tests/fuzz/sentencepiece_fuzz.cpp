// Any bytes as a SentencePiece model: refused with a TokenizerError, or a tokenizer that works. The
// first byte says which family it is of.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tokenizer_use.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static constexpr std::array<const char*, 6> classes{"",
                                                        "LlamaTokenizer",
                                                        "T5Tokenizer",
                                                        "AlbertTokenizer",
                                                        "XLMRobertaTokenizer",
                                                        "GemmaTokenizer"};
    if (size == 0)
        return 0;
    const std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
    try {
        xzoo::fuzz::use(xzoo::Tokenizer::from_sentencepiece_bytes(
            bytes,
            {.tokenizer_class = classes[data[0] % classes.size()], .legacy = data[0] < 128}));
    } catch (const xzoo::TokenizerError&) {
    }
    return 0;
}
