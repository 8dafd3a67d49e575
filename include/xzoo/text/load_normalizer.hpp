#pragma once

#include <memory>
#include <optional>
#include <string>

#include <xzoo/text/base64.hpp>
#include <xzoo/text/bert_normalizer.hpp>
#include <xzoo/text/json_node.hpp>
#include <xzoo/text/load_pattern.hpp>
#include <xzoo/text/normalizer.hpp>
#include <xzoo/text/precompiled.hpp>
#include <xzoo/text/unicode_forms.hpp>

namespace xzoo::text {

/// Settings of tokenizer_config.json that win over those of a BertNormalizer in tokenizer.json.
struct BertNormalizerOverrides {
    std::optional<bool> lowercase;
    std::optional<bool> strip_accents;
    std::optional<bool> handle_chinese_chars;
};

inline std::unique_ptr<const Normalizer> load_bert_normalizer(
    const JsonNode& node, const BertNormalizerOverrides& overrides) {
    BertNormalizer::Options options;
    options.clean_text = node.boolean_or("clean_text", true);
    options.handle_chinese_chars =
        overrides.handle_chinese_chars.value_or(node.boolean_or("handle_chinese_chars", true));
    options.strip_accents = node.find_boolean("strip_accents");
    if (overrides.strip_accents)
        options.strip_accents = overrides.strip_accents;
    options.lowercase = overrides.lowercase.value_or(node.boolean_or("lowercase", true));
    return std::make_unique<BertNormalizer>(options);
}

/// A charsmap in base64.
inline std::unique_ptr<const Normalizer> load_precompiled(const JsonNode& node) {
    const auto blob = decode_base64(node.string());
    if (!blob)
        node.fail("is not base64");
    try {
        return std::make_unique<Precompiled>(Charsmap{*blob});
    } catch (const TokenizerError& fault) {
        node.fail(fault.what());
    }
}

inline std::unique_ptr<const Normalizer> load_normalizer(
    const JsonNode& node, const BertNormalizerOverrides& overrides = {}) {
    using Kind = UnicodeForm::Kind;
    const std::string type = type_of(node, {{"BertNormalizer", {"clean_text", "lowercase"}},
                                            {"Sequence", {"normalizers"}},
                                            {"Strip", {"strip_left", "strip_right"}},
                                            {"Replace", {"pattern", "content"}},
                                            {"Prepend", {"prepend"}},
                                            {"Precompiled", {"precompiled_charsmap"}}});
    if (type == "BertNormalizer")
        return load_bert_normalizer(node, overrides);
    if (type == "Lowercase")
        return std::make_unique<Lowercase>();
    if (type == "NFC")
        return std::make_unique<UnicodeForm>(Kind::nfc);
    if (type == "NFD")
        return std::make_unique<UnicodeForm>(Kind::nfd);
    if (type == "NFKC")
        return std::make_unique<UnicodeForm>(Kind::nfkc);
    if (type == "NFKD")
        return std::make_unique<UnicodeForm>(Kind::nfkd);
    if (type == "StripAccents")
        return std::make_unique<StripAccents>();
    if (type == "Strip")
        return std::make_unique<StripNormalizer>(node.boolean_or("strip_left", true),
                                                 node.boolean_or("strip_right", true));
    if (type == "Replace")
        return std::make_unique<ReplaceNormalizer>(load_text_pattern(node.at("pattern")),
                                                   node.at("content").string());
    if (type == "Precompiled")
        return load_precompiled(node.at("precompiled_charsmap"));
    if (type == "Prepend")
        return std::make_unique<PrependNormalizer>(node.at("prepend").string());
    if (type == "Sequence")
        return std::make_unique<NormalizerSequence>(load_all<Normalizer>(
            node, "normalizers", [](const JsonNode& item) { return load_normalizer(item); }));
    unsupported(node, type);
}

}  // namespace xzoo::text
