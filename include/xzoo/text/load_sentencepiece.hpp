#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <xzoo/text/assemble.hpp>
#include <xzoo/text/load_model.hpp>
#include <xzoo/text/pipeline.hpp>
#include <xzoo/text/sentencepiece_models.hpp>
#include <xzoo/text/sentencepiece_options.hpp>
#include <xzoo/text/sentencepiece_stages.hpp>
#include <xzoo/text/template_processing.hpp>
#include <xzoo/text/tokenizer_config.hpp>
#include <xzoo/text/unicode_forms.hpp>

namespace xzoo::text {

/// What the class of a tokenizer that is given by a SentencePiece model says of it.
struct SentencePieceFamily {
    std::string_view name;  // tokenizer_class without "Tokenizer" and "Fast"
    std::string_view bos;
    std::string_view eos;
    std::string_view unk;
    std::string_view pad;
    std::string_view mask;
    std::uint32_t offset = 0;  // ids are those of the pieces plus this, but for special ones
};

inline constexpr std::array<SentencePieceFamily, 8> sentencepiece_families{{
    {"", "", "", "", "", ""},
    {"Llama", "<s>", "</s>", "<unk>", "", ""},
    {"Gemma", "<bos>", "<eos>", "<unk>", "<pad>", ""},
    {"T5", "", "</s>", "<unk>", "<pad>", ""},
    {"Albert", "[CLS]", "[SEP]", "<unk>", "<pad>", "[MASK]"},
    {"XLMRoberta", "<s>", "</s>", "<unk>", "<pad>", "<mask>", 1},
    {"Camembert", "<s>", "</s>", "<unk>", "<pad>", "<mask>", 4},
    {"Marian", "", "</s>", "<unk>", "<pad>", ""},
}};

/// The family that tokenizer_config.json names or, where it names none, the usual one of files with
/// such a name.
inline const SentencePieceFamily& find_sentencepiece_family(const TokenizerConfig& config,
                                                            std::string_view file_name,
                                                            const SentencePieceFile& file) {
    const auto has = [&](std::string_view text) {
        return std::any_of(file.pieces.begin(), file.pieces.end(),
                           [&](const SentencePiece& piece) { return piece.text == text; });
    };
    std::string_view name = family_name(config.tokenizer_class);
    if (config.tokenizer_class.empty() || config.tokenizer_class == "PreTrainedTokenizerFast") {
        if (file_name == "tokenizer.model" && file.algorithm == SentencePieceFile::Algorithm::bpe)
            name = has("<bos>") ? "Gemma" : "Llama";
        else if (file_name == "spiece.model")
            name = has("[CLS]") ? "Albert" : "T5";
        else if (file_name == "sentencepiece.bpe.model")
            name = "XLMRoberta";
    }
    const auto* const family =
        std::find_if(sentencepiece_families.begin(), sentencepiece_families.end(),
                     [&](const SentencePieceFamily& one) { return one.name == name; });
    if (family == sentencepiece_families.end())
        throw TokenizerError{"tokenizer_config.json", "tokenizer_class",
                             "'" + config.tokenizer_class +
                                 "' is not supported with a SentencePiece model; a " +
                                 "tokenizer.json is needed"};
    return *family;
}

/// Tokens and ids of the pieces, and of special tokens that a family has besides.
class PieceIds {
public:
    PieceIds(const SentencePieceFile& file, const SentencePieceFamily& family) {
        const auto count = static_cast<std::uint32_t>(file.pieces.size());
        for (std::uint32_t i = 0; i < count; ++i) {
            ids_.push_back(i + family.offset);
            if (family.offset == 1 && i < 3)  // unknown, begin and end have their own order
                ids_.back() = i == 0 ? 3 : i == 1 ? 0 : 2;
            if (family.offset == 4 && i == 0)
                ids_.back() = 3;
            entries_.emplace_back(file.pieces[i].text, ids_.back());
        }
        if (family.offset > 0) {
            entries_.emplace_back(family.pad, 1);
            entries_.emplace_back(family.mask, count + family.offset);
        }
    }

