#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <xzoo/text/protobuf_reader.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text {

/// What a piece of a SentencePiece model is for; the numbers are those of its files.
enum class PieceType : std::uint8_t {
    normal = 1,
    unknown = 2,
    control = 3,       // never made of text
    user_defined = 4,  // found before all else
    unused = 5,
    byte = 6,
};

struct SentencePiece {
    std::string text;
    float score = 0.0F;
    PieceType type = PieceType::normal;
};

/// The contents of a SentencePiece model file that concern its use.
struct SentencePieceFile {
    enum class Algorithm : std::uint8_t { unigram = 1, bpe = 2 };

    std::vector<SentencePiece> pieces;  // by id
    Algorithm algorithm = Algorithm::unigram;
    bool byte_fallback = false;
    std::string unk_surface = " \xE2\x81\x87 ";  // what the unknown piece decodes to
    std::string charsmap;                        // see class Charsmap; empty: none
    bool add_dummy_prefix = true;
    bool remove_extra_whitespaces = true;

    /// The id of the first piece of a type, or the number of pieces.
    std::size_t find(PieceType type) const noexcept {
        std::size_t id = 0;
        while (id < pieces.size() && pieces[id].type != type)
            ++id;
        return id;
    }
};

namespace sentencepiece {

inline SentencePiece read_piece(ProtobufReader message) {
    SentencePiece piece;
    while (message.next()) {
        if (message.field() == 1)
            piece.text = message.bytes();
        else if (message.field() == 2)
            piece.score = message.real();
        else if (message.field() == 3) {
            const std::uint64_t type = message.number();
            if (type < 1 || type > 6)
                message.fail("has a piece of type " + std::to_string(type));
            piece.type = static_cast<PieceType>(type);
        }
    }
    if (piece.text.empty() || !is_valid_utf8(piece.text))
        message.fail("has a piece that is empty or not UTF-8");
    if (!std::isfinite(piece.score))
        message.fail("has a piece whose score is not finite");
    return piece;
}

inline void read_trainer(ProtobufReader message, SentencePieceFile& file) {
    while (message.next()) {
        if (message.field() == 3) {
            const std::uint64_t type = message.number();
            if (type != 1 && type != 2)
                message.fail("is of model type " + std::to_string(type) +
                             "; only unigram (1) and BPE (2) are supported");
            file.algorithm = static_cast<SentencePieceFile::Algorithm>(type);
        } else if (message.field() == 24 && message.boolean()) {
            message.fail("sets treat_whitespace_as_suffix, which is not supported");
        } else if (message.field() == 35) {
            file.byte_fallback = message.boolean();
        } else if (message.field() == 44) {
            file.unk_surface = message.bytes();
        }
    }
}

inline void read_normalizer(ProtobufReader message, SentencePieceFile& file) {
    while (message.next()) {
        if (message.field() == 2)
            file.charsmap = message.bytes();
        else if (message.field() == 3)
            file.add_dummy_prefix = message.boolean();
        else if (message.field() == 4)
            file.remove_extra_whitespaces = message.boolean();
        else if (message.field() == 5 && !message.boolean())
            message.fail("leaves spaces unescaped, which is not supported");
    }
}

inline void read_denormalizer(ProtobufReader message) {
    while (message.next()) {
        if (message.field() == 2 && !message.bytes().empty())
            message.fail("has rules for decoded text, which are not supported");
    }
}

}  // namespace sentencepiece

/// Reads the bytes of a .model or .spm file.
/// Errors  TokenizerError where they are no SentencePiece model, or one of a kind not supported.
/// Source  sentencepiece_model.proto of SentencePiece.
inline SentencePieceFile read_sentencepiece(const std::string& name, std::string_view bytes) {
    SentencePieceFile file;
    ProtobufReader message{bytes, name};
    while (message.next()) {
        if (message.field() == 1)
            file.pieces.push_back(sentencepiece::read_piece(message.message()));
        else if (message.field() == 2)
            sentencepiece::read_trainer(message.message(), file);
        else if (message.field() == 3)
            sentencepiece::read_normalizer(message.message(), file);
        else if (message.field() == 5)
            sentencepiece::read_denormalizer(message.message());
    }
    if (file.pieces.empty())
        message.fail("has no pieces");
    if (file.find(PieceType::unknown) == file.pieces.size())
        message.fail("has no piece for unknown characters");
    if (file.pieces.size() > std::numeric_limits<std::uint32_t>::max() / 2)
        message.fail("has too many pieces");
    return file;
}

}  // namespace xzoo::text
