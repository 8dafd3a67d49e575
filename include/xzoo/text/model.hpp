#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/byte_trie.hpp>
#include <xzoo/text/token_table.hpp>
#include <xzoo/text/tokenizer_error.hpp>

namespace xzoo::text {

/// Tokens and their ids, both ways. Several tokens may share an id: its text is then the first
/// one's. A token given twice has its last id.
class Vocabulary {
public:
    using Entries = std::vector<std::pair<std::string_view, std::uint32_t>>;

    Vocabulary() = default;

    /// Ids are below TokenTable::id_limit_for(entries.size()).
    explicit Vocabulary(const Entries& entries) : by_text_{entries} {
        for (const auto& [token, id] : entries) {
            if (by_text_.find(token) == id)  // not so for a token that is given again later
                by_id_.add(id, token);
        }
        for (std::uint32_t id = 0; id < by_id_.id_end(); ++id)
            size_ += by_id_.find(id).has_value() ? 1U : 0U;
    }

    std::optional<std::uint32_t> find(std::string_view token) const noexcept {
        const std::uint32_t id = by_text_.find(token);
        return id == ByteTrie::none ? std::nullopt : std::optional{id};
    }

    const ByteTrie& trie() const noexcept { return by_text_; }
    const TokenTable& table() const noexcept { return by_id_; }

    /// Number of ids that have a token.
    std::size_t size() const noexcept { return size_; }

private:
    ByteTrie by_text_;
    TokenTable by_id_;
    std::size_t size_ = 0;
};

/// A token of a word, and the word's bytes that it stands for.
struct WordToken {
    std::uint32_t id = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// A stage that turns a word into tokens. Const and thread-safe.
class Model {
public:
    virtual ~Model() = default;

    /// Appends the tokens of `word`, which is valid UTF-8 and not empty.
    virtual void tokenize(std::string_view word, std::vector<WordToken>& out) const = 0;

    virtual const Vocabulary& vocabulary() const noexcept = 0;

    /// Text of the token for unknown words.
    virtual const std::string& unknown_token() const noexcept = 0;
};

/// The token for unknown words. Its absence is an error only once it is needed: some vocabularies
/// know every word that they will meet.
class UnknownToken {
public:
    UnknownToken(const Vocabulary& vocabulary, std::string text)
        : text_{std::move(text)}, id_{vocabulary.find(text_)} {}

    const std::string& text() const noexcept { return text_; }

    std::uint32_t id() const {
        if (!id_)
            throw TokenizerError{"", "",
                                 "the text has a word that the vocabulary cannot spell, and the "
                                 "vocabulary has no token for that: unk_token '" +
                                     text_ + "' is not in it"};
        return *id_;
    }

private:
    std::string text_;
    std::optional<std::uint32_t> id_;
};

/// A token for each known word.
class WordLevel final : public Model {
public:
    WordLevel(Vocabulary vocabulary, std::string unk_token)
        : vocabulary_{std::move(vocabulary)}, unknown_{vocabulary_, std::move(unk_token)} {}

    void tokenize(std::string_view word, std::vector<WordToken>& out) const override {
        const auto id = vocabulary_.find(word);
        out.push_back({id ? *id : unknown_.id(), 0, word.size()});
    }

    const Vocabulary& vocabulary() const noexcept override { return vocabulary_; }
    const std::string& unknown_token() const noexcept override { return unknown_.text(); }

private:
    Vocabulary vocabulary_;
    UnknownToken unknown_;
};

}  // namespace xzoo::text
