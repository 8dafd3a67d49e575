// Text to token ids and back. See class Tokenizer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/bert_tokenizer_options.hpp>
#include <xzoo/text/encode_options.hpp>
#include <xzoo/text/encoding.hpp>
#include <xzoo/text/encoding_batch.hpp>
#include <xzoo/text/length_rules.hpp>
#include <xzoo/text/pipeline.hpp>
#include <xzoo/text/prompt.hpp>
#include <xzoo/text/sentencepiece_options.hpp>
#include <xzoo/text/special_tokens.hpp>
#include <xzoo/text/tiktoken_options.hpp>
#include <xzoo/text/tokenizer_error.hpp>
#include <xzoo/text/tokenizer_files.hpp>

namespace xzoo {

/// Turns text into token ids and back, as the tokenizer.json (or vocab.txt) of a model says.
///
///     const auto tokenizer = xzoo::Tokenizer::from_pretrained("bert-base-uncased");
///     const xzoo::Encoding encoding = tokenizer.encode("Hello world");
///     const std::string text = tokenizer.decode(encoding.ids);
///
/// Texts are UTF-8. Each ill-formed sequence in one counts as U+FFFD; a zero byte is a character
/// like others. Offsets are bytes of the text as it was given. Encoding takes time linear in the
/// text (and in what EncodeOptions::keep_overflowing asks for). A tokenizer never changes: copies
/// are cheap and share their data, and all members may be called from many threads at once. Errors
/// TokenizerError, from all members that may fail. Source  tokenizer.json as defined by Hugging
/// Face tokenizers, whose results these are.
class Tokenizer {
public:
    /// Reads a folder: the first that is there of tokenizer.json, merges.txt with vocab.json,
    /// source.spm with vocab.json (Marian), tokenizer.model (SentencePiece, or Llama 3's tiktoken
    /// file), spiece.model, sentencepiece.bpe.model, and vocab.txt (BERT's WordPiece); and with any
    /// of them tokenizer_config.json, special_tokens_map.json and added_tokens.json. Or reads one
    /// of those files, with what belongs to it from beside it, a .gguf or a .tiktoken file.
    static Tokenizer from_pretrained(const std::filesystem::path& path) {
        return Tokenizer{text::load_tokenizer(path)};
    }

    /// Takes the contents of a tokenizer.json. `name` is what errors call it.
    static Tokenizer from_json(std::string_view contents,
                               const std::string& name = "tokenizer.json") {
        text::Pipeline pipeline = text::load_tokenizer_json(name, contents, {});
        pipeline.sources.push_back({"tokenizer.json", std::string{contents}});
        return Tokenizer{std::move(pipeline)};
    }

    /// Reads a vocab.txt: one token a line, the first has id 0.
    static Tokenizer from_vocab_txt(const std::filesystem::path& path,
                                    const BertTokenizerOptions& options = {}) {
        return from_vocab_text(text::read_whole_file(path), options, path.string());
    }

    /// Takes the contents of a vocab.txt. `name` is what errors call it.
    static Tokenizer from_vocab_text(std::string_view contents,
                                     const BertTokenizerOptions& options = {},
                                     const std::string& name = "vocab.txt") {
        text::Pipeline pipeline = text::load_bert_tokenizer(name, contents, options);
        pipeline.sources.push_back({"vocab.txt", std::string{contents}});
        pipeline.sources.push_back({"tokenizer_config.json", text::write_bert_config(options)});
        return Tokenizer{std::move(pipeline)};
    }

    /// Reads a SentencePiece model (.model, .spm) and nothing from beside it.
    static Tokenizer from_sentencepiece(const std::filesystem::path& path,
                                        const SentencePieceOptions& options = {}) {
        return from_sentencepiece_bytes(text::read_whole_file(path), options, path.string());
    }

    /// Takes the bytes of a SentencePiece model. `name` is what errors call them.
    static Tokenizer from_sentencepiece_bytes(std::string_view bytes,
                                              const SentencePieceOptions& options = {},
                                              const std::string& name = "tokenizer.model") {
        text::TokenizerConfig config;
        config.tokenizer_class = options.tokenizer_class;
        config.legacy = options.legacy;
        config.add_bos_token = options.add_bos_token;
        config.add_eos_token = options.add_eos_token;
        text::Pipeline pipeline = text::load_sentencepiece(name, bytes, "", config);
        if (!options.tokenizer_class.empty()) {
            pipeline.sources.push_back({"tokenizer.model", std::string{bytes}});
            pipeline.sources.push_back(
                {"tokenizer_config.json", text::write_sentencepiece_config(options)});
        }
        return Tokenizer{std::move(pipeline)};
    }

