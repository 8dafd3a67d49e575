#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "xzoo/generation/text_decoder.hpp"
#include "xzoo/text/tokenizer.hpp"

namespace xzoo {

/// Writes the text of tokens as they come, with special tokens left out. What a token adds is what
/// the tokenizer writes for the last tokens with it and not without it, so that spaces between
/// tokens come out as they do when all are decoded at once.
class TokenizerText final : public TextDecoder {
public:
    explicit TokenizerText(Tokenizer tokenizer) : tokenizer_{std::move(tokenizer)} {}

    void put(std::uint32_t id, std::string& text) override {
        ids_.push_back(id);
        const std::string now = decode();
        // An unfinished character shows as U+FFFD until its other bytes are there.
        if (now.size() <= written_ || now.ends_with("\xef\xbf\xbd"))
            return;
        text.append(now, written_);
        // The tokens just written are what the next ones are decoded with.
        ids_.erase(ids_.begin(), ids_.begin() + static_cast<std::ptrdiff_t>(before_));
        before_ = ids_.size();
        written_ = decode().size();
    }

    void finish(std::string& text) override {
        const std::string now = decode();
        if (now.size() > written_)
            text.append(now, written_);
        ids_.clear();
        before_ = written_ = 0;
    }

private:
    std::string decode() const { return tokenizer_.decode(ids_, {.skip_special_tokens = true}); }

    Tokenizer tokenizer_;
    std::vector<std::uint32_t> ids_;  // the last tokens
    std::size_t before_ = 0;          // of them, those whose text was written
    std::size_t written_ = 0;         // bytes of the text of ids_ that were written
};

/// Decoders for GenerateOptions::text_decoder.
inline MakeTextDecoder text_decoder(const Tokenizer& tokenizer) {
    return [tokenizer] { return std::make_unique<TokenizerText>(tokenizer); };
}

}  // namespace xzoo
