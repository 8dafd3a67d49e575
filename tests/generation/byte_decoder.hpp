// Text of tokens for tests: a token is the string that a table has for it, cut anywhere.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "xzoo/text/text_decoder.hpp"

namespace xzoo::test {

class ByteDecoder final : public TextDecoder {
public:
    explicit ByteDecoder(std::vector<std::string> pieces) : pieces_{std::move(pieces)} {}
    void put(std::uint32_t id, std::string& text) override { text += pieces_.at(id); }
    void finish(std::string& /*text*/) override {}

private:
    std::vector<std::string> pieces_;
};

inline MakeTextDecoder byte_decoder(std::vector<std::string> pieces) {
    return [pieces = std::move(pieces)] { return std::make_unique<ByteDecoder>(pieces); };
}

}  // namespace xzoo::test
