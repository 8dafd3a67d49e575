// Chat templates against what Jinja2 makes of them (chat_templates/make_expected.py), and the
// interface of ChatTemplate.
#include <ctime>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <xzoo/io/json_text.hpp>
#include <xzoo/text/chat_template.hpp>

#include "text_support.hpp"

namespace {

using xzoo::ChatOptions;
using xzoo::ChatRefusedError;
using xzoo::ChatTemplate;
using xzoo::ChatTemplateError;
using xzoo::Message;

std::string read_case_file(const std::string& name) {
    return xzoo::io::read_text(
        (xzoo::test::data_dir() / ".." / "text" / "chat_templates" / name).string());
}

boost::json::value read_case_json(const std::string& name) {
    return boost::json::parse(read_case_file(name));
}

std::string text_of(const boost::json::value& json) {
    return {json.as_string().data(), json.as_string().size()};
}

/// 2024-07-26 13:05:09, the oracle's date: a Friday.
std::tm oracle_date() {
    std::tm date{};
    date.tm_year = 124;
    date.tm_mon = 6;
    date.tm_mday = 26;
    date.tm_hour = 13;
    date.tm_min = 5;
    date.tm_sec = 9;
    date.tm_wday = 5;
    date.tm_yday = 207;
    return date;
}

/// Requires of `render` the outcome that Jinja2 had: its text, its refusal or an error.
template <class Render>
void require_outcome(const boost::json::object& expected, Render render) {
    if (const boost::json::value* text = expected.if_contains("text")) {
        REQUIRE(render() == text_of(*text));
    } else if (const boost::json::value* refused = expected.if_contains("refused")) {
        try {
            const std::string found = render();
            FAIL("not refused: " << found);
        } catch (const ChatRefusedError& error) {
            REQUIRE(error.message() == text_of(*refused));
        }
    } else {
        REQUIRE_THROWS_AS(render(), ChatTemplateError);
    }
}

void write(const std::filesystem::path& path, std::string_view contents) {
    std::ofstream{path, std::ios::binary} << contents;
}

}  // namespace

TEST_CASE("templates with the constructs of published ones render as Jinja2 renders them",
          "[text][chat]") {
    const boost::json::value conversations = read_case_json("conversations.json");
    const boost::json::value expected = read_case_json("expected.json");
    REQUIRE(expected.as_array().size() >= 300);
    for (const boost::json::value& one : expected.as_array()) {
        const boost::json::object& outcome = one.as_object();
        const std::string name = text_of(outcome.at("template"));
        const boost::json::object& conversation =
            conversations.at(text_of(outcome.at("conversation"))).as_object();
        INFO(name << ", " << text_of(outcome.at("conversation")));
        const ChatTemplate chat = ChatTemplate::parse(read_case_file(name), name);
        ChatOptions options{.add_generation_prompt = outcome.at("prompt").as_bool(),
                            .bos_token = "<s>",
                            .eos_token = "</s>",
                            .date = oracle_date()};
        if (const boost::json::value* tools = conversation.if_contains("tools"))
            options.tools = *tools;
        if (const boost::json::value* variables = conversation.if_contains("variables"))
            options.variables = variables->as_object();
        require_outcome(
            outcome, [&] { return chat.render(conversation.at("messages").as_array(), options); });
    }
}

TEST_CASE("random templates render as Jinja2 renders them", "[text][chat]") {
    const boost::json::value data = read_case_json("random_cases.json");
    const ChatOptions options{.variables = data.at("variables").as_object(), .date = oracle_date()};
    const boost::json::array& messages = data.at("variables").at("m").as_array();
    REQUIRE(data.at("cases").as_array().size() >= 900);
    for (const boost::json::value& one : data.at("cases").as_array()) {
        const std::string source = text_of(one.at("template"));
        INFO(source);
        require_outcome(one.as_object(),
                        [&] { return ChatTemplate::parse(source).render(messages, options); });
    }
}

TEST_CASE("a conversation may be structs or JSON", "[text][chat]") {
    const ChatTemplate chat = ChatTemplate::parse(read_case_file("chatml.jinja"));
    const std::string expected =
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nYes<|im_end|>\n";
    const std::vector<Message> turns{{"user", "Hi"}, {"assistant", "Yes"}};
    CHECK(chat.render({{"user", "Hi"}, {"assistant", "Yes"}}) == expected);
    CHECK(chat.render(turns) == expected);
    CHECK(chat.render(std::span{turns}.first(1), {.add_generation_prompt = true}) ==
          "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n");
    const boost::json::value json = boost::json::parse(
        R"([{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes"}])");
    CHECK(chat.render(json.as_array()) == expected);
}

TEST_CASE("ill-formed UTF-8 in a message counts as U+FFFD", "[text][chat]") {
    const ChatTemplate chat = ChatTemplate::parse("{{ messages[0].content[::-1] }}");
    CHECK(chat.render({{"user", std::string{"a\xFF\xC3\xA9\0z", 6}}}) ==
          std::string{"z\0\xC3\xA9\xEF\xBF\xBD"
                      "a",
                      8});
}

