#pragma once

#include <cstdint>
#include <vector>

#include "xzoo/text/text_decoder.hpp"

namespace xzoo {

/// The beginning of a text that a model continues, and how to write what follows: what a Tokenizer
/// makes of a text.
struct Prompt {
    std::vector<std::uint32_t> ids{};
    MakeTextDecoder text_decoder{};
};

}  // namespace xzoo
