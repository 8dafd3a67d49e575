#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "xzoo/generation/stop_strings.hpp"
#include "xzoo/text/text_decoder.hpp"
#include "xzoo/text/utf8.hpp"

namespace xzoo::generation {

/// Takes a piece of text; false: enough.
using TakeText = std::function<bool(std::string_view)>;

/// The text of one sequence while it is being written. Hands out whole characters only, and nothing
/// that may be the beginning of a stop string. Bytes that are not UTF-8 become U+FFFD.
class TextStream {
public:
    enum class State : std::uint8_t { open, stop_string, stopped_by_taker };

    /// stop_strings must outlive the stream; take may be empty.
    TextStream(std::unique_ptr<TextDecoder> decoder, std::span<const std::string> stop_strings,
               TakeText take)
        : decoder_{std::move(decoder)}, stop_strings_{stop_strings}, take_{std::move(take)} {}

    /// Adds a token. A text that ran into a stop string ends before it.
    State put(std::uint32_t id) {
        decoder_->put(id, bytes_);
        return take_bytes(false);
    }

    /// Hands out the rest: call once, unless a stop string was found or the taker had enough.
    State finish() {
        decoder_->finish(bytes_);
        return take_bytes(true);
    }

    /// The whole text so far.
    const std::string& text() const noexcept { return text_; }
    std::string& text() noexcept { return text_; }

    /// Room for a text of so many bytes.
    void reserve(std::size_t bytes) {
        text_.reserve(bytes);
        bytes_.reserve(256);
    }

private:
    State take_bytes(bool all) {
        const std::size_t before = text_.size();
        move_characters(all);
        const std::size_t stop = find_stop(text_, before, stop_strings_);
        if (stop != std::string::npos)
            text_.resize(stop);
        const bool hold = !all && stop == std::string::npos;
        if (!hand_out(text_.size() - (hold ? possible_stop(text_, stop_strings_) : 0)))
            return State::stopped_by_taker;
        return stop != std::string::npos ? State::stop_string : State::open;
    }

    /// Moves whole characters from bytes_ to text_; with `all` the rest becomes U+FFFD.
    void move_characters(bool all) {
        std::size_t at = 0;
        while (at < bytes_.size()) {
            const int extent = text::utf8_extent(bytes_, at);
            const auto size = static_cast<std::size_t>(extent < 0 ? -extent : extent);
            const bool unfinished = extent < 0 && at + size == bytes_.size() && may_go_on(at);
            if (unfinished && !all)
                break;
            if (extent > 0)
                text_.append(bytes_, at, size);
            else
                text::append_utf8(text_, text::replacement_character);
            at += size;
        }
        bytes_.erase(0, at);
    }

    /// Whether the ill-formed bytes from `at` to the end are the beginning of a character.
    bool may_go_on(std::size_t at) const {
        const auto lead = static_cast<unsigned char>(bytes_[at]);
        return lead >= 0xC2U && lead <= 0xF4U;
    }

    bool hand_out(std::size_t end) {
        if (!take_ || end <= taken_)
            return true;
        const std::string_view piece = std::string_view{text_}.substr(taken_, end - taken_);
        taken_ = end;
        return take_(piece);
    }

    std::unique_ptr<TextDecoder> decoder_;
    std::span<const std::string> stop_strings_;
    TakeText take_;
    std::string bytes_;  // that are not yet a whole character
    std::string text_;
    std::size_t taken_ = 0;  // bytes of text_ handed out
};

}  // namespace xzoo::generation
