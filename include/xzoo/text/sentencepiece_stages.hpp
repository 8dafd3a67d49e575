#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/byte_alphabet.hpp>
#include <xzoo/text/byte_trie.hpp>
#include <xzoo/text/charsmap.hpp>
#include <xzoo/text/decoder.hpp>
#include <xzoo/text/metaspace.hpp>
#include <xzoo/text/normalizer.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text {

/// U+2581 in UTF-8.
inline constexpr std::string_view word_mark_utf8 = "\xE2\x96\x81";

/// The normaliser that is part of a SentencePiece model: its rules, white space put in order,
/// spaces written as word marks, and one word mark before the text.
/// Source  normalizer.cc of SentencePiece.
class SentencePieceNormalizer final : public Normalizer {
public:
    struct Options {
        std::optional<Charsmap> charsmap;
        ByteTrie whole;  // user-defined pieces, which no rule touches
        PrependScheme dummy_prefix = PrependScheme::always;
        bool remove_extra_whitespaces = true;
    };

    explicit SentencePieceNormalizer(Options options) : options_{std::move(options)} {}

    void normalize(NormalizedString& text) const override {
        const std::string_view all = text.text();
        const bool tidy = options_.remove_extra_whitespaces;
        Rewriter rewriter{text};
        std::size_t at = 0;
        while (tidy && at < all.size()) {
            const Charsmap::Match next = prefix(all.substr(at));
            if (next.replacement != " ")
                break;
            at += next.size;
        }
        if (at > 0)
            rewriter.drop_to(at);
        if (at < all.size() && wants_prefix(text))
            rewriter.insert_before(word_mark);
        bool after_space = tidy;
        for (Charsmap::Match next; at < all.size(); at += next.size) {
            next = prefix(all.substr(at));
            std::string_view written = next.replacement;
            while (after_space && written.starts_with(' '))
                written.remove_prefix(1);
            write(rewriter, written, all, at, at + next.size);
            after_space = tidy && (written.empty() ? after_space : written.ends_with(' '));
        }
        while (tidy && rewriter.written() > 0 && rewriter.last() == word_mark)
            rewriter.take_back(rewriter.written() - word_mark_utf8.size());
        text = std::move(rewriter).finish();
    }

private:
    bool wants_prefix(const NormalizedString& text) const {
        return options_.dummy_prefix == PrependScheme::always ||
               (options_.dummy_prefix == PrependScheme::first &&
                text.original(0, text.text().size()).begin == 0);
    }

    /// What comes of the beginning of a text, and how much of it that is.
    Charsmap::Match prefix(std::string_view text) const {
        if (const auto whole = options_.whole.longest_prefix(ByteTrie::root, text);
            whole.value != ByteTrie::none)
            return {whole.size, text.substr(0, whole.size)};
        if (options_.charsmap) {
            const Charsmap::Match match = options_.charsmap->match(text, true);
            if (match.size > 0)
                return match;
        }
        const std::size_t size = utf8_size_of_lead(static_cast<unsigned char>(text[0]));
        return {size, text.substr(0, size)};
    }

    /// Writes what comes of [begin, end) of the text.
    static void write(Rewriter& rewriter, std::string_view written, std::string_view all,
                      std::size_t begin, std::size_t end) {
        if (written.find(' ') == std::string_view::npos) {
            if (written == all.substr(begin, end - begin))
                rewriter.copy_to(end);
            else
                rewriter.replace_to(end, written);
        } else if (end - begin == 1 && written.size() == 1) {
            rewriter.replace(word_mark);
        } else {
            std::string marked{written};
            replace_all(marked, " ", word_mark_utf8);
            rewriter.replace_to(end, marked);
        }
    }

    Options options_;
};

/// Puts pieces together as SentencePiece does, and what Hugging Face's tokenizer classes do
/// besides: special tokens between runs of pieces are written out. Source
/// sentencepiece_processor.cc; convert_tokens_to_string() of the tokenizer classes.
class SentencePieceDecoder final : public Decoder {
public:
    struct Options {
        std::set<std::string, std::less<>> invisible;  // control pieces
        std::string unk_piece;                         // decodes to unk_surface
        std::string unk_surface;
        bool strip_mark = true;        // the word mark that begins a run stands for no space
        bool strip_all_marks = false;  // and those that follow it
        std::set<std::string, std::less<>> special;  // written as they are, between runs
        bool drop_first_mark = false;                // one of the whole text, before all else
        bool space_before_run = false;               // before one that a special token ends
        bool space_before_first_run = false;         // even if it begins the text
        bool space_after_special = false;
        bool strip_ends = false;  // white space of the whole text
    };

    explicit SentencePieceDecoder(Options options) : options_{std::move(options)} {}

    void decode(std::vector<std::string>& pieces, bool /*clean_up*/) const override {
        if (options_.drop_first_mark && !pieces.empty() && pieces[0].starts_with(word_mark_utf8))
            pieces[0].erase(0, word_mark_utf8.size());
        std::string out;
        std::size_t begin = 0;  // of the run
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            if (!options_.special.contains(pieces[i]))
                continue;
            const bool after_special = i > 0 && begin == i;
            if (options_.space_before_run && !after_special &&
                (i > 0 || options_.space_before_first_run))
                out += ' ';
            append_run(out, pieces, begin, i);
            out += pieces[i];
            if (options_.space_after_special)
                out += ' ';
            begin = i + 1;
        }
        append_run(out, pieces, begin, pieces.size());
        if (options_.strip_ends) {
            NormalizedString text{out};
            StripNormalizer{true, true}.normalize(text);
            out = text.text();
        }
        pieces.assign(1, out);
    }

    void to_bytes(std::string& token) const override {
        if (const auto byte = from_byte_token(token))
            token.assign(1, *byte);
        else if (options_.invisible.contains(token))
            token.clear();
        else
            replace_all(token, word_mark_utf8, " ");
    }

private:
    void append_run(std::string& out, const std::vector<std::string>& pieces, std::size_t begin,
                    std::size_t end) const {
        std::string run;
        std::string bytes;  // of byte tokens in a row
        bool mark_seen = false;
        for (std::size_t i = begin; i < end; ++i) {
            if (const auto byte = from_byte_token(pieces[i])) {
                bytes += *byte;
                continue;
            }
            append_lossy(run, bytes);
            bytes.clear();
            if (options_.invisible.contains(pieces[i]))
                continue;
            if (pieces[i] == options_.unk_piece) {
                run += options_.unk_surface;
                continue;
            }
            std::string piece = pieces[i];
            if (options_.strip_mark && run.empty() && !mark_seen &&
                piece.starts_with(word_mark_utf8)) {
                piece.erase(0, word_mark_utf8.size());
                mark_seen = !options_.strip_all_marks;
            }
            replace_all(piece, word_mark_utf8, " ");
            run += piece;
        }
        append_lossy(run, bytes);
        out += run;
    }

    Options options_;
};

}  // namespace xzoo::text
