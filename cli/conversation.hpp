// Messages of a chat as the ids that a model reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "xzoo/text/chat_template.hpp"
#include "xzoo/text/tokenizer.hpp"

namespace xzoo::cli {

/// A conversation that forgets its oldest messages where there are more than the model can hold.
class Conversation {
public:
    /// room: tokens that the model can hold. system: empty for none.
    Conversation(ChatTemplate chat_template, Tokenizer tokenizer, std::size_t room,
                 std::string system)
        : template_{std::move(chat_template)},
          tokenizer_{std::move(tokenizer)},
          room_{room},
          system_{std::move(system)} {}

    void set_system(std::string text) { system_ = std::move(text); }
    /// Forgets all messages but the system's.
    void reset() { messages_.clear(); }

    /// Adds a message of the user. Result: ids of the conversation up to where the answer begins,
    /// fewer than `room`.
    /// Errors  ChatTemplateError: the template refuses; ArgumentError: the message is too long. The
    ///         conversation is then as it was.
    std::vector<std::uint32_t> ask(std::string message);
    /// Removes that message, where there is no answer to it.
    void take_back() { messages_.pop_back(); }
    /// Adds the answer to it.
    void answer(std::string text) { messages_.push_back({"assistant", std::move(text)}); }

    /// Messages that the last ask() dropped to make room.
    std::size_t forgotten() const { return forgotten_; }

private:
    std::vector<std::uint32_t> ids(std::size_t first) const;

    ChatTemplate template_;
    Tokenizer tokenizer_;
    std::size_t room_;
    std::string system_;
    std::vector<Message> messages_;  // of the user and the assistant, in turn
    std::size_t forgotten_ = 0;
};

}  // namespace xzoo::cli
