// Files inside a program.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace xzoo::generator {

struct EmbedRequest {
    std::string name;  // of the header's namespace
    std::vector<std::filesystem::path> files;
};

/// The text of NAME.hpp: for each file a function that gives its bytes, and all files with names,
/// sizes and hashes.
/// Errors  FileError; ManifestError: two files of one name, or a name that no namespace can have.
std::string embed_header(const EmbedRequest& request);

/// The text of the source file that the assembler fills with the files' bytes.
std::string embed_source(const EmbedRequest& request);

}  // namespace xzoo::generator
