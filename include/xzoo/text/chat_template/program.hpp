#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <xzoo/text/chat_template/lexer.hpp>
#include <xzoo/text/chat_template/statement.hpp>
#include <xzoo/text/chat_template/statement_parser.hpp>

namespace xzoo::text::jinja {

/// A template that was read: what it is called and what it does.
struct Program {
    std::string name;
    Body body;
};

/// Errors  ChatTemplateError: not a template, or outside the subset.
inline std::shared_ptr<const Program> compile(std::string_view source, std::string name) {
    auto program = std::make_shared<Program>();
    program->name = std::move(name);
    program->body = StatementParser{program->name, Lexer{program->name, source}.run()}.parse();
    return program;
}

}  // namespace xzoo::text::jinja