    /// Takes the contents of a tiktoken file, "base64 rank" a line.
    static Tokenizer from_tiktoken_text(std::string_view contents, const TiktokenOptions& options,
                                        const std::string& name = "ranks.tiktoken") {
        return Tokenizer{text::load_tiktoken(name, contents, "", options, {})};
    }

    /// Reads a tiktoken file. from_pretrained() knows the published ones by their names.
    static Tokenizer from_tiktoken(const std::filesystem::path& path,
                                   const TiktokenOptions& options) {
        return from_tiktoken_text(text::read_whole_file(path), options, path.string());
    }

    /// Reads the tokenizer that a GGUF file carries in its metadata.
    static Tokenizer from_gguf(const std::filesystem::path& path) {
        return Tokenizer{text::load_gguf_file(path)};
    }

    /// Takes the bytes of a GGUF file, or of its beginning with all of the metadata.
    /// Errors  FileError for bytes that are no GGUF; TokenizerError.
    static Tokenizer from_gguf_bytes(std::string_view bytes, const std::string& name = "GGUF") {
        return Tokenizer{text::load_gguf(bytes, name)};
    }

    /// Writes the files that the tokenizer was made from into a folder, which is made if need be.
    /// Errors  TokenizerError where there are none: it came from a GGUF file, a tiktoken file with
    ///         options, or a SentencePiece model without a tokenizer_class.
    void save_pretrained(const std::filesystem::path& folder) const;

    Encoding encode(std::string_view text, const EncodeOptions& options = {}) const {
        return encode_one({text, {}}, 1, options);
    }

    /// Encodes a pair, such as a question and a paragraph.
    Encoding encode(std::string_view first, std::string_view second,
                    const EncodeOptions& options = {}) const {
        return encode_one({first, second}, 2, options);
    }

    /// A text for a model to continue: its ids, and how to write what follows.
    Prompt operator()(std::string_view text, const EncodeOptions& options = {}) const {
        std::vector<std::uint32_t> ids = encode(text, options).ids;
        MakeTextDecoder decoder = text_decoder(ids);
        return {std::move(ids), std::move(decoder)};
    }

    /// Makes decoders that write the text of tokens as they come, without special tokens.
    MakeTextDecoder text_decoder() const;

    /// The same for what follows the tokens `before`: a word that begins a text loses its space,
    /// and one that goes on with a text keeps it.
    MakeTextDecoder text_decoder(std::span<const std::uint32_t> before) const;

    /// Encodes texts, or pairs of texts, to one length each (see Padding) and makes tensors of
    /// them. `texts` is any range of strings or of std::pair of strings.
    template <class Texts>
    EncodingBatch encode_batch(const Texts& texts,
                               const EncodeOptions& options = {.padding = Padding::longest}) const;

    EncodingBatch encode_batch(std::initializer_list<std::string_view> texts,
                               const EncodeOptions& options = {.padding = Padding::longest}) const {
        return encode_batch(std::span<const std::string_view>{texts.begin(), texts.size()},
                            options);
    }

    /// Puts tokens back together. Ids that have no token are left out.
    std::string decode(std::span<const std::uint32_t> ids, const DecodeOptions& options = {}) const;

    /// Number of tokens, added ones included.
    std::size_t vocab_size() const noexcept { return pipeline_->vocab_size; }

    /// One more than the highest id: the least number of rows that an embedding needs.
    std::size_t id_end() const noexcept { return pipeline_->names->id_end(); }

    std::optional<std::uint32_t> token_to_id(std::string_view token) const {
        return text::find_token(*pipeline_, token);
    }

    /// The token of `id`, valid as long as this tokenizer or a copy of it lives.
    /// Errors  TokenizerError where no token has this id.
    std::string_view id_to_token(std::uint32_t id) const {
        const auto token = pipeline_->names->find(id);
        if (!token)
            throw TokenizerError{"", "", "no token has the id " + std::to_string(id)};
        return *token;
    }

    /// The bytes that a token stands for in the middle of a text: part of a character for a byte
    /// token, with a space in front for one that begins a word. Empty where no token has this id.
    std::string token_bytes(std::uint32_t id) const {
        std::string token{pipeline_->names->find(id).value_or(std::string_view{})};
        if (pipeline_->decoder && !pipeline_->added.contains(id))
            pipeline_->decoder->to_bytes(token);
        return token;
    }

    const SpecialTokenIds& special_tokens() const noexcept { return pipeline_->special; }

    /// Whether decode() may skip this id.
    bool is_special(std::uint32_t id) const { return pipeline_->added.is_special(id); }

    /// The most tokens that the model takes, if tokenizer_config.json says so.
    std::optional<std::size_t> model_max_length() const noexcept {
        return pipeline_->lengths.model_max_length;
    }

private:
    using Pair = std::array<std::string_view, 2>;

