// Token ids to text, one at a time. See class StreamDecoder.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/text_decoder.hpp>
#include <xzoo/text/tokenizer.hpp>

namespace xzoo {

/// Turns ids into text as they come. The pieces are whole UTF-8 characters, and put together they
/// are what Tokenizer::decode() makes of all ids.
///
///     xzoo::StreamDecoder decoder{tokenizer};
///     for (const std::uint32_t id : ids)
///         std::cout << decoder.push(id);
///     std::cout << decoder.finish();
///
/// An id costs the decoding of a few tokens, no matter how many came before. Not for many threads.
class StreamDecoder final : public TextDecoder {
public:
    explicit StreamDecoder(Tokenizer tokenizer,
                           const DecodeOptions& options = {.skip_special_tokens = true})
        : tokenizer_{std::move(tokenizer)}, options_{options} {}

    /// The text that `id` completes; empty while a character is only begun.
    std::string push(std::uint32_t id) {
        if (options_.skip_special_tokens && tokenizer_.is_special(id))
            return {};
        ids_.push_back(id);
        return take(false);
    }

    /// What is left: a character that was begun and never ended is U+FFFD. A new text may follow.
    std::string finish() {
        std::string rest = take(true);
        ids_.clear();
        given_ids_ = 0;
        given_.clear();
        return rest;
    }

    void put(std::uint32_t id, std::string& text) override { text += push(id); }
    void finish(std::string& text) override { text += finish(); }

private:
    std::string decode(std::span<const std::uint32_t> ids) const {
        return tokenizer_.decode(ids, options_);
    }

    std::string take(bool all) {
        const std::string text = decode(ids_);
        // A character has at most four bytes: what five tokens have not completed is no character.
        const bool may_go_on = ids_.size() - given_ids_ < 5;
        if (!all && may_go_on && text.ends_with(replacement))
            return {};
        std::string piece = text.starts_with(given_) ? text.substr(given_.size())
                                                     : decode(std::span{ids_}.subspan(given_ids_));
        // Decoders look at neighbours: the tokens just given stay as the next ones' context.
        ids_.erase(ids_.begin(), ids_.begin() + static_cast<std::ptrdiff_t>(given_ids_));
        given_ids_ = ids_.size();
        given_ = decode(ids_);
        return piece;
    }

    static constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

    Tokenizer tokenizer_;
    DecodeOptions options_;
    std::vector<std::uint32_t> ids_;  // since the token before last that completed text
    std::size_t given_ids_ = 0;       // how many of them make up `given_`
    std::string given_;               // text of theirs, returned already
};

inline MakeTextDecoder Tokenizer::text_decoder() const {
    return text_decoder(std::span<const std::uint32_t>{});
}

inline MakeTextDecoder Tokenizer::text_decoder(std::span<const std::uint32_t> before) const {
    constexpr std::size_t context = 8;  // tokens: more than decoders look back on
    const std::span<const std::uint32_t> last = before.last(std::min(context, before.size()));
    return [tokenizer = *this, ids = std::vector<std::uint32_t>{last.begin(), last.end()}] {
        auto decoder = std::make_unique<StreamDecoder>(tokenizer);
        for (const std::uint32_t id : ids)
            static_cast<void>(decoder->push(id));
        return decoder;
    };
}

}  // namespace xzoo
