#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace xzoo {

/// Base of every exception that xzoo throws. what() is one sentence (or a list, one fault a line)
/// that names the place, what was expected and what was found.
class Error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A file cannot be opened, read, written or parsed. file() is the path as it was given.
class FileError : public Error {
public:
    FileError(std::string file, const std::string& problem)
        : Error{file + ": " + problem}, file_{std::move(file)} {}
    const std::string& file() const noexcept { return file_; }

private:
    std::string file_;
};

/// A config.json does not describe the model's type. Every difference is on a line of its own:
/// the field, the value in the file and the value in the type.
class ConfigError : public Error {
public:
    using Error::Error;
};

/// A call whose arguments contradict each other or the model (shapes, ids, lengths, names).
class ArgumentError : public Error {
public:
    using Error::Error;
};

}  // namespace xzoo
