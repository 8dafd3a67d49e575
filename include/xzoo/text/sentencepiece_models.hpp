#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/bpe.hpp>
#include <xzoo/text/sentencepiece_file.hpp>
#include <xzoo/text/unigram.hpp>

namespace xzoo::text {

/// Whether text may become a piece of this type without its being asked for.
inline bool is_made_of_text(PieceType type) noexcept {
    return type == PieceType::normal || type == PieceType::user_defined;
}

/// User-defined pieces, each with the number that `number` gives for its id.
template <class Number>
ByteTrie user_defined_pieces(const SentencePieceFile& file, Number number) {
    std::vector<std::pair<std::string_view, std::uint32_t>> whole;
    for (std::uint32_t id = 0; id < file.pieces.size(); ++id) {
        if (file.pieces[id].type == PieceType::user_defined)
            whole.emplace_back(file.pieces[id].text, number(id));
    }
    return ByteTrie{std::move(whole)};
}

/// Finds which pairs of symbols become a piece: SentencePiece merges any two neighbours whose texts
/// put together are one, the piece of the highest score first.
class PieceMerges {
public:
    explicit PieceMerges(const SentencePieceFile& file) : file_{file} {
        std::vector<std::pair<std::string_view, std::uint32_t>> entries;
        for (std::uint32_t id = 0; id < file.pieces.size(); ++id) {
            if (is_made_of_text(file.pieces[id].type)) {
                entries.emplace_back(file.pieces[id].text, id);
                scores_.push_back(file.pieces[id].score);
            }
        }
        std::sort(scores_.begin(), scores_.end(), std::greater<>{});
        scores_.erase(std::unique(scores_.begin(), scores_.end()), scores_.end());
        pieces_ = ByteTrie{entries};
        extra_.first = static_cast<std::uint32_t>(file.pieces.size());
        add_characters(entries);
        add_merges(entries);
        extra_.whole = user_defined_pieces(file, [&](std::uint32_t id) {
            extra_.tokens.push_back(id);
            return extra_.first + static_cast<std::uint32_t>(extra_.tokens.size()) - 1;
        });
    }

    MergeTable table() const { return MergeTable{merges_}; }
    ExtraSymbols extra() && { return std::move(extra_); }

private:
    /// Characters that are part of pieces and no pieces themselves are symbols, too.
    void add_characters(const std::vector<std::pair<std::string_view, std::uint32_t>>& pieces) {
        std::vector<std::string_view> characters;
        for (const auto& [text, id] : pieces) {
            for (std::size_t at = 0; at < text.size();) {
                const std::size_t size = utf8_size_of_lead(static_cast<unsigned char>(text[at]));
                if (pieces_.find(text.substr(at, size)) == ByteTrie::none)
                    characters.push_back(text.substr(at, size));
                at += size;
            }
        }
        std::sort(characters.begin(), characters.end());
        characters.erase(std::unique(characters.begin(), characters.end()), characters.end());
        std::vector<std::pair<std::string_view, std::uint32_t>> entries;
        for (const std::string_view character : characters) {
            entries.emplace_back(character,
                                 extra_.first + static_cast<std::uint32_t>(extra_.tokens.size()));
            extra_.tokens.push_back(MergeTable::none);
        }
        extra_.characters = ByteTrie{std::move(entries)};
    }

    /// The number of a piece, or where it is none, of the character that `text` is.
    std::uint32_t symbol(std::uint32_t piece, std::string_view text) const noexcept {
        return piece != ByteTrie::none ? piece : extra_.characters.find(text);
    }

