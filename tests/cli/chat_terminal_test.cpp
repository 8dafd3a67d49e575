// chat at a terminal, in pipes, and under Ctrl-C.
#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/generate_support.hpp"

using namespace xzoo;
using namespace xzoo::test;

namespace {

/// An open file, or one end of a terminal.
class File {
public:
    explicit File(int end) : end_{end} { REQUIRE(end >= 0); }
    File(const fs::path& path, int flags) : File{::open(path.c_str(), flags | O_CLOEXEC, 0600)} {}
    ~File() { ::close(end_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    int end() const { return end_; }

private:
    int end_;
};

class Pipe {
public:
    Pipe() { REQUIRE(::pipe2(ends_.data(), O_CLOEXEC) == 0); }
    ~Pipe() {
        ::close(ends_[0]);
        close_write_end();
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    int read_end() const { return ends_[0]; }
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

/// Runs `xzoo chat` with these ends of pipes and terminals.
pid_t start_chat(const LlamaFolder& folder, const std::vector<std::string>& options, int in,
                 int out, int err) {
    std::vector<std::string> words{"xzoo", "chat", folder.path(), "--threads", "1"};
    words.insert(words.end(), options.begin(), options.end());
    std::vector<char*> arguments;
    for (std::string& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::dup2(in, STDIN_FILENO);
        ::dup2(out, STDOUT_FILENO);
        ::dup2(err, STDERR_FILENO);
        std::signal(SIGINT, SIG_DFL);  // whatever this program was started with
        ::execv(XZOO_CLI_PATH, arguments.data());
        ::_exit(127);
    }
    return child;
}

/// Whether a process waits for something.
bool is_waiting(pid_t process) {
    const std::string stat = read_file("/proc/" + std::to_string(process) + "/stat");
    return stat.substr(stat.rfind(')') + 1).starts_with(" S");
}

/// Waits until a process has waited for something for a while.
void settle(pid_t process) {
    for (int still = 0; still < 5; still = is_waiting(process) ? still + 1 : 0)
        ::usleep(20'000);
}

int status_of(pid_t process) {
    int status = -1;
    ::waitpid(process, &status, 0);
    return status;
}

}  // namespace

TEST_CASE("Ctrl-C stops an answer and not the chat", "[cli]") {
    const LlamaFolder folder;
    const fs::path input = folder.folder().write("in", "/help\nHello\nAgain\n");
    // The pipe is full, so the program waits with the first piece of its first answer.
    const Pipe out;
    const Pipe err;
    const std::string filler = out.fill();
    const File in{input, O_RDONLY};
    const pid_t child = start_chat(folder, {}, in.end(), out.write_end(), err.write_end());
    out.close_write_end();
    REQUIRE(contains(err.read_some(), "/exit"));  // /help was obeyed, the answer is next
    settle(child);
    ::kill(child, SIGINT);
    std::string text;
    for (std::string piece = out.read_some(); !piece.empty(); piece = out.read_some())
        text += piece;
    CHECK(status_of(child) == 0);
    REQUIRE(text.starts_with(filler));
    text.erase(0, filler.size());
    const std::string whole = said(folder, "[user]Hello[>]", 400);
    const std::size_t stopped = text.find('\n');
    CHECK(stopped < 20);
    CHECK(whole.starts_with(text.substr(0, stopped)));
    CHECK(text.size() > stopped + 100);  // the second answer
}

TEST_CASE("Ctrl-C ends a chat that waits for input from a pipe", "[cli]") {
    const LlamaFolder folder;
    const Pipe in;
    const Pipe out;
    const Pipe err;
    const pid_t child = start_chat(folder, {"--max-new-tokens", "8"}, in.read_end(),
                                   out.write_end(), err.write_end());
    out.close_write_end();
    const std::string message = "Hello\n";
    REQUIRE(::write(in.write_end(), message.data(), message.size()) ==
            static_cast<ssize_t>(message.size()));
    const std::string expected = said(folder, "[user]Hello[>]") + '\n';
    std::string text;
    for (std::string piece = "-"; text.size() < expected.size() && !piece.empty(); text += piece)
        piece = out.read_some();
    CHECK(text == expected);
    settle(child);
    ::kill(child, SIGINT);
    const int status = status_of(child);
    REQUIRE(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGINT);
}

TEST_CASE("a message that gets no answer is no part of the conversation", "[cli]") {
    const LlamaFolder folder;
    int master = -1;
    int slave = -1;
    REQUIRE(::openpty(&master, &slave, nullptr, nullptr, nullptr) == 0);
    const File typed{master};
    const fs::path out = folder.folder().path() / "out";
    const fs::path err = folder.folder().path() / "err";
    pid_t child = -1;
    {
        const File terminal{slave};
        const File out_file{out, O_WRONLY | O_CREAT};
        const File err_file{err, O_WRONLY | O_CREAT};
        child = start_chat(folder, {"--max-length", "30"}, terminal.end(), out_file.end(),
                           err_file.end());
        const std::string lines = std::string(40, 'x') + "\nHello\n/exit\n";
        REQUIRE(::write(typed.end(), lines.data(), lines.size()) ==
                static_cast<ssize_t>(lines.size()));
        CHECK(status_of(child) == 0);
    }
    CHECK(contains(read_file(err), "max_length"));
    CHECK(read_file(out) == said(folder, "[user]Hello[>]", 16) + '\n');
}
