#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/byte_alphabet.hpp>
#include <xzoo/text/byte_trie.hpp>
#include <xzoo/text/merge_symbols.hpp>
#include <xzoo/text/merge_table.hpp>
#include <xzoo/text/model.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text {

/// Symbols besides the tokens, for vocabularies whose merges were not listed but follow from
/// the tokens (SentencePiece). Their ids lie from `first` on, above those of all tokens.
struct ExtraSymbols {
    std::uint32_t first = MergeTable::none;
    std::vector<std::uint32_t> tokens;  // what each of them is in the end; none: unknown
    ByteTrie characters;                // that are no tokens, but of which merging may make some
    ByteTrie whole;                     // strings that are found first and merge with nothing
};

/// Byte pair encoding: a word begins as its characters (or bytes), and the pair of neighbours with
/// the lowest rank becomes one token, again and again.
/// Source  Sennrich et al. 2016, Neural Machine Translation of Rare Words with Subword Units;
///         byte level: Radford et al. 2019; byte fallback: SentencePiece.
class Bpe final : public Model {
public:
    struct Options {
        std::string unk_token;  // empty: characters that are no tokens are left out
        std::string continuing_subword_prefix;
        std::string end_of_word_suffix;
        bool fuse_unk = false;       // unknown characters in a row are one unknown token
        bool byte_fallback = false;  // unknown characters are spelled by byte tokens, "<0x0A>"
        bool ignore_merges = false;  // a word that is a token is that token
        bool byte_level = false;     // words are any bytes, and tokens written in the byte alphabet
    };

    Bpe(Vocabulary vocabulary, MergeTable merges, Options options, ExtraSymbols extra = {})
        : vocabulary_{std::move(vocabulary)},
          merges_{std::move(merges)},
          options_{std::move(options)},
          unknown_{vocabulary_, options_.unk_token},
          extra_{std::move(extra)} {
        for (unsigned byte = 0; byte < 256; ++byte) {
            const auto b = static_cast<unsigned char>(byte);
            byte_tokens_[byte] = find(to_byte_token(b));
            if (!options_.byte_level)
                continue;
            const std::string character = to_byte_alphabet(std::string(1, static_cast<char>(b)));
            inner_bytes_[byte] = find(character);
            last_bytes_[byte] = find(character + options_.end_of_word_suffix);
        }
        if (options_.byte_level)
            collect_words();
        else if (options_.continuing_subword_prefix.empty() && options_.end_of_word_suffix.empty())
            collect_bridges();
    }

    void tokenize(std::string_view word, std::vector<WordToken>& out) const override {
        const std::uint32_t whole = find_word(word);
        if (whole != none) {
            out.push_back({whole, 0, word.size()});
            return;
        }
        std::vector<Symbol> symbols;
        split(word, symbols);
        if (bridges_.empty())
            merge_symbols(merges_, symbols);
        else
            merge_parts(symbols);
        write(word, symbols, out);
    }

    const Vocabulary& vocabulary() const noexcept override { return vocabulary_; }
    const std::string& unknown_token() const noexcept override { return unknown_.text(); }

private:
    static constexpr std::uint32_t none = MergeTable::none;

    std::uint32_t find(std::string_view token) const noexcept {
        return vocabulary_.trie().find(token);
    }

    /// The tokens that whole words become at once: all of them if merges are ignored, else those
    /// that merging makes of their own bytes.
    void collect_words() {
        std::vector<std::string> words;
        std::vector<std::uint32_t> ids;
        const TokenTable& table = vocabulary_.table();
        std::vector<Symbol> symbols;
        for (std::uint32_t id = 0; id < table.id_end(); ++id) {
            std::string_view token = table.find(id).value_or(std::string_view{});
            if (!token.ends_with(options_.end_of_word_suffix))
                continue;
            token.remove_suffix(options_.end_of_word_suffix.size());
            auto word = from_byte_alphabet(token);
            if (!word || word->empty())
                continue;
            if (!options_.ignore_merges) {
                symbols.clear();
                split(*word, symbols);
                merge_symbols(merges_, symbols);
                if (symbols.size() != 1 || symbols[0].id != id)
                    continue;
            }
            words.push_back(std::move(*word));
            ids.push_back(id);
        }
        std::vector<std::pair<std::string_view, std::uint32_t>> entries;
        entries.reserve(words.size());
        for (std::size_t i = 0; i < words.size(); ++i)
            entries.emplace_back(words[i], ids[i]);
        words_ = ByteTrie{std::move(entries)};
    }

    /// Notes which characters may meet inside a token: no merge crosses from one to another where
    /// no merge's left side ends with the one and its right side begins with the other.
    void collect_bridges() {
        const auto text = [&](std::uint32_t symbol) {
            return vocabulary_.table().find(symbol).value_or(std::string_view{});
        };
        const auto character = [&](std::uint32_t symbol, bool last) {
            const std::string_view token = text(symbol);
            if (token.empty())  // a character that is no token
                return symbol;
            const std::size_t size = last ? decode_utf8_before(token, token.size()).size
                                          : utf8_size_of_lead(static_cast<unsigned char>(token[0]));
            return find_character(token, last ? token.size() - size : 0, size);
        };
        std::vector<Merge> bridges;
        merges_.for_each([&](std::uint32_t left, std::uint32_t right, MergeTable::Entry) {
            const std::uint32_t end = character(left, true);
            const std::uint32_t begin = character(right, false);
            if (end != none && begin != none)
                bridges.push_back({end, begin, 0, 0});
        });
        bridges_ = MergeTable{bridges};
    }