TEST_CASE("a template finds the variables that transformers sets", "[text][chat]") {
    const ChatTemplate chat = ChatTemplate::parse(
        "{{ tools is none }} {{ documents is none }} {{ add_generation_prompt }} "
        "{{ bos_token is defined }} {{ x }} {{ strftime_now('%Y-%m-%d %A %H:%M') }}");
    const ChatOptions options{.variables = {{"x", 3}}, .date = oracle_date()};
    CHECK(chat.render({}, options) == "True True False False 3 2024-07-26 Friday 13:05");
    const std::string year = ChatTemplate::parse("{{ strftime_now('%Y') }}").render({});
    CHECK(year.size() == 4);
    CHECK(year >= "2024");
}

TEST_CASE("a folder's template comes with its special tokens", "[text][chat]") {
    const xzoo::test::TempFolder folder;
    write(folder.path() / "tokenizer_config.json",
          R"({"bos_token": "<b>", "eos_token": {"content": "<e>"}, "pad_token": null,)"
          R"( "chat_template": "{{ bos_token + eos_token }}{{ pad_token is defined }}"})");
    const ChatTemplate chat = ChatTemplate::from_pretrained(folder.path());
    CHECK(chat.render({}) == "<b><e>False");
    CHECK(chat.render({}, {.bos_token = "B"}) == "B<e>False");

    write(folder.path() / "chat_template.jinja", "{{ eos_token }}!");
    CHECK(ChatTemplate::from_pretrained(folder.path()).render({}) == "<e>!");
}

TEST_CASE("a template for tools is taken where there are tools", "[text][chat]") {
    const xzoo::test::TempFolder folder;
    write(folder.path() / "tokenizer_config.json",
          R"({"chat_template": [{"name": "tool_use", "template": "T"},)"
          R"({"name": "default", "template": "D"}, {"name": "rag", "template": "{% x %}"}]})");
    const ChatTemplate chat = ChatTemplate::from_pretrained(folder.path());
    CHECK(chat.render({}) == "D");
    CHECK(chat.render({}, {.tools = boost::json::array{}}) == "T");
}

TEST_CASE("a folder without a template says so", "[text][chat]") {
    const xzoo::test::TempFolder folder;
    const auto load = [&] { ChatTemplate::from_pretrained(folder.path()); };
    CHECK_THROWS_WITH(load(), Catch::Contains("has neither chat_template.jinja nor"));
    write(folder.path() / "tokenizer_config.json", R"({"chat_template": 3})");
    CHECK_THROWS_WITH(load(), Catch::Contains("chat_template is not an array"));
    write(folder.path() / "tokenizer_config.json",
          R"({"chat_template": [{"name": "a", "template": ""}]})");
    CHECK_THROWS_WITH(load(), Catch::Contains("has no template named 'default'"));
    write(folder.path() / "tokenizer_config.json", R"({"chat_template": "{% include 'x' %}"})");
    CHECK_THROWS_WITH(load(), Catch::Contains("tokenizer_config.json:1:4: the statement "
                                              "'include' is not supported"));
}

TEST_CASE("the template of Qwen 3 renders turns, thoughts and calls", "[text][chat][shared]") {
    const char* const folder = "models/tokenizers/qwen3";
    if (!xzoo::test::has_shared(folder))
        return;
    const ChatTemplate chat = ChatTemplate::from_pretrained(xzoo::test::shared_dir() / folder);
    CHECK(chat.render({{"system", "S"}, {"user", "Hi"}},
                      {.add_generation_prompt = true, .variables = {{"enable_thinking", false}}}) ==
          "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
          "<|im_start|>assistant\n<think>\n\n</think>\n\n");
    CHECK(chat.render({{"user", "1"},
                       {"assistant", "<think>\nA\n</think>\n\nB"},
                       {"user", "2"},
                       {"assistant", "<think>\nC\n</think>\n\nD"}}) ==
          "<|im_start|>user\n1<|im_end|>\n<|im_start|>assistant\nB<|im_end|>\n"
          "<|im_start|>user\n2<|im_end|>\n"
          "<|im_start|>assistant\n<think>\nC\n</think>\n\nD<|im_end|>\n");
    const boost::json::value messages = boost::json::parse(
        R"([{"role": "user", "content": "Q"}, {"role": "assistant", "content": "", "tool_calls":)"
        R"([{"function": {"name": "f", "arguments": {"x": 1.0}}}]}, {"role": "tool", "content": "7"}])");
    CHECK(chat.render(messages.as_array()) ==
          "<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\n"
          "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"x\": 1.0}}\n</tool_call><|im_end|>\n"
          "<|im_start|>user\n<tool_response>\n7\n</tool_response><|im_end|>\n");
}
