#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include <xzoo/text/byte_decoders.hpp>
#include <xzoo/text/decoder.hpp>
#include <xzoo/text/json_node.hpp>
#include <xzoo/text/load_metaspace.hpp>
#include <xzoo/text/load_pattern.hpp>
#include <xzoo/text/utf8.hpp>

namespace xzoo::text {

inline std::unique_ptr<const Decoder> load_strip_decoder(const JsonNode& node) {
    constexpr std::uint64_t limit = std::numeric_limits<std::uint32_t>::max();
    const std::string content = node.at("content").string();
    if (count_code_points(content) != 1)
        node.at("content").fail("is not one character");
    return std::make_unique<StripDecoder>(content, node.at("start").number(limit),
                                          node.at("stop").number(limit));
}

inline std::unique_ptr<const Decoder> load_decoder(const JsonNode& node) {
    const std::string type = type_of(node, {{"WordPiece", {"prefix", "cleanup"}},
                                            {"Sequence", {"decoders"}},
                                            {"Replace", {"pattern", "content"}},
                                            {"Strip", {"content", "start", "stop"}},
                                            {"Metaspace", {"replacement"}},
                                            {"CTC", {"pad_token"}},
                                            {"BPEDecoder", {"suffix"}},
                                            {"ByteLevel", {"add_prefix_space"}}});
    if (type == "WordPiece")
        return std::make_unique<WordPieceDecoder>(node.string_or("prefix", "##"),
                                                  node.boolean_or("cleanup", true));
    if (type == "Fuse")
        return std::make_unique<FuseDecoder>();
    if (type == "ByteLevel")
        return std::make_unique<ByteLevelDecoder>();
    if (type == "ByteFallback")
        return std::make_unique<ByteFallbackDecoder>();
    if (type == "BPEDecoder")
        return std::make_unique<BpeDecoder>(node.string_or("suffix", "</w>"));
    if (type == "Metaspace") {
        const MetaspaceOptions options = load_metaspace(node);
        return std::make_unique<MetaspaceDecoder>(options.mark, options.scheme);
    }
    if (type == "Strip")
        return load_strip_decoder(node);
    if (type == "Replace")
        return std::make_unique<ReplaceDecoder>(load_text_pattern(node.at("pattern")),
                                                node.at("content").string());
    if (type == "Sequence")
        return std::make_unique<DecoderSequence>(load_all<Decoder>(node, "decoders", load_decoder));
    unsupported(node, type);
}

}  // namespace xzoo::text
