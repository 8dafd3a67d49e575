// main() of every test program. A test that cannot run says WARN("skipped: why") and returns; where
// nothing but skipped tests ran, the program ends with exit code 77, which ctest shows as skipped.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#include <cstddef>

namespace {

constexpr int skipped_exit_code = 77;

struct Counts {
    std::size_t run = 0;
    std::size_t skipped = 0;
};

Counts& counts() {
    static Counts instance;
    return instance;
}

class SkipListener : public Catch::TestEventListenerBase {
public:
    using TestEventListenerBase::TestEventListenerBase;

    void testCaseStarting(const Catch::TestCaseInfo&) override { skipped_ = false; }

    bool assertionEnded(const Catch::AssertionStats& stats) override {
        const Catch::AssertionResult& result = stats.assertionResult;
        skipped_ = skipped_ || (result.getResultType() == Catch::ResultWas::Warning &&
                                result.getMessage().rfind("skipped: ", 0) == 0);
        return true;
    }

    void testCaseEnded(const Catch::TestCaseStats&) override {
        ++counts().run;
        counts().skipped += skipped_ ? 1U : 0U;
    }

private:
    bool skipped_ = false;
};

CATCH_REGISTER_LISTENER(SkipListener)

}  // namespace

int main(int argc, char* argv[]) {
    const int failed = Catch::Session{}.run(argc, argv);
    const bool all_skipped = counts().run > 0 && counts().skipped == counts().run;
    return failed == 0 && all_skipped ? skipped_exit_code : failed;
}
