#pragma once

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include <xzoo/text/normalizer.hpp>
#include <xzoo/text/unicode_forms.hpp>

namespace xzoo::text {

/// BERT's clean-up, in this order: control characters and U+FFFD go and white space becomes ' '
/// (clean_text); CJK ideographs are set between spaces; accents go (by default where lowercase is
/// set); lower case.
/// Source  Devlin et al. 2018, tokenization.py of the BERT release; categories as in tokenizers.
class BertNormalizer final : public Normalizer {
public:
    struct Options {
        bool clean_text = true;
        bool handle_chinese_chars = true;
        std::optional<bool> strip_accents{};  // unset: as lowercase
        bool lowercase = true;
    };

    explicit BertNormalizer(const Options& options)
        : clean_{options.clean_text},
          space_ideographs_{options.handle_chinese_chars},
          strip_accents_{options.strip_accents.value_or(options.lowercase)},
          lowercase_{options.lowercase} {}

    void normalize(NormalizedString& text) const override {
        if (is_ascii(text.text())) {
            normalize_ascii(text);
            return;
        }
        if (clean_)
            clean(text);
        if (space_ideographs_ && may_have_ideographs(text.text()))
            space_ideographs(text);
        if (strip_accents_) {
            decompose_.normalize(text);
            filter(text, [](char32_t c) { return !is_nonspacing_mark(c); });
        }
        if (lowercase_)
            to_lower(text);
    }

private:
    void normalize_ascii(NormalizedString& text) const {
        if (clean_) {
            const std::string& all = text.text();
            const auto dropped = [](char c) {
                return is_control(static_cast<unsigned char>(c)) && c != '\t' && c != '\n' &&
                       c != '\r';
            };
            if (std::any_of(all.begin(), all.end(), dropped)) {
                clean(text);
            } else {
                text.map_bytes(ascii_space);
            }
        }
        if (lowercase_)
            text.map_bytes(ascii_lower);
    }

    /// The controls that are left when the others are dropped are white space.
    static char ascii_space(char byte) noexcept {
        return static_cast<unsigned char>(byte) < ' ' ? ' ' : byte;
    }

    static void clean(NormalizedString& text) {
        filter(text, [](char32_t c) {
            return c == '\t' || c == '\n' || c == '\r' ||
                   (c != replacement_character && !is_control(c));
        });
        Rewriter rewriter{text};
        for (rewriter.copy_ascii(ascii_space); !rewriter.at_end();
             rewriter.copy_ascii(ascii_space)) {
            const char32_t c = rewriter.peek().value;
            rewriter.replace(is_white_space(c) ? U' ' : c);
        }
        text = std::move(rewriter).finish();
    }

    /// Ideographs begin at U+3400: their first byte is 0xE3 or more.
    static bool may_have_ideographs(std::string_view text) noexcept {
        return std::any_of(text.begin(), text.end(),
                           [](char byte) { return static_cast<unsigned char>(byte) >= 0xE3U; });
    }

    static void space_ideographs(NormalizedString& text) {
        Rewriter rewriter{text};
        bool found = false;
        const auto same = [](char byte) { return byte; };
        for (rewriter.copy_ascii(same); !rewriter.at_end(); rewriter.copy_ascii(same)) {
            const char32_t c = rewriter.peek().value;
            if (is_cjk_ideograph(c)) {
                rewriter.replace(U' ');
                rewriter.insert(c);
                rewriter.insert(U' ');
                found = true;
            } else {
                rewriter.replace(c);
            }
        }
        if (found)
            text = std::move(rewriter).finish();
    }

    bool clean_;
    bool space_ideographs_;
    bool strip_accents_;
    bool lowercase_;
    UnicodeForm decompose_{UnicodeForm::Kind::nfd};
};

}  // namespace xzoo::text
