#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/post_processor.hpp>

namespace xzoo::text {

/// Special tokens and texts in the order that a template gives, with the type ids it gives.
class TemplateProcessing final : public PostProcessor {
public:
    /// The first or second text, or a run of special tokens.
    struct Piece {
        enum class Kind : std::uint8_t { first, second, special };
        Kind kind = Kind::special;
        std::uint32_t type_id = 0;
        std::vector<std::uint32_t> ids;  // of the special tokens
    };
    using Template = std::vector<Piece>;

    TemplateProcessing(Template single, Template pair)
        : single_{std::move(single)}, pair_{std::move(pair)} {}

    std::size_t added_tokens(bool pair) const override {
        std::size_t added = 0;
        for (const Piece& piece : pair ? pair_ : single_)
            added += piece.ids.size();
        return added;
    }

    bool keeps_texts() const override {
        const auto is_text = [](const Piece& piece, Piece::Kind kind) {
            return piece.kind == kind;
        };
        constexpr Piece::Kind texts[] = {Piece::Kind::first, Piece::Kind::second};
        return std::equal(single_.begin(), single_.end(), texts, texts + 1, is_text) &&
               std::equal(pair_.begin(), pair_.end(), texts, texts + 2, is_text);
    }

    std::vector<Encoding> process(std::vector<Encoding> encodings,
                                  std::span<const std::string_view> /*texts*/,
                                  bool add_special_tokens) const override {
        std::vector<Encoding> parts;
        const Template& pieces = encodings.size() == 2 ? pair_ : single_;
        for (auto at = pieces.begin(); at != pieces.end(); ++at) {
            const Piece& piece = *at;
            if (piece.kind == Piece::Kind::special) {
                if (!add_special_tokens)
                    continue;
                Encoding& tokens = parts.emplace_back();
                for (const std::uint32_t id : piece.ids)
                    append_special(tokens, id, piece.type_id);
            } else {
                Encoding& text = encodings[piece.kind == Piece::Kind::second ? 1 : 0];
                const bool again = std::any_of(at + 1, pieces.end(), [&](const Piece& later) {
                    return later.kind == piece.kind;
                });
                parts.push_back(again ? text : std::move(text));
                set_type_ids(parts.back(), piece.type_id);
            }
        }
        return parts;
    }

private:
    Template single_;
    Template pair_;
};

/// The special tokens of one text, and of a pair, in its usual form.
struct Surroundings {
    std::vector<std::uint32_t> before{};         // before the (first) text
    std::vector<std::uint32_t> after_first{};    // of a pair
    std::vector<std::uint32_t> before_second{};  // of a pair
    std::vector<std::uint32_t> after{};          // after the text, or the second one
    std::uint32_t second_type = 0;               // type id of the second text and its tokens
};

inline std::unique_ptr<const PostProcessor> surround(const Surroundings& tokens) {
    using Piece = TemplateProcessing::Piece;
    using Kind = Piece::Kind;
    const std::uint32_t type = tokens.second_type;
    return std::make_unique<TemplateProcessing>(
        TemplateProcessing::Template{Piece{Kind::special, 0, tokens.before},
                                     Piece{Kind::first, 0, {}},
                                     Piece{Kind::special, 0, tokens.after}},
        TemplateProcessing::Template{
            Piece{Kind::special, 0, tokens.before}, Piece{Kind::first, 0, {}},
            Piece{Kind::special, 0, tokens.after_first},
            Piece{Kind::special, type, tokens.before_second}, Piece{Kind::second, type, {}},
            Piece{Kind::special, type, tokens.after}});
}

}  // namespace xzoo::text