    /// Adds the pairs of symbols that each piece can be made of. Symbols at its beginning come from
    /// one walk down the trie of the pieces, those at its end from one down that of the pieces read
    /// backwards: looking up each by itself would take time quadratic in the piece.
    void add_merges(const std::vector<std::pair<std::string_view, std::uint32_t>>& pieces) {
        std::vector<std::string> backwards;
        backwards.reserve(pieces.size());
        std::vector<std::pair<std::string_view, std::uint32_t>> entries;
        for (const auto& [text, id] : pieces) {
            backwards.emplace_back(text.rbegin(), text.rend());
            entries.emplace_back(backwards.back(), id);
        }
        const ByteTrie tails{std::move(entries)};
        std::vector<std::uint32_t> ends;  // pieces that begin at each byte and end with the text
        for (const auto& [text, id] : pieces) {
            ends.assign(text.size(), ByteTrie::none);
            std::uint32_t node = ByteTrie::root;
            for (std::size_t at = text.size(); at > 0 && node != ByteTrie::none; --at) {
                node = tails.step(node, text[at - 1]);
                if (node != ByteTrie::none)
                    ends[at - 1] = tails.value(node);
            }
            add_merges(text, id, ends);
        }
    }

    void add_merges(std::string_view text, std::uint32_t id,
                    const std::vector<std::uint32_t>& ends) {
        const auto rank = std::lower_bound(scores_.begin(), scores_.end(), file_.pieces[id].score,
                                           std::greater<>{});
        std::uint32_t node = ByteTrie::root;
        std::size_t at = 0;
        for (;;) {
            const std::size_t size = utf8_size_of_lead(static_cast<unsigned char>(text[at]));
            node = pieces_.walk(node, text.substr(at, size));
            at += size;
            if (at >= text.size())
                return;
            const std::uint32_t left = symbol(pieces_.value(node), text.substr(0, at));
            const std::uint32_t right = symbol(ends[at], text.substr(at));
            if (left != ByteTrie::none && right != ByteTrie::none)
                merges_.push_back(
                    {left, right, static_cast<std::uint32_t>(rank - scores_.begin()), id});
        }
    }

    const SentencePieceFile& file_;
    ByteTrie pieces_;
    std::vector<float> scores_;  // from high to low, each once: the index is the rank
    std::vector<Merge> merges_;
    ExtraSymbols extra_;
};

/// The BPE model of a SentencePiece file; ids are those of its pieces.
inline std::unique_ptr<const Model> make_sentencepiece_bpe(const SentencePieceFile& file,
                                                           Vocabulary vocabulary) {
    Bpe::Options options;
    options.unk_token = file.pieces[file.find(PieceType::unknown)].text;
    options.fuse_unk = true;
    options.byte_fallback = file.byte_fallback;
    PieceMerges merges{file};
    MergeTable table = merges.table();
    return std::make_unique<Bpe>(std::move(vocabulary), std::move(table), std::move(options),
                                 std::move(merges).extra());
}

/// The unigram model of a SentencePiece file; `ids` are those of its pieces in `vocabulary`, where
/// other strings may be looked up, too.
inline std::unique_ptr<const Model> make_sentencepiece_unigram(
    const SentencePieceFile& file, Vocabulary vocabulary, const std::vector<std::uint32_t>& ids,
    std::string unk_token, bool look_up_unknown = false) {
    constexpr float unknown_penalty = 10.0F;
    float lowest = std::numeric_limits<float>::max();
    float highest = std::numeric_limits<float>::min();
    std::vector<Unigram::Piece> pieces;
    for (std::size_t i = 0; i < file.pieces.size(); ++i) {
        const SentencePiece& piece = file.pieces[i];
        if (is_made_of_text(piece.type))
            pieces.push_back(
                {piece.text, double{piece.score}, ids[i], piece.type == PieceType::user_defined});
        if (piece.type == PieceType::normal) {
            lowest = std::min(lowest, piece.score);
            highest = std::max(highest, piece.score);
        }
    }
    Unigram::Options options;
    options.unk_token = std::move(unk_token);
    options.unk_score = double{lowest - unknown_penalty};
    options.preferred_score = double{highest};
    options.byte_fallback = file.byte_fallback;
    options.look_up_unknown = look_up_unknown;
    options.single_precision = true;
    return std::make_unique<Unigram>(std::move(vocabulary), pieces, std::move(options));
}

}  // namespace xzoo::text
