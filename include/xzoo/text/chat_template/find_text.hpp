// Where a text occurs in another, in linear time: std::string::find may take time in proportion to
// the product of both sizes, and templates come from strangers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace xzoo::text::jinja {

/// A text read from its end.
class Backwards {
public:
    explicit Backwards(std::string_view text) : text_{text} {}
    std::size_t size() const noexcept { return text_.size(); }
    char operator[](std::size_t i) const noexcept { return text_[text_.size() - 1 - i]; }

private:
    std::string_view text_;
};

/// Looks for one text in others, in time linear in both and without memory of its own. Text: what
/// has size() and operator[]; characters are bytes.
/// Source  Crochemore and Perrin, Two-way string-matching (1991).
template <class Text>
class TextFinder {
public:
    explicit TextFinder(Text wanted) : wanted_{wanted} {
        const Suffix less = largest_suffix(false);
        const Suffix more = largest_suffix(true);
        const Suffix& suffix = less.begin > more.begin ? less : more;
        cut_ = suffix.begin;
        period_ = suffix.period;
        periodic_ = cut_ + period_ <= size();
        for (std::size_t i = 0; periodic_ && i < cut_; ++i)
            periodic_ = wanted_[i] == wanted_[i + period_];
        if (!periodic_)
            period_ = std::max(cut_, size() - cut_) + 1;
    }

    /// The first place at or after `from` (at most text.size()) where the wanted text stands, or
    /// npos.
    std::size_t find(Text text, std::size_t from) const {
        std::size_t known = 0;  // characters at the beginning that are known to be the same
        for (std::size_t at = from; text.size() - at >= size();) {
            std::size_t i = std::max(cut_, known);
            while (i < size() && wanted_[i] == text[at + i])
                ++i;
            if (i < size()) {
                at += i - cut_ + 1;
                known = 0;
                continue;
            }
            i = cut_;
            while (i > known && wanted_[i - 1] == text[at + i - 1])
                --i;
            if (i <= known)
                return at;
            at += period_;
            known = periodic_ ? size() - period_ : 0;
        }
        return std::string_view::npos;
    }

    std::size_t size() const noexcept { return wanted_.size(); }

private:
    struct Suffix {
        std::size_t begin = 0;
        std::size_t period = 1;
    };

    /// The suffix that comes last by the order of characters, or by its reverse, and its period.
    Suffix largest_suffix(bool reverse) const {
        Suffix best;
        std::size_t other = 1;  // where another suffix begins, of which `same` characters
        std::size_t same = 0;   // are those of the best one
        while (other + same < size()) {
            const auto a = static_cast<unsigned char>(wanted_[other + same]);
            const auto b = static_cast<unsigned char>(wanted_[best.begin + same]);
            if (a == b) {
                if (++same == best.period) {
                    other += same;
                    same = 0;
                }
            } else if (reverse ? a > b : a < b) {
                other += same + 1;
                same = 0;
                best.period = other - best.begin;
            } else {
                best = {other, 1};
                ++other;
                same = 0;
            }
        }
        return best;
    }

    Text wanted_;
    std::size_t cut_ = 0;
    std::size_t period_ = 1;
    bool periodic_ = false;  // the period is that of the whole text
};

/// text.find(wanted) and text.rfind(wanted)
inline std::size_t find_text(std::string_view text, std::string_view wanted) {
    return text.size() < wanted.size() ? std::string_view::npos
                                       : TextFinder<std::string_view>{wanted}.find(text, 0);
}

inline std::size_t find_last_text(std::string_view text, std::string_view wanted) {
    if (text.size() < wanted.size())
        return std::string_view::npos;
    const std::size_t at = TextFinder<Backwards>{Backwards{wanted}}.find(Backwards{text}, 0);
    return at == std::string_view::npos ? at : text.size() - at - wanted.size();
}

}  // namespace xzoo::text::jinja
