#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <unicode/uregex.h>
#include <unicode/ustring.h>
#include <unicode/utext.h>

#include <xzoo/text/tokenizer_error.hpp>

namespace xzoo::text {

/// ICU's view of UTF-8 bytes, which must outlive it.
class UnicodeText {
public:
    explicit UnicodeText(std::string_view bytes) {
        UErrorCode status = U_ZERO_ERROR;
        text_.reset(utext_openUTF8(nullptr, bytes.data(), static_cast<std::int64_t>(bytes.size()),
                                   &status));
        if (U_FAILURE(status) != 0)
            throw TokenizerError{"", "", "ICU cannot read a text"};
    }
    UText* get() const noexcept { return text_.get(); }

private:
    struct Close {
        void operator()(UText* text) const noexcept { utext_close(text); }
    };
    std::unique_ptr<UText, Close> text_;
};

/// A regular expression over UTF-8 with ICU's syntax and engine. Const and thread-safe.
class UnicodeRegex {
    struct Close {
        void operator()(URegularExpression* expression) const noexcept { uregex_close(expression); }
    };
    using Expression = std::unique_ptr<URegularExpression, Close>;

public:
    /// Errors  TokenizerError for a pattern that ICU does not understand.
    explicit UnicodeRegex(std::string pattern) : pattern_{std::move(pattern)} {
        UErrorCode status = U_ZERO_ERROR;
        std::u16string units(pattern_.size(), u'\0');  // UTF-16 never needs more units than UTF-8
        std::int32_t size = 0;
        u_strFromUTF8(units.data(), static_cast<std::int32_t>(units.size()), &size, pattern_.data(),
                      static_cast<std::int32_t>(pattern_.size()), &status);
        UParseError where{};
        compiled_.reset(uregex_open(units.data(), size, 0, &where, &status));
        check(status, "cannot be compiled");
    }

    const std::string& pattern() const noexcept { return pattern_; }

    /// Matches one part of a text after the other. Not to be shared by threads.
    class Matcher {
    public:
        Matcher(const UnicodeRegex& regex, std::string_view text) : regex_{regex}, text_{text} {
            UErrorCode status = U_ZERO_ERROR;
            expression_.reset(uregex_clone(regex.compiled_.get(), &status));
            uregex_setUText(expression_.get(), text_.get(), &status);
            // Room and steps that every linear pattern keeps to; beyond them is an error.
            uregex_setStackLimit(expression_.get(), bounded(text.size(), 512, 8'000'000), &status);
            uregex_setTimeLimit(expression_.get(), bounded(text.size() / 64, 1, 1000), &status);
            regex.check(status, "cannot be used");
        }

        /// Calls found(begin, end) for each match within [begin, end) that is not empty, from left
        /// to right. What lies outside does not exist for the pattern.
        template <class Found>
        void match(std::size_t begin, std::size_t end, Found found) {
            UErrorCode status = U_ZERO_ERROR;
            uregex_setRegion64(expression_.get(), static_cast<std::int64_t>(begin),
                               static_cast<std::int64_t>(end), &status);
            while (uregex_findNext(expression_.get(), &status) != 0) {
                const std::int64_t first = uregex_start64(expression_.get(), 0, &status);
                const std::int64_t last = uregex_end64(expression_.get(), 0, &status);
                if (first < last)
                    found(static_cast<std::size_t>(first), static_cast<std::size_t>(last));
            }
            regex_.check(status, "takes too many steps on this text");
        }

    private:
        /// size * times + least, as far as ICU's numbers go.
        static std::int32_t bounded(std::size_t size, std::size_t times,
                                    std::size_t least) noexcept {
            constexpr std::size_t most = std::numeric_limits<std::int32_t>::max();
            return static_cast<std::int32_t>(
                std::min(size, most / times) * times < most - least ? size * times + least : most);
        }

        const UnicodeRegex& regex_;
        UnicodeText text_;
        Expression expression_;
    };

private:
    void check(UErrorCode status, const char* what) const {
        if (U_FAILURE(status) != 0)
            throw TokenizerError{"", "",
                                 "the regular expression '" + pattern_ + "' " + what + " (" +
                                     u_errorName(status) + ")"};
    }

    std::string pattern_;
    Expression compiled_;
};

}  // namespace xzoo::text
