#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace xzoo {

/// What a tiktoken file does not say of its tokenizer.
struct TiktokenOptions {
    /// The regular expression that texts are split with.
    std::string pattern;

    /// Special tokens and their ids.
    std::vector<std::pair<std::string, std::uint32_t>> special_tokens;

    /// Set before each text, if it is not empty.
    std::string bos_token;

    std::string eos_token;
};

}  // namespace xzoo
