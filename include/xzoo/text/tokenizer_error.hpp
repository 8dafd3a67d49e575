#pragma once

#include <string>
#include <utility>

#include <xzoo/core/error.hpp>

namespace xzoo {

/// A tokenizer cannot be built from its files, or a text cannot be encoded as was asked.
/// file() is the file's path, or its usual name ("tokenizer.json") where the contents came from
/// memory; empty for faults of a call. where() is the path of the value inside the file, such as
/// "pre_tokenizer.pretokenizers[1].type"; empty where the whole file or call is meant.
class TokenizerError : public Error {
public:
    TokenizerError(std::string file, std::string where, const std::string& detail)
        : Error{message(file, where, detail)}, file_{std::move(file)}, where_{std::move(where)} {}

    const std::string& file() const noexcept { return file_; }
    const std::string& where() const noexcept { return where_; }

private:
    static std::string message(const std::string& file, const std::string& where,
                               const std::string& detail) {
        std::string text;
        if (!file.empty())
            text += file + ": ";
        if (!where.empty())
            text += where + ' ';
        return text + detail;
    }

    std::string file_;
    std::string where_;
};

}  // namespace xzoo
