#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/decoder.hpp>
#include <xzoo/text/pre_tokenizer.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text {

/// Before which pieces of a text a word mark is put that stands for no space.
enum class PrependScheme : std::uint8_t {
    always,
    first,  // only before the one that the original text begins with
    never,
};

/// U+2581, the usual word mark.
inline constexpr char32_t word_mark = 0x2581;

/// Writes spaces as a mark, puts one before the text, and cuts the text before each.
/// Source  Kudo and Richardson 2018, SentencePiece.
class Metaspace final : public PreTokenizer {
public:
    Metaspace(char32_t mark, PrependScheme scheme, bool split)
        : mark_{mark}, scheme_{scheme}, split_{split} {}

    void pre_tokenize(PreTokenized& text) const override {
        std::vector<PreTokenized::Piece> cut;
        text.rewrite([&](Rewriter& rewriter, PreTokenized::Piece piece) {
            const std::size_t begin = rewriter.written();
            const char32_t first = decode_utf8(text.text.text(), piece.begin).value;
            if (first != U' ' && first != mark_ && prepends(text, piece))
                rewriter.insert_before(mark_);
            write(rewriter, text.view(piece), piece, begin, cut);
        });
        if (split_)
            text.pieces = std::move(cut);
    }

private:
    bool prepends(const PreTokenized& text, PreTokenized::Piece piece) const {
        return scheme_ == PrependScheme::always ||
               (scheme_ == PrependScheme::first &&
                text.text.original(piece.begin, piece.end).begin == 0);
    }

    /// Copies a piece, with marks in place of spaces, and notes where it is cut.
    void write(Rewriter& rewriter, std::string_view view, PreTokenized::Piece piece,
               std::size_t begin, std::vector<PreTokenized::Piece>& cut) const {
        std::size_t done = 0;
        for (std::size_t at = 0; at < view.size();) {
            const CodePoint point = decode_utf8(view, at);
            const bool marks = point.value == U' ' || point.value == mark_;
            if (marks) {
                rewriter.copy_to(piece.begin + at);
                if (rewriter.written() > begin)
                    cut.push_back({begin, rewriter.written()});
                begin = rewriter.written();
                rewriter.replace(mark_);
                done = at + point.size;
            }
            at += point.size;
        }
        if (done < view.size())
            rewriter.copy_to(piece.end);
        cut.push_back({begin, rewriter.written()});
    }

    char32_t mark_;
    PrependScheme scheme_;
    bool split_;
};

/// Makes spaces of word marks again, but for those of the first token.
class MetaspaceDecoder final : public Decoder {
public:
    MetaspaceDecoder(char32_t mark, PrependScheme scheme) : scheme_{scheme} {
        append_utf8(mark_, mark);
    }

    void decode(std::vector<std::string>& pieces, bool /*clean_up*/) const override {
        for (std::size_t i = 0; i < pieces.size(); ++i)
            replace_all(pieces[i], mark_, i == 0 && scheme_ != PrependScheme::never ? "" : " ");
    }

    void to_bytes(std::string& token) const override { replace_all(token, mark_, " "); }

private:
    std::string mark_;
    PrependScheme scheme_;
};

}  // namespace xzoo::text
