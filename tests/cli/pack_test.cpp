// pack: the command, and commands that run what it wrote.
#include <filesystem>
#include <string>

#include "cli/generate_support.hpp"

using namespace xzoo;
using namespace xzoo::test;

namespace {

std::string generated(const std::string& folder, const char* precision) {
    return succeeded(run_xzoo({"generate", folder, "Once", "--max-new-tokens", "30", "--quiet",
                               "--precision", precision}))
        .out;
}

}  // namespace

TEST_CASE("a packed folder says what the original says, in its own precision", "[cli]") {
    const LlamaFolder folder;
    const TempFolder other;
    for (const char* precision : {"f32", "q4"}) {
        const std::string output = (other.path() / precision).string();
        const std::string file = output + "/model.safetensors";
        const Result packed = succeeded(
            run_xzoo({"pack", folder.path(), "--precision", precision, "--output", output}));
        CHECK(packed.out == file + "\n");
        CHECK(generated(output, "auto") == generated(folder.path(), precision));
        CHECK(succeeded(run_xzoo({"verify", output})).code == 0);
    }
    const std::string q4 = (other.path() / "q4").string();
    const Result wrong = run_xzoo({"generate", q4, "Once", "--precision", "f32"});
    CHECK(wrong.code == 1);
    CHECK(contains(wrong.err, "the file has q4 in panels of "));
    const Result again = run_xzoo({"pack", q4, "--output", (other.path() / "more").string()});
    CHECK(again.code == 1);
    CHECK(contains(again.err, "its weights are packed already"));
    const Result over = run_xzoo({"pack", folder.path(), "--output", folder.path()});
    CHECK(over.code == 2);
    CHECK(contains(over.err, "holds the weights that are to be packed"));
}

TEST_CASE("the models that the program carries can be packed", "[cli]") {
    const TempFolder folder;
    const std::string output = (folder.path() / "languages").string();
    succeeded(run_xzoo({"pack", "language_id", "--precision", "i8", "--output", output}));
    const std::string text = "Quand la nuit tombe, les bateaux rentrent au port";
    CHECK(succeeded(run_xzoo({"classify", "--model", output, text})).out ==
          succeeded(run_xzoo({"classify", "--precision", "i8", text})).out);
    CHECK(run_xzoo({"embed", "--model", output, text}).code == 1);  // that is another class
}
