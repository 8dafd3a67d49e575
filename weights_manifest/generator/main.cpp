// xzoo-generate: writes C++ headers from the weights manifest, from a checkpoint's config.json, and
// from files to embed. Run by CMake (cmake/XzooModels.cmake).
#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "weights_manifest/generator/embed.hpp"
#include "weights_manifest/generator/emit.hpp"
#include "weights_manifest/generator/manifest.hpp"
#include "weights_manifest/generator/model.hpp"
#include "xzoo/core/error.hpp"

namespace {

namespace fs = std::filesystem;
using namespace xzoo::generator;

constexpr std::string_view usage =
    "usage: xzoo-generate manifest FOLDER OUTPUT\n"
    "           reads FOLDER/FAMILY.json, writes OUTPUT/xzoo/weights.hpp and\n"
    "           OUTPUT/xzoo/weights/FAMILY.hpp\n"
    "       xzoo-generate model NAME CONFIG OUTPUT [--weights FILE] [--class CLASS]\n"
    "           reads a config.json and a safetensors file, writes the header OUTPUT\n"
    "       xzoo-generate embed NAME HEADER SOURCE FILE...\n"
    "           writes HEADER and SOURCE, which put files into a program\n"
    "Exit codes: 0 done, 1 an input is wrong, 2 wrong usage, 3 the zoo has no such model.\n";

/// The arguments make no sense.
class UsageError : public xzoo::ArgumentError {
public:
    using ArgumentError::ArgumentError;
};

void generate_manifest(const fs::path& folder, const fs::path& output) {
    std::error_code error;
    fs::directory_iterator files{folder, error};
    if (error)
        throw xzoo::FileError{folder.string(), "cannot be read as a folder: " + error.message()};
    for (const fs::directory_entry& file : files) {
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

void generate_model(const std::vector<std::string>& arguments) {
    ModelRequest request{
        .name = arguments[1], .config = arguments[2], .weights = {}, .class_name = {}};
    for (std::size_t i = 4; i + 1 < arguments.size(); i += 2) {
        if (arguments[i] == "--weights")
            request.weights = arguments[i + 1];
        else if (arguments[i] == "--class")
            request.class_name = arguments[i + 1];
        else
            throw UsageError{"unknown option " + arguments[i]};
    }
    write_file(arguments[3], model_header(request));
}

void generate_embedding(const std::vector<std::string>& arguments) {
    const EmbedRequest request{.name = arguments[1],
                               .files = {arguments.begin() + 4, arguments.end()}};
    write_file(arguments[2], embed_header(request));
    write_file(arguments[3], embed_source(request));
}

int run(const std::vector<std::string>& arguments) {
    const std::string command = arguments.empty() ? "" : arguments[0];
    if (command == "manifest" && arguments.size() == 3)
        generate_manifest(arguments[1], arguments[2]);
    else if (command == "model" && arguments.size() >= 4 && arguments.size() % 2 == 0)
        generate_model(arguments);
    else if (command == "embed" && arguments.size() > 4)
        generate_embedding(arguments);
    else {
        std::cerr << usage;
        return 2;
    }
    return 0;
}

}  // namespace

int main(int argc, char* argv[]) {
    try {
        return run({argv + 1, argv + argc});
    } catch (const UsageError& error) {
        std::cerr << "xzoo-generate: " << error.what() << '\n' << usage;
        return 2;
    } catch (const UnknownModel& error) {
        std::cerr << "xzoo-generate: " << error.what() << '\n';
        return 3;
    } catch (const std::exception& error) {
        std::cerr << "xzoo-generate: error: " << error.what() << '\n';
        return 1;
    }
}
