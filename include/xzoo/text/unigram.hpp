#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/byte_alphabet.hpp>
#include <xzoo/text/byte_trie.hpp>
#include <xzoo/text/model.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text {

/// Of all ways to put a word together from pieces, the one with the highest sum of scores. Time is
/// linear in the word: from each character no more bytes are looked at than the longest piece has.
/// Source  Kudo 2018, Subword Regularization; as SentencePiece computes it.
class Unigram final : public Model {
public:
    struct Piece {
        std::string_view text;  // need not outlive the constructor
        double score = 0.0;
        std::uint32_t id = 0;
        bool preferred = false;  // user-defined: wins over all that lies in its bytes
    };

    struct Options {
        std::string unk_token;
        double unk_score = 0.0;         // of a character that no piece begins with
        double preferred_score = 0.0;   // of each byte of a preferred piece
        bool byte_fallback = false;     // unknown characters are spelled by byte tokens, "<0x0A>"
        bool look_up_unknown = false;   // the vocabulary may have more than the pieces
        bool single_precision = false;  // sums are rounded as SentencePiece's are
    };

    Unigram(Vocabulary vocabulary, const std::vector<Piece>& pieces, Options options)
        : vocabulary_{std::move(vocabulary)},
          options_{std::move(options)},
          unknown_{vocabulary_, options_.unk_token} {
        std::vector<std::pair<std::string_view, std::uint32_t>> entries;
        for (const Piece& piece : pieces) {
            entries.emplace_back(piece.text, static_cast<std::uint32_t>(pieces_.size()));
            const double size = static_cast<double>(piece.text.size());
            pieces_.push_back(
                {piece.preferred ? size * options_.preferred_score - 0.1 : piece.score, piece.id});
        }
        trie_ = ByteTrie{std::move(entries)};
        for (unsigned byte = 0; byte < 256; ++byte)
            bytes_[byte] = vocabulary_.trie().find(to_byte_token(static_cast<unsigned char>(byte)));
        has_bytes_ = std::find(bytes_.begin(), bytes_.end(), ByteTrie::none) == bytes_.end();
    }

    void tokenize(std::string_view word, std::vector<WordToken>& out) const override {
        const std::vector<Node> best = find_best(word);
        const std::size_t before = out.size();
        bool after_unknown = false;  // the token to the right of this one
        for (std::size_t end = word.size(); end > 0; end = best[end].begin) {
            const Node& node = best[end];
            if (node.piece != unknown) {
                out.push_back({pieces_[node.piece].id, node.begin, end});
            } else if (options_.byte_fallback && has_bytes_) {
                for (std::size_t i = end; i > node.begin; --i)
                    out.push_back(
                        {bytes_[static_cast<unsigned char>(word[i - 1])], node.begin, end});
            } else if (after_unknown) {
                out.back().begin = node.begin;
            } else {
                out.push_back({unknown, node.begin, end});
            }
            after_unknown = node.piece == unknown;
        }
        std::reverse(out.begin() + static_cast<std::ptrdiff_t>(before), out.end());
        for (std::size_t i = before; i < out.size(); ++i) {
            if (out[i].id == unknown)
                out[i].id = name(word.substr(out[i].begin, out[i].end - out[i].begin));
        }
    }

    const Vocabulary& vocabulary() const noexcept override { return vocabulary_; }
    const std::string& unknown_token() const noexcept override { return unknown_.text(); }

private:
    static constexpr std::uint32_t unknown = std::numeric_limits<std::uint32_t>::max();
    static constexpr std::uint32_t unreached = unknown - 1;

    struct Scored {
        double score = 0.0;
        std::uint32_t id = 0;
    };

    /// The best way to a byte of the word: its score, and the piece that it ends with.
    struct Node {
        double score = 0.0;
        std::uint32_t begin = 0;
        std::uint32_t piece = unreached;
    };

    /// The id of characters in a row that are no pieces.
    std::uint32_t name(std::string_view characters) const {
        const auto id = options_.look_up_unknown ? vocabulary_.find(characters) : std::nullopt;
        return id ? *id : unknown_.id();
    }

    std::vector<Node> find_best(std::string_view word) const {
        std::vector<Node> best(word.size() + 1);
        for (std::size_t begin = 0; begin < word.size();) {
            const double so_far = best[begin].score;
            const std::size_t size = utf8_size_of_lead(static_cast<unsigned char>(word[begin]));
            const auto offer = [&](std::size_t end, double score, std::uint32_t piece) {
                Node& node = best[end];
                double sum = score + so_far;
                if (options_.single_precision && piece == unknown)
                    sum = static_cast<float>(sum);
                if (node.piece != unreached && !(sum > node.score))
                    return;
                node = {options_.single_precision ? double{static_cast<float>(sum)} : sum,
                        static_cast<std::uint32_t>(begin), piece};
            };
            bool known = false;
            std::uint32_t node = ByteTrie::root;
            for (std::size_t end = begin; end < word.size();) {
                node = trie_.step(node, word[end++]);
                if (node == ByteTrie::none)
                    break;
                const std::uint32_t piece = trie_.value(node);
                if (piece == ByteTrie::none)
                    continue;
                offer(end, pieces_[piece].score, piece);
                known = known || end - begin == size;
            }
            if (!known)
                offer(begin + size, options_.unk_score, unknown);
            begin += size;
        }
        return best;
    }

    Vocabulary vocabulary_;
    Options options_;
    UnknownToken unknown_;
    ByteTrie trie_;  // values are indices of pieces_
    std::vector<Scored> pieces_;
    std::array<std::uint32_t, 256> bytes_{};
    bool has_bytes_ = false;
};

}  // namespace xzoo::text
