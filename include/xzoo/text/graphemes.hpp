#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include <unicode/ubrk.h>

#include <xzoo/text/tokenizer_error.hpp>
#include <xzoo/text/unicode_regex.hpp>

namespace xzoo::text {

/// Finds what a reader takes for one character (UAX 29, extended grapheme clusters). Const and
/// thread-safe.
class Graphemes {
public:
    Graphemes() {
        UErrorCode status = U_ZERO_ERROR;
        prototype_.reset(ubrk_open(UBRK_CHARACTER, "", nullptr, 0, &status));
        check(status);
    }

    /// Calls found(begin, end) for each cluster of valid UTF-8.
    /// Errors  TokenizerError: more text than ICU counts.
    template <class Found>
    void for_each(std::string_view text, Found found) const {
        constexpr std::size_t most = std::numeric_limits<std::int32_t>::max();
        if (text.size() > most)
            throw TokenizerError{"", "",
                                 "the characters of a text of " + std::to_string(text.size()) +
                                     " bytes cannot be found; the limit is 2 GiB"};
        UErrorCode status = U_ZERO_ERROR;
        const UnicodeText view{text};
        const Breaks breaks{ubrk_clone(prototype_.get(), &status)};
        check(status);
        ubrk_setUText(breaks.get(), view.get(), &status);
        check(status);
        std::int32_t begin = ubrk_first(breaks.get());
        for (std::int32_t end = ubrk_next(breaks.get()); end != UBRK_DONE;
             end = ubrk_next(breaks.get())) {
            found(static_cast<std::size_t>(begin), static_cast<std::size_t>(end));
            begin = end;
        }
    }

private:
    struct Close {
        void operator()(UBreakIterator* breaks) const noexcept { ubrk_close(breaks); }
    };
    using Breaks = std::unique_ptr<UBreakIterator, Close>;

    static void check(UErrorCode status) {
        if (U_FAILURE(status) != 0)
            throw TokenizerError{"", "", "ICU cannot find the characters of a text"};
    }

    Breaks prototype_;
};

}  // namespace xzoo::text