    const std::vector<std::uint32_t>& ids() const noexcept { return ids_; }
    Vocabulary vocabulary() const { return Vocabulary{entries_}; }

private:
    std::vector<std::uint32_t> ids_;
    Vocabulary::Entries entries_;  // views of the file's pieces
};

/// The normaliser of a family, which comes before or in place of the model's own.
inline void add_sentencepiece_normalizer(Pipeline& pipeline, const std::string& name,
                                         const SentencePieceFile& file, std::string_view family,
                                         const TokenizerConfig& config) {
    std::vector<std::unique_ptr<const Normalizer>> stages;
    if (family == "Albert") {
        stages.push_back(std::make_unique<ReplaceNormalizer>(std::string{"``"}, "\""));
        stages.push_back(std::make_unique<ReplaceNormalizer>(std::string{"''"}, "\""));
        stages.push_back(std::make_unique<UnicodeForm>(UnicodeForm::Kind::nfkd));
        stages.push_back(std::make_unique<StripAccents>());
        if (config.do_lower_case.value_or(true))
            stages.push_back(std::make_unique<Lowercase>());
    }
    SentencePieceNormalizer::Options options;
    if (!file.charsmap.empty())
        options.charsmap.emplace(file.charsmap, name);
    options.whole = user_defined_pieces(file, [](std::uint32_t id) { return id; });
    const bool may_be_legacy = family == "Llama" || family == "T5";
    options.dummy_prefix = !file.add_dummy_prefix                           ? PrependScheme::never
                           : may_be_legacy && !config.legacy.value_or(true) ? PrependScheme::first
                                                                            : PrependScheme::always;
    options.remove_extra_whitespaces = file.remove_extra_whitespaces;
    stages.push_back(std::make_unique<SentencePieceNormalizer>(std::move(options)));
    pipeline.normalizer = std::make_unique<NormalizerSequence>(std::move(stages));
}

inline void add_sentencepiece_decoder(Pipeline& pipeline, const SentencePieceFile& file,
                                      std::string_view family, const TokenizerConfig& config,
                                      const SpecialTokenNames& named) {
    const bool legacy = config.legacy.value_or(true);
    SentencePieceDecoder::Options options;
    for (const SentencePiece& piece : file.pieces) {
        if (piece.type == PieceType::control)
            options.invisible.insert(piece.text);
    }
    options.unk_piece = file.pieces[file.find(PieceType::unknown)].text;
    options.unk_surface = file.unk_surface;
    options.strip_mark = file.add_dummy_prefix || file.remove_extra_whitespaces;
    options.strip_all_marks = file.remove_extra_whitespaces;
    if (!family.empty()) {
        for (const auto& [role, token] : named)
            options.special.insert(token);
        for (const AddedToken& token : pipeline.added.all()) {
            if (token.special)
                options.special.insert(token.content);
        }
    }
    if (family == "Llama") {
        options.drop_first_mark = file.add_dummy_prefix;
        options.strip_mark = options.strip_mark && legacy;
        options.space_before_run = legacy;
    } else if (family == "T5" || family == "Albert") {
        options.drop_first_mark = family == "T5" && file.add_dummy_prefix;
        options.space_before_run = true;
        options.space_before_first_run = true;
        options.strip_ends = true;
    } else if (family == "Marian") {
        options.space_after_special = true;
        options.strip_ends = true;
    } else if (family == "XLMRoberta" || family == "Camembert") {
        options.strip_mark = false;
        options.strip_ends = true;
    }
    pipeline.decoder = std::make_unique<SentencePieceDecoder>(std::move(options));
}

inline std::unique_ptr<const PostProcessor> sentencepiece_post_processor(
    const Pipeline& pipeline, std::string_view family, const TokenizerConfig& config,
    const SpecialTokenNames& named, const std::string& name) {
    const auto ids = [&](std::initializer_list<std::string_view> roles) {
        return known_tokens(pipeline, named, roles, name);
    };
    if (family == "Llama" || family == "Gemma") {
        Surroundings around{.second_type = 1};
        if (config.add_bos_token.value_or(true))
            around.before = around.before_second = ids({"bos_token"});
        if (config.add_eos_token.value_or(false))
            around.after = around.after_first = ids({"eos_token"});
        return surround(around);
    }
    if (family == "T5")
        return surround({.after_first = ids({"eos_token"}), .after = ids({"eos_token"})});
    if (family == "Albert")
        return surround({.before = ids({"cls_token"}),
                         .after_first = ids({"sep_token"}),
                         .after = ids({"sep_token"}),
                         .second_type = 1});
    if (family == "XLMRoberta" || family == "Camembert")
        return surround({.before = ids({"cls_token"}),
                         .after_first = ids({"sep_token", "sep_token"}),
                         .after = ids({"sep_token"})});
    if (family == "Marian")
        return surround({.after = ids({"eos_token"})});
    return nullptr;
}

/// The special tokens of a family, and over them what the configuration says.
inline SpecialTokenNames sentencepiece_special_tokens(const SentencePieceFamily& family,
                                                      const TokenizerConfig& config) {
    SpecialTokenNames named = config.special_tokens;
    const bool encoder = !family.mask.empty();
    for (const auto& [role, token] :
         {std::pair{"bos_token", family.bos}, std::pair{"eos_token", family.eos},
          std::pair{"unk_token", family.unk}, std::pair{"pad_token", family.pad},
          std::pair{"mask_token", family.mask},
          std::pair{"cls_token", encoder ? family.bos : std::string_view{}},
          std::pair{"sep_token", encoder ? family.eos : std::string_view{}}}) {
        if (!token.empty())
            named.emplace(role, token);
    }
    return named;
}

/// Tokens that a family adds by itself.
inline void add_family_tokens(TokenizerConfig& config, const std::string& name,
                              const SentencePieceFile& file, const SentencePieceFamily& family) {
    if (!family.mask.empty() && config.special.empty())
        config.special.push_back({.content = std::string{family.mask},
                                  .lstrip = true,
                                  .normalized = false,
                                  .special = true});
    constexpr std::uint32_t sentinels = 100;
    if (family.name != "T5" || !config.added_tokens.empty())
        return;
    for (std::uint32_t i = 0; i < sentinels; ++i) {
        AddedToken token{.id = static_cast<std::uint32_t>(file.pieces.size()) + sentinels - 1 - i,
                         .content = "<extra_id_" + std::to_string(i) + ">",
                         .lstrip = true,
                         .rstrip = true,
                         .normalized = false,
                         .special = true};
        config.added_tokens.push_back({std::move(token), name});
    }
}

/// Gives a pipeline whose model stands all other stages.
inline void finish_sentencepiece(Pipeline& pipeline, const std::string& name,
                                 const SentencePieceFile& file, const SentencePieceFamily& family,
                                 TokenizerConfig config) {
    const SpecialTokenNames named = sentencepiece_special_tokens(family, config);
    add_family_tokens(config, name, file, family);
    add_sentencepiece_normalizer(pipeline, name, file, family.name, config);
    add_tokens(pipeline, config, named);
    add_sentencepiece_decoder(pipeline, file, family.name, config, named);
    pipeline.post_processor =
        sentencepiece_post_processor(pipeline, family.name, config, named, name);
    if (family.name.empty())
        pipeline.special.unk =
            find_token(pipeline, file.pieces[file.find(PieceType::unknown)].text);
    take_lengths(config, pipeline.lengths);
}

/// Reads the bytes of a SentencePiece model. `name` is the file's path, for error messages and as a
/// hint at the family.
inline Pipeline load_sentencepiece(const std::string& name, std::string_view bytes,
                                   std::string_view file_name, const TokenizerConfig& config) {
    const SentencePieceFile file = read_sentencepiece(name, bytes);
    const SentencePieceFamily& family = find_sentencepiece_family(config, file_name, file);
    const PieceIds ids{file, family};
    Pipeline pipeline;
    if (file.algorithm == SentencePieceFile::Algorithm::unigram)
        pipeline.model = make_sentencepiece_unigram(
            file, ids.vocabulary(), ids.ids(), file.pieces[file.find(PieceType::unknown)].text);
    else if (family.offset == 0)
        pipeline.model = make_sentencepiece_bpe(file, ids.vocabulary());
    else
        throw TokenizerError{name, "", "is a BPE model, and its family has unigram models"};
    finish_sentencepiece(pipeline, name, file, family, config);
    return pipeline;
}

/// A tokenizer_config.json that says what the options say.
inline std::string write_sentencepiece_config(const SentencePieceOptions& options) {
    boost::json::object object;
    object["tokenizer_class"] = options.tokenizer_class;
    if (options.legacy)
        object["legacy"] = *options.legacy;
    if (options.add_bos_token)
        object["add_bos_token"] = *options.add_bos_token;
    if (options.add_eos_token)
        object["add_eos_token"] = *options.add_eos_token;
    return boost::json::serialize(object) + '\n';
}

/// Marian: pieces of source.spm, with the ids that vocab.json gives them.
inline Pipeline load_marian(const std::string& name, std::string_view bytes,
                            const std::string& vocab_name, std::string_view vocab,
                            const TokenizerConfig& config) {
    const SentencePieceFile file = read_sentencepiece(name, bytes);
    const SentencePieceFamily& family = sentencepiece_families.back();
    const SpecialTokenNames named = sentencepiece_special_tokens(family, config);
    const JsonFile json{vocab_name, vocab};
    Vocabulary vocabulary = load_vocabulary(json.root());
    const std::string& unk = named.find("unk_token")->second;
    const auto unknown = vocabulary.find(unk);
    if (!unknown)
        throw TokenizerError{vocab_name, "", "has no token '" + unk + "', which is the unk_token"};
    std::vector<std::uint32_t> ids;
    for (const SentencePiece& piece : file.pieces)
        ids.push_back(vocabulary.find(piece.text).value_or(*unknown));
    TokenizerConfig with_languages = config;
    for (const auto& [token, id] : json.root().object()) {
        if (token.starts_with(">>") && token.ends_with("<<"))  // the language to translate to
            with_languages.special.push_back(
                {.content = std::string{token}, .normalized = false, .special = false});
    }
    Pipeline pipeline;
    pipeline.model = make_sentencepiece_unigram(file, std::move(vocabulary), ids, unk, true);
    finish_sentencepiece(pipeline, name, file, family, std::move(with_languages));
    return pipeline;
}

}  // namespace xzoo::text
