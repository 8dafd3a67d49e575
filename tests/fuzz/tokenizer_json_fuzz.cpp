// Any bytes as a tokenizer.json: refused with a TokenizerError, or a tokenizer that works.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <xzoo/text/tokenizer.hpp>

#include "tokenizer_use.hpp"

namespace {

void use(const xzoo::Tokenizer& tokenizer) {
    const std::string_view first = "Ab a##b <s> 12, \xC3\xA9\xFF\xE6\xB0\xB4 e\xCC\x81.";
    try {
        xzoo::EncodeOptions options{.truncation = xzoo::Truncation::stored,
                                    .keep_overflowing = true};
        const xzoo::Encoding pair = tokenizer.encode(first, "b ab", options);
        options.truncation = xzoo::Truncation::longest_first;
        options.max_length = 6;
        const xzoo::Encoding cut = tokenizer.encode(first, options);
        if (cut.size() > 6)
            std::abort();
        for (std::size_t i = 0; i < pair.size(); ++i) {
            if (pair.offsets[i].end > first.size() || pair.offsets[i].begin > pair.offsets[i].end)
                std::abort();
        }
        static_cast<void>(tokenizer.decode(pair.ids, {.skip_special_tokens = true}));
    } catch (const xzoo::TokenizerError&) {  // no unknown token, no room for special tokens
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view contents{reinterpret_cast<const char*>(data), size};
    try {
        const auto tokenizer = xzoo::Tokenizer::from_json(contents);
        use(tokenizer);
        xzoo::fuzz::use(tokenizer);
    } catch (const xzoo::TokenizerError&) {
    }
    return 0;
}
