// Texts from arguments, files and standard input, line by line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <istream>
#include <string>
#include <vector>

#include "cli/loaded_model.hpp"
#include "cli/options.hpp"

namespace xzoo::cli {

/// Where one or more texts come from.
struct InputSource {
    enum class Kind { text, file, standard_input } kind;
    std::string value;  // the text, or the name of the file
};

/// What was named, in the order of InputOptions.
std::vector<InputSource> input_sources(const InputOptions& options);

/// All that a source holds, as one text: a last line break is dropped, bytes that are no UTF-8
/// become U+FFFD.
/// Errors  FileError for a file that cannot be read.
std::string read_whole(const InputSource& source);

/// Reads texts in the order in which they were named. A line is a text, an empty one too, so that
/// results can be put beside their lines; bytes that are no UTF-8 become U+FFFD.
class TextReader {
public:
    explicit TextReader(const InputOptions& options);

    /// The next texts, at most so many, and no more than are there without waiting where a program
    /// or a person types them; empty at the end.
    /// Errors  FileError for a file that cannot be read; ArgumentError for a line without a tab
    ///         where pairs are expected.
    std::vector<Text> read(std::size_t most);

    /// Bytes read and to read; 0: not known.
    std::uint64_t done() const { return done_; }
    std::uint64_t total() const { return total_; }

private:
    bool read_text(Text& text);
    void open_next();
    Text as_text(std::string line) const;

    std::vector<InputSource> sources_;
    std::size_t next_ = 0;
    std::ifstream file_;
    std::istream* stream_ = nullptr;  // file_ or standard input, while it is read
    std::string name_;                // of the stream
    std::size_t line_ = 0;
    bool pairs_;
    std::uint64_t done_ = 0;
    std::uint64_t total_ = 0;
};

}  // namespace xzoo::cli
