#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <xzoo/text/normalizer.hpp>

namespace xzoo::text {

/// Unicode normalisation forms (UAX 15) that keep track of origins, in linear time but for the
/// ordering of marks, which sorts.
class UnicodeForm final : public Normalizer {
public:
    enum class Kind : std::uint8_t { nfc, nfd, nfkc, nfkd };

    explicit UnicodeForm(Kind kind)
        : data_{kind == Kind::nfkc || kind == Kind::nfkd},
          compose_{kind == Kind::nfc || kind == Kind::nfkc} {}

    void normalize(NormalizedString& text) const override {
        if (is_ascii(text.text()))
            return;
        Rewriter rewriter{text};
        Writer writer{rewriter};
        Composer composer{data_, writer};
        std::vector<Element> pending;  // marks after the last starter, not yet in order
        const auto emit = [&](const Element& element) {
            if (compose_)
                composer.take(element);
            else
                writer.take(element);
        };
        const auto flush = [&] {
            std::stable_sort(pending.begin(), pending.end(),
                             [](const Element& a, const Element& b) {
                                 return a.combining_class < b.combining_class;
                             });
            for (const Element& element : pending)
                emit(element);
            pending.clear();
        };
        std::array<char32_t, 32> decomposition{};
        const std::string_view all = text.text();
        for (std::size_t at = 0; at < all.size();) {
            // ASCII stays as it is, but for its last byte: marks may follow that one.
            if (const std::size_t run = ascii_prefix(all.substr(at)); run > 1) {
                flush();
                composer.finish();
                rewriter.copy_to(at + run - 1);
                at += run - 1;
            }
            const CodePoint point = decode_utf8(all, at);
            at += point.size;
            const std::size_t count = data_.decompose(point.value, decomposition);
            for (std::size_t i = 0; i < count; ++i) {
                const char32_t c = decomposition[i];
                const Element element{c, i == 0 ? 0 : 1, NormalizationData::combining_class(c)};
                if (element.combining_class == 0) {
                    flush();
                    emit(element);
                } else {
                    pending.push_back(element);
                }
            }
        }
        flush();
        composer.finish();
        text = std::move(rewriter).finish();
    }

private:
    /// A code point of the new text. change: 1 where it is one more than the old text had here, 0
    /// where it takes the place of one, -n where n more of the old text went into it.
    struct Element {
        char32_t value = 0;
        std::ptrdiff_t change = 0;
        std::uint8_t combining_class = 0;
    };

    class Writer {
    public:
        explicit Writer(Rewriter& rewriter) : rewriter_{rewriter} {}
        void take(const Element& element) {
            if (element.change > 0)
                rewriter_.insert(element.value);
            else
                rewriter_.replace(element.value, static_cast<std::size_t>(-element.change));
        }

    private:
        Rewriter& rewriter_;
    };

    /// The canonical composition algorithm over elements in canonical order.
    class Composer {
    public:
        Composer(const NormalizationData& data, Writer& writer) : data_{data}, writer_{writer} {}

        void take(const Element& element) {
            if (!has_starter_) {
                if (element.combining_class != 0)
                    writer_.take(element);
                else
                    start(element);
                return;
            }
            const bool blocked = !marks_.empty() && last_class_ >= element.combining_class;
            const char32_t pair = blocked ? 0U : data_.compose(starter_.value, element.value);
            if (pair != 0) {
                starter_.value = pair;
                starter_.change += element.change - 1;
            } else if (element.combining_class == 0) {
                finish();
                start(element);
            } else {
                marks_.push_back(element);
                last_class_ = element.combining_class;
            }
        }

        void finish() {
            if (has_starter_)
                writer_.take(starter_);
            for (const Element& mark : marks_)
                writer_.take(mark);
            marks_.clear();
            has_starter_ = false;
        }

    private:
        void start(const Element& element) {
            starter_ = element;
            has_starter_ = true;
        }

        const NormalizationData& data_;
        Writer& writer_;
        Element starter_;
        bool has_starter_ = false;
        std::vector<Element> marks_;  // that did not combine with the starter
        std::uint8_t last_class_ = 0;
    };

    NormalizationData data_;
    bool compose_;
};

}  // namespace xzoo::text
