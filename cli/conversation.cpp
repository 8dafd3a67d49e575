#include "cli/conversation.hpp"

#include <utility>

#include "xzoo/core/error.hpp"

namespace xzoo::cli {

std::vector<std::uint32_t> Conversation::ask(std::string message) {
    messages_.push_back({"user", std::move(message)});
    try {
        // A quarter is for the answer, if older messages can make way for it.
        const std::size_t wanted = room_ - room_ / 4;
        std::size_t first = 0;
        std::vector<std::uint32_t> all = ids(first);
        while (all.size() > wanted && first + 1 < messages_.size()) {
            first += 2;
            all = ids(first);
        }
        if (all.size() >= room_)
            throw ArgumentError{"the message is too long: with what the template adds it has " +
                                std::to_string(all.size()) +
                                " tokens, and a conversation has room for " +
                                std::to_string(room_)};
        messages_.erase(messages_.begin(), messages_.begin() + static_cast<std::ptrdiff_t>(first));
        forgotten_ = first;
        return all;
    } catch (...) {
        take_back();
        throw;
    }
}

/// Ids of the conversation from a message on.
std::vector<std::uint32_t> Conversation::ids(std::size_t first) const {
    std::vector<Message> told;
    if (!system_.empty())
        told.push_back({"system", system_});
    told.insert(told.end(), messages_.begin() + static_cast<std::ptrdiff_t>(first),
                messages_.end());
    const std::string text = template_.render(told, {.add_generation_prompt = true});
    // The template has put in the special tokens already.
    return tokenizer_.encode(text, {.add_special_tokens = false}).ids;
}

}  // namespace xzoo::cli
