// chat: turns, history, commands, the cache, and Ctrl-C.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <string>
#include <utility>

#include "cli/generate_support.hpp"
#include "xzoo/text/tokenizer.hpp"

using namespace xzoo;
using namespace xzoo::test;

namespace {

Result chat(const LlamaFolder& folder, std::string_view input,
            std::vector<std::string> arguments = {"--max-new-tokens", "8"}) {
    arguments.insert(arguments.begin(), {"chat", folder.path()});
    return run_xzoo(arguments, input);
}

/// What the model says to a text, as the template of LlamaFolder has it.
std::string said(const LlamaFolder& folder, const std::string& text, std::size_t tokens = 8) {
    const auto model = SmallLlama{}.from_pretrained(folder.path());
    const auto tokenizer = Tokenizer::from_pretrained(folder.path());
    return model
        .generate(tokenizer(text, {.add_special_tokens = false}), {.max_new_tokens = tokens})
        .text;
}

class Pipe {
public:
    Pipe() { REQUIRE(::pipe2(ends_.data(), O_CLOEXEC) == 0); }
    ~Pipe() {
        ::close(ends_[0]);
        close_write_end();
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    int write_end() const { return ends_[1]; }
    void close_write_end() const { ::close(std::exchange(ends_[1], -1)); }
    /// Writes until there is no room for another byte. Result: what was written.
    std::string fill() const {
        const int size = ::fcntl(ends_[1], F_SETPIPE_SZ, 4096);
        REQUIRE(size >= 4096);
        const std::string text(static_cast<std::size_t>(size), '.');
        REQUIRE(::write(ends_[1], text.data(), text.size()) == size);
        return text;
    }
    /// Waits for bytes; empty at the end.
    std::string read_some() const {
        std::array<char, 4096> bytes{};
        const ssize_t count = ::read(ends_[0], bytes.data(), bytes.size());
        return {bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
    }

private:
    mutable std::array<int, 2> ends_{};
};

/// Whether a process waits for something.
bool is_waiting(pid_t process) {
    const std::string stat = read_file("/proc/" + std::to_string(process) + "/stat");
    return stat.substr(stat.rfind(')') + 1).starts_with(" S");
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
    CHECK(chat(folder, "/exit\nHello\n").out.empty());
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

TEST_CASE("Ctrl-C stops an answer and not the chat", "[cli]") {
    const LlamaFolder folder;
    const fs::path input = folder.folder().write("in", "/help\nHello\nAgain\n");
    // The pipe is full, so the program waits with the first piece of its first answer.
    const Pipe out;
    const Pipe err;
    const std::string filler = out.fill();
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::dup2(::open(input.c_str(), O_RDONLY), STDIN_FILENO);
        ::dup2(out.write_end(), STDOUT_FILENO);
        ::dup2(err.write_end(), STDERR_FILENO);
        ::execl(XZOO_CLI_PATH, "xzoo", "chat", folder.path().c_str(), "--threads", "1", nullptr);
        ::_exit(127);
    }
    out.close_write_end();
    REQUIRE(contains(err.read_some(), "/exit"));  // /help was obeyed, the answer is next
    for (int still = 0; still < 5; still = is_waiting(child) ? still + 1 : 0)
        ::usleep(20'000);
    ::kill(child, SIGINT);
    std::string text;
    for (std::string piece = out.read_some(); !piece.empty(); piece = out.read_some())
        text += piece;
    int status = -1;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
    REQUIRE(text.starts_with(filler));
    text.erase(0, filler.size());
    const std::string whole = said(folder, "[user]Hello[>]", 400);
    const std::size_t stopped = text.find('\n');
    CHECK(stopped < 20);
    CHECK(whole.starts_with(text.substr(0, stopped)));
    CHECK(text.size() > stopped + 100);  // the second answer
}
