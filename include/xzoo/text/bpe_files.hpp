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

#include <xzoo/text/assemble.hpp>
#include <xzoo/text/bert_normalizer.hpp>
#include <xzoo/text/byte_decoders.hpp>
#include <xzoo/text/byte_level.hpp>
#include <xzoo/text/lines.hpp>
#include <xzoo/text/load_bpe.hpp>
#include <xzoo/text/load_model.hpp>
#include <xzoo/text/pipeline.hpp>
#include <xzoo/text/split.hpp>
#include <xzoo/text/split_regexes.hpp>
#include <xzoo/text/template_processing.hpp>
#include <xzoo/text/tokenizer_config.hpp>
#include <xzoo/text/unicode_forms.hpp>

namespace xzoo::text {

/// What the class of a tokenizer that is given by vocab.json and merges.txt says of it.
struct BpeFamily {
    std::string_view name;  // tokenizer_class without "Tokenizer" and "Fast"
    std::string_view bos;
    std::string_view eos;
    std::string_view unk;
    std::string_view pad;
    std::string_view mask;
};

inline constexpr std::string_view end_of_text = "<|endoftext|>";

inline constexpr std::array<BpeFamily, 12> bpe_families{{
    {"GPT2", end_of_text, end_of_text, end_of_text, "", ""},
    {"CodeGen", end_of_text, end_of_text, end_of_text, "", ""},
    {"Qwen2", "", end_of_text, end_of_text, end_of_text, ""},
    {"Whisper", end_of_text, end_of_text, end_of_text, end_of_text, ""},
    {"Roberta", "<s>", "</s>", "<unk>", "<pad>", "<mask>"},
    {"Bart", "<s>", "</s>", "<unk>", "<pad>", "<mask>"},
    {"Longformer", "<s>", "</s>", "<unk>", "<pad>", "<mask>"},
    {"LED", "<s>", "</s>", "<unk>", "<pad>", "<mask>"},
    {"Blenderbot", "<s>", "</s>", "<unk>", "<pad>", "<mask>"},
    {"CLIP", "<|startoftext|>", end_of_text, end_of_text, end_of_text, ""},
    {"OpenAIGPT", "", "", "<unk>", "", ""},
    {"", end_of_text, end_of_text, end_of_text, "", ""},
}};

inline const BpeFamily& find_bpe_family(const TokenizerConfig& config) {
    const auto* const family = std::find_if(
        bpe_families.begin(), bpe_families.end(),
        [&](const BpeFamily& one) { return one.name == family_name(config.tokenizer_class); });
    if (family == bpe_families.end())
        throw TokenizerError{"tokenizer_config.json", "tokenizer_class",
                             "'" + config.tokenizer_class +
                                 "' is not supported with vocab.json and merges.txt; a " +
                                 "tokenizer.json is needed"};
    return *family;
}

/// merges.txt: "left right" a line, the first of rank 0, perhaps after a line "#version: 0.2".
inline MergeTable load_merges_txt(const std::string& name, std::string_view contents,
                                  const Vocabulary& vocabulary) {
    MergeCollector merges{vocabulary};
    for (std::size_t number = 1; !contents.empty(); ++number) {
        const std::string_view line = take_line(contents);
        if (line.empty() || (number == 1 && line.starts_with("#version")))
            continue;
        const std::string complaint =
            is_valid_utf8(line) ? merges.add(line) : std::string{"is not UTF-8"};
        if (!complaint.empty())
            throw TokenizerError{name, "line " + std::to_string(number), complaint};
    }
    return merges.table();
}

/// The stages before the model and its decoder, but for what is the same in all byte-level ones.
inline void add_bpe_stages(Pipeline& pipeline, std::string_view family) {
    std::vector<std::unique_ptr<const Normalizer>> normalizers;
    std::vector<std::unique_ptr<const PreTokenizer>> words;
    if (family == "OpenAIGPT") {
        pipeline.normalizer = std::make_unique<BertNormalizer>(BertNormalizer::Options{});
        pipeline.pre_tokenizer = std::make_unique<BertPreTokenizer>();
        pipeline.decoder = std::make_unique<BpeDecoder>("</w>");
        return;
    }
    if (family == "CLIP") {
        normalizers.push_back(std::make_unique<UnicodeForm>(UnicodeForm::Kind::nfc));
        normalizers.push_back(std::make_unique<ReplaceNormalizer>(UnicodeRegex{R"(\s+)"}, " "));
        normalizers.push_back(std::make_unique<Lowercase>());
        words.push_back(
            std::make_unique<Split>(UnicodeRegex{clip_regex}, SplitBehavior::removed, true));
    } else if (family == "Qwen2") {
        normalizers.push_back(std::make_unique<UnicodeForm>(UnicodeForm::Kind::nfc));
        words.push_back(
            std::make_unique<Split>(make_split_regex(qwen2_regex), SplitBehavior::isolated, false));
    }
    const bool has_words = !words.empty();
    words.push_back(std::make_unique<ByteLevel>(false, !has_words));
    if (!normalizers.empty())
        pipeline.normalizer = std::make_unique<NormalizerSequence>(std::move(normalizers));
    pipeline.pre_tokenizer = std::make_unique<PreTokenizerSequence>(std::move(words));
    if (family == "CLIP") {
        std::vector<std::unique_ptr<const Decoder>> decoders;
        decoders.push_back(std::make_unique<ByteLevelDecoder>());
        decoders.push_back(std::make_unique<ReplaceDecoder>(std::string{"</w>"}, " "));
        decoders.push_back(std::make_unique<StripDecoder>(" ", 0, 1));
        pipeline.decoder = std::make_unique<DecoderSequence>(std::move(decoders));
    } else {
        pipeline.decoder = std::make_unique<ByteLevelDecoder>();
    }
}

/// The special tokens that a family sets round texts.
inline std::unique_ptr<const PostProcessor> bpe_post_processor(const Pipeline& pipeline,
                                                               std::string_view family,
                                                               const TokenizerConfig& config,
                                                               const SpecialTokenNames& named,
                                                               const std::string& file) {
    const auto ids = [&](std::initializer_list<std::string_view> roles) {
        return known_tokens(pipeline, named, roles, file);
    };
    if (family == "Whisper") {
        std::vector<std::uint32_t> before;
        for (const char* token : {"<|startoftranscript|>", "<|notimestamps|>"}) {
            if (const auto id = find_token(pipeline, token))
                before.push_back(*id);
        }
        return surround(
            {.before = std::move(before), .after = ids({"eos_token"}), .second_type = 1});
    }
    if (named.contains("mask_token") || family == "CLIP")  // RoBERTa's kin
        return surround({.before = ids({"bos_token"}),
                         .after_first = ids({"eos_token", "eos_token"}),
                         .after = ids({"eos_token"})});
    if (config.add_bos_token.value_or(false))
        return surround(
            {.before = ids({"bos_token"}), .before_second = ids({"bos_token"}), .second_type = 1});
    return nullptr;
}

/// Reads the contents of a vocab.json and a merges.txt. Names are for error messages.
inline Pipeline load_bpe_tokenizer(const std::string& vocab_name, std::string_view vocab,
                                   const std::string& merges_name, std::string_view merges,
                                   const TokenizerConfig& config) {
    const BpeFamily& family = find_bpe_family(config);
    SpecialTokenNames named = config.special_tokens;
    for (const auto& [role, token] :
         {std::pair{"bos_token", family.bos}, std::pair{"eos_token", family.eos},
          std::pair{"unk_token", family.unk}, std::pair{"pad_token", family.pad},
          std::pair{"mask_token", family.mask}}) {
        if (!token.empty())
            named.emplace(role, token);
    }
    const JsonFile file{vocab_name, vocab};
    Vocabulary vocabulary = load_vocabulary(file.root());
    Bpe::Options options;
    options.byte_level = family.name != "OpenAIGPT";
    if (family.name == "OpenAIGPT" || family.name == "CLIP")
        options.end_of_word_suffix = "</w>";
    if (const auto unk = named.find("unk_token"); unk != named.end())
        options.unk_token = unk->second;
    Pipeline pipeline;
    MergeTable table = load_merges_txt(merges_name, merges, vocabulary);
    pipeline.model =
        std::make_unique<Bpe>(std::move(vocabulary), std::move(table), std::move(options));
    add_bpe_stages(pipeline, family.name);
    pipeline.leading_space = config.add_prefix_space.value_or(false);
    add_tokens(pipeline, config, named);
    pipeline.post_processor = bpe_post_processor(pipeline, family.name, config, named, vocab_name);
    take_lengths(config, pipeline.lengths);
    return pipeline;
}

}  // namespace xzoo::text
