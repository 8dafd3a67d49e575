// Saves are interrupted at every single system call; the folder must load each time.
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <string>
#include <utility>
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

/// A process that saves and stops before and after each of its system calls. It is killed where it
/// stands when this object goes. Nothing is said of whether ptrace works.
class TracedSave {
public:
    TracedSave(const fs::path& folder, const char* shard_size) {
        const auto values = model(new_value);
        const auto tensors = named(values);
        child_ = ::fork();
        if (child_ == 0) {
            ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
            ::raise(SIGSTOP);
            xzoo::io::save_checkpoint(folder, tensors, shard_size);
            ::_exit(0);
        }
        REQUIRE(child_ > 0);
        ::waitpid(child_, &status_, 0);
    }
    TracedSave(const TracedSave&) = delete;
    TracedSave& operator=(const TracedSave&) = delete;
    ~TracedSave() {
        if (ended())
            return;
        ::kill(child_, SIGKILL);
        ::waitpid(child_, &status_, 0);
    }

    bool ended() const { return WIFEXITED(status_); }
    /// Goes on to where the next system call begins or has just been made.
    void step() {
        REQUIRE(::ptrace(PTRACE_SYSCALL, child_, nullptr, nullptr) == 0);
        ::waitpid(child_, &status_, 0);
        if (ended())
            CHECK(WEXITSTATUS(status_) == 0);
    }

private:
    pid_t child_ = -1;
    int status_ = 0;
};

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

/// An empty folder where files are fast, with a checkpoint of old values.
fs::path folder_with_old(const char* shard_size) {
    const fs::path memory = fs::is_directory("/dev/shm") ? "/dev/shm" : fs::temp_directory_path();
    const fs::path folder = memory / ("xzoo-killed-save-" + std::to_string(::getpid()));
    fs::remove_all(folder);
    const auto before = model(old_value);
    xzoo::io::save_checkpoint(folder, named(before), shard_size);
    return folder;
}

/// Looks into the folder at each system call of one save: once the new values are there, they stay.
void watch_every_moment(const char* old_size, const char* new_size) {
    const fs::path folder = folder_with_old(old_size);
    TracedSave save{folder, new_size};
    float last = old_value;
    while (!save.ended()) {
        const float value = value_in(folder);
        CHECK(value >= last);
        last = value;
        save.step();
    }
    CHECK(value_in(folder) == new_value);
    fs::remove_all(folder);
}

/// Kills a save over an old checkpoint at each of its system calls.
void kill_every_moment(const char* old_size, const char* new_size) {
    bool ended = false;
    int n = 0;
    for (; !ended; ++n) {
        const fs::path folder = folder_with_old(old_size);
        {
            TracedSave save{folder, new_size};
            for (int i = 0; i < n && !save.ended(); ++i)
                save.step();
            ended = save.ended();
        }
        INFO("killed at system call " << n);
        const float value = value_in(folder);
        CHECK((value == new_value || (value == old_value && !ended)));

        const auto after = model(3000.0F);
        const auto result = xzoo::io::save_checkpoint(folder, named(after), new_size);
        CHECK(value_in(folder) == 3000.0F);
        CHECK(static_cast<std::size_t>(
                  std::distance(fs::directory_iterator{folder}, fs::directory_iterator{})) ==
              result.files.size());
        fs::remove_all(folder);
    }
    CHECK(n > 20);
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
    const std::pair<const char*, const char*> changes[]{{whole, whole},
                                                        {whole, three_shards},
                                                        {three_shards, whole},
                                                        {three_shards, three_shards},
                                                        {three_shards, two_shards}};
    for (const auto& [old_size, new_size] : changes) {
        INFO("from shards of " << old_size << " to shards of " << new_size);
        watch_every_moment(old_size, new_size);
        kill_every_moment(old_size, new_size);
    }
}
