#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/added_tokens.hpp>
#include <xzoo/text/decoder.hpp>
#include <xzoo/text/encode_options.hpp>
#include <xzoo/text/encoding.hpp>
#include <xzoo/text/model.hpp>
#include <xzoo/text/normalizer.hpp>
#include <xzoo/text/post_processor.hpp>
#include <xzoo/text/pre_tokenizer.hpp>
#include <xzoo/text/special_tokens.hpp>
#include <xzoo/text/truncation.hpp>

namespace xzoo::text {

/// A file that a tokenizer was made from, to be saved again.
struct SourceFile {
    std::string name;  // within its folder
    std::string contents;
};

/// What tokenizer.json and tokenizer_config.json say about lengths.
struct StoredLengths {
    std::optional<TruncationRule> truncation;
    std::optional<PaddingRule> padding;
    std::optional<std::size_t> model_max_length;
    std::optional<Side> truncation_side;
    std::optional<Side> padding_side;
};

/// A tokenizer taken apart: its stages in order, any but the model may be missing, and what belongs
/// to all of them. Never changes once made.
struct Pipeline {
    std::unique_ptr<const Normalizer> normalizer;
    std::unique_ptr<const PreTokenizer> pre_tokenizer;
    std::unique_ptr<const Model> model;
    std::unique_ptr<const PostProcessor> post_processor;
    std::unique_ptr<const Decoder> decoder;
    AddedTokens added;
    std::shared_ptr<const TokenTable> names;  // of the model's tokens and the added ones
    std::size_t vocab_size = 0;               // ids that have a name
    SpecialTokenIds special;
    bool leading_space = false;  // a space is put before each text, come what may
    StoredLengths lengths;
    std::vector<SourceFile> sources;
};

/// Writes the tokens of one text, from stage to stage.
class SequenceEncoder {
public:
    SequenceEncoder(const Pipeline& pipeline, std::string_view text) : pipeline_{pipeline} {
        if (text.size() > max_text_size)
            throw TokenizerError{"", "",
                                 "a text of " + std::to_string(text.size()) +
                                     " bytes is too long; the limit is 4 GiB"};
        encoding_.ids.reserve(text.size() / 4 + 2);
        encoding_.offsets.reserve(text.size() / 4 + 2);
        encoding_.word_ids.reserve(text.size() / 4 + 2);
    }

    /// `sequence` is 0 for the first of two texts, 1 for the second.
    Encoding encode(std::string_view text, std::uint32_t sequence) && {
        NormalizedString original{text};
        if (pipeline_.leading_space) {
            Rewriter rewriter{original};
            rewriter.insert_before(U' ');
            rewriter.copy_to(original.text().size());
            original = std::move(rewriter).finish();
        }
        split(std::move(original), false,
              [this](NormalizedString part) { normalize(std::move(part)); });
        const std::size_t size = encoding_.size();
        encoding_.type_ids.assign(size, sequence);
        encoding_.attention_mask.assign(size, 1);
        encoding_.special_tokens_mask.assign(size, 0);
        encoding_.sequence_ids.assign(size, sequence);
        encoding_.names = pipeline_.names;
        return std::move(encoding_);
    }

private:
    /// Takes the added tokens in a text, and gives what lies between them to `next`.
    template <class Next>
    void split(NormalizedString text, bool normalized, const Next& next) {
        const std::vector<TextPart> parts = pipeline_.added.split(text.text(), normalized);
        if (parts.size() == 1 && !parts[0].id)
            return next(std::move(text));
        for (const TextPart& part : parts) {
            if (part.id)
                take_added(text, part);
            else
                next(text.slice(part.begin, part.end));
        }
    }

    void take_added(const NormalizedString& text, const TextPart& part) {
        push(*part.id, text.original(part.begin, part.end));
        ++word_;
    }

    void normalize(NormalizedString text) {
        if (pipeline_.normalizer)
            pipeline_.normalizer->normalize(text);
        split(std::move(text), true,
              [this](NormalizedString part) { tokenize(PreTokenized{std::move(part)}); });
    }

    void tokenize(PreTokenized text) {
        if (pipeline_.pre_tokenizer)
            pipeline_.pre_tokenizer->pre_tokenize(text);
        for (const auto piece : text.pieces) {
            tokens_.clear();
            pipeline_.model->tokenize(text.view(piece), tokens_);
            for (const WordToken& token : tokens_)
                push(token.id,
                     text.text.original(piece.begin + token.begin, piece.begin + token.end));
            ++word_;
        }
    }

    void push(std::uint32_t id, Offsets offsets) {
        encoding_.ids.push_back(id);
        encoding_.offsets.push_back(offsets);
        encoding_.word_ids.emplace_back(word_);
    }

    const Pipeline& pipeline_;
    Encoding encoding_;
    std::vector<WordToken> tokens_;  // of one word, reused
    std::uint32_t word_ = 0;
};

}  // namespace xzoo::text
