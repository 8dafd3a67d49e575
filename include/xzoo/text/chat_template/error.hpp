#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include <xzoo/core/error.hpp>

namespace xzoo {

namespace text::jinja {

/// A place in a template. Lines and columns count from 1, columns in bytes.
struct Position {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
};

}  // namespace text::jinja

/// A chat template cannot be read, uses what is outside the subset, or fails on what it was given.
/// what() names the template, the line, the column and the construct.
class ChatTemplateError : public Error {
public:
    ChatTemplateError(std::string name, text::jinja::Position at, const std::string& problem)
        : Error{name + ':' + std::to_string(at.line) + ':' + std::to_string(at.column) + ": " +
                problem},
          name_{std::move(name)},
          at_{at} {}

    /// The name that the template was parsed under: a path, or what the caller chose.
    const std::string& name() const noexcept { return name_; }
    std::uint32_t line() const noexcept { return at_.line; }
    std::uint32_t column() const noexcept { return at_.column; }

private:
    std::string name_;
    text::jinja::Position at_;
};

/// The template itself refused the conversation, by raise_exception(message).
class ChatRefusedError : public ChatTemplateError {
public:
    ChatRefusedError(std::string name, text::jinja::Position at, std::string message)
        : ChatTemplateError{std::move(name), at, message}, message_{std::move(message)} {}

    /// The template's own words.
    const std::string& message() const noexcept { return message_; }

private:
    std::string message_;
};

}  // namespace xzoo
