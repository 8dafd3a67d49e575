#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <xzoo/io/quote.hpp>
#include <xzoo/text/chat_template/program.hpp>
#include <xzoo/text/json_node.hpp>
#include <xzoo/text/tokenizer_error.hpp>
#include <xzoo/text/tokenizer_files.hpp>

namespace xzoo::text::jinja {

/// What the files of a tokenizer say of its chat template.
struct ChatFiles {
    std::shared_ptr<const Program> usual;
    std::shared_ptr<const Program> with_tools;          // or null
    std::map<std::string, std::string> special_tokens;  // by role: "bos_token"
};

/// "<s>", or {"content": "<s>", ...}, by role.
inline std::map<std::string, std::string> load_token_texts(const JsonNode& config) {
    static constexpr std::array<const char*, 7> roles{
        "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"};
    std::map<std::string, std::string> texts;
    for (const char* role : roles) {
        if (const auto token = config.find(role))
            texts[role] = token->is_object() ? token->at("content").string() : token->string();
    }
    return texts;
}

/// "chat_template": a template, or [{"name": "default", "template": ...}, ...].
inline void load_templates(const JsonNode& node, const std::string& file, ChatFiles& files) {
    if (node.is_string()) {
        files.usual = compile(node.string(), file);
        return;
    }
    for (const JsonNode& named : node.items()) {
        const std::string name = named.at("name").string();
        if (name != "default" && name != "tool_use")
            continue;
        auto& program = name == "default" ? files.usual : files.with_tools;
        program = compile(named.at("template").string(), io::concat({file, "(", name, ")"}));
    }
    if (files.usual == nullptr)
        node.fail("has no template named 'default'");
}

/// chat_template.jinja if it is there, else "chat_template" of tokenizer_config.json.
/// Errors  TokenizerError: neither is there, or a file cannot be read; ChatTemplateError.
inline ChatFiles load_chat_files(const std::filesystem::path& folder) {
    ChatFiles files;
    std::error_code fault;
    const std::filesystem::path config = folder / "tokenizer_config.json";
    if (std::filesystem::exists(config, fault)) {
        const JsonFile json{config.string(), read_whole_file(config)};
        files.special_tokens = load_token_texts(json.root());
        if (const auto node = json.root().find("chat_template"))
            load_templates(*node, config.string(), files);
    }
    const std::filesystem::path jinja = folder / "chat_template.jinja";
    if (std::filesystem::exists(jinja, fault)) {
        files.usual = compile(read_whole_file(jinja), jinja.string());
        files.with_tools = nullptr;
    }
    if (files.usual == nullptr)
        throw TokenizerError{folder.string(), "",
                             "has neither chat_template.jinja nor a tokenizer_config.json with "
                             "'chat_template'"};
    return files;
}

}  // namespace xzoo::text::jinja