    /// Merges within each stretch of symbols that no merge leads out of.
    void merge_parts(std::vector<Symbol>& symbols) const {
        std::vector<Symbol> part;
        std::size_t kept = 0;
        for (std::size_t begin = 0; begin < symbols.size();) {
            std::size_t end = begin + 1;
            while (end < symbols.size() &&
                   bridges_.find(symbols[end - 1].id, symbols[end].id).rank != none)
                ++end;
            part.assign(symbols.begin() + static_cast<std::ptrdiff_t>(begin),
                        symbols.begin() + static_cast<std::ptrdiff_t>(end));
            merge_symbols(merges_, part);
            std::copy(part.begin(), part.end(),
                      symbols.begin() + static_cast<std::ptrdiff_t>(kept));
            kept += part.size();
            begin = end;
        }
        symbols.resize(kept);
    }

    std::uint32_t find_word(std::string_view word) const noexcept {
        if (options_.byte_level)
            return words_.find(word);
        return options_.ignore_merges ? find(word) : none;
    }

    void split(std::string_view word, std::vector<Symbol>& symbols) const {
        symbols.reserve(word.size());
        if (options_.byte_level) {
            for (const char byte : word)
                symbols.push_back({inner_bytes_[static_cast<unsigned char>(byte)], 1});
            symbols.back().id = last_bytes_[static_cast<unsigned char>(word.back())];
            return;
        }
        for (std::size_t at = 0; at < word.size();) {
            const auto whole = extra_.whole.longest_prefix(ByteTrie::root, word.substr(at));
            if (whole.value != none) {
                symbols.push_back({whole.value, static_cast<std::uint32_t>(whole.size)});
                at += whole.size;
                continue;
            }
            const std::size_t size = utf8_size_of_lead(static_cast<unsigned char>(word[at]));
            symbols.push_back({find_character(word, at, size), static_cast<std::uint32_t>(size)});
            at += size;
        }
    }

    std::uint32_t find_character(std::string_view word, std::size_t at, std::size_t size) const {
        const std::string_view character = word.substr(at, size);
        const bool prefixed = at > 0 && !options_.continuing_subword_prefix.empty();
        const bool suffixed = at + size == word.size() && !options_.end_of_word_suffix.empty();
        if (!prefixed && !suffixed) {
            const std::uint32_t id = find(character);
            return id != none ? id : extra_.characters.find(character);
        }
        std::string token{prefixed ? options_.continuing_subword_prefix : std::string{}};
        token += character;
        return find(suffixed ? token + options_.end_of_word_suffix : token);
    }

    /// The token that a symbol is in the end, or none where it is unknown.
    std::uint32_t token_of(std::uint32_t symbol) const noexcept {
        return symbol >= extra_.first && symbol != none ? extra_.tokens[symbol - extra_.first]
                                                        : symbol;
    }

    void write(std::string_view word, const std::vector<Symbol>& symbols,
               std::vector<WordToken>& out) const {
        std::size_t at = 0;
        bool after_unknown = false;
        for (const Symbol& symbol : symbols) {
            const std::uint32_t id = token_of(symbol.id);
            const std::size_t end = at + symbol.size;
            const bool spelled = id == none && spell(word, at, end, out);
            if (id != none) {
                out.push_back({id, at, end});
            } else if (!spelled && !unknown_.text().empty()) {
                if (after_unknown && options_.fuse_unk)
                    out.back().end = end;
                else
                    out.push_back({unknown_.id(), at, end});
            }
            after_unknown = id == none && !spelled;
            at = end;
        }
    }

    /// Writes the byte tokens of [begin, end), if there are all of them.
    bool spell(std::string_view word, std::size_t begin, std::size_t end,
               std::vector<WordToken>& out) const {
        if (!options_.byte_fallback)
            return false;
        const std::size_t before = out.size();
        for (std::size_t i = begin; i < end; ++i) {
            const std::uint32_t id = byte_tokens_[static_cast<unsigned char>(word[i])];
            if (id == none) {
                out.resize(before);
                return false;
            }
            out.push_back({id, begin, end});
        }
        return true;
    }

    Vocabulary vocabulary_;
    MergeTable merges_;
    MergeTable bridges_;  // pairs of characters that a merge may cross; empty: not looked at
    Options options_;
    UnknownToken unknown_;
    ExtraSymbols extra_;
    std::array<std::uint32_t, 256> byte_tokens_{};  // for byte_fallback; none where absent
    std::array<std::uint32_t, 256> inner_bytes_{};  // for byte_level: symbols of bytes
    std::array<std::uint32_t, 256> last_bytes_{};   // the same for the last one of a word
    ByteTrie words_;                                // for byte_level, keys are bytes themselves
};

}  // namespace xzoo::text
