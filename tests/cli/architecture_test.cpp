// The program has kernels for every CPU of its kind; the environment may choose among them.
#include <string>
#include <vector>

#include "cli/run_cli.hpp"

using namespace xzoo;
using namespace xzoo::test;

namespace {

const std::vector<std::string> classify{
    "classify", "Nach dem Regen roch der Garten nach Erde und nassem Gras."};

Result classify_on(const std::string& architecture) {
    return run_program("env",
                       {"XZOO_ARCH=" + architecture, XZOO_CLI_PATH, classify[0], classify[1]});
}

}  // namespace

TEST_CASE("XZOO_ARCH chooses the kernels of the program", "[cli]") {
#ifdef XZOO_CLI_DISPATCHES
    const Result usual = succeeded(run_xzoo(classify));
#if defined(__x86_64__)
    const std::string least = "sse2";
#else
    const std::string least = "neon";
#endif
    CHECK(succeeded(classify_on(least)).out.substr(0, 2) == usual.out.substr(0, 2));
    const Result unknown = classify_on("avx9");
    CHECK(unknown.code != 0);
    CHECK(unknown.out.empty());
    INFO(unknown.err);
    CHECK(contains(unknown.err, "XZOO_ARCH is 'avx9', expected one of what this machine has: "));
    CHECK(contains(unknown.err, least));
#else
    WARN("skipped: this build has no xzoo::dispatch");
#endif
}
