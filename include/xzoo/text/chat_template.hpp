// A conversation as the text that a model was trained on. See class ChatTemplate.
#pragma once

#include <ctime>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <xzoo/text/chat_template/error.hpp>
#include <xzoo/text/chat_template/evaluation.hpp>
#include <xzoo/text/chat_template/load.hpp>
#include <xzoo/text/chat_template/program.hpp>
#include <xzoo/text/chat_template/value.hpp>
#include <xzoo/text/chat_template/value_json.hpp>

namespace xzoo {

/// One turn of a conversation.
struct Message {
    std::string role;     ///< "system", "user", "assistant", ...
    std::string content;  ///< UTF-8; each ill-formed sequence counts as U+FFFD
};

/// How a conversation becomes text.
struct ChatOptions {
    /// Ends the text where the model's answer begins.
    bool add_generation_prompt = false;
    /// Functions that the model may call, as JSON schemas in a list; null for none.
    boost::json::value tools = nullptr;
    /// The special tokens, where they are not those of the tokenizer's files.
    std::optional<std::string> bos_token = std::nullopt;
    std::optional<std::string> eos_token = std::nullopt;
    /// More variables for the template, such as enable_thinking or documents. They win over all
    /// others.
    boost::json::object variables = {};
    /// What strftime_now() calls now, in place of the local time.
    std::optional<std::tm> date = std::nullopt;
    ChatTemplateLimits limits = {};
};

/// The Jinja template that turns a conversation into a model's prompt.
///
///     const auto chat = xzoo::ChatTemplate::from_pretrained("SmolLM2-135M-Instruct");
///     const std::string prompt = chat.render({{"user", "Who are you?"}},
///                                            {.add_generation_prompt = true});
///
/// The language is the part of Jinja 3.1 that published chat templates use, with the settings of
/// Hugging Face transformers (trim_blocks, lstrip_blocks, an immutable sandbox, its tojson); what
/// is outside of it is an error that names the construct and its place. Filters that are lazy in
/// Jinja (map, select, ...) make lists here. Templates come from strangers: steps, text, nesting
/// and ranges are bounded (ChatTemplateLimits). A template never changes: copies are cheap, and
/// all members may be called from many threads at once.
/// Errors  ChatTemplateError from all members; ChatRefusedError where the template itself calls
///         raise_exception.
class ChatTemplate {
public:
    /// Reads the source of a template. `name` is what errors call it.
    static ChatTemplate parse(std::string_view source, std::string name = "chat_template") {
        return ChatTemplate{{text::jinja::compile(source, std::move(name)), nullptr, {}}};
    }

    /// Reads a folder: chat_template.jinja, or "chat_template" of tokenizer_config.json, whose
    /// template named tool_use is for conversations with tools; special tokens from
    /// tokenizer_config.json.
    /// Errors  also TokenizerError: a file is missing or is not what it should be.
    static ChatTemplate from_pretrained(const std::filesystem::path& folder) {
        return ChatTemplate{text::jinja::load_chat_files(folder)};
    }

    /// The text of a conversation.
    std::string render(std::span<const Message> messages, const ChatOptions& options = {}) const {
        return run(options, [&](text::jinja::Evaluation&) { return import(messages); });
    }

    std::string render(std::initializer_list<Message> messages,
                       const ChatOptions& options = {}) const {
        return render(std::span<const Message>{messages.begin(), messages.size()}, options);
    }

    /// The text of a conversation whose messages are JSON objects: with tool calls, contents of
    /// several parts, or whatever else the template knows.
    std::string render(const boost::json::array& messages, const ChatOptions& options = {}) const {
        return run(options, [&](text::jinja::Evaluation& evaluation) {
            return text::jinja::import_json(evaluation, messages);
        });
    }

private:
    explicit ChatTemplate(text::jinja::ChatFiles files) : files_{std::move(files)} {}

    static text::jinja::Value import(std::span<const Message> messages);
    void define(text::jinja::Evaluation& evaluation, const ChatOptions& options) const;

    template <class Messages>
    std::string run(const ChatOptions& options, Messages messages) const {
        const bool by_tools = !options.tools.is_null() && files_.with_tools != nullptr;
        const text::jinja::Program& program = by_tools ? *files_.with_tools : *files_.usual;
        text::jinja::Evaluation evaluation{program.name, options.limits, options.date};
        evaluation.set(evaluation.root(), "messages", messages(evaluation));
        define(evaluation, options);
        text::jinja::render_all(evaluation, program.body);
        return std::move(evaluation.output());
    }

    text::jinja::ChatFiles files_;
};

inline text::jinja::Value ChatTemplate::import(std::span<const Message> messages) {
    using namespace text::jinja;
    Sequence turns;
    turns.depth = 2;
    turns.items.reserve(messages.size());
    for (const Message& message : messages) {
        Dict turn;
        turn.entries.emplace_back(import_text("role"), import_text(message.role));
        turn.entries.emplace_back(import_text("content"), import_text(message.content));
        turns.items.emplace_back(DictPtr{std::make_shared<const Dict>(std::move(turn))});
    }
    return SequencePtr{std::make_shared<const Sequence>(std::move(turns))};
}

/// The variables beside the messages, those that transformers sets.
inline void ChatTemplate::define(text::jinja::Evaluation& evaluation,
                                 const ChatOptions& options) const {
    using namespace text::jinja;
    const auto set = [&](std::string_view name, Value value) {
        evaluation.set(evaluation.root(), name, std::move(value));
    };
    for (const auto& [role, token] : files_.special_tokens)
        set(role, import_text(token));
    if (options.bos_token)
        set("bos_token", import_text(*options.bos_token));
    if (options.eos_token)
        set("eos_token", import_text(*options.eos_token));
    set("add_generation_prompt", options.add_generation_prompt);
    set("tools", import_json(evaluation, options.tools));
    set("documents", None{});
    for (const auto& member : options.variables)
        set({member.key().data(), member.key().size()}, import_json(evaluation, member.value()));
}

}  // namespace xzoo
