// What the fuzzers of tokenizer files do with a tokenizer that could be made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <xzoo/text/stream_decoder.hpp>
#include <xzoo/text/tokenizer.hpp>

namespace xzoo::fuzz {

/// Encodes and decodes: offsets lie in the text, a stream gives whole characters.
inline void use(const Tokenizer& tokenizer) {
    const std::string_view text = "Ab a##b <s> 12, he's \xC3\xA9\xFF\xE6\xB0\xB4 e\xCC\x81\r\n  x.";
    try {
        const Encoding encoding = tokenizer.encode(text);
        StreamDecoder stream{tokenizer};
        for (std::size_t i = 0; i < encoding.size(); ++i) {
            const Offsets offsets = encoding.offsets[i];
            if (offsets.begin > offsets.end || offsets.end > text.size())
                std::abort();
            if (!text::is_valid_utf8(stream.push(encoding.ids[i])))
                std::abort();
            static_cast<void>(tokenizer.token_bytes(encoding.ids[i]));
        }
        if (!text::is_valid_utf8(stream.finish()))
            std::abort();
        static_cast<void>(tokenizer.decode(encoding.ids, {.skip_special_tokens = true}));
    } catch (const TokenizerError&) {  // no unknown token
    }
}

}  // namespace xzoo::fuzz
