// xzoo-generate: writes C++ headers from the weights manifest, from a checkpoint's config.json, and
// from files to embed. Run by CMake (cmake/XzooModels.cmake).
#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "weights_manifest/generator/emit.hpp"
#include "weights_manifest/generator/manifest.hpp"

namespace {

namespace fs = std::filesystem;
using namespace xzoo::generator;

constexpr std::string_view usage =
    "usage: xzoo-generate manifest FOLDER OUTPUT\n"
    "           reads FOLDER/FAMILY.json, writes OUTPUT/xzoo/weights.hpp and\n"
    "           OUTPUT/xzoo/weights/FAMILY.hpp\n";

void generate_manifest(const fs::path& folder, const fs::path& output) {
    for (const fs::directory_entry& file : fs::directory_iterator{folder}) {
        const std::string name = file.path().stem().string();
        const bool known =
            name == "schema" || std::any_of(families().begin(), families().end(),
                                            [&](const Family& f) { return f.file == name; });
        if (file.path().extension() == ".json" && !known)
            throw ManifestError{file.path().filename().string() +
                                ": the zoo has no family of this name"};
    }
    std::vector<Manifest> manifests;
    for (const Family& family : families())
        manifests.push_back(read_manifest(folder / (std::string{family.file} + ".json")));
    for (const Manifest& manifest : manifests)
        write_file(output / "xzoo/weights" / (std::string{manifest.family->file} + ".hpp"),
                   family_header(manifest));
    write_file(output / "xzoo/weights.hpp", umbrella_header(manifests));
}

int run(const std::vector<std::string>& arguments) {
    if (arguments.size() == 3 && arguments[0] == "manifest") {
        generate_manifest(arguments[1], arguments[2]);
        return 0;
    }
    std::cerr << usage;
    return 2;
}

}  // namespace

int main(int argc, char* argv[]) {
    try {
        return run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        std::cerr << "xzoo-generate: error: " << error.what() << '\n';
        return 1;
    }
}
