// Any bytes as a GGUF file: its metadata is refused with a FileError, its tokenizer with a
// TokenizerError, or there is a tokenizer that works.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tokenizer_use.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    try {
        xzoo::fuzz::use(xzoo::Tokenizer::from_gguf_bytes(bytes));
    } catch (const xzoo::FileError&) {
    } catch (const xzoo::TokenizerError&) {
    }
    return 0;
}
