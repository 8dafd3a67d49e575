// All that the tokenizers ask of Unicode. The only header that includes ICU.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <unicode/ucasemap.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>
#include <unicode/utypes.h>

#include <xzoo/text/tokenizer_error.hpp>

namespace xzoo::text {

/// The property White_Space.
inline bool is_white_space(char32_t c) noexcept {
    if (c < 0x80U)
        return c == ' ' || (c >= '\t' && c <= '\r');
    return u_isUWhiteSpace(static_cast<UChar32>(c)) != 0;
}

/// ASCII punctuation and symbols, and the general categories P*.
inline bool is_punctuation(char32_t c) noexcept {
    if (c < 0x80U)
        return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
               (c >= '{' && c <= '~');
    return (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_P_MASK) != 0;
}

/// General categories Cc, Cf and Co: what BERT's clean-up calls a control character. (Unassigned
/// code points are kept.)
inline bool is_control(char32_t c) noexcept {
    if (c < 0x80U)
        return c < 0x20U || c == 0x7FU;
    return (U_GET_GC_MASK(static_cast<UChar32>(c)) &
            (U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK)) != 0;
}

/// General category Mn: accents that take no room of their own.
inline bool is_nonspacing_mark(char32_t c) noexcept {
    return c >= 0x300U && u_charType(static_cast<UChar32>(c)) == U_NON_SPACING_MARK;
}

/// General categories M*.
inline bool is_mark(char32_t c) noexcept {
    return c >= 0x300U && (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK) != 0;
}

/// General categories L*.
inline bool is_letter(char32_t c) noexcept {
    if (c < 0x80U)
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_L_MASK) != 0;
}

/// General categories N*.
inline bool is_numeric(char32_t c) noexcept {
    if (c < 0x80U)
        return c >= '0' && c <= '9';
    return (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_N_MASK) != 0;
}

/// \w of Unicode regular expressions (UTS 18): alphabetic, marks, decimal digits, connector
/// punctuation, joiners.
inline bool is_word_character(char32_t c) noexcept {
    if (c < 0x80U)
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' ||
               (c >= 'a' && c <= 'z');
    const auto point = static_cast<UChar32>(c);
    return (U_GET_GC_MASK(point) & (U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK)) != 0 ||
           u_hasBinaryProperty(point, UCHAR_ALPHABETIC) != 0 ||
           u_hasBinaryProperty(point, UCHAR_JOIN_CONTROL) != 0;
}

/// The CJK ideographs that BERT sets between spaces. (Kana and Hangul are not among them.)
inline bool is_cjk_ideograph(char32_t c) noexcept {
    return (c >= 0x4E00U && c <= 0x9FFFU) || (c >= 0x3400U && c <= 0x4DBFU) ||
           (c >= 0x20000U && c <= 0x2A6DFU) || (c >= 0x2A700U && c <= 0x2B73FU) ||
           (c >= 0x2B740U && c <= 0x2B81FU) || (c >= 0x2B920U && c <= 0x2CEAFU) ||
           (c >= 0xF900U && c <= 0xFAFFU) || (c >= 0x2F800U && c <= 0x2FA1FU);
}

/// Full lower-case mapping of one code point, without context. Writes to `out` and returns how many
/// code points it wrote: 1, or 2 for U+0130, the only one whose mapping is longer.
inline std::size_t to_lower(char32_t c, std::array<char32_t, 2>& out) noexcept {
    if (c < 0x80U) {
        out[0] = c >= 'A' && c <= 'Z' ? c + 0x20U : c;
        return 1;
    }
    if (c == 0x130U) {
        out = {U'i', 0x307U};
        return 2;
    }
    out[0] = static_cast<char32_t>(u_tolower(static_cast<UChar32>(c)));
    return 1;
}

/// What Python's str.isspace() is true for: White_Space and the four information separators.
inline bool is_python_space(char32_t c) noexcept {
    return is_white_space(c) || (c >= 0x1CU && c <= 0x1FU);
}

/// What Python's repr() leaves as it is: all but the general categories C* and Z*, and the space.
inline bool is_printable(char32_t c) noexcept {
    if (c < 0x80U)
        return c >= 0x20U && c != 0x7FU;
    return (U_GET_GC_MASK(static_cast<UChar32>(c)) & (U_GC_C_MASK | U_GC_Z_MASK)) == 0;
}

/// The property Cased: letters that are upper, lower or title case.
inline bool is_cased(char32_t c) noexcept {
    return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_CASED) != 0;
}

/// Simple title-case mapping of one code point.
inline char32_t to_title(char32_t c) noexcept {
    return static_cast<char32_t>(u_totitle(static_cast<UChar32>(c)));
}

enum class LetterCase { lower, upper };

/// Full case mapping of valid UTF-8, without a locale.
inline std::string change_case(std::string_view text, LetterCase letter_case) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UCaseMap, decltype(&ucasemap_close)> map{ucasemap_open("", 0, &status),
                                                                   &ucasemap_close};
    const auto convert =
        letter_case == LetterCase::lower ? &ucasemap_utf8ToLower : &ucasemap_utf8ToUpper;
    std::string out(text.size(), '\0');
    for (;;) {
        const std::int32_t size =
            convert(map.get(), out.data(), static_cast<std::int32_t>(out.size()), text.data(),
                    static_cast<std::int32_t>(text.size()), &status);
        const bool fits = static_cast<std::size_t>(size) <= out.size();
        if (U_FAILURE(status) != 0 && status != U_BUFFER_OVERFLOW_ERROR)
            throw TokenizerError{"", "", "ICU cannot change the case of a text"};
        out.resize(static_cast<std::size_t>(size));
        if (fits)
            return out;
        status = U_ZERO_ERROR;
    }
}

/// Canonical or compatibility normalisation data (of Unicode 15 with ICU 72).
class NormalizationData {
public:
    explicit NormalizationData(bool compatibility) {
        UErrorCode status = U_ZERO_ERROR;
        composed_ =
            compatibility ? unorm2_getNFKCInstance(&status) : unorm2_getNFCInstance(&status);
        if (U_FAILURE(status) != 0)
            throw TokenizerError{"", "", "ICU has no normalization data"};
    }

    static std::uint8_t combining_class(char32_t c) noexcept {
        return c < 0x300U ? std::uint8_t{0} : u_getCombiningClass(static_cast<UChar32>(c));
    }

    /// Full decomposition of `c` (itself where it has none). Writes to `out`, returns the length.
    std::size_t decompose(char32_t c, std::span<char32_t, 32> out) const noexcept {
        std::array<UChar, 32> units{};
        UErrorCode status = U_ZERO_ERROR;
        const std::int32_t length =
            c < 0xA0U ? -1
                      : unorm2_getDecomposition(composed_, static_cast<UChar32>(c), units.data(),
                                                static_cast<std::int32_t>(units.size()), &status);
        if (length < 0 || U_FAILURE(status) != 0) {
            out[0] = c;
            return 1;
        }
        std::size_t count = 0;
        for (std::int32_t at = 0; at < length;) {
            UChar32 point = 0;
            U16_NEXT(units.data(), at, length, point);
            out[count++] = static_cast<char32_t>(point);
        }
        return count;
    }

    /// The primary composite of two code points, or 0.
    char32_t compose(char32_t first, char32_t second) const noexcept {
        const UChar32 pair = unorm2_composePair(composed_, static_cast<UChar32>(first),
                                                static_cast<UChar32>(second));
        return pair < 0 ? 0U : static_cast<char32_t>(pair);
    }

private:
    const UNormalizer2* composed_ = nullptr;  // owned by ICU, lives as long as the program
};

}  // namespace xzoo::text
