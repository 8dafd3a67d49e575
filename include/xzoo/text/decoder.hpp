#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/text_pattern.hpp>

namespace xzoo::text {

/// Replaces every occurrence of `pattern`, from left to right.
inline void replace_all(std::string& text, std::string_view pattern, std::string_view content) {
    std::size_t found = text.find(pattern);
    if (pattern.empty() || found == std::string::npos)
        return;
    std::string out;
    std::size_t done = 0;
    for (; found != std::string::npos; found = text.find(pattern, done)) {
        out.append(text, done, found - done);
        out += content;
        done = found + pattern.size();
    }
    out.append(text, done);
    text = std::move(out);
}

/// Takes out the spaces that tokenization of English text leaves before punctuation and inside
/// contractions.
/// Source  transformers, tokenization_utils_base.py, clean_up_tokenization.
inline void clean_up_spaces(std::string& text) {
    replace_all(text, " .", ".");
    replace_all(text, " ?", "?");
    replace_all(text, " !", "!");
    replace_all(text, " ,", ",");
    replace_all(text, " ' ", "'");
    replace_all(text, " n't", "n't");
    replace_all(text, " 'm", "'m");
    replace_all(text, " 's", "'s");
    replace_all(text, " 've", "'ve");
    replace_all(text, " 're", "'re");
}

/// A stage that turns tokens back into pieces of text, which are then put together. Const and
/// thread-safe.
class Decoder {
public:
    virtual ~Decoder() = default;

    /// Changes the pieces in place. Without `clean_up` no decoder takes out spaces for looks.
    virtual void decode(std::vector<std::string>& pieces, bool clean_up) const = 0;

    /// Turns a token into the bytes that it stands for in the middle of a text.
    virtual void to_bytes(std::string& token) const = 0;
};

/// Joins tokens with the prefix to the ones before, sets the others apart by spaces.
class WordPieceDecoder final : public Decoder {
public:
    WordPieceDecoder(std::string prefix, bool clean_up)
        : prefix_{std::move(prefix)}, clean_up_{clean_up} {}

    void decode(std::vector<std::string>& pieces, bool clean_up) const override {
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            std::string& piece = pieces[i];
            if (i > 0 && piece.starts_with(prefix_))
                piece.erase(0, prefix_.size());
            else if (i > 0)
                piece.insert(piece.begin(), ' ');
            if (clean_up_ && clean_up) {
                clean_up_spaces(piece);
                replace_all(piece, " do not", " don't");  // of one token; no whole text gets it
            }
        }
    }

    void to_bytes(std::string& token) const override {
        if (token.starts_with(prefix_))
            token.erase(0, prefix_.size());
        else
            token.insert(token.begin(), ' ');
    }

private:
    std::string prefix_;
    bool clean_up_;
};

/// Puts all pieces together.
class FuseDecoder final : public Decoder {
public:
    void decode(std::vector<std::string>& pieces, bool /*clean_up*/) const override {
        std::string whole;
        for (const std::string& piece : pieces)
            whole += piece;
        pieces.clear();
        pieces.push_back(std::move(whole));
    }

    void to_bytes(std::string& /*token*/) const override {}
};

/// Takes up to `start` and `stop` times a character from the ends of each piece.
class StripDecoder final : public Decoder {
public:
    StripDecoder(std::string content, std::size_t start, std::size_t stop)
        : content_{std::move(content)}, start_{start}, stop_{stop} {}

    void decode(std::vector<std::string>& pieces, bool /*clean_up*/) const override {
        if (content_.empty())
            return;
        for (std::string& piece : pieces) {
            std::string_view rest = piece;
            for (std::size_t i = 0; i < start_ && rest.starts_with(content_); ++i)
                rest.remove_prefix(content_.size());
            for (std::size_t i = 0; i < stop_ && rest.ends_with(content_); ++i)
                rest.remove_suffix(content_.size());
            if (rest.size() != piece.size())
                piece = std::string{rest};
        }
    }

    /// In the middle of a text there is nothing to strip.
    void to_bytes(std::string& /*token*/) const override {}

private:
    std::string content_;  // one code point
    std::size_t start_;
    std::size_t stop_;
};

/// Replaces what matches a pattern inside each piece.
class ReplaceDecoder final : public Decoder {
public:
    ReplaceDecoder(TextPattern pattern, std::string content)
        : pattern_{std::move(pattern)}, content_{std::move(content)} {}

    void decode(std::vector<std::string>& pieces, bool /*clean_up*/) const override {
        for (std::string& piece : pieces)
            to_bytes(piece);
    }

    void to_bytes(std::string& token) const override {
        std::string out;
        std::size_t done = 0;
        for_each_match(pattern_, token, [&](std::size_t begin, std::size_t end) {
            out.append(token, done, begin - done);
            out += content_;
            done = end;
        });
        if (done > 0)
            token = std::move(out.append(token, done));
    }

private:
    TextPattern pattern_;
    std::string content_;
};

class DecoderSequence final : public Decoder {
public:
    explicit DecoderSequence(std::vector<std::unique_ptr<const Decoder>> stages)
        : stages_{std::move(stages)} {}

    void decode(std::vector<std::string>& pieces, bool clean_up) const override {
        for (const auto& stage : stages_)
            stage->decode(pieces, clean_up);
    }

    void to_bytes(std::string& token) const override {
        for (const auto& stage : stages_)
            stage->to_bytes(token);
    }

private:
    std::vector<std::unique_ptr<const Decoder>> stages_;
};

}  // namespace xzoo::text
