// xzoo chat
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.hpp"
#include "cli/conversation.hpp"
#include "cli/interrupt.hpp"
#include "cli/loaded_generator.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "xzoo/core/error.hpp"
#include "xzoo/io/json_text.hpp"

namespace xzoo::cli {

namespace {

constexpr const char* commands_text =
    "  /system TEXT  sets the system prompt, or removes it\n"
    "  /reset        forgets the conversation\n"
    "  /exit         ends the chat, as Ctrl-D does; Ctrl-C stops an answer\n";

ChatTemplate load_template(const ChatCommand& options, const std::filesystem::path& folder) {
    const std::filesystem::path& file = options.chat_template;
    if (!file.empty())
        return ChatTemplate::parse(io::read_text(file.string()), file.string());
    if (folder.empty())
        throw ArgumentError{
            "the model that this program carries has no chat template: 'xzoo "
            "generate' continues texts with it"};
    return ChatTemplate::from_pretrained(folder);
}

class Chat {
public:
    explicit Chat(const ChatCommand& options)
        : options_{options},
          loaded_{load_generator(options.model)},
          cache_{loaded_.make_cache(options.settings, options.context)},
          conversation_{load_template(options, loaded_.folder), loaded_.tokenizer,
                        cache_.capacity(), options.system} {}

    /// Reads and answers to the end. Result: an exit code.
    int run() {
        if (is_terminal_)
            std::cerr << "Type a message; /help shows the commands.\n";
        std::string line;
        while (is_open_ && read(line)) {
            try {
                heed(line);
            } catch (const Error& error) {
                report(error.what());
                if (!is_terminal_ || !std::cout)
                    return exit_failed;
            }
        }
        return exit_ok;
    }

private:
    bool read(std::string& line) {
        if (is_terminal_)
            std::cerr << "> " << std::flush;
        const bool found = static_cast<bool>(std::getline(std::cin, line));
        if (found && line.ends_with('\r'))
            line.pop_back();
        if (!found && is_terminal_)
            std::cerr << '\n';
        return found;
    }

    void heed(std::string_view line) {
        if (line.starts_with("//"))
            answer(line.substr(1));
        else if (line.starts_with('/'))
            obey(line.substr(1));
        else if (line.find_first_not_of(" \t") != std::string_view::npos)
            answer(line);
    }

    void obey(std::string_view line) {
        const std::string_view name = line.substr(0, line.find(' '));
        const std::string_view rest = line.substr(std::min(name.size() + 1, line.size()));
        if (name == "exit" || name == "quit" || name == "bye")
            is_open_ = false;
        else if (name == "reset" || name == "clear")
            conversation_.reset();
        else if (name == "system")
            conversation_.set_system(std::string{rest});
        else if (name == "help" || name == "?")
            std::cerr << commands_text;
        else
            throw ArgumentError{"there is no command '/" + std::string{name} +
                                "'; /help shows the commands"};
    }

    void answer(std::string_view message) {
        const std::vector<std::uint32_t> ids = conversation_.ask(std::string{message});
        if (conversation_.forgotten() > 0)
            std::cerr << "xzoo: the context of " << cache_.capacity()
                      << " tokens is full; the oldest messages were dropped\n";
        GenerationConfig settings = options_.settings;
        if (!settings.max_length && !settings.max_new_tokens && !loaded_.files.max_new_tokens)
            settings.max_new_tokens = cache_.capacity() - ids.size() + 1;
        GenerateOptions how = loaded_.options();
        how.cache = &cache_;
        how.on_text = [](std::size_t, std::string_view piece) {
            return static_cast<bool>(std::cout << piece << std::flush);
        };
        const GenerationResult result = generate(ids, settings, how);
        const GeneratedSequence& sequence = result.sequences.front();
        std::cout << std::endl;
        check_output();
        if (sequence.finish_reason == FinishReason::context_full)
            std::cerr << "xzoo: the context of " << cache_.capacity()
                      << " tokens is full; the answer was cut\n";
        if (options_.stats)
            std::cerr << speed_text(result) << '\n';
        conversation_.answer(sequence.text);
    }

    /// Until Ctrl-C. A message whose answer fails is no part of the conversation.
    GenerationResult generate(const std::vector<std::uint32_t>& ids,
                              const GenerationConfig& settings, GenerateOptions& how) {
        const InterruptGuard::Answer running;
        how.on_token = [&](std::size_t, std::uint32_t) { return !running.interrupted(); };
        try {
            return loaded_.generate(ids, settings, how);
        } catch (...) {
            conversation_.take_back();
            throw;
        }
    }

    const ChatCommand& options_;
    LoadedGenerator loaded_;
    nn::KvCache cache_;
    Conversation conversation_;
    bool is_terminal_ = isatty(STDIN_FILENO) != 0;
    InterruptGuard interrupts_{is_terminal_ ? "\n(/exit or Ctrl-D ends the chat)\n> " : nullptr};
    bool is_open_ = true;
};

}  // namespace

int run(const ChatCommand& options) {
    if (options.settings.num_return_sequences.value_or(1) > 1)
        throw UsageError{"--num-return-sequences: a message of a chat has one answer"};
    return Chat{options}.run();
}

}  // namespace xzoo::cli
