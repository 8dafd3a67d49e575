// chat: turns, history, commands and the cache.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/generate_support.hpp"

using namespace xzoo;
using namespace xzoo::test;

namespace {

Result chat(const LlamaFolder& folder, std::string_view input,
            std::vector<std::string> arguments = {"--max-new-tokens", "8"}) {
    arguments.insert(arguments.begin(), {"chat", folder.path()});
    return run_xzoo(arguments, input);
}

}  // namespace

TEST_CASE("chat answers each message with the conversation before it", "[cli]") {
    const LlamaFolder folder;
    const std::string first = said(folder, "[user]Hello[>]");
    const std::string second = said(folder, "[user]Hello[assistant]" + first + "[user]And you?[>]");
    const Result result = chat(folder, "Hello\n\nAnd you?\n");
    INFO(result.err);
    REQUIRE(result.code == 0);
    CHECK(result.out == first + '\n' + second + '\n');
    CHECK(result.err.empty());
}

TEST_CASE("chat reads no token of the conversation twice", "[cli]") {
    const LlamaFolder folder;
    const Result result = chat(folder, "Hello\nAnd you?\n", {"--max-new-tokens", "8", "--stats"});
    REQUIRE(result.code == 0);
    // What the first message was read as, and all that was written but the last token of it.
    const std::string known = result.err.substr(result.err.find('\n') + 1);
    CHECK(contains(known, " known)"));
    const std::size_t begin = known.find('(') + 1;
    CHECK(std::stoul(known.substr(begin)) >= std::string_view{"[user]Hello[>"}.size() - 2);
}

TEST_CASE("commands of a chat", "[cli]") {
    const LlamaFolder folder;
    const std::string hello = said(folder, "[user]Hello[>]");
    CHECK(chat(folder, "Hello\n/reset\nHello\n").out == hello + '\n' + hello + '\n');
    CHECK(succeeded(chat(folder, "/exit\nHello\n")).out.empty());
    const std::string system = said(folder, "[system]Be brief.[user]Hello[>]") + '\n';
    CHECK(chat(folder, "/system Be brief.\nHello\n").out == system);
    CHECK(chat(folder, "Hello\n", {"--system", "Be brief.", "--max-new-tokens", "8"}).out ==
          system);
    CHECK(
        chat(folder, "/system\nHello\n", {"--system", "Be brief.", "--max-new-tokens", "8"}).out ==
        hello + '\n');
    CHECK(chat(folder, "//Hello\n").out == said(folder, "[user]/Hello[>]") + '\n');
    CHECK(contains(chat(folder, "/help\n").err, "/system TEXT"));
    const Result unknown = chat(folder, "/frobnicate\nHello\n");
    CHECK(unknown.code == 1);
    CHECK(contains(unknown.err, "there is no command '/frobnicate'"));
    CHECK(chat(folder, "", {"--seed", "1", "--num-return-sequences", "2"}).code == 2);
    CHECK(chat(folder, "", {"--max-new-tokens", "0"}).code == 2);
}

TEST_CASE("a chat goes on when its context is full, without the oldest messages", "[cli]") {
    const LlamaFolder folder;
    std::string messages;
    for (std::size_t i = 0; i < 8; ++i)
        messages += "a message of some length\n";
    const Result result = chat(folder, messages, {"--context", "128", "--max-new-tokens", "8"});
    CHECK(result.code == 0);
    CHECK(contains(result.err, "the context of 128 tokens is full"));
    const Result too_long = chat(folder, std::string(200, 'x') + "\n", {"--context", "128"});
    CHECK(too_long.code == 1);
    CHECK(contains(too_long.err, "the message is too long"));
}

TEST_CASE("the template comes from the folder or a file, and may refuse", "[cli]") {
    const LlamaFolder folder;
    const std::string file =
        folder.folder().write("other.jinja", "{{ messages[0].content }}:").string();
    CHECK(chat(folder, "Hello\n", {"--template", file, "--max-new-tokens", "8"}).out ==
          said(folder, "Hello:") + '\n');
    folder.folder().write("chat_template.jinja", "{{ raise_exception('no conversation') }}");
    const Result refused = chat(folder, "Hello\n");
    CHECK(refused.code == 1);
    CHECK(contains(refused.err, "no conversation"));
    fs::remove(folder.folder().path() / "chat_template.jinja");
    fs::remove(folder.folder().path() / "tokenizer_config.json");
    const Result none = chat(folder, "Hello\n");
    CHECK(none.code == 1);
    CHECK(contains(none.err, "chat_template"));
}
