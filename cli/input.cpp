#include "cli/input.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

#include "xzoo/core/error.hpp"
#include "xzoo/io/mapped_file.hpp"
#include "xzoo/text/utf8.hpp"

namespace xzoo::cli {

namespace fs = std::filesystem;

namespace {

/// The text with U+FFFD for every sequence that is no UTF-8.
std::string repaired(std::string_view bytes) {
    std::string text;
    text::append_lossy(text, bytes);
    return text;
}

std::ifstream open_file(const std::string& name) {
    std::error_code error;
    if (fs::is_directory(name, error))
        throw FileError{name, "is a folder, not a file of texts"};
    errno = 0;
    std::ifstream file{name, std::ios::binary};
    if (!file)
        throw FileError{name, "cannot be opened: " + io::errno_text(errno)};
    return file;
}

void invite(const char* what) {
    if (isatty(STDIN_FILENO) != 0)
        std::cerr << "Type " << what << "; Ctrl-D ends.\n";
}

}  // namespace

std::vector<InputSource> input_sources(const InputOptions& options) {
    using Kind = InputSource::Kind;
    std::vector<InputSource> sources;
    for (const std::string& argument : options.arguments) {
        std::error_code error;
        const bool is_file = fs::exists(argument, error) && !fs::is_directory(argument, error);
        sources.push_back({argument == "-" ? Kind::standard_input
                           : is_file       ? Kind::file
                                           : Kind::text,
                           argument});
    }
    for (const std::string& text : options.texts)
        sources.push_back({Kind::text, text});
    for (const std::string& file : options.files)
        sources.push_back({file == "-" ? Kind::standard_input : Kind::file, file});
    if (sources.empty())
        sources.push_back({Kind::standard_input, "-"});
    return sources;
}

std::string read_whole(const InputSource& source) {
    using Kind = InputSource::Kind;
    std::string text = source.value;
    if (source.kind != Kind::text) {
        if (source.kind == Kind::standard_input)
            invite("a text");
        std::ifstream file;
        if (source.kind == Kind::file)
            file = open_file(source.value);
        std::istream& stream = source.kind == Kind::file ? file : std::cin;
        text.assign(std::istreambuf_iterator<char>{stream}, {});
        if (stream.bad())
            throw FileError{source.value, "cannot be read"};
        const std::size_t line_end = text.ends_with("\r\n") ? 2 : text.ends_with('\n') ? 1 : 0;
        text.resize(text.size() - line_end);
    }
    return text::is_valid_utf8(text) ? text : repaired(text);
}

TextReader::TextReader(const InputOptions& options)
    : sources_{input_sources(options)}, pairs_{options.pairs} {
    using Kind = InputSource::Kind;
    bool known = true;
    for (const InputSource& source : sources_) {
        std::error_code error;
        known = known && source.kind != Kind::standard_input;
        total_ += source.kind == Kind::text ? source.value.size()
                                            : (known ? fs::file_size(source.value, error) : 0);
        known = known && !error;
    }
    if (!known)
        total_ = 0;
}

std::vector<Text> TextReader::read(std::size_t most) {
    std::vector<Text> texts;
    Text text;
    while (texts.size() < most && read_text(text)) {
        texts.push_back(std::move(text));
        if (stream_ != nullptr && stream_ != &file_ && stream_->rdbuf()->in_avail() <= 0)
            break;
    }
    return texts;
}

bool TextReader::read_text(Text& text) {
    while (true) {
        if (stream_ != nullptr) {
            std::string line;
            if (std::getline(*stream_, line)) {
                ++line_;
                done_ += line.size() + 1;
                if (line.ends_with('\r'))
                    line.pop_back();
                text = as_text(std::move(line));
                return true;
            }
            if (stream_->bad())
                throw FileError{name_, "cannot be read"};
            stream_ = nullptr;
        }
        if (next_ == sources_.size())
            return false;
        if (sources_[next_].kind == InputSource::Kind::text) {
            done_ += sources_[next_].value.size();
            name_ = "text " + std::to_string(next_ + 1);
            line_ = 0;
            text = as_text(sources_[next_++].value);
            return true;
        }
        open_next();
    }
}

void TextReader::open_next() {
    const InputSource& source = sources_[next_++];
    line_ = 0;
    if (source.kind == InputSource::Kind::standard_input) {
        name_ = "standard input";
        invite("texts, a line each");
        stream_ = &std::cin;
        return;
    }
    name_ = source.value;
    file_ = open_file(source.value);
    stream_ = &file_;
}

Text TextReader::as_text(std::string line) const {
    if (!text::is_valid_utf8(line))
        line = repaired(line);
    if (!pairs_)
        return {std::move(line), {}, false};
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos)
        throw ArgumentError{name_ + (line_ > 0 ? ", line " + std::to_string(line_) : "") +
                            ": expected two texts with a tab between them, found no tab"};
    return {line.substr(0, tab), line.substr(tab + 1), true};
}

}  // namespace xzoo::cli
