#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace xzoo {

/// Turns the tokens of one text into bytes, one token after the other. This is all that generation
/// needs of a tokenizer.
class TextDecoder {
public:
    TextDecoder() = default;
    TextDecoder(const TextDecoder&) = delete;
    TextDecoder& operator=(const TextDecoder&) = delete;
    virtual ~TextDecoder() = default;

    /// Appends to `text` what `id` adds to the text: UTF-8, of which a token may hold a part of a
    /// character. Bytes that depend on what follows may be kept back.
    virtual void put(std::uint32_t id, std::string& text) = 0;
    /// Appends what was kept back.
    virtual void finish(std::string& text) = 0;
};

/// Makes the decoder of one text.
using MakeTextDecoder = std::function<std::unique_ptr<TextDecoder>()>;

}  // namespace xzoo
