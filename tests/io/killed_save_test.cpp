// Saves are interrupted at every single system call; the folder must load each time.
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "io_support.hpp"
#include "xzoo/io/checkpoint.hpp"
#include "xzoo/io/save.hpp"

namespace fs = std::filesystem;
using xzoo::io::Checkpoint;
using xzoo::test::CountingTensor;
using xzoo::test::named;

namespace {

constexpr float old_value = 1000.0F;
constexpr float new_value = 2000.0F;

/// Three tensors whose values all begin with `first`.
std::vector<CountingTensor> model(float first) {
    return {{"a", {300}, first}, {"b", {300}, first}, {"c", {300}, first}};
}

/// Starts a process that saves, and kills it when it is about to make, or has just made, its n-th
/// system call. True where it had ended before; nothing is said of whether ptrace works.
bool save_and_kill(const fs::path& folder, const char* shard_size, int n) {
    const auto values = model(new_value);
    const auto tensors = named(values);
    const pid_t child = ::fork();
    if (child == 0) {
        ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
        ::raise(SIGSTOP);
        xzoo::io::save_checkpoint(folder, tensors, shard_size);
        ::_exit(0);
    }
    REQUIRE(child > 0);
    int status = 0;
    ::waitpid(child, &status, 0);
    for (int i = 0; i < n && !WIFEXITED(status); ++i) {
        REQUIRE(::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr) == 0);
        ::waitpid(child, &status, 0);
    }
    if (WIFEXITED(status)) {
        CHECK(WEXITSTATUS(status) == 0);
        return true;
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    return false;
}

/// The value that all tensors begin with; the test fails if they are not of one save.
float value_in(const fs::path& folder) {
    const Checkpoint checkpoint = Checkpoint::open(folder);
    float value = 0.0F;
    std::memcpy(&value, checkpoint.find("a")->bytes.data(), sizeof(value));
    CHECK(checkpoint.tensors().size() == 3);
    for (const auto& tensor : checkpoint.tensors()) {
        const auto expected = model(value)[0].values;
        CHECK(std::memcmp(tensor.bytes.data(), expected.data(), tensor.bytes.size()) == 0);
    }
    return value;
}

bool can_trace() {
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0 ? 0 : 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// Kills a save over an old checkpoint at each of its system calls.
void check_every_moment(const char* old_size, const char* new_size) {
    INFO("from shards of " << old_size << " to shards of " << new_size);
    bool ended = false;
    float last = old_value;
    int n = 0;
    for (; !ended; ++n) {
        const fs::path memory =
            fs::is_directory("/dev/shm") ? "/dev/shm" : fs::temp_directory_path();
        const fs::path folder = memory / ("xzoo-killed-save-" + std::to_string(::getpid()));
        fs::remove_all(folder);
        const auto before = model(old_value);
        xzoo::io::save_checkpoint(folder, named(before), old_size);
        ended = save_and_kill(folder, new_size, n);
        INFO("killed at system call " << n);
        const float value = value_in(folder);
        CHECK((value == old_value || value == new_value));
        CHECK(value >= last);  // once the new one is there, it stays
        last = value;

        const auto after = model(3000.0F);
        const auto result = xzoo::io::save_checkpoint(folder, named(after), new_size);
        CHECK(value_in(folder) == 3000.0F);
        CHECK(static_cast<std::size_t>(
                  std::distance(fs::directory_iterator{folder}, fs::directory_iterator{})) ==
              result.files.size());
        fs::remove_all(folder);
    }
    CHECK(last == new_value);
    CHECK(n > 20);
    UNSCOPED_INFO(n << " moments");
    SUCCEED(n << " moments");
}

}  // namespace

TEST_CASE("a save that is killed at any system call leaves a whole checkpoint", "[io][save]") {
    if (!can_trace()) {
        WARN("skipped: this system does not let a process trace its child");
        return;
    }
    const char* const whole = "5GB";
    const char* const three_shards = "2KB";
    const char* const two_shards = "3KB";
    check_every_moment(whole, whole);
    check_every_moment(whole, three_shards);
    check_every_moment(three_shards, whole);
    check_every_moment(three_shards, three_shards);
    check_every_moment(three_shards, two_shards);
}
