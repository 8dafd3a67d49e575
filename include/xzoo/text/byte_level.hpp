#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/byte_alphabet.hpp>
#include <xzoo/text/post_processor.hpp>
#include <xzoo/text/pre_tokenizer.hpp>
#include <xzoo/text/split.hpp>

namespace xzoo::text {

/// The regular expression of GPT-2.
inline WordPattern gpt2_words() {
    return WordPattern{WordPattern::Rules{}};
}

/// Cuts text into GPT-2's words, for a byte-level model. (The words stay as they are: the model
/// knows the byte alphabet.)
class ByteLevel final : public PreTokenizer {
public:
    ByteLevel(bool add_prefix_space, bool use_regex)
        : add_prefix_space_{add_prefix_space}, use_regex_{use_regex} {}

    void pre_tokenize(PreTokenized& text) const override {
        if (add_prefix_space_)
            text.rewrite([&](Rewriter& rewriter, PreTokenized::Piece piece) {
                if (text.view(piece).front() != ' ')
                    rewriter.insert_before(U' ');
                rewriter.copy_to(piece.end);
            });
        if (use_regex_)
            words_.pre_tokenize(text);
    }

private:
    bool add_prefix_space_;
    bool use_regex_;
    Split words_{gpt2_words(), SplitBehavior::isolated, false};
};

/// Stages that come after ByteLevel in a sequence: they see the text in the byte alphabet, where
/// the byte 0xB2 is a digit, and may cut between the bytes of a character.
class AfterByteLevel final : public PreTokenizer {
public:
    explicit AfterByteLevel(std::vector<std::unique_ptr<const PreTokenizer>> stages)
        : stages_{std::move(stages)} {}

    void pre_tokenize(PreTokenized& text) const override {
        std::string letters;
        std::vector<std::size_t> begins;  // where each byte of the text is in `letters`
        for (const char byte : text.text.text()) {
            begins.push_back(letters.size());
            append_utf8(letters, byte_alphabet.character(static_cast<unsigned char>(byte)));
        }
        begins.push_back(letters.size());
        PreTokenized mapped{NormalizedString{letters}};
        mapped.pieces = text.pieces;
        for (auto& piece : mapped.pieces)
            piece = {begins[piece.begin], begins[piece.end]};
        for (const auto& stage : stages_)
            stage->pre_tokenize(mapped);
        text.pieces.clear();
        std::size_t byte = 0;
        const auto byte_at = [&](std::size_t position) {
            while (begins[byte] < position)
                ++byte;
            return byte;
        };
        for (const auto piece : mapped.pieces) {
            const std::size_t begin = byte_at(piece.begin);
            text.pieces.push_back({begin, byte_at(piece.end)});
        }
    }

private:
    std::vector<std::unique_ptr<const PreTokenizer>> stages_;  // none rewrites the text
};

/// Takes the spaces at the ends of tokens out of their offsets, if asked to.
class ByteLevelOffsets final : public PostProcessor {
public:
    ByteLevelOffsets(bool trim, bool add_prefix_space)
        : trim_{trim}, add_prefix_space_{add_prefix_space} {}

    std::size_t added_tokens(bool /*pair*/) const override { return 0; }
    bool keeps_texts() const override { return true; }

    std::vector<Encoding> process(std::vector<Encoding> encodings,
                                  std::span<const std::string_view> texts,
                                  bool /*add_special_tokens*/) const override {
        if (trim_) {
            for (Encoding& encoding : encodings)
                trim_offsets(encoding, texts, add_prefix_space_);
        }
        return encodings;
    }

private:
    bool trim_;
    bool add_prefix_space_;
};

}  // namespace xzoo::text