    explicit Tokenizer(text::Pipeline&& pipeline)
        : pipeline_{std::make_shared<const text::Pipeline>(std::move(pipeline))} {}

    /// One or two texts to one encoding, truncated but not padded.
    Encoding encode_unpadded(const Pair& texts, std::size_t count, bool add_special_tokens,
                             const std::optional<text::TruncationRule>& truncation) const;

    Encoding encode_one(const Pair& texts, std::size_t count, const EncodeOptions& options) const;

    static std::pair<Pair, std::size_t> as_pair(std::string_view text) { return {{text, {}}, 1}; }
    template <class First, class Second>
    static std::pair<Pair, std::size_t> as_pair(const std::pair<First, Second>& pair) {
        return {{std::string_view{pair.first}, std::string_view{pair.second}}, 2};
    }

    std::shared_ptr<const text::Pipeline> pipeline_;
};

inline Encoding Tokenizer::encode_unpadded(
    const Pair& texts, std::size_t count, bool add_special_tokens,
    const std::optional<text::TruncationRule>& truncation) const {
    std::vector<Encoding> encodings;
    for (std::uint32_t i = 0; i < count; ++i)
        encodings.push_back(text::SequenceEncoder{*pipeline_, texts[i]}.encode(texts[i], i));
    const auto* post_processor = pipeline_->post_processor.get();
    if (truncation)
        text::truncate(encodings, *truncation,
                       post_processor != nullptr && add_special_tokens
                           ? post_processor->added_tokens(count == 2)
                           : 0);
    if (post_processor != nullptr)
        encodings = post_processor->process(std::move(encodings), std::span{texts.data(), count},
                                            add_special_tokens);
    Encoding whole = text::join(std::move(encodings));
    whole.names = pipeline_->names;
    for (Encoding& part : whole.overflowing)
        part.names = pipeline_->names;
    return whole;
}

inline Encoding Tokenizer::encode_one(const Pair& texts, std::size_t count,
                                      const EncodeOptions& options) const {
    text::check_options(options);
    const auto& lengths = pipeline_->lengths;
    std::vector<Encoding> one;
    one.push_back(encode_unpadded(texts, count, options.add_special_tokens,
                                  text::resolve_truncation(options, lengths)));
    if (const auto padding = text::resolve_padding(options, lengths, pipeline_->special.pad))
        text::pad(one, *padding);
    return std::move(one.front());
}

template <class Texts>
EncodingBatch Tokenizer::encode_batch(const Texts& texts, const EncodeOptions& options) const {
    text::check_options(options);
    const auto& lengths = pipeline_->lengths;
    const auto truncation = text::resolve_truncation(options, lengths);
    std::vector<Encoding> all;
    for (const auto& text : texts) {
        const auto [pair, count] = as_pair(text);
        all.push_back(encode_unpadded(pair, count, options.add_special_tokens, truncation));
    }
    if (const auto padding = text::resolve_padding(options, lengths, pipeline_->special.pad))
        text::pad(all, *padding);
    return EncodingBatch{std::move(all)};
}

inline std::string Tokenizer::decode(std::span<const std::uint32_t> ids,
                                     const DecodeOptions& options) const {
    std::vector<std::string> pieces;
    pieces.reserve(ids.size());
    for (const std::uint32_t id : ids) {
        const auto token = pipeline_->names->find(id);
        if (token && !(options.skip_special_tokens && pipeline_->added.is_special(id)))
            pieces.emplace_back(*token);
    }
    const bool may_clean = options.clean_up_tokenization_spaces.value_or(true);
    if (pipeline_->decoder)
        pipeline_->decoder->decode(pieces, may_clean);
    std::string whole;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (i > 0 && !pipeline_->decoder)
            whole += ' ';
        whole += pieces[i];
    }
    if (options.clean_up_tokenization_spaces.value_or(false))
        text::clean_up_spaces(whole);
    return whole;
}

inline void Tokenizer::save_pretrained(const std::filesystem::path& folder) const {
    if (pipeline_->sources.empty())
        throw TokenizerError{folder.string(), "",
                             "is not written: the tokenizer was not made from files that a folder "
                             "may hold"};
    std::error_code fault;
    std::filesystem::create_directories(folder, fault);
    if (!std::filesystem::is_directory(folder, fault))
        throw TokenizerError{folder.string(), "", "cannot be made a folder"};
    for (const text::SourceFile& file : pipeline_->sources)
        text::write_whole_file(folder / file.name, file.contents);
}

}  // namespace xzoo

#include <xzoo/text/stream_decoder.hpp>
