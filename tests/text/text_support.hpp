// What the tests of text/ share: small tokenizers made here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support.hpp"
#include "temp_folder.hpp"

namespace xzoo::test {

using Ids = std::vector<std::uint32_t>;

/// A small vocabulary for WordPiece. [PAD] 0, [UNK] 1, [CLS] 2, [SEP] 3, [MASK] 4, then words.
inline std::string small_vocab() {
    return "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n"
           "the\nriver\nflow\n##s\n##ing\nun\n##der\nbridge\nan\nold\n,\n.\n!\n'\ncaf\n##e\n"
           "\xE6\xB0\xB4\n##\xE6\xB0\xB4\nre\n##flow\n##f\n";
}

/// A tokenizer.json of the words a, b, ab, ... with one of its members replaced.
struct JsonTokenizer {
    std::string added_tokens = "[]";
    std::string normalizer = "null";
    std::string pre_tokenizer = R"({"type":"WhitespaceSplit"})";
    std::string post_processor = "null";
    std::string decoder = "null";
    std::string truncation = "null";
    std::string padding = "null";
    std::string model =
        R"({"type":"WordPiece","unk_token":"?","continuing_subword_prefix":"##",)"
        R"("max_input_chars_per_word":100,"vocab":{"?":0,"a":1,"b":2,"ab":3,"##a":4,"##b":5,)"
        R"("##ab":6,"<s>":7,"</s>":8,"c":9}})";

    std::string text() const {
        return R"({"version":"1.0","truncation":)" + truncation + R"(,"padding":)" + padding +
               R"(,"added_tokens":)" + added_tokens + R"(,"normalizer":)" + normalizer +
               R"(,"pre_tokenizer":)" + pre_tokenizer + R"(,"post_processor":)" + post_processor +
               R"(,"decoder":)" + decoder + R"(,"model":)" + model + "}";
    }
};

}  // namespace xzoo::test
