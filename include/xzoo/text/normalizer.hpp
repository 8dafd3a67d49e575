#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/normalized_string.hpp>
#include <xzoo/text/text_pattern.hpp>
#include <xzoo/text/unicode.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text {

/// A stage that rewrites the text before it is cut into words. Const and thread-safe.
class Normalizer {
public:
    virtual ~Normalizer() = default;
    virtual void normalize(NormalizedString& text) const = 0;
};

/// Drops the code points for which `keep` is false.
template <class Keep>
void filter(NormalizedString& text, Keep keep) {
    Rewriter rewriter{text};
    std::size_t at = 0;
    std::size_t kept_to = 0;
    const std::string& all = text.text();
    const auto flush = [&] {
        if (kept_to < at)
            rewriter.copy_to(at);
    };
    while (at < all.size()) {
        const CodePoint point = decode_utf8(all, at);
        if (!keep(point.value)) {
            flush();
            rewriter.drop(1);
            kept_to = at + point.size;
        }
        at += point.size;
    }
    if (kept_to == 0)
        return;  // nothing to drop
    flush();
    text = std::move(rewriter).finish();
}

inline char ascii_lower(char byte) noexcept {
    return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + ('a' - 'A')) : byte;
}

/// Every code point in lower case, each for itself (no final sigma, no locale).
inline void to_lower(NormalizedString& text) {
    if (is_ascii(text.text())) {
        text.map_bytes(ascii_lower);
        return;
    }
    Rewriter rewriter{text};
    std::array<char32_t, 2> lower{};
    for (rewriter.copy_ascii(ascii_lower); !rewriter.at_end(); rewriter.copy_ascii(ascii_lower)) {
        const std::size_t count = to_lower(rewriter.peek().value, lower);
        rewriter.replace(lower[0]);
        if (count == 2)
            rewriter.insert(lower[1]);
    }
    text = std::move(rewriter).finish();
}

class Lowercase final : public Normalizer {
public:
    void normalize(NormalizedString& text) const override { to_lower(text); }
};

/// Drops all marks (general categories M*). Decompose first: a letter that has its accent built in
/// is no mark.
class StripAccents final : public Normalizer {
public:
    void normalize(NormalizedString& text) const override {
        filter(text, [](char32_t c) { return !is_mark(c); });
    }
};

/// Drops white space at the ends.
class StripNormalizer final : public Normalizer {
public:
    StripNormalizer(bool left, bool right) : left_{left}, right_{right} {}

    void normalize(NormalizedString& text) const override {
        const std::string& all = text.text();
        std::size_t begin = 0;
        std::size_t end = all.size();
        while (left_ && begin < end) {
            const CodePoint point = decode_utf8(all, begin);
            if (!is_white_space(point.value))
                break;
            begin += point.size;
        }
        while (right_ && begin < end) {
            const CodePoint point = decode_utf8_before(all, end);
            if (!is_white_space(point.value))
                break;
            end -= point.size;
        }
        if (begin > 0 || end < all.size())
            text = text.slice(begin, end);
    }

private:
    bool left_;
    bool right_;
};

/// Replaces all that matches a pattern by a string, which stems from the last code point of what
/// it replaces.
class ReplaceNormalizer final : public Normalizer {
public:
    ReplaceNormalizer(TextPattern pattern, std::string content)
        : pattern_{std::move(pattern)}, content_{std::move(content)} {}

    void normalize(NormalizedString& text) const override {
        Rewriter rewriter{text};
        const std::string& all = text.text();
        bool found = false;
        for_each_match(pattern_, all, [&](std::size_t begin, std::size_t end) {
            found = true;
            rewriter.copy_to(begin);
            rewriter.replace_to(end, content_);
        });
        if (!found)
            return;
        rewriter.copy_to(all.size());
        text = std::move(rewriter).finish();
    }

private:
    TextPattern pattern_;
    std::string content_;
};

/// Puts a string before a text that is not empty. It stems from the text's first code point.
class PrependNormalizer final : public Normalizer {
public:
    explicit PrependNormalizer(std::string prefix) : prefix_{std::move(prefix)} {}

    void normalize(NormalizedString& text) const override {
        if (text.text().empty() || prefix_.empty())
            return;
        Rewriter rewriter{text};
        for (std::size_t at = 0; at < prefix_.size();) {
            const CodePoint point = decode_utf8(prefix_, at);
            rewriter.insert_before(point.value);
            at += point.size;
        }
        rewriter.copy_to(text.text().size());
        text = std::move(rewriter).finish();
    }

private:
    std::string prefix_;
};

class NormalizerSequence final : public Normalizer {
public:
    explicit NormalizerSequence(std::vector<std::unique_ptr<const Normalizer>> stages)
        : stages_{std::move(stages)} {}

    void normalize(NormalizedString& text) const override {
        for (const auto& stage : stages_)
            stage->normalize(text);
    }

private:
    std::vector<std::unique_ptr<const Normalizer>> stages_;
};

}  // namespace xzoo::text
