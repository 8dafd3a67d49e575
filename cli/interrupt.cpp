#include "cli/interrupt.hpp"

#include <unistd.h>

#include <csignal>
#include <cstring>

namespace xzoo::cli {

namespace {

// A signal handler knows nothing but what is global.
volatile std::sig_atomic_t answering = 0;
volatile std::sig_atomic_t noted = 0;
const char* idle_hint = "";

void note(int) {
    noted = 1;
    if (answering == 0 && write(STDERR_FILENO, idle_hint, std::strlen(idle_hint)) < 0)
        noted = 1;  // there is no terminal to tell
}

}  // namespace

InterruptGuard::InterruptGuard(const char* hint) {
    idle_hint = hint;
    before_ = std::signal(SIGINT, &note);
}

InterruptGuard::~InterruptGuard() {
    std::signal(SIGINT, before_);
}

InterruptGuard::Answer::Answer() noexcept {
    noted = 0;
    answering = 1;
}

InterruptGuard::Answer::~Answer() {
    answering = 0;
}

bool InterruptGuard::Answer::interrupted() const noexcept {
    return noted != 0;
}

}  // namespace xzoo::cli
