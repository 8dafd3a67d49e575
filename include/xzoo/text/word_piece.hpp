#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/model.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text {

/// The longest token that a word starts with, then the longest one that carries on from there
/// (marked by a prefix in the vocabulary: "##ing"), and so on. A word that cannot be spelled so, or
/// that is too long, is one unknown token. Time is linear in the word: each step looks at no more
/// bytes than the longest token has.
/// Source  Wu et al. 2016, Google's Neural Machine Translation System (section 4.1); as in BERT.
class WordPiece final : public Model {
public:
    struct Options {
        std::string unk_token = "[UNK]";
        std::string continuing_subword_prefix = "##";
        std::size_t max_input_chars_per_word = 100;  // code points
    };

    WordPiece(Vocabulary vocabulary, Options options)
        : vocabulary_{std::move(vocabulary)},
          unknown_{vocabulary_, std::move(options.unk_token)},
          continuing_{vocabulary_.trie().walk(ByteTrie::root, options.continuing_subword_prefix)},
          max_code_points_{options.max_input_chars_per_word} {}

    void tokenize(std::string_view word, std::vector<WordToken>& out) const override {
        const std::size_t before = out.size();
        if (!too_long(word) && spell(word, out))
            return;
        out.resize(before);
        out.push_back({unknown_.id(), 0, word.size()});
    }

    const Vocabulary& vocabulary() const noexcept override { return vocabulary_; }
    const std::string& unknown_token() const noexcept override { return unknown_.text(); }

private:
    bool too_long(std::string_view word) const noexcept {
        return word.size() > max_code_points_ && count_code_points(word) > max_code_points_;
    }

    bool spell(std::string_view word, std::vector<WordToken>& out) const {
        const ByteTrie& trie = vocabulary_.trie();
        std::uint32_t node = ByteTrie::root;
        for (std::size_t at = 0; at < word.size();) {
            if (node == ByteTrie::none)  // no token carries on
                return false;
            const auto match = trie.longest_prefix(node, word.substr(at));
            if (match.value == ByteTrie::none)
                return false;
            out.push_back({match.value, at, at + match.size});
            at += match.size;
            node = continuing_;
        }
        return true;
    }

    Vocabulary vocabulary_;
    UnknownToken unknown_;
    std::uint32_t continuing_;  // node of the prefix: where tokens that carry on begin
    std::size_t max_code_points_;
};

}  // namespace xzoo::text
