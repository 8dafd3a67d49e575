// Ctrl-C, which stops an answer and not the program.
#pragma once

namespace xzoo::cli {

/// What Ctrl-C (SIGINT) does while there is no answer to stop. One at a time.
class InterruptGuard {
public:
    /// hint: printed to standard error, and that is all that Ctrl-C does. Null: it ends the
    /// program, as anybody expects who has no prompt to type an end at.
    explicit InterruptGuard(const char* hint);
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

    /// While it lives, there is something to stop, and Ctrl-C is only noted.
    class Answer {
    public:
        Answer() noexcept;
        ~Answer();
        Answer(const Answer&) = delete;
        Answer& operator=(const Answer&) = delete;

        /// Whether Ctrl-C came since it lives.
        bool interrupted() const noexcept;

    private:
        void (*before_)(int);
    };

private:
    bool hints_;
    void (*before_)(int) = nullptr;
};

}  // namespace xzoo::cli
