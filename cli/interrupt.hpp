// Ctrl-C, which stops an answer and not the program.
#pragma once

namespace xzoo::cli {

/// While it lives, Ctrl-C (SIGINT) is only noted. One at a time.
class InterruptGuard {
public:
    /// hint: printed to standard error where Ctrl-C comes while there is nothing to stop.
    explicit InterruptGuard(const char* hint);
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

    /// While it lives, there is something to stop.
    class Answer {
    public:
        Answer() noexcept;
        ~Answer();
        Answer(const Answer&) = delete;
        Answer& operator=(const Answer&) = delete;

        /// Whether Ctrl-C came since it lives.
        bool interrupted() const noexcept;
    };

private:
    void (*before_)(int);
};

}  // namespace xzoo::cli
