#include "cli/interrupt.hpp"

#include <unistd.h>

#include <csignal>
#include <cstring>

namespace xzoo::cli {

namespace {

// A signal handler knows nothing but what is global.
volatile std::sig_atomic_t noted = 0;
const char* idle_hint = "";

void note(int) {
    noted = 1;
}

void give_hint(int) {
    if (write(STDERR_FILENO, idle_hint, std::strlen(idle_hint)) < 0)
        noted = 0;  // there is no terminal to tell
}

}  // namespace

InterruptGuard::InterruptGuard(const char* hint) : hints_{hint != nullptr} {
    if (!hints_)
        return;
    idle_hint = hint;
    before_ = std::signal(SIGINT, &give_hint);
}

InterruptGuard::~InterruptGuard() {
    if (hints_)
        std::signal(SIGINT, before_);
}

InterruptGuard::Answer::Answer() noexcept {
    noted = 0;
    before_ = std::signal(SIGINT, &note);
}

InterruptGuard::Answer::~Answer() {
    std::signal(SIGINT, before_);
}

bool InterruptGuard::Answer::interrupted() const noexcept {
    return noted != 0;
}

}  // namespace xzoo::cli
