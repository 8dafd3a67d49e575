#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <xzoo/text/assemble.hpp>
#include <xzoo/text/json_node.hpp>
#include <xzoo/text/load_decoder.hpp>
#include <xzoo/text/load_lengths.hpp>
#include <xzoo/text/load_model.hpp>
#include <xzoo/text/load_normalizer.hpp>
#include <xzoo/text/load_post_processor.hpp>
#include <xzoo/text/load_pre_tokenizer.hpp>
#include <xzoo/text/pipeline.hpp>
#include <xzoo/text/tokenizer_config.hpp>

namespace xzoo::text {

/// The tokens whose part tokenizer.json itself knows, where no other file tells.
inline void name_special_tokens(const JsonNode& root, const Model& model,
                                SpecialTokenNames& named) {
    named.emplace("unk_token", model.unknown_token());
    if (const auto padding = root.find("padding")) {
        if (const auto token = padding->find("pad_token"))
            named.emplace("pad_token", token->string());
    }
    const auto post = root.find("post_processor");
    for (const std::string key : {"cls", "sep"}) {
        const auto pair = post ? post->find(key) : std::nullopt;
        if (pair && pair->is_array() && !pair->items().empty())
            named.emplace(key + "_token", pair->items()[0].string());
    }
}

/// Reads the contents of a tokenizer.json. `name` is for error messages.
inline Pipeline load_tokenizer_json(const std::string& name, std::string_view contents,
                                    const TokenizerConfig& config) {
    const JsonFile file{name, contents};
    const JsonNode root = file.root();
    if (const auto version = root.find("version"); version && version->string() != "1.0")
        version->fail("is '" + version->string() + "'; only version 1.0 is known");

    Pipeline pipeline;
    if (const auto node = root.find("normalizer"))
        pipeline.normalizer = load_normalizer(*node, config.overrides());
    LoadedPreTokenizer pre_tokenizer;
    if (const auto node = root.find("pre_tokenizer"))
        pre_tokenizer = load_pre_tokenizer(*node);
    pipeline.pre_tokenizer = std::move(pre_tokenizer.stage);
    pipeline.model = load_model(root.at("model"), pre_tokenizer.byte_level);

    AddedTokenCollector added{pipeline.model->vocabulary()};
    if (const auto node = root.find("added_tokens")) {
        for (const JsonNode& item : node->items())
            added.add(load_added_token(item, item.at("id").id()), name, item.path());
    }
    for (const ListedToken& listed : config.added_tokens) {
        if (!added.contains(listed.token.content))
            added.add(listed.token, listed.file, listed.where);
    }
    for (const AddedToken& token : config.special) {
        if (!added.contains(token.content))
            added.add_special(token);
    }
    added.finish(pipeline);

    if (const auto node = root.find("post_processor"))
        pipeline.post_processor = load_post_processor(*node, *pipeline.names);
    if (const auto node = root.find("decoder"))
        pipeline.decoder = load_decoder(*node);
    if (const auto node = root.find("truncation"))
        pipeline.lengths.truncation = load_truncation(*node);
    if (const auto node = root.find("padding"))
        pipeline.lengths.padding = load_padding(*node);
    take_lengths(config, pipeline.lengths);

    auto named = config.special_tokens;
    if (named.empty())
        name_special_tokens(root, *pipeline.model, named);
    pipeline.special = resolve_special_tokens(pipeline, named, config.special_tokens.empty());
    return pipeline;
}

}  // namespace xzoo::text
