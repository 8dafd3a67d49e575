#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

#include <xzoo/text/charsmap.hpp>
#include <xzoo/text/graphemes.hpp>
#include <xzoo/text/normalizer.hpp>

namespace xzoo::text {

/// A SentencePiece normaliser as Hugging Face tokenizers applies it: to each grapheme of less than
/// six bytes as a whole, by the shortest string that it starts with, else to each of its code
/// points.
class Precompiled final : public Normalizer {
public:
    explicit Precompiled(Charsmap charsmap) : charsmap_{std::move(charsmap)} {}

    void normalize(NormalizedString& text) const override {
        const std::string_view all = text.text();
        Rewriter rewriter{text};
        bool changed = false;
        const auto transform = [&](std::size_t begin, std::size_t end) {
            const auto match = charsmap_.match(all.substr(begin, end - begin), false);
            if (match.size == 0)
                return false;
            rewriter.copy_to(begin);
            rewriter.replace_to(end, match.replacement);
            changed = true;
            return true;
        };
        graphemes_.for_each(all, [&](std::size_t begin, std::size_t end) {
            if (end - begin < 6 && transform(begin, end))
                return;
            while (begin < end) {
                const std::size_t size = decode_utf8(all, begin).size;
                transform(begin, begin + size);
                begin += size;
            }
        });
        if (!changed)
            return;
        rewriter.copy_to(all.size());
        text = std::move(rewriter).finish();
    }

private:
    Charsmap charsmap_;
    Graphemes graphemes_;
};

}  // namespace xzoo::text
