#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/pipeline.hpp>
#include <xzoo/text/tokenizer_config.hpp>
#include <xzoo/text/tokenizer_error.hpp>

namespace xzoo::text {

/// Gathers added tokens from one or more files, sees that they contradict neither each other nor
/// the model's vocabulary, and gives a pipeline its names.
class AddedTokenCollector {
public:
    explicit AddedTokenCollector(const Vocabulary& vocabulary)
        : vocabulary_{vocabulary}, names_{vocabulary.table()}, count_{vocabulary.size()} {}

    /// Of a token given twice the last one counts. Empty ones are left out, as there is nothing to
    /// look for.
    void add(AddedToken token, const std::string& file, const std::string& where) {
        const auto fail = [&](const std::string& why) {
            throw TokenizerError{file, where, "'" + token.content + "' " + why};
        };
        if (token.content.empty())
            return;
        const std::string id = std::to_string(token.id);
        if (const auto known = find(token.content)) {
            if (*known != token.id)
                fail("has id " + id + " here, but " + std::to_string(*known) + " elsewhere");
        } else {
            const std::uint64_t limit = TokenTable::id_limit_for(count_);
            if (token.id >= limit)
                fail("has id " + id + ", too high for a vocabulary of " + std::to_string(count_));
            if (!names_.add(token.id, token.content))
                fail("has id " + id + ", which is that of '" + std::string{*names_.find(token.id)} +
                     "'");
            ++count_;
        }
        const auto [slot, is_new] = slots_.try_emplace(token.content, tokens_.size());
        if (is_new)
            tokens_.push_back(std::move(token));
        else
            tokens_[slot->second] = std::move(token);
    }

    /// Takes a special token, without its id, if it has one.
    void add_special(AddedToken token) {
        const auto id = find(token.content);
        if (!id)
            return;
        token.id = *id;
        add(std::move(token), "", "");  // cannot fail: the id is that of the token
    }

    bool contains(std::string_view content) const { return slots_.find(content) != slots_.end(); }

    bool is_special(std::string_view content) const {
        const auto slot = slots_.find(content);
        return slot != slots_.end() && tokens_[slot->second].special;
    }

    std::optional<std::uint32_t> find(std::string_view content) const {
        if (const auto slot = slots_.find(content); slot != slots_.end())
            return tokens_[slot->second].id;
        return vocabulary_.find(content);
    }

    /// To be called once, when the normalizer stands.
    void finish(Pipeline& pipeline) {
        pipeline.added = AddedTokens{std::move(tokens_), pipeline.normalizer.get()};
        pipeline.names = std::make_shared<const TokenTable>(std::move(names_));
        pipeline.vocab_size = count_;
    }

private:
    const Vocabulary& vocabulary_;
    TokenTable names_;
    std::size_t count_;
    std::vector<AddedToken> tokens_;
    std::map<std::string, std::size_t, std::less<>> slots_;  // content -> index of tokens_
};

inline std::optional<std::uint32_t> find_token(const Pipeline& pipeline, std::string_view token) {
    if (const auto id = pipeline.added.find(token))
        return id;
    return pipeline.model->vocabulary().find(token);
}

/// Looks up the tokens that play a part: those that `named` gives; for the other roles, where
/// `guess` is set, those with the usual texts. A role whose token is not there stays unset.
inline SpecialTokenIds resolve_special_tokens(const Pipeline& pipeline,
                                              const SpecialTokenNames& named, bool guess) {
    SpecialTokenIds ids;
    for (const SpecialTokenRole& role : special_token_roles) {
        std::optional<std::uint32_t>& id = ids.*role.id;
        if (const auto name = named.find(role.key); name != named.end()) {
            if (!name->second.empty())
                id = find_token(pipeline, name->second);
            continue;
        }
        for (const std::string_view usual : role.usual) {
            if (guess && !id)
                id = find_token(pipeline, usual);
        }
    }
    return ids;
}

inline void take_lengths(const TokenizerConfig& config, StoredLengths& lengths) {
    lengths.model_max_length = config.model_max_length;
    lengths.truncation_side = config.truncation_side;
    lengths.padding_side = config.padding_side;
}

/// Gives a pipeline its added tokens where tokenizer_config.json and its companions are all that
/// tells: those that they list, and the special tokens that have an id.
inline void add_tokens(Pipeline& pipeline, const TokenizerConfig& config,
                       const SpecialTokenNames& named) {
    AddedTokenCollector added{pipeline.model->vocabulary()};
    for (const ListedToken& listed : config.added_tokens)
        added.add(listed.token, listed.file, listed.where);
    std::vector<AddedToken> special = config.special;
    for (const auto& [role, content] : named)
        special.push_back({.content = content, .normalized = false, .special = true});
    for (const AddedToken& token : special) {
        if (!added.is_special(token.content))
            added.add_special(token);
    }
    added.finish(pipeline);
    pipeline.special = resolve_special_tokens(pipeline, named, false);
}

/// Ids of the special tokens with these roles. Roles that `named` leaves out or empty are left out.
/// Errors  TokenizerError where the vocabulary lacks one.
inline std::vector<std::uint32_t> known_tokens(const Pipeline& pipeline,
                                               const SpecialTokenNames& named,
                                               std::initializer_list<std::string_view> roles,
                                               const std::string& file) {
    std::vector<std::uint32_t> ids;
    for (const std::string_view role : roles) {
        const auto token = named.find(role);
        if (token == named.end() || token->second.empty())
            continue;
        const auto id = find_token(pipeline, token->second);
        if (!id)
            throw TokenizerError{
                file, "",
                "has no token '" + token->second + "', which is the " + std::string{role}};
        ids.push_back(*id);
    }
    return ids;
}

}  // namespace xzoo::text
