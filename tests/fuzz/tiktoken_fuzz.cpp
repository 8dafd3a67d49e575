// Any bytes as a tiktoken file: refused with a TokenizerError, or a tokenizer that works. As a file
// must have all 256 bytes, they are put before it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <xzoo/text/split_regexes.hpp>

#include "tokenizer_use.hpp"

namespace {

/// The ranks 0 to 255, for the bytes in order.
std::string all_bytes() {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string lines;
    for (unsigned byte = 0; byte < 256; ++byte)
        lines += std::string{digits[byte >> 2U], digits[(byte & 3U) << 4U], '=', '=', ' '} +
                 std::to_string(byte) + '\n';
    return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string bytes = all_bytes();
    const std::string contents = bytes + std::string{reinterpret_cast<const char*>(data), size};
    try {
        xzoo::fuzz::use(xzoo::Tokenizer::from_tiktoken_text(
            contents, {xzoo::text::gpt2_regex, {{"<s>", 300}}, "<s>", ""}));
    } catch (const xzoo::TokenizerError&) {
    }
    return 0;
}
