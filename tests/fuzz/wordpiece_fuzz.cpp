// Any bytes as a vocabulary and a text, parted by the first zero byte; the first byte sets options.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include <xzoo/text/tokenizer.hpp>

namespace {

std::optional<xzoo::Tokenizer> make(std::string_view vocabulary, unsigned flags) {
    xzoo::BertTokenizerOptions options;
    options.do_lower_case = (flags & 1U) != 0;
    options.do_basic_tokenize = (flags & 2U) != 0;
    options.tokenize_chinese_chars = (flags & 4U) != 0;
    if ((flags & 8U) != 0)
        options.strip_accents = (flags & 16U) != 0;
    options.unk_token = "?";
    options.cls_token = (flags & 32U) != 0 ? "?" : "";
    options.sep_token = options.cls_token;
    options.max_input_chars_per_word = (flags & 64U) != 0 ? 5 : 100;
    try {
        return xzoo::Tokenizer::from_vocab_text(vocabulary, options);
    } catch (const xzoo::TokenizerError&) {
        return std::nullopt;
    }
}

void check(const xzoo::Encoding& encoding, std::string_view text) {
    std::size_t last = 0;
    for (std::size_t i = 0; i < encoding.size(); ++i) {
        const xzoo::Offsets offsets = encoding.offsets[i];
        if (encoding.special_tokens_mask[i] == 1)
            continue;
        if (offsets.begin < last || offsets.begin > offsets.end || offsets.end > text.size())
            std::abort();
        last = offsets.begin;
    }
    if (encoding.code_point_offsets(text).size() != encoding.size())
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::string_view rest{reinterpret_cast<const char*>(data) + 1, size - 1};
    const std::size_t end = rest.find('\0');
    if (end == std::string_view::npos)
        return 0;
    const std::string_view text = rest.substr(end + 1);
    const auto tokenizer = make(rest.substr(0, end), data[0]);
    if (!tokenizer)
        return 0;
    try {
        const xzoo::Encoding encoding = tokenizer->encode(text);
        check(encoding, text);
        if (!xzoo::text::is_valid_utf8(tokenizer->decode(encoding.ids)))
            std::abort();
        check(tokenizer->encode(text, {.truncation = xzoo::Truncation::longest_first,
                                       .max_length = 7,
                                       .keep_overflowing = true,
                                       .stride = 2}),
              text);
    } catch (const xzoo::TokenizerError&) {  // the unknown token is not in the vocabulary
    }
    return 0;
}
